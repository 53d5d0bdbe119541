"""Countries as exports write them."""

from __future__ import annotations

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from argosy.model.countries import ALIASES, LANGUAGES, country_code

NAMED = [
    (code, Locale.parse(language).territories[code])
    for language in LANGUAGES
    for code in (
        "BR",
        "CH",
        "CI",
        "DE",
        "EU",
        "FR",
        "GB",
        "HK",
        "IN",
        "JP",
        "KR",
        "MX",
        "NL",
        "TW",
        "US",
        "XK",
    )
]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DE", "DE"),
        ("deu", "DE"),
        (" gb ", "GB"),
        ("UK", "GB"),
        ("U.K.", "GB"),
        ("Great Britain", "GB"),
        ("England", "GB"),
        ("XI", "XI"),
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("United States of America", "US"),
        ("EE.UU.", "US"),
        ("米国", "US"),
        ("EL", "GR"),
        ("EIRE", "IE"),
        ("RSA", "ZA"),
        ("Korea", "KR"),
        ("South Korea", "KR"),
        ("Korea, Republic of", "KR"),
        ("Czech Republic", "CZ"),
        ("Czechia", "CZ"),
        ("Hong Kong", "HK"),
        ("香港", "HK"),
        ("Taiwan", "TW"),
        ("台灣", "TW"),
        ("Macau", "MO"),
        ("Russian Federation", "RU"),
        ("Holland", "NL"),
        ("Netherlands (the)", "NL"),
        ("UAE", "AE"),
        ("European Community", "EU"),
        ("Turkey", "TR"),
        ("Türkiye", "TR"),
        ("Cote d'Ivoire", "CI"),
        ("Côte d’Ivoire", "CI"),
        ("Ivory Coast", "CI"),
        ("Saint Lucia", "LC"),
        ("St. Lucia", "LC"),
        ("Bosnia and Herzegovina", "BA"),
        ("ÖSTERREICH", "AT"),
        ("Deutschland", "DE"),
        ("Allemagne", "DE"),
        ("Alemania", "DE"),
        ("Germania", "DE"),
        ("Duitsland", "DE"),
        ("Alemanha", "DE"),
        ("Niemcy", "DE"),
        ("Tyskland", "DE"),
        ("ドイツ", "DE"),
        ("德国", "DE"),
        ("德國", "DE"),
        ("Canary Islands", "ES"),
        ("NA", "NA"),
        ("Niger", "NE"),
        ("Nigeria", "NG"),
        ("Dominica", "DM"),
        ("Dominican Republic", "DO"),
    ],
)
def test_read(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-",
        "Unspecified",
        "unknown",
        "N/A",
        "ZZ",
        "Unknown Region",
        "Eurozone",
        "Channel Islands",  # Jersey or Guernsey, with different taxes
        "Yugoslavia",
        "MI",  # a US state, and a country code given up long ago
        "Atlantis",
    ],
)
def test_cannot_tell(text: str) -> None:
    assert country_code(text) is None


@pytest.mark.parametrize(("code", "name"), NAMED)
def test_name_in_every_language(code: str, name: str) -> None:
    assert country_code(name) == code


def test_every_alias_is_read_as_its_country() -> None:
    assert {name: country_code(name) for names in ALIASES.values() for name in names} == {
        name: code for code, names in ALIASES.items() for name in names
    }


@given(st.text(max_size=30))
def test_any_text_gives_a_code_or_nothing(text: str) -> None:
    code = country_code(text)
    assert code is None or (len(code) == 2 and code.isupper())
    assert code is None or country_code(code) == code
