"""The commands people decide with, in both languages, as a person and as a program reads them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.decisions.samples import claim, finding, price, shop

from argosy.cli import main
from argosy.decisions import conflicts, records
from argosy.decisions.state import State
from argosy.decisions.watch import Noticed, record
from argosy.flow import now
from argosy.lake.workspace import open_workspace
from argosy.model.decisions import LEVELS, ROLES
from argosy.model.findings import CannotTell, Evidence
from argosy.model.proposals import ACTS, BEFORE_AFTER, HIGH, HOLDOUT, LOW, MATCHED, MEDIUM, UNMEASURED
from argosy.model.words import subject

Ask = Callable[..., str]
STATES = ("OPEN", "SNOOZED", "APPROVED", "REJECTED", "EXPIRED", "WITHDRAWN", "DONE", "WAITING", "RUNNING", "ACTED",
          "REFUSED", "FAILED", "UNDONE")  # fmt: skip
ROWS = "SELECT 42 AS quantity, current_database() AS place"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace."""
    return shop(tmp_path_factory.mktemp("loop")).folder


@pytest.fixture
def ask(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Watch anew and return what runs a command as ann and gives back what it printed."""
    monkeypatch.setenv("COLUMNS", "140")
    monkeypatch.setenv("ARGOSY_USER", "ann")
    (folder / "state.sqlite").unlink(missing_ok=True)
    (folder / "audit.head").unlink(missing_ok=True)
    at = now()
    with State(open_workspace(folder)) as state:
        far = at.date().replace(year=at.year + 1)
        claimed, priced = (replace(one, expires_on=far) for one in (claim(), price(mid=100)))
        seen: list[Noticed | CannotTell] = [
            Noticed(
                replace(finding(), evidence=(Evidence("counted", ROWS), Evidence("gone", "SELECT nothing"))), (claimed,)
            ),
            Noticed(finding("pricing.unheard_of", "HOME-01/DE", stake=90), (priced,)),
            CannotTell("payments.payout_short", ("bank_lines",)),
        ]
        record(state, seen, day=at.date(), at=at)

    def run(*words: str, status: int = 0) -> str:
        done = CliRunner().invoke(main, [*words, "-C", str(folder)])
        assert done.exit_code == status, done.output
        return done.output

    return run


def read(told: str) -> Any:
    return json.loads(told)


def test_findings_are_listed_and_opened_down_to_their_rows(ask: Ask) -> None:
    told = ask("findings")
    assert "F1" in told
    assert "HOME-01/DE" in told
    assert "Cannot tell" in told
    one = ask("findings", "F1")
    for part in ("between €150.00 and €450.00", "90%", "P1", "42", "cannot be shown again"):
        assert part in one
    assert "依据" in ask("findings", "f1", "--lang", "zh")
    assert [found["name"] for found in read(ask("findings", "--json", "--kind", "pricing.unheard_of"))] == ["F2"]
    assert read(ask("findings", "1", "--json"))["evidence"][0]["query"] == ROWS
    assert "F9" in ask("findings", "F9", status=1)


def test_the_queue_and_a_card(ask: Ask) -> None:
    assert ask("queue").index("P1") < ask("queue").index("P2")
    assert "P2" not in ask("queue", "--top", "1")
    told = ask("queue", "P2")
    for part in ("price 10.00 → 11.00", "€100.00, between €50.00 and €200.00", "Set the price of HOME-01 to 10.00"):
        assert part in told
    card = read(ask("queue", "P2", "--json"))
    assert card["expected"] == {"low": "50", "mid": "100", "high": "200"}
    assert [one["name"] for one in read(ask("queue", "--json"))] == ["P1", "P2"]


def test_deciding(ask: Ask) -> None:
    assert "10.50" in ask("edit", "P2", "price=10.50")
    assert "A1" in ask("approve", "P2")
    assert "已批准" in ask("approve", "P2", "--lang", "zh", status=1)
    assert "called off" in ask("undo", "A1")
    assert "2030-01-02" in ask("snooze", "P2", "--until", "2030-01-02")
    assert "F1" in ask("reject", "P1", "--reason", "they paid")
    assert "Nothing waits" in ask("queue")
    assert "they paid" in ask("queue", "P1")
    assert "[{" in ask("queue", "P1", "--json").replace("\n", "").replace(" ", "")
    assert "bob" in ask("approve", "P2", "--as", "bob", status=1)
    ask("edit", "P2", "price", status=2)
    ask("approve", "thirty", status=2)


def test_the_rules(ask: Ask) -> None:
    assert "order.refund" in ask("policy")
    assert "7" in ask("policy", "order.refund", "--most-a-day", "7", "--most-amount", "none", "--level", "propose")
    (refund,) = read(ask("policy", "order.refund", "--json"))["policies"]
    assert (refund["level"], refund["most_amount"], refund["most_a_day"]) == ("propose", None, 7)
    ask("policy", "order.refund", "--most-a-day", "-1", status=2)
    ask("policy", "order.refund", "--most-amount", "lots", status=2)
    ask("policy", "no.kind", "--level", "propose", status=2)
    assert "bob is operator" in ask("member", "bob", "operator")
    assert "only an owner" in ask("policy", "price.set", "--level", "limited", "--as", "bob", status=1).lower()
    assert "frozen" in ask("freeze", "--as", "bob", "--reason", "holiday")
    assert "bob" in ask("queue")
    assert "bob" in ask("approve", "P1", status=1)
    assert "已解除冻结" in ask("unfreeze", "--lang", "zh")
    assert "was not frozen" in ask("unfreeze", "shopify:main")


def test_the_log(ask: Ask, folder: Path) -> None:
    ask("approve", "P1")
    told = ask("audit")
    assert "ann approved P1: Send a claim, amazon:main/p1." in told
    assert "ann 批准了 P1" in ask("audit", "--lang", "zh")
    assert read(ask("audit", "--json", "--last", "1"))[0]["what"] == "approved"
    sound = ask("audit", "verify")
    head = sound.rsplit(" ", 1)[-1].strip()
    assert "The log is sound" in ask("audit", "verify", "--noted", head)
    assert "not what was sealed" in ask("audit", "verify", "--noted", "2:0123456789abcdef", status=1)
    (folder / "audit.head").unlink()
    assert "audit.head" in ask("audit", "verify", "--lang", "zh", status=1)


@pytest.mark.parametrize("kind", ACTS)
def test_every_kind_of_change_has_its_words(kind: str) -> None:
    assert {kind, f"{kind}.name"} <= set(subject("acts"))


def test_every_word_of_the_loop_is_there() -> None:
    words = {f"role_{role}" for role in (*ROLES, records.AGENT_ROLE)} | {f"level_{level}" for level in LEVELS}
    words |= {f"risk_{risk}" for risk in (LOW, MEDIUM, HIGH)}
    words |= {f"comparison_{how}" for how in (HOLDOUT, MATCHED, BEFORE_AFTER, UNMEASURED)}
    words |= {f"why_{why}" for why, *_ in (*conflicts.BETWEEN, *conflicts.UNTIL)}
    words |= {f"state_{value}" for name, value in vars(records).items() if name in STATES}
    assert words - set(subject("loop")) == set()
