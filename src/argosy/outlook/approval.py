"""How attempts to pay come out: which are tries of one purchase, what success hangs on, and why it changed.

Method. The difference between two success rates is split after Kitagawa, "Components of a difference between two
rates", Journal of the American Statistical Association 50 (1955): for each cause, what the new mix of its values would
have done at the old rates; what is left over is the same kind of attempt coming out otherwise. What success hangs on is
told by logistic regression with a small ridge, fitted by Newton's method (McCullagh and Nelder, Generalized Linear
Models, 1989).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis
import numpy as np
import numpy.typing as npt
from ibis.expr.types import Table
from scipy.special import expit

from argosy.outlook.series import Numbers

RETRY_SECONDS = 60  # from one try of a purchase to the next; assumed, after the card attempts in docs/approvals.md
GOOD = ("captured", "authorised")
PURCHASE = ("channel_id", "country", "currency", "amount")  # alike in all tries of a purchase
RIDGE = 1.0  # attempts by which every value of a cause is drawn towards none; assumed
STEPS = 30


def tries(attempts: Table, *, alike: Sequence[str] = PURCHASE, seconds: int = RETRY_SECONDS) -> Table:
    """Return attempts with their ``purchase`` (number among those alike) and their ``turn`` in it, from 0.

    A declined attempt names no order: one that follows within so many ``seconds`` on another of the same amount from
    the same country is taken for the same buyer, unless that one was approved.
    """
    queue = {"group_by": list(alike), "order_by": ["attempted_at", "payment_id"]}
    window = ibis.window(**queue)
    gap = attempts.attempted_at.epoch_seconds() - attempts.attempted_at.lag().over(window).epoch_seconds()
    over = attempts.outcome.lag().over(window).isin(GOOD)
    told = attempts.mutate(begins=((gap > seconds) | over).fill_null(True).cast("int64"))
    told = told.mutate(purchase=told.begins.sum().over(ibis.cumulative_window(**queue)))
    turns = ibis.window(group_by=[*alike, "purchase"], order_by=["attempted_at", "payment_id"])
    return told.mutate(turn=ibis.row_number().over(turns)).drop("begins")


def purchases(attempts: Table) -> Table:
    """Return a row per purchase: ``PURCHASE``, provider of the first try, day, tries, paid (whether one came out)."""
    tried = tries(attempts)
    found = tried.group_by(*PURCHASE, "purchase").aggregate(
        provider=tried.provider.max(where=tried.turn == 0), day=tried.attempted_at.min().date(), tries=tried.count(),
        paid=tried.outcome.isin(GOOD).cast("int64").max(),
    )  # fmt: skip
    return found.drop("purchase")


@dataclass(frozen=True)
class Cells:
    """Attempts counted by causes: the word of each cause, how many there were and how many came out."""

    causes: Mapping[str, npt.NDArray[np.str_]]
    n: Numbers
    good: Numbers

    @property
    def rate(self) -> float:
        """The share that came out."""
        return float(self.good.sum() / max(self.n.sum(), 1e-9))

    def only(self, which: npt.NDArray[np.bool_]) -> Cells:
        """Return the cells whose flag is set."""
        return Cells({name: words[which] for name, words in self.causes.items()}, self.n[which], self.good[which])


@dataclass(frozen=True)
class Split:
    """Why a success rate is another one: ``mixes``, cause -> what its new mix did; ``same``: what comes of the same
    kind of attempt coming out otherwise. All add up to ``after`` less ``before``."""

    before: float
    after: float
    mixes: Mapping[str, float]

    @property
    def same(self) -> float:
        """What no mix explains."""
        return self.after - self.before - sum(self.mixes.values())


def split(before: Cells, after: Cells) -> Split:
    """Return why attempts come out otherwise than others did before; a value nobody had before counts at their mean."""
    mixes = {}
    for name, words in before.causes.items():
        known, place = np.unique(words, return_inverse=True)
        n, good = (np.bincount(place, part) for part in (before.n, before.good))
        rates = dict(zip(known.tolist(), (good / np.maximum(n, 1e-9)).tolist(), strict=True))
        now = sum(
            many * rates.get(word, before.rate)
            for word, many in zip(after.causes[name].tolist(), after.n.tolist(), strict=True)
        )
        mixes[name] = now / max(float(after.n.sum()), 1e-9) - before.rate
    return Split(before.rate, after.rate, mixes)


@dataclass(frozen=True)
class Model:
    """What the success of an attempt hangs on: a weight for every value of every cause, and of ``crossed`` with the
    others."""

    columns: tuple[tuple[tuple[str, str], ...], ...]
    weights: Numbers

    def chance(self, causes: Mapping[str, npt.NDArray[np.str_]]) -> Numbers:
        """Return how likely attempts are to come out; a value never seen counts for nothing."""
        return np.asarray(expit(_design(causes, self.columns) @ self.weights))


def fit(cells: Cells, *, crossed: str = "") -> Model:
    """Return what success hangs on; crossed: a cause whose values differ in what the other causes do with them."""
    words = {name: sorted(set(values.tolist())) for name, values in cells.causes.items()}
    columns: list[tuple[tuple[str, str], ...]] = [(), *(((name, word),) for name in words for word in words[name])]
    columns += [
        ((crossed, one), (name, word)) for one in words.get(crossed, ()) for name in words if name != crossed
        for word in words[name]
    ]  # fmt: skip
    x = _design(cells.causes, tuple(columns))
    ridge = np.full(len(columns), RIDGE)
    ridge[0] = 1e-6
    weights = np.zeros(len(columns))
    for _ in range(STEPS):
        chance = expit(x @ weights)
        slope = x.T @ (cells.good - cells.n * chance) - ridge * weights
        bend = (x * (cells.n * chance * (1 - chance))[:, None]).T @ x + np.diag(ridge)
        step = np.linalg.solve(bend, slope)
        weights += step
        if np.abs(step).max() < 1e-8:
            break
    return Model(tuple(columns), weights)


def _design(causes: Mapping[str, npt.NDArray[np.str_]], columns: Sequence[tuple[tuple[str, str], ...]]) -> Numbers:
    many = len(next(iter(causes.values())))
    made = np.ones((many, len(columns)))
    for number, column in enumerate(columns):
        for name, word in column:
            made[:, number] *= causes[name] == word
    return made
