"""How text becomes amounts, whole numbers and moments inside the embedded engine, strictly or not at all."""

from __future__ import annotations

import ibis
from ibis.expr.types import NumericValue, StringValue, TimestampValue

# A number as people and spreadsheets write it: sign or brackets, currency sign or code before or after.
_SIGN = r"[-+−]?"
_MARK = r"(?:[A-Za-z]{0,3}\.? ?\p{Sc}|[A-Z]{3}|kr\.?|zł|Rp\.?|Kč|Ft|lei|руб\.?|元)?"
_DIGITS = r"(?:[0-9][0-9.,'’ \x{00a0}\x{202f}]*|[.,][0-9]+)"
NUMBER = rf"^\s*(\(?)\s*({_SIGN})\s*{_MARK}\s*({_SIGN})\s*({_DIGITS}?)\s*{_MARK}\s*({_SIGN})\s*(\)?)\s*$"
PLAIN = r"\d{1,3}(,\d{2,3})*,\d{3}(\.\d*)?|\d+(\.\d*)?|\.\d+"
ZONES = {
    **dict.fromkeys(("Z", "UTC", "GMT", "WET"), 0),
    **dict.fromkeys(("BST", "CET", "WEST"), 60),
    **dict.fromkeys(("CEST", "EET"), 120),
    "EEST": 180,
    "JST": 540,
    "AEST": 600,
    "AEDT": 660,
    "PST": -480,
    **dict.fromkeys(("PDT", "MST"), -420),
    **dict.fromkeys(("MDT", "CST"), -360),
    **dict.fromkeys(("CDT", "EST"), -300),
    "EDT": -240,
    "BRT": -180,
}
_OFFSET = rf"\s*({'|'.join(ZONES)}|[+-]\d{{2}}:?\d{{2}})$"
# A map, not a CASE: the engine would look for the zone anew for every branch.
_NAMED = ", ".join(f"'{name}': {minutes}" for name, minutes in ZONES.items())

MACROS = (
    # The digits with a dot as decimal sign and commas as grouping.
    r"""dotted(digits, point) AS (
        regexp_replace(CASE WHEN point = ',' THEN translate(digits, '.,', ',.') ELSE digits END,
                       '[''’ \x{00a0}\x{202f}]', '', 'g'))""",
    rf"""plain_number(digits, point) AS (
        CASE WHEN regexp_full_match(dotted(digits, point), '{PLAIN}')
        THEN replace(dotted(digits, point), ',', '') END)""",
    rf"""amount_of(v, point) AS (
        CASE WHEN v IS NULL OR NOT regexp_matches(v, '{NUMBER.replace("'", "''")}') THEN NULL ELSE TRY_CAST(
          (CASE WHEN regexp_matches(v, '[(−-]') THEN '-' ELSE '' END) || plain_number(
            regexp_extract(v, '{NUMBER.replace("'", "''")}', 4), point) AS DECIMAL(18,4)) END)""",
    # Only a time of day has an offset: the year of 27-03-2026 is none.
    rf"""offset_minutes(v) AS (
        CASE WHEN contains(v, ':') THEN coalesce(MAP {{{_NAMED}}}[regexp_extract(v, '{_OFFSET}', 1)], (
          CASE WHEN regexp_matches(v, '-\d{{2}}:?\d{{2}}$') THEN -1 ELSE 1 END) * (
          60 * TRY_CAST(regexp_extract(v, '[+-](\d{{2}}):?\d{{2}}$', 1) AS INTEGER)
          + TRY_CAST(regexp_extract(v, '[+-]\d{{2}}:?(\d{{2}})$', 1) AS INTEGER))) END)""",
    # A moment with its own offset, else in the zone given; the result is UTC.
    rf"""moment_of(v, forms, zone) AS (
        CASE WHEN offset_minutes(v) IS NULL
          THEN timezone('UTC', timezone(zone, try_strptime(v, forms)))
          ELSE try_strptime(regexp_replace(v, '{_OFFSET}', ''), forms)
               - to_minutes(coalesce(offset_minutes(v), 0)::BIGINT) END)""",
    # No moment in these forms carries an offset: the quick way.
    """local_moment_of(v, forms, zone) AS (
        CASE WHEN zone = 'UTC' THEN try_strptime(v, forms)
        ELSE timezone('UTC', timezone(zone, try_strptime(v, forms))) END)""",
    "local_time(at_utc, zone) AS (timezone(zone, timezone('UTC', at_utc)))",
    # HMAC-SHA256 (RFC 2104) with the two padded keys prepared outside.
    "keyed_hash(text, inner_key, outer_key) AS (sha256(outer_key || unhex(sha256(inner_key || encode(text)))))",
    # total x running / whole, halves up, in whole units; every intermediate is a whole number of 128 bits.
    """exact_cut(units, running, whole) AS (
        ((units::HUGEINT * running::HUGEINT * 2 + whole::HUGEINT) // (whole::HUGEINT * 2))::BIGINT)""",
)


@ibis.udf.scalar.builtin(signature=(("string", "string"), "decimal(18,4)"))
def amount_of(v: StringValue, point: str) -> NumericValue:
    """Return the amount written in ``v`` with ``point`` as its decimal sign; NULL when it is none."""


@ibis.udf.scalar.builtin(signature=(("string", "array<string>", "string"), "timestamp"))
def moment_of(v: StringValue, forms: list[str], zone: str) -> TimestampValue:
    """Return the UTC moment written in ``v`` in one of ``forms``, in its own offset or in ``zone``."""


@ibis.udf.scalar.builtin(signature=(("string", "array<string>", "string"), "timestamp"))
def local_moment_of(v: StringValue, forms: list[str], zone: str) -> TimestampValue:
    """Return the UTC moment written in ``v`` without an offset, in ``zone``."""


@ibis.udf.scalar.builtin(signature=(("timestamp", "string"), "timestamp"))
def local_time(at_utc: TimestampValue, zone: str) -> TimestampValue:
    """Return the wall-clock time in ``zone`` of a UTC moment."""


@ibis.udf.scalar.builtin(signature=(("string", "binary", "binary"), "string"))
def keyed_hash(text: StringValue, inner_key: bytes, outer_key: bytes) -> StringValue:
    """Return HMAC-SHA256 of ``text`` in hexadecimal."""


@ibis.udf.scalar.builtin(signature=(("int64", "decimal(38,0)", "decimal(38,0)"), "int64"))
def exact_cut(units: NumericValue, running: NumericValue, whole: NumericValue) -> NumericValue:
    """Return ``units * running / whole`` rounded half up, exactly."""
