"""Every way Argosy says no.

ArgosyError                     any misuse or broken surrounding; has a stable ``code`` and an exit status
├── WorkspaceError              something about the folder a business is kept in
│   ├── WorkspaceMissing        there is no workspace here
│   ├── WorkspaceExists         there is one already
│   ├── WorkspaceVersion        made by another version
│   ├── WorkspaceReadOnly       cannot be written to
│   ├── StateVersion            its state store was made by a newer version
│   └── SettingsInvalid         the settings file does not say what it must
├── IntakeError                 something about the files to be read
│   ├── NothingToImport         no file at the paths given
│   ├── NothingSent             no file came with an upload
│   ├── FileTooLarge            a file is larger than an upload may be
│   ├── UploadIncomplete        not all of a file has arrived
│   ├── AccountInvalid          no account can have this name
│   ├── OriginalGone            the original of a file is no longer kept
│   └── FormatInvalid           a format declaration contradicts itself
├── DiskFull                    the disk has no room left
├── LakeBusy                    another process kept the lake locked for too long
├── RateMissing                 no exchange rate at all for a currency that is asked for
├── NoDeliveries                no delivery is known that a quote could rest on
├── PlanImpossible              a simulated world nobody can make
├── NotFound                    a figure, customer or order that does not exist
│   ├── NoSuchEntry             a finding, proposal or action that does not exist
│   └── NoSuchOrder             an order that does not exist
├── SeveralOrders               a name that several orders have
├── TooManyRows                 a table that no workbook can hold
├── CatalogUnreachable          the database that holds the lake's catalog does not answer
├── OutsideError                a place outside did not do what it was asked to; all is as it was
│   ├── OutsideUnreachable      it does not answer, or too slowly; may be asked again
│   │   └── OutsideBusy         it asks to wait
│   ├── TokenRefused            it does not know who asks, or no longer
│   │   └── TokenMissing        there is nothing to say who asks
│   ├── ChangeRefused           it said no, in its own words
│   └── ChangeMoved             what stands there is not what the change is to replace
├── NoticeError                 a notice that somebody asks for cannot be sent so
│   ├── NoticeWithout           it would tell of nothing
│   ├── NoticeTooMany           somebody has enough of them
│   ├── NoticeTooSoon           a test was sent a moment ago
│   ├── NoticeAddress           this is no address
│   │   ├── NoticePrivate       it is in one's own network, which is not allowed for it
│   │   └── NoticeUnknown       nothing is known of its host
│   ├── NoticeSecret            what its posts are signed with is gone
│   └── NoticeNoMail            there is no mail server to send it with
├── EngineUnknown               no engine has this name
├── EngineUnreachable           an engine does not answer
├── EngineMissing               an optional engine is not installed
│   └── JavaMissing             it is, but not the Java it runs on
├── StateBusy                   another process kept the state store locked for too long
├── ApiError                    a program asked for what it may not have, or wrongly
│   ├── ApiTokenUnknown         its token is unknown, revoked or too old, or its owner was taken out
│   ├── ApiTokenLacks           its token, or its owner's role, does not reach so far
│   └── AskedWrongly            what it asked for is not as the API describes it
├── CannotSignIn                somebody has no account in the console
├── BackupError                 a business was not backed up, or not brought back
│   ├── BackupInside            the backup would lie in the folder it is of
│   ├── BackupBroken            the file is no backup, or not whole
│   ├── BackupTarget            the folder or database to bring it back to is not empty
│   └── BackupTool              a program of PostgreSQL is missing or failed
└── DecisionRefused             a change may not be made, or not by this person
    ├── MemberUnknown           nobody of that name may decide here
    ├── RoleMayNot, OwnerOnly   somebody else decides on that
    ├── LastOwner               there would be nobody left who decides on everything
    ├── NotDecidable            somebody decided already, or it is no longer offered
    ├── NotStanding             the approval no longer stands
    ├── FindingGone             what it answered is no longer so
    ├── LevelOff                by policy such changes are only shown
    ├── Frozen, ChannelFrozen   nothing is sent at present
    ├── Lapsed                  it is too late for it to be worth anything
    ├── WorldMoved, WorldUnknown  what it rests on is no longer so, or cannot be told
    ├── BeyondAmount, BeyondPercent, BeyondCount, LimitUnknown  outside the limits: an owner decides
    ├── InTheWay                another change under way contradicts it
    ├── EditInvalid             the change has no such value
    └── NothingToUndo           it was not done, or nothing takes it back

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


class SettingsAnswered(WorkspaceError):
    """What the settings file ``path`` only guessed was answered before."""

    code = "settings_answered"


class FolderTaken(WorkspaceError):
    """``folder`` is no workspace, and something else lies there."""

    code = "folder_taken"


class IntakeError(ArgosyError):
    """Something about the files to be read."""


class NothingToImport(IntakeError):
    """No file was found at ``paths``."""

    code = "nothing_to_import"


class NothingSent(IntakeError):
    """No file came with an upload."""

    code = "nothing_sent"


class FileTooLarge(IntakeError):
    """The file ``name`` is larger than ``most``."""

    code = "file_too_large"


class UploadIncomplete(IntakeError):
    """Of the file ``name`` only ``there`` of ``size`` bytes have arrived."""

    code = "upload_incomplete"


class AccountInvalid(IntakeError):
    """No account can be called ``name``."""

    code = "account_invalid"


class OriginalGone(IntakeError):
    """The original of the file ``name`` is no longer kept."""

    code = "original_gone"


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


class NoSuchEntry(NotFound):
    """Nothing noticed, proposed or done has the ``name``."""

    code = "no_such_entry"


class NoSuchOrder(NotFound):
    """No order has the ``name``."""

    code = "no_such_order"


class SeveralOrders(ArgosyError):
    """Several ``orders`` have the ``name``."""

    code = "several_orders"


class TooManyRows(ArgosyError):
    """A table has ``rows``, a workbook holds no more than ``most``."""

    code = "too_many_rows"


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


class OutsideError(ArgosyError):
    """A place outside, ``connector``, did not do what it was asked to."""

    code = "outside_error"


class OutsideUnreachable(OutsideError):
    """``connector`` does not answer, or too slowly, because of ``reason``; whether it acted is not known."""

    code = "outside_unreachable"


class OutsideBusy(OutsideUnreachable):
    """``connector`` did nothing and asks to wait for ``seconds``."""

    code = "outside_busy"


class TokenRefused(OutsideError):
    """``connector`` does not know who asks, or no longer: ``where`` what says so is kept."""

    code = "token_refused"


class TokenMissing(TokenRefused):
    """Neither ``variable`` nor ``file`` says to ``connector`` who asks; ``reason`` tells more."""

    code = "token_missing"


class ChangeRefused(OutsideError):
    """``connector`` said no in its own ``words``."""

    code = "change_refused"


class ChangeMoved(OutsideError):
    """At ``connector`` there stands ``found`` for ``subject``, not ``was``, which the change is to replace."""

    code = "change_moved"


class NoticeError(ArgosyError):
    """A notice that somebody asks for cannot be sent so."""


class NoticeWithout(NoticeError):
    """It would tell of nothing."""

    code = "notice_without"


class NoticeTooMany(NoticeError):
    """Somebody has ``most`` subscriptions."""

    code = "notice_too_many"


class NoticeTooSoon(NoticeError):
    """A test was sent less than ``seconds`` ago."""

    code = "notice_too_soon"


class NoticeAddress(NoticeError):
    """No notice is sent to ``address``: it is none."""

    code = "notice_address"


class NoticePrivate(NoticeAddress):
    """The ``host`` of an address is in one's own network."""

    code = "notice_private"


class NoticeUnknown(NoticeAddress):
    """The ``host`` of an address has no address that can be found, because of ``reason``."""

    code = "notice_unknown"


class NoticeSecret(NoticeError):
    """What a webhook's secret is made of is gone from ``where``, or another."""

    code = "notice_secret"


class NoticeNoMail(NoticeError):
    """There is no mail server to send it with."""

    code = "notice_no_mail"


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


class StateBusy(ArgosyError):
    """Another process kept the state store of ``folder`` locked for ``seconds``."""

    code = "state_busy"


class StateVersion(WorkspaceError):
    """The state store of ``folder`` stands at ``found``, this Argosy knows ``expected``."""

    code = "state_version"


class ApiError(ArgosyError):
    """A program asked for what it may not have, or wrongly."""


class ApiTokenUnknown(ApiError):
    """A token is unknown, revoked or too old, or its owner was taken out."""

    code = "api_token_unknown"


class ApiTokenLacks(ApiError):
    """A token, or the role of its owner, has not the ``scope``."""

    code = "api_token_lacks"


class AskedWrongly(ApiError):
    """The value at ``where`` is wrong because of ``reason``."""

    code = "asked_wrongly"


class CannotSignIn(ArgosyError):
    """Somebody called ``name`` has no account in the console."""

    code = "cannot_sign_in"


class BackupError(ArgosyError):
    """A business was not backed up, or not brought back."""


class BackupInside(BackupError):
    """The backup ``file`` would lie in the ``folder`` it is of."""

    code = "backup_inside"


class BackupBroken(BackupError):
    """``file`` is no backup or not whole, because of ``reason``."""

    code = "backup_broken"


class BackupTarget(BackupError):
    """``place``, a folder or a database, is not empty."""

    code = "backup_target"


class BackupTool(BackupError):
    """A ``program`` of PostgreSQL is missing or failed, because of ``reason``."""

    code = "backup_tool"


class DecisionRefused(ArgosyError):
    """A change may not be made, or not by this person. Words among its values are put in the reader's language."""

    def sentence(self, lang: str = "en") -> str:
        """Return the refusal in the reader's language."""
        words = {name: _word(name, value, lang) for name, value in self.values.items()}
        return say(f"errors.{self.code}", lang, **words)


def _word(name: str, value: object, lang: str) -> object:
    if name in ("role", "state", "why"):
        return say(f"loop.{name}_{value}", lang)
    return say(f"acts.{value}.name", lang) if name == "kind" else value


class MemberUnknown(DecisionRefused):
    """Nobody called ``name`` may decide here."""

    code = "member_unknown"


class RoleMayNot(DecisionRefused):
    """``who`` has the ``role``, which does not decide on ``kind``."""

    code = "role_may_not"


class OwnerOnly(DecisionRefused):
    """Only an owner does that; ``who`` is one of ``role``."""

    code = "owner_only"


class LastOwner(DecisionRefused):
    """``name`` is the only owner."""

    code = "last_owner"


class LimitInvalid(DecisionRefused):
    """``value`` is no limit."""

    code = "limit_invalid"


class NotDecidable(DecisionRefused):
    """``name`` is in ``state`` since ``at``, by ``who``."""

    code = "not_decidable"


class NotStanding(DecisionRefused):
    """The approval of ``name`` no longer stands: it is in ``state``."""

    code = "not_standing"


class FindingGone(DecisionRefused):
    """What ``name`` answered is no longer so."""

    code = "finding_gone"


class LevelOff(DecisionRefused):
    """A ``kind`` of change is only shown, by policy."""

    code = "level_off"


class Frozen(DecisionRefused):
    """``who`` froze everything on ``since``."""

    code = "frozen"


class ChannelFrozen(DecisionRefused):
    """``who`` froze ``channel`` on ``since``."""

    code = "channel_frozen"


class Lapsed(DecisionRefused):
    """``name`` was worth something until ``expires_on``."""

    code = "lapsed"


class WorldMoved(DecisionRefused):
    """What ``name`` rests on, ``what``, was ``was`` and is ``now``."""

    code = "world_moved"


class WorldUnknown(DecisionRefused):
    """It cannot be told whether ``what``, which ``name`` rests on, is still ``was``."""

    code = "world_unknown"


class BeyondAmount(DecisionRefused):
    """A ``kind`` of change moves ``amount``, more than ``most`` in ``currency``."""

    code = "beyond_amount"


class BeyondPercent(DecisionRefused):
    """A ``kind`` of change moves a value by ``percent``, more than ``most``."""

    code = "beyond_percent"


class BeyondCount(DecisionRefused):
    """``count`` changes of a ``kind`` were ordered that day already, and ``most`` are allowed."""

    code = "beyond_count"


class LimitUnknown(DecisionRefused):
    """It cannot be told whether a ``kind`` of change keeps inside its limits."""

    code = "limit_unknown"


class InTheWay(DecisionRefused):
    """``name`` cannot be done beside ``other``, for the reason ``why``."""

    code = "in_the_way"


class EditInvalid(DecisionRefused):
    """``key`` is no value of ``name``, or not as ``given``; those it has are ``keys``."""

    code = "edit_invalid"


class NothingToUndo(DecisionRefused):
    """``name`` cannot be taken back: it is in ``state``, or nothing takes it back."""

    code = "nothing_to_undo"
