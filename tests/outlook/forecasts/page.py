"""docs/forecasts.md: errors and ranges of demand forecasts beside baselines, set by set."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill

from tests.outlook.forecasts.baselines import auto_ets, last_mean, last_median, last_season, year_before
from tests.outlook.forecasts.scores import Method, held, scored, stepped
from tests.outlook.forecasts.sets import WEEKS, Trial, Turn, turns, whole_weeks

from argosy.outlook.calendar_effects import Numbers
from argosy.outlook.demand import Demand, forecast

INTRODUCTION = (
    "Demand forecasts (`src/argosy/outlook/demand.py`) beside baselines on real sales. Made by `make "
    "forecasts`; never edited by hand.",
    "Every forecast is made on a day by what was known before it, for the eight weeks from it on, and held "
    "against what came (rolling origin). MASE: mean absolute error against that of repeating the last week in"
    " the past (Hyndman and Koehler 2006), the mean of all series. WAPE: the sum of absolute errors in "
    "percent of what was sold. Bias: the sum of errors in percent of what was sold. Both errors are least for"
    " the figure that is as often too high as too low: Argosy's *usual*. Where rare large orders count, as in"
    " what is wanted in all, its *expected* is the mean. The same code makes the forecasts of both sets; it "
    "is the one that runs in the product. AutoETS (Hyndman et al. 2008) is that of statsforecast; it takes no"
    " calendar of promotions and holidays.",
    "Choices between methods were made on these two sets, so errors elsewhere may be somewhat larger; ranges adjust "
    "themselves to the misses of the business they are made for.",
)
ABOUT = {
    "Online Retail": "A gift wholesaler's units by article (UCI, Chen 2015), 2010-12-01 to 2011-12-09: too short a "
    "history for a time of year, so the last week is the season that can be repeated. Articles take "
    "part that had sales in at least {least} weeks before the origin; goods only; what was taken back"
    " on the day it was ordered is left out. Autumn sells more than any week known before, which no "
    "method here can know.",
    "Rossmann": "Turnover of 100 shops, 2013-01-01 to 2015-07-31. Promotions, school holidays and public holidays"
    " (days from Monday to Saturday on which most shops of a state are closed) are known in advance; "
    "how many buyers came is not used. The origins lie eight weeks apart and so cover each week of a "
    "year once.",
}
BASELINES: dict[str, Method] = {
    "last week repeated": last_season,
    "mean of the last 4 weeks": last_mean,
    "median of the last 13 weeks": last_median,
    "same week of the year before": year_before,
    "AutoETS": auto_ets,
}
USUAL, EXPECTED = "**Argosy, usual**", "Argosy, expected"


def page(trials: Sequence[Trial]) -> str:
    """Return the page as Markdown."""
    return "\n".join(["# Forecasts", "", *map(_paragraph, INTRODUCTION), *map(_section, trials)])


def _section(trial: Trial) -> str:
    all_turns = turns(trial)
    made = [forecast(turn.known, days=WEEKS * 7) for turn in all_turns]
    counts = [len(turn.known.keys) for turn in all_turns]
    origins = ", ".join(origin.isoformat() for origin in reversed(trial.origins))
    about = ABOUT[trial.name].format(least=trial.least_weeks)
    parts = [f"## {trial.name}", "", _paragraph(about), _paragraph(f"Origins: {origins}; {_from_to(counts)} series.")]
    for season in (1, 7) if trial.sales.known_ahead.shape[2] else (1,):
        parts += _errors(trial, all_turns, made, season=season)
    return "\n".join([*parts, *_ranges(trial, all_turns, made)])


def _errors(trial: Trial, all_turns: Sequence[Turn], made: Sequence[Demand], *, season: int) -> list[str]:
    """Return the table of errors by week (season 1) or by day (season 7)."""
    ahead, step = (WEEKS, "week") if season == 1 else (WEEKS * 7, "day")
    told: dict[str, list[Numbers]] = {}
    for name, method in BASELINES.items():
        found = [method(stepped(turn, season=season)[0], ahead, season=season) for turn in all_turns]
        if all(one is not None for one in found):
            told[name] = [one for one in found if one is not None]
    for name, part in ((USUAL, "usual"), (EXPECTED, "expected")):
        told[name] = [whole_weeks(getattr(one, part)) if season == 1 else getattr(one, part) for one in made]
    heads = [f"by {trial.of} and {step}", "MASE", "WAPE, %", "bias, %"]
    parts = {"": slice(0, ahead)}
    if season == 1:
        parts |= {" week 1": slice(0, 1), " weeks 2-4": slice(1, 4), " weeks 5-8": slice(4, 8)}
        heads += [*(f"WAPE,{name}" for name in list(parts)[1:]), "WAPE, all 8 weeks as one"]
    rows = []
    for name, forecasts in told.items():
        of_all = scored(all_turns, forecasts, season=season)
        row = [name, f"{of_all.mase:.3f}", _percent(of_all.wape), _percent(of_all.bias)]
        if season == 1:
            row += [_percent(_part(all_turns, forecasts, part)) for part in list(parts.values())[1:]]
            row.append(_percent(scored(all_turns, forecasts, season=season, together=True).wape))
        rows.append(row)
    return [*_table(heads, rows), ""]


def _part(all_turns: Sequence[Turn], forecasts: Sequence[Numbers], part: slice) -> float:
    """Return the WAPE of some of the weeks."""
    days = slice(part.start * 7, part.stop * 7)
    cut = [Turn(turn.known, turn.came[:, days]) for turn in all_turns]
    return scored(cut, [one[:, part] for one in forecasts], season=1).wape


def _ranges(trial: Trial, all_turns: Sequence[Turn], made: Sequence[Demand]) -> list[str]:
    rows = []
    for name, weeks in (("1 week", [1]), ("4 weeks", [4]), ("8 weeks", [8]), ("1 to 8 weeks", range(1, WEEKS + 1))):
        found = held(all_turns, made, weeks=list(weeks))
        rows.append([name, *(_percent(part) for one in found.values() for part in (one.inside, one.below, one.above))])
    heads = ["units of an article within" if trial.of == "article" else "turnover of a shop within"]
    heads += [f"{name} range: {part}, %" for name in ("80 %", "90 %") for part in ("inside", "below", "above")]
    why = (
        "A range whose lower end is nought cannot be missed below, so ranges of what sells rarely hold more often than "
        "they say."
    )
    return [*_table(heads, rows), "", *([_paragraph(why)] if trial.of == "article" else [])]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [heads, ["---", *("--:" for _ in heads[1:])], *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]


def _from_to(counts: Sequence[int]) -> str:
    return f"{min(counts):,}" if min(counts) == max(counts) else f"{min(counts):,} to {max(counts):,}"


def _percent(share: float) -> str:
    return f"{share * 100:.1f}"


def _paragraph(words: str) -> str:
    return fill(words, width=140, break_long_words=False, break_on_hyphens=False) + "\n"
