"""What the console keeps of its own beside sign-in: invitations, saved views, tokens of programs."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Invitation(models.Model):
    """A link with which somebody sets a name and a password once; only its hash is kept."""

    token = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=16)
    invited_by = models.CharField(max_length=150)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class SavedView(models.Model):
    """A page with its filters, under a name of its owner's choice."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=2000)

    class Meta:
        """A name is once only for each person."""

        unique_together = ("owner", "name")


class ApiToken(models.Model):
    """What lets a program ask and decide as the person who made it, until a day; only its hash is kept."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    name = models.CharField(max_length=80)
    hash = models.CharField(max_length=64, unique=True)
    scopes = models.CharField(max_length=80)  # parted by blanks
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
