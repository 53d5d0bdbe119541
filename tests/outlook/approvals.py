"""Write docs/approvals.md: what the success of real card attempts hangs on, told of days that were not looked at.

The attempts lie beside the project (shared/data/payments): four providers, January and February 2019, three countries.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import ibis
import numpy as np
import numpy.typing as npt
import openpyxl
import pyarrow as pa
from scipy.stats import rankdata

from argosy.outlook.approval import Cells, fit, split, tries
from argosy.outlook.series import Numbers

PROJECT = Path(__file__).resolve().parents[2]
DATA = PROJECT.parent / "shared" / "data" / "payments"
UNTIL = datetime(2019, 2, 1)  # learnt from the days before, judged by those from then on
CAUSES = ("provider", "three_ds", "card", "country", "retry", "amount", "hour")
MARGIN = 0.25  # what is left over of the amount when a payment comes out; assumed
FLOOR = 0.02  # a choice that was hardly ever made cannot be judged


@dataclass(frozen=True)
class Attempts:
    """Attempts as columns: words of the causes, whether each came out, its amount, when it was, its purchase."""

    causes: dict[str, npt.NDArray[np.str_]]
    good: Numbers
    amount: Numbers
    at: npt.NDArray[np.datetime64]
    purchase: npt.NDArray[np.int64]

    def only(self, which: npt.NDArray[np.bool_]) -> Attempts:
        """Return the attempts whose flag is set."""
        return Attempts(
            {name: words[which] for name, words in self.causes.items()}, self.good[which], self.amount[which],
            self.at[which], self.purchase[which],
        )  # fmt: skip

    def cells(self, names: Sequence[str]) -> Cells:
        """Return them counted one by one, told apart by some causes."""
        return Cells({name: self.causes[name] for name in names}, np.ones(len(self.good)), self.good)


def read(folder: Path) -> Attempts:
    """Return the attempts of the file, tries of one purchase found as ``outlook.approval`` finds them."""
    sheet = openpyxl.load_workbook(folder / "PSP_Jan_Feb_2019.xlsx", read_only=True).worksheets[0]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    number, at, country, amount, success, provider, three_ds, card = zip(*rows, strict=True)
    told = pa.table({
        "payment_id": [f"{n:07}" for n in number], "attempted_at": pa.array(at, pa.timestamp("us")),
        "country": country, "amount": amount, "outcome": ["captured" if one else "declined" for one in success],
        "provider": provider, "three_ds": [f"{one}" for one in three_ds], "card": card,
    })  # fmt: skip
    found = tries(ibis.memtable(told), alike=("country", "amount")).order_by("payment_id").to_pyarrow().to_pydict()
    worth, when = np.array(found["amount"], float), np.array(found["attempted_at"], "datetime64[s]")
    fifth = np.searchsorted(np.quantile(worth, (0.2, 0.4, 0.6, 0.8)), worth)
    hour = (when - when.astype("datetime64[D]")).astype(int) // (4 * 3600)
    keys = [f"{c}|{a}|{p}" for c, a, p in zip(found["country"], found["amount"], found["purchase"], strict=True)]
    causes = {name: np.array(found[name], dtype=str) for name in ("provider", "three_ds", "card", "country")}
    causes |= {
        "retry": np.array([str(min(turn, 3)) for turn in found["turn"]]), "amount": fifth.astype(str),
        "hour": hour.astype(str),
    }  # fmt: skip
    good = np.array([one == "captured" for one in found["outcome"]], float)
    return Attempts(causes, good, worth, when, np.unique(keys, return_inverse=True)[1])


def fees(folder: Path) -> dict[str, tuple[float, float]]:
    """Return what each provider charges for a payment that comes out and for one that does not, in euro."""
    rows = openpyxl.load_workbook(folder / "Transaction_Fees.xlsx", read_only=True).worksheets[0].iter_rows(
        min_row=2, values_only=True
    )  # fmt: skip
    return {str(row[0]): (float(str(row[1])), float(str(row[2]))) for row in rows if row[0]}


def log_loss(good: Numbers, chance: Numbers) -> float:
    """Return how surprised one who believed the chances is, per attempt."""
    return float(-np.mean(good * np.log(chance) + (1 - good) * np.log(1 - chance)))


def auc(good: Numbers, chance: Numbers) -> float:
    """Return how often one that came out was thought likelier than one that did not; half: by chance."""
    ranks, many = rankdata(chance), good.sum()
    return float((ranks[good == 1].sum() - many * (many + 1) / 2) / (many * (len(good) - many)))


@dataclass(frozen=True)
class Told:
    """How a way to tell did on the days not looked at."""

    name: str
    loss: float
    auc: float


def told(before: Attempts, after: Attempts) -> list[Told]:
    """Return how the overall rate, each cause alone, all together, and all but one do."""

    def one(name: str, causes: Sequence[str], crossed: str = "") -> Told:
        chance = fit(before.cells(causes), crossed=crossed).chance({c: after.causes[c] for c in causes})
        return Told(name, log_loss(after.good, chance), auc(after.good, chance))

    flat = np.full(len(after.good), before.good.mean())
    found = [Told("overall rate", log_loss(after.good, flat), 0.5)]
    found += [one(f"{cause} alone", (cause,)) for cause in CAUSES]
    found.append(one("all causes", CAUSES))
    found.append(one("all causes, by provider", CAUSES, crossed="provider"))
    return found + [
        one(f"all but {cause}", [c for c in CAUSES if c != cause], crossed="provider" if cause != "provider" else "")
        for cause in CAUSES
    ]


@dataclass(frozen=True)
class Choice:
    """What a way to choose the provider comes to per attempt, with 80 % ranges: share that comes out, fees, and what
    is left over of the amounts after fees, in euro."""

    name: str
    success: tuple[float, float, float]
    fee: tuple[float, float, float]
    left: tuple[float, float, float]


def choices(
    before: Attempts, after: Attempts, prices: dict[str, tuple[float, float]]
) -> tuple[list[Choice], list[str]]:
    """Return what was chosen, what one provider for all and what the recommendation come to on the later days, and the
    recommended provider of each of them.

    Held out: attempts that happen to have gone where a way would have sent them, each weighted by how seldom attempts
    like it went there (inverse propensity, self-normalised: Swaminathan and Joachims, "The self-normalized estimator
    for counterfactual learning", NeurIPS 2015). It holds as far as providers were chosen by what is in the file.
    """
    model = fit(before.cells(CAUSES), crossed="provider")
    names = sorted(prices)
    worth = np.column_stack([_worth(model.chance(_sent(after, name)), after.amount, prices[name]) for name in names])
    best = np.array(names)[worth.argmax(axis=1)]
    where = {name: fit(_went(before, name)).chance({c: after.causes[c] for c in CAUSES[1:]}) for name in names}
    ways = {"as it was": after.causes["provider"], "recommended": best}
    ways |= {f"always {name}": np.full(len(best), name) for name in names}
    return [_judged(name, way, after, where, prices) for name, way in ways.items()], best.tolist()


def _sent(some: Attempts, provider: str) -> dict[str, npt.NDArray[np.str_]]:
    return some.causes | {"provider": np.full(len(some.good), provider)}


def _went(some: Attempts, provider: str) -> Cells:
    causes = {name: some.causes[name] for name in CAUSES[1:]}
    return Cells(causes, np.ones(len(some.good)), (some.causes["provider"] == provider).astype(float))


def _worth(chance: Numbers, amount: Numbers, price: tuple[float, float]) -> Numbers:
    return np.asarray(chance * (MARGIN * amount - price[0]) - (1 - chance) * price[1])


def _judged(
    name: str, way: npt.NDArray[np.str_], some: Attempts, where: dict[str, Numbers],
    prices: dict[str, tuple[float, float]],
) -> Choice:  # fmt: skip
    went = some.causes["provider"]
    propensity = np.maximum(np.select([way == one for one in where], list(where.values())), FLOOR)
    weight = (went == way) / (np.ones(len(way)) if name == "as it was" else propensity)
    fee = np.where(some.good == 1, *(np.array([prices[one][n] for one in went]) for n in (0, 1)))
    left = MARGIN * some.amount * some.good - fee
    return Choice(name, *(_mean(values, weight) for values in (some.good, fee, left)))


def _mean(values: Numbers, weight: Numbers) -> tuple[float, float, float]:
    mean = float((values * weight).sum() / weight.sum())
    error = 1.2816 * float(np.sqrt((weight**2 * (values - mean) ** 2).sum())) / float(weight.sum())
    return mean - error, mean, mean + error


def main() -> None:
    """Write the page; without the sample data say so and end with status 1."""
    if not DATA.is_dir():
        sys.exit(f"no sample data at {DATA}")
    (PROJECT / "docs" / "approvals.md").write_text(page(read(DATA), fees(DATA)), encoding="utf-8")


def page(attempts: Attempts, prices: dict[str, tuple[float, float]]) -> str:
    """Return the page."""
    early = attempts.at < np.datetime64(UNTIL)
    before, after = attempts.only(early), attempts.only(~early)
    made, best = choices(before, after, prices)
    lines = [
        "# What the success of card payments hangs on", "",
        "`make approvals` writes this page from the card attempts in `../shared/data/payments`: "
        f"{len(attempts.good):,} attempts at four providers in January and February 2019, "
        f"{100 * attempts.good.mean():.1f} % of them successful. All is learnt from January ({len(before.good):,}) and "
        f"judged on February ({len(after.good):,}). The functions are those of `outlook/approval.py`, which the check "
        "`payments.approval_fallen` uses.", "",
        *_purchases(attempts), *_telling(told(before, after)), *_splits(before, after),
        *_choosing(made, best, after, prices),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _purchases(attempts: Attempts) -> list[str]:
    tries_of = np.bincount(attempts.purchase)
    paid = np.bincount(attempts.purchase, attempts.good) > 0
    return [
        "## Purchases", "",
        "Tries of the same amount from the same country within a minute of each other, none of which came out before, "
        f"are one purchase: {len(tries_of):,} purchases, {tries_of.mean():.2f} tries each, {100 * paid.mean():.1f} % "
        f"of them paid in the end. Of those declined at first {100 * _again(attempts):.1f} % were tried again.", "",
    ]  # fmt: skip


def _again(attempts: Attempts) -> float:
    first = attempts.causes["retry"] == "0"
    declined = first & (attempts.good == 0)
    return float((np.bincount(attempts.purchase)[attempts.purchase[declined]] > 1).mean())


def _telling(rows: list[Told]) -> list[str]:
    alone = [row for row in rows if row.name.endswith(" alone")]
    best = min(alone, key=lambda row: row.loss)
    full = next(row for row in rows if row.name == "all causes, by provider")
    flat = rows[0]
    return [
        "## Which attempts come out", "",
        "Log-loss (less is better) and AUC on February; retry: which try of the purchase it is; amount: in fifths; "
        "hour: four at a time.", "",
        "| told by | log-loss | AUC |", "|---|---|---|",
        *(f"| {row.name} | {row.loss:.4f} | {row.auc:.3f} |" for row in rows), "",
        f"The best single split is {best.name.removesuffix(' alone')}: it takes {1000 * (flat.loss - best.loss):.1f} "
        f"thousandths off the overall rate's log-loss. All causes with weights of their own for each provider take off "
        f"{1000 * (flat.loss - full.loss):.1f}.", "",
    ]  # fmt: skip


def _splits(before: Attempts, after: Attempts) -> list[str]:
    others = [name for name in CAUSES if name != "provider"]
    rows = [("February against January", split(before.cells(CAUSES), after.cells(CAUSES)), list(CAUSES))]
    for name in sorted(set(before.causes["provider"].tolist())):
        mine = before.causes["provider"] == name
        change = split(before.only(~mine).cells(others), before.only(mine).cells(others))
        rows.append((f"{name} against the others, January", change, others))
    head = "| | " + " | ".join(("success", "difference", *CAUSES, "the same attempts")) + " |"
    return [
        "## Why success differs", "",
        "Points of success. For each cause what its other mix would have done by itself; the rest is the same kind of "
        "attempt coming out otherwise.", "",
        head, "|---" * (len(CAUSES) + 4) + "|",
        *(
            f"| {name} | {100 * one.after:.1f} % | {100 * (one.after - one.before):+.1f} | "
            + " | ".join(f"{100 * one.mixes[c]:+.1f}" if c in causes else "" for c in CAUSES)
            + f" | {100 * one.same:+.1f} |"
            for name, one, causes in rows
        ), "",
    ]  # fmt: skip


def _choosing(
    made: list[Choice], best: list[str], after: Attempts, prices: dict[str, tuple[float, float]]
) -> list[str]:
    chosen = np.array(best)

    def shown(part: tuple[float, float, float], digits: int, factor: float = 1.0) -> str:
        low, mid, high = (factor * value for value in part)
        return f"{mid:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"

    shares = [
        f"| {one} | {prices[one][0]:g} / {prices[one][1]:g} | {100 * (chosen == one).mean():.0f} % | "
        f"{_median(after.amount[chosen == one])} |"
        for one in sorted(prices)
    ]
    return [
        "## Which provider for which attempt", "",
        f"Recommended for each attempt: the provider with the most left over, where {100 * MARGIN:.0f} % of a paid "
        "amount is margin (assumed) and fees are those of the fee table. What it would have come to in February is "
        "estimated from the attempts that went where it would have sent them, weighted by how seldom such attempts "
        "did; in brackets 80 % ranges. That holds as far as what is in the file decided where attempts went.", "",
        "| provider | fee paid / declined, EUR | recommended for | median amount of these, EUR |", "|---|---|---|---|",
        *shares, "",
        "| way | success, % | fees per attempt, EUR | left over per attempt, EUR |", "|---|---|---|---|",
        *(
            f"| {one.name} | {shown(one.success, 1, 100)} | {shown(one.fee, 2)} | {shown(one.left, 2)} |"
            for one in made
        ),
    ]  # fmt: skip


def _median(values: Numbers) -> str:
    return f"{np.median(values):.0f}" if len(values) else "-"


if __name__ == "__main__":
    main()
