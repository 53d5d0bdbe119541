"""docs/customer-value.md: parameters beside the published ones, forecasts beside what came and a simple rule."""

from __future__ import annotations

from collections.abc import Sequence

from tests.outlook.customer_value.cdnow import WEEKS, Result

# Fader, Hardie and Lee 2005, on every tenth buyer; for spending their note of 2013, same buyers.
PUBLISHED = {
    "r": "0.243", "alpha (weeks)": "4.414", "a": "0.793", "b": "2.426",
    "p": "6.25", "q": "3.74", "scale (dollars)": "15.44",
}  # fmt: skip
HEAD = f"""# Customer value

Who still buys and what a buyer is worth (`argosy.outlook.customers`), on CDNOW. Made by
`make customer-value`; never edited by hand.

The buyers are those who came to CDNOW in the first quarter of 1997. The law is learnt on what they did until
30 September 1997 and held against the {WEEKS} weeks after it. The published figures are of every tenth buyer, drawn by
the authors; the tenth here is the buyers whose number ends in 1, so a little differs.
Orders of one buyer on one day are one order.
"""


def page(results: Sequence[Result]) -> str:
    """Return the page as Markdown."""
    return "\n".join([HEAD, _parameters(results), _forecasts(results)])


def _parameters(results: Sequence[Result]) -> str:
    told = {name: [] for name in PUBLISHED}  # type: dict[str, list[str]]
    for one in results:
        values = (one.law.r, one.law.alpha, one.law.a, one.law.b, one.spending.p, one.spending.q, one.spending.scale)
        for (name, cells), value in zip(told.items(), values, strict=True):
            cells.append(f"{value:.3f}" if name not in ("p", "q", "scale (dollars)") else f"{value:.2f}")
    rows = [["", "published", *(f"{one.name} ({one.buyers:,} buyers)" for one in results)]]
    rows += [[name, PUBLISHED[name], *cells] for name, cells in told.items()]
    return "## Parameters\n\nr, alpha, a, b: BG/NBD; p, q, scale: gamma-gamma.\n\n" + _table(rows)


def _forecasts(results: Sequence[Result]) -> str:
    rows = [["", "real", "expected", "off", "as many as before", "off", "a buyer's miss", "by the simple rule"]]
    rows += [
        [
            one.name, f"{one.real:,.0f}", f"{one.expected:,.0f}", f"{one.expected / one.real - 1:+.1%}",
            f"{one.before:,.0f}", f"{one.before / one.real - 1:+.1%}", f"{one.miss:.3f}", f"{one.miss_before:.3f}",
        ]
        for one in results
    ]  # fmt: skip
    words = (
        f"Orders in the {WEEKS} weeks after, beside the rule that everybody orders as often again as before. A\n"
        "buyer's miss is the mean distance between a buyer's orders and the forecast. The forecast is somewhat\n"
        "low: the law knows no season.\n"
    )
    return f"## Orders to come\n\n{words}\n{_table(rows)}"


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *body = rows
    lines = [head, ["---", *("--:" for _ in head[1:])], *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
