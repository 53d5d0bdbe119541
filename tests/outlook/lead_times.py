"""Write docs/lead-times.md: how late suppliers deliver, foretold beside baselines on real purchase orders."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv

from argosy.outlook.lead_time import EARLIEST, LATEST, lead_times
from argosy.outlook.series import Numbers

PROJECT = Path(__file__).resolve().parents[2]
DATA = PROJECT.parent / "shared" / "data" / "suppliers" / "scms_delivery_history.csv.gz"
COLUMNS = {
    "Vendor": "supplier", "Shipment Mode": "mode", "Country": "route", "Scheduled Delivery Date": "promised_on",
    "Delivered to Client Date": "received_on",
}  # fmt: skip
SHARES = (0.5, 0.8, 0.9)
CUTS = tuple(date(year, month, 1) for year in range(2009, 2016) for month in (1, 7))
ARGOSY, OVERALL, OWN = "Argosy", "quantile of all lines", "vendor's own quantile"

TEXT = """# Lead times

How late suppliers deliver (`src/argosy/outlook/lead_time.py`), foretold on real purchase orders beside baselines. Made
by `make lead-times`; never edited by hand.

Data: {lines:,} lines of a United States health programme's purchase orders (SCMS delivery history) from {vendors}
vendors to {countries} countries, 2006 to 2015. Lateness is days from the scheduled to the actual delivery, cut at
{earliest} and {latest}. Every half year from {first} on, what was delivered by then foretells the lines scheduled in
the half year that follows: {n:,} lines in all.

Covered: the share of lines that came earlier than the day foretold, and by its end; six lines in ten come on the very
day that was promised, so the nominal share should lie between the two. Pinball loss: days, less is better. A quantile
of all lines and a vendor's own raw one (that of all where it has none) are the baselines; Argosy draws each vendor, its
mode and its route towards the wider group, and lets old deliveries count less.

| | nominal | came before, by the day, % | pinball loss |
| --- | --: | --: | --: |
{rows}

Year by year, by the day foretold for nine in ten (P90), %:

| | {years} |
| --- |{lines_of_years}
{by_year}
"""


@dataclass(frozen=True)
class Foretold:
    """What a method foretold of lines, and what came: share asked for, year, days foretold, days that came."""

    share: Numbers
    year: Numbers
    days: Numbers
    came: Numbers

    def loss(self) -> float:
        """Return the mean pinball loss."""
        over = self.came - self.days
        return float(np.where(over >= 0, self.share * over, (self.share - 1) * over).mean())

    def only(self, rows: np.ndarray) -> Foretold:
        """Return some of the lines."""
        return Foretold(*(column[rows] for column in vars(self).values()))


def history(path: Path = DATA) -> pa.Table:
    """Return the lines of the purchase orders as ``lead_times`` wants them."""
    read = pc_csv.read_csv(path).select(list(COLUMNS)).rename_columns(list(COLUMNS.values()))
    for name in ("promised_on", "received_on"):
        days = pc.strptime(read[name], format="%d-%b-%y", unit="s").cast(pa.date32())
        read = read.set_column(read.schema.get_field_index(name), name, days)
    return read


def foretold(lines: pa.Table, *, cuts: tuple[date, ...] = CUTS) -> dict[str, Foretold]:
    """Return what each method foretold of the lines promised in the half year after each cut."""
    found: dict[str, list[tuple[float, int, float, float]]] = {ARGOSY: [], OVERALL: [], OWN: []}
    promised, received = (lines[name].to_numpy().astype("datetime64[D]") for name in ("promised_on", "received_on"))
    late = np.clip((received - promised).astype(int), EARLIEST, LATEST)
    vendors, groups = np.array(lines["supplier"].to_pylist()), list(_groups(lines))
    for cut in cuts:
        past, next_ = np.datetime64(cut), np.datetime64(cut) + np.timedelta64(181, "D")
        known, ahead = received < past, np.flatnonzero((promised >= past) & (promised < next_))
        times = lead_times(lines, on=cut)
        own = {vendor: late[known & (vendors == vendor)] for vendor in set(vendors[ahead])}
        for share in SHARES:
            overall = float(np.quantile(late[known], share))
            raw = {vendor: float(np.quantile(days, share)) if len(days) else overall for vendor, days in own.items()}
            asked = {group: times.late_by(share, *group) for group in {groups[row] for row in ahead}}
            ways: dict[str, Callable[[int], float]] = {
                ARGOSY: lambda row, asked=asked: asked[groups[row]],  # type: ignore[misc]
                OVERALL: lambda row, overall=overall: overall,  # type: ignore[misc]
                OWN: lambda row, raw=raw: raw[vendors[row]],  # type: ignore[misc]
            }
            for name, way in ways.items():
                found[name] += [(share, cut.year, way(row), float(late[row])) for row in ahead.tolist()]
    return {name: Foretold(*np.array(rows, dtype=float).T) for name, rows in found.items()}


def _groups(lines: pa.Table) -> Iterator[tuple[str, ...]]:
    columns = [lines[name].fill_null("").to_pylist() for name in ("supplier", "mode", "route")]
    return zip(*columns, strict=True)


def page(lines: pa.Table) -> str:
    """Return the page."""
    found = foretold(lines)
    rows = []
    for share in SHARES:
        for name, all_ in found.items():
            one = all_.only(all_.share == share)
            before, by = ((100 * flags.mean()) for flags in (one.came < one.days, one.came <= one.days))
            rows.append(f"| {name} | P{100 * share:.0f} | {before:.1f} to {by:.1f} | {one.loss():.2f} |")
    years = sorted({cut.year for cut in CUTS})
    by_year = []
    for name, all_ in found.items():
        top = all_.only(all_.share == SHARES[-1])
        cells = [f"{100 * (top.came <= top.days)[top.year == year].mean():.0f}" for year in years]
        by_year.append(f"| {name} | {' | '.join(cells)} |")
    return TEXT.format(
        lines=len(lines), vendors=pc.count_distinct(lines["supplier"]).as_py(),
        countries=pc.count_distinct(lines["route"]).as_py(), earliest=EARLIEST, latest=LATEST, first=CUTS[0],
        n=int((found[ARGOSY].share == SHARES[0]).sum()), rows="\n".join(rows), years=" | ".join(map(str, years)),
        lines_of_years=" --: |" * len(years), by_year="\n".join(by_year),
    )  # fmt: skip


def main() -> None:
    """Write the page; without the sample data say so and end with status 1."""
    if not DATA.is_file():
        sys.exit(f"no sample data at {DATA}")
    text = page(history())
    sys.stdout.write(text)
    (PROJECT / "docs" / "lead-times.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
