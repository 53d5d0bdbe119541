"""All commands of the loop that people decide with, and that act."""

from argosy.commands.acting import run, worker
from argosy.commands.decide import approve, edit, reject, snooze, undo
from argosy.commands.log import audit
from argosy.commands.look import findings, queue
from argosy.commands.notices import notices
from argosy.commands.outcomes import outcomes
from argosy.commands.rules import freeze, member, policy, unfreeze
from argosy.commands.watch import watch

LOOP = (
    watch, findings, queue, approve, edit, snooze, reject, undo, run, worker, outcomes, freeze, unfreeze, policy,
    member, audit, notices,
)  # fmt: skip
