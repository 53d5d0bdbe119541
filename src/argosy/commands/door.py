"""What every command shares: where the workspace is, the language, refusals said in one sentence."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from argosy.brief.cards import Sheet
    from argosy.business import Business
    from argosy.decisions.state import State

# Heavy modules are imported inside the commands: `argosy --help` must answer at once.

F = TypeVar("F", bound=Callable[..., Any])
FOLDER = click.option(
    "-C", "--workspace", "folder", default=".", metavar="DIR", envvar="ARGOSY_WORKSPACE",
    help="The workspace to work in; this folder if not given.",
)  # fmt: skip
LANG = click.option("--lang", type=click.Choice(["en", "zh"]), help="Language; the workspace's own if not given.")
AS_KNOWN = click.option("--as-known", metavar="DATE", help="As Argosy knew it at the end of that day.")
AS = click.option("--as", "name", metavar="NAME", help="Who decides; else ARGOSY_USER, else your login name.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for other programs.")


def refusals(command: F) -> F:
    """Turn a refusal into one sentence in the user's language and a status that is not zero."""

    @wraps(command)
    def told(*args: Any, **values: Any) -> Any:
        from argosy.model.errors import ArgosyError

        try:
            return command(*args, **values)
        except ArgosyError as error:
            click.echo(error.sentence(lang_of(values)), err=True)
            sys.exit(1)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            sys.exit(130)
        except Exception as error:
            if click.get_current_context().find_root().params.get("debug"):
                raise
            click.echo(_unforeseen(error, values), err=True)
            sys.exit(1)

    return told  # type: ignore[return-value]


def _unforeseen(error: Exception, values: dict[str, Any]) -> str:
    from argosy.lake.workspace import disk_error
    from argosy.model.words import say

    known = disk_error(error, Path(values.get("folder") or "."))
    lang = lang_of(values)
    if known is not None:
        return known.sentence(lang)
    return say("errors.unexpected", lang, reason=f"{type(error).__name__}: {str(error).splitlines()[0][:200]}")


def lang_of(values: dict[str, Any]) -> str:
    """Return the language asked for, else the workspace's, else English."""
    if values.get("lang"):
        return str(values["lang"])
    from argosy.lake.settings import load_settings
    from argosy.model.errors import ArgosyError

    try:
        return load_settings(Path(values.get("folder") or ".") / "settings.toml")[1].language
    except (ArgosyError, OSError):
        return "en"


@contextmanager
def opened(folder: str) -> Iterator[Business]:
    """Open the workspace for one command."""
    from argosy.business import Business

    business = Business.at(folder)
    try:
        yield business
    finally:
        business.close()


@contextmanager
def bar() -> Iterator[Callable[[str, int, int], None]]:
    """Show a progress bar and yield what moves it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, emoji=False, markup=False)
    text = TextColumn("{task.description}")
    with Progress(SpinnerColumn(), text, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console,
                  transient=True) as bar:  # fmt: skip
        task = bar.add_task("", total=None)

        def progress(name: str, done: int, total: int) -> None:
            bar.update(task, description=name or "∑", completed=done, total=total)

        yield progress


def moment(text: str | None) -> datetime | None:
    """Return the end of a day, or the very moment when a time is given."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is no date; write it as 2026-03-31") from error
    return found + timedelta(days=1, seconds=-1) if len(text) == len("2026-03-31") else found


def day(text: str | None) -> date | None:
    end = moment(text)
    return end.date() if end else None


@contextmanager
def state_in(folder: str) -> Iterator[State]:
    """Open the state store of the workspace for one command."""
    from argosy.decisions.state import State
    from argosy.lake.workspace import open_workspace

    with State(open_workspace(Path(folder))) as state:
        yield state


def sheet(lang: str) -> Sheet:
    """Return what findings, cards and the log are printed on."""
    from rich.console import Console

    from argosy.brief.cards import Sheet

    return Sheet(Console(emoji=False, markup=False, highlight=False), lang=lang)


def number(name: str, letter: str) -> int:
    """Return the number in a name such as P31; the letter may be left out."""
    digits = name.upper().removeprefix(letter)
    if not digits.isdecimal():
        raise click.BadParameter(f"{name!r}: write it as {letter}31")
    return int(digits)


def print_json(value: object) -> None:
    """Print a value for other programs: amounts and days as texts."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))
