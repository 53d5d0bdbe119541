"""Half a year of the simulated brand, read as a seller's own files would be."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

from argosy.business import Business
from argosy.flow import begin
from argosy.world import assumptions as assumed
from argosy.world.draws import Draws
from argosy.world.goods import catalogue
from argosy.world.incidents import at_random
from argosy.world.plan import Plan
from argosy.world.simulate import simulate

SEED, MONTHS, ORDERS, INCIDENTS = 7, 6, 9_000, 8


def start_brand(folder: Path, *, lang: str) -> BaseProcess:
    """Begin to make the brand's workspace in ``folder`` beside what goes on here; join the process to wait for it."""
    process = get_context("spawn").Process(target=make_brand, args=(folder, lang))
    process.start()
    return process


def make_brand(folder: Path, lang: str) -> None:
    """Make the brand's workspace: its world under ``world``, all its exports read, the brief made."""
    if (folder / "settings.toml").exists():
        return
    beside = folder.with_name(f".{folder.name}.{os.getpid()}")
    begin(beside, home=assumed.HOME, book_currency=assumed.BOOK_CURRENCY, language=lang)
    plan = Plan(SEED, MONTHS, ORDERS)
    plan = replace(plan, incidents=at_random(INCIDENTS, plan, catalogue(Draws(SEED))))
    simulate(plan, beside / "world")
    with closing(Business.at(beside)) as business:
        business.import_files(str(beside / "world" / "exports"))
        business.brief()
    beside.rename(folder)
