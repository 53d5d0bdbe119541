"""Every way Argosy says no.

ArgosyError                     any misuse or broken surrounding; has a stable ``code`` and an exit status
├── WorkspaceError              something about the folder a business is kept in
│   ├── WorkspaceMissing        there is no workspace here
│   ├── WorkspaceExists         there is one already
│   ├── WorkspaceVersion        made by another version
│   ├── WorkspaceReadOnly       cannot be written to
│   └── SettingsInvalid         the settings file does not say what it must
├── IntakeError                 something about the files to be read
│   ├── NothingToImport         no file at the paths given
│   └── FormatInvalid           a format declaration contradicts itself
├── DiskFull                    the disk has no room left
├── LakeBusy                    another process kept the lake locked for too long
├── RateMissing                 no exchange rate at all for a currency that is asked for
├── NoDeliveries                no delivery is known that a quote could rest on
├── PlanImpossible              a simulated world nobody can make
├── NotFound                    a figure, customer or order that does not exist
├── CatalogUnreachable          the database that holds the lake's catalog does not answer
├── EngineUnknown               no engine has this name
├── EngineUnreachable           an engine does not answer
└── EngineMissing               an optional engine is not installed
    └── JavaMissing             it is, but not the Java it runs on

The sentence of an error lives in ``locale/errors.toml`` under its code, in English and Chinese, and says what
to do next; the arguments stay on the error so that any door can word it in its reader's language.
"""

from __future__ import annotations

from argosy.model.words import say


class ArgosyError(Exception):
    """A refusal with a stable code, the values it speaks of, and a sentence that says what to do."""

    code = "error"

    def __init__(self, **values: object) -> None:
        super().__init__(self.code)
        self.values = values

    def sentence(self, lang: str = "en") -> str:
        """Return the refusal in the reader's language."""
        return say(f"errors.{self.code}", lang, **self.values)

    def __str__(self) -> str:
        return self.sentence()


class WorkspaceError(ArgosyError):
    """Something about the folder a business is kept in."""


class WorkspaceMissing(WorkspaceError):
    """There is no workspace at ``folder``."""

    code = "workspace_missing"


class WorkspaceExists(WorkspaceError):
    """There is a workspace at ``folder`` already."""

    code = "workspace_exists"


class WorkspaceVersion(WorkspaceError):
    """The workspace at ``folder`` has version ``found``, this Argosy reads ``expected``."""

    code = "workspace_version"


class WorkspaceReadOnly(WorkspaceError):
    """``folder`` cannot be written to."""

    code = "workspace_read_only"


class SettingsInvalid(WorkspaceError):
    """The settings file ``path`` is wrong at ``key`` because of ``reason``."""

    code = "settings_invalid"


class IntakeError(ArgosyError):
    """Something about the files to be read."""


class NothingToImport(IntakeError):
    """No file was found at ``paths``."""

    code = "nothing_to_import"


class FormatInvalid(IntakeError):
    """The format declaration ``path`` contradicts itself because of ``reason``."""

    code = "format_invalid"


class DiskFull(ArgosyError):
    """The disk that holds ``folder`` has no room left."""

    code = "disk_full"


class LakeBusy(ArgosyError):
    """Another process kept the lake of ``folder`` locked for ``seconds``."""

    code = "lake_busy"


class RateMissing(ArgosyError):
    """There is no exchange rate at all for ``currency``."""

    code = "rate_missing"


class NotFound(ArgosyError):
    """No ``what`` is called ``name``."""

    code = "not_found"


class PlanImpossible(ArgosyError):
    """A simulated world nobody can make: ``reason`` (seed, months, subject, clash ...) says what is wrong with
    ``value``, and is part of the code."""

    code = "plan_impossible"

    def __init__(self, *, reason: str, value: object) -> None:
        self.code = f"plan_{reason}"
        super().__init__(value=value)


class NoDeliveries(ArgosyError):
    """No delivery is known that a quote could rest on."""

    code = "no_deliveries"


class EngineMissing(ArgosyError):
    """The package ``package`` is needed for ``engine``."""

    code = "engine_missing"


class JavaMissing(EngineMissing):
    """``engine`` runs on Java and there is none."""

    code = "java_missing"


class EngineUnknown(ArgosyError):
    """No engine is called ``engine``."""

    code = "engine_unknown"


class EngineUnreachable(ArgosyError):
    """``engine`` does not answer because of ``reason``."""

    code = "engine_unreachable"


class CatalogUnreachable(ArgosyError):
    """The database of the lake's catalog cannot be connected to because of ``reason``."""

    code = "catalog_unreachable"
