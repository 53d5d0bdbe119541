"""Half a year of the simulated brand, read as a seller's own files would be, with two months to come to act in."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

from argosy.business import Business
from argosy.flow import begin
from argosy.world import assumptions as assumed
from argosy.world.draws import Draws
from argosy.world.goods import catalogue
from argosy.world.incidents import at_random
from argosy.world.plan import END, Plan
from argosy.world.simulate import simulate

SEED, MONTHS, ORDERS, INCIDENTS = 7, 8, 12_000, 10
TO_COME = 60  # days of which the files do not tell yet


def start_brand(folder: Path, *, lang: str) -> BaseProcess:
    """Begin to make the brand's workspace in ``folder`` beside what goes on here; join the process to wait for it."""
    process = get_context("spawn").Process(target=make_brand, args=(folder, lang))
    process.start()
    return process


def make_brand(folder: Path, lang: str) -> None:
    """Make the brand's workspace: its world under ``world``, where approved changes go, all its exports read, every
    check run once, the brief made."""
    if (folder / "settings.toml").exists():
        return
    beside = folder.with_name(f".{folder.name}.{os.getpid()}")
    begin(beside, home=assumed.HOME, book_currency=assumed.BOOK_CURRENCY, language=lang)
    settings = beside / "settings.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace('[connectors]\nuse = ["outbox"]', '[connectors]\nworld = "world"\nuse = ["world"]'),
        encoding="utf-8",
    )
    plan = Plan(SEED, MONTHS, ORDERS, until=END - timedelta(days=TO_COME))
    plan = replace(plan, incidents=at_random(INCIDENTS, plan, catalogue(Draws(SEED))))
    simulate(plan, beside / "world")
    with closing(Business.at(beside)) as business:
        business.import_files(str(beside / "world" / "exports"))
        business.watch()
        business.brief()
    beside.rename(folder)
