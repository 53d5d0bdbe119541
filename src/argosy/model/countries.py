"""Countries: the ISO 3166 alpha-2 code behind a code or a name as exports write it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from babel import Locale
from babel.core import get_global
from babel.numbers import get_territory_currencies

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "ja", "zh", "zh_Hant")
# Since the United Kingdom left on 2020-02-01 (its VAT and customs rules on 2021-01-01).
EU_MEMBERS = frozenset(
    {
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
        *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
    }
)
# CLDR names these as territories, but ISO 3166 has no country for them.
NO_COUNTRY = frozenset({"EZ", "QO", "UN", "XA", "XB", "ZZ"})
# CLDR gives these places a code of their own; goods go to the country they belong to.
BELONGS_TO = {"AC": "SH", "CP": "FR", "CQ": "GG", "DG": "IO", "EA": "ES", "IC": "ES", "TA": "SH"}
# Names CLDR does not give: short and long forms, old names, and what shops and forwarders write.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "AE": ("UAE", "Emirates"),
    "BO": ("Bolivia, Plurinational State of",),
    "BQ": ("Bonaire", "Bonaire, Sint Eustatius and Saba"),
    "CD": ("Congo, Democratic Republic of the", "Democratic Republic of the Congo", "DR Congo", "DRC"),
    "CG": ("Republic of the Congo", "Congo, Republic of the"),
    "CI": ("Ivory Coast",),
    "CN": ("PR China", "PRC", "People's Republic of China", "Mainland China", "China Mainland", "中国大陆"),
    "CV": ("Cape Verde Islands",),
    "CZ": (
        "Czech Republic",
        "Tschechische Republik",
        "République tchèque",
        "República Checa",
        "Repubblica Ceca",
        "Česko",
        "Česká republika",
    ),
    "DE": ("Federal Republic of Germany", "BRD"),
    "EU": ("European Community",),
    "FK": ("Falkland Islands (Malvinas)",),
    "FM": ("Micronesia, Federated States of",),
    "GB": (
        "Great Britain",
        "England",
        "Scotland",
        "Wales",
        "Northern Ireland",
        "United Kingdom of Great Britain and Northern Ireland",
        "Britain",
        "Großbritannien",
        "Grande-Bretagne",
        "Gran Bretaña",
        "Gran Bretagna",
        "Groot-Brittannië",
        "Grã-Bretanha",
        "イングランド",
        "UK",
    ),
    "GR": ("EL", "Hellas"),
    "HM": ("Heard Island and McDonald Islands",),
    "HK": (
        "Hong Kong",
        "HongKong",
        "Hong Kong SAR",
        "China, Hong Kong Special Administrative Region",
        "香港",
    ),
    "IE": ("EIRE", "Republic of Ireland"),
    "IR": ("Iran, Islamic Republic of",),
    "KP": ("Korea, Democratic People's Republic of", "Democratic People's Republic of Korea"),
    "KR": (
        "Korea",
        "Republic of Korea",
        "Korea, Republic of",
        "Korea, South",
        "Korea Republic",
        "大韓民国",
        "한국",
        "대한민국",
    ),
    "LA": ("Lao People's Democratic Republic",),
    "MD": ("Moldova, Republic of", "Republic of Moldova"),
    "MF": ("Saint Martin (French part)",),
    "MK": ("Macedonia", "Republic of Macedonia", "FYROM"),
    "MM": ("Burma",),
    "MO": (
        "Macau",
        "Macao",
        "Macau SAR",
        "Makau",
        "China, Macao Special Administrative Region",
        "澳门",
        "澳門",
        "マカオ",
    ),
    "NL": ("Holland", "Netherlands (Kingdom of the)", "Holanda", "Hollande", "Olanda"),
    "NR": ("Naoero",),
    "PS": ("Palestine", "Palestine, State of", "State of Palestine"),
    "RU": ("Russian Federation",),
    "SH": ("Saint Helena, Ascension and Tristan da Cunha",),
    "SJ": ("Svalbard and Jan Mayen Islands",),
    "SK": ("Slovak Republic",),
    "SX": ("Sint Maarten (Dutch part)",),
    "SY": ("Syrian Arab Republic",),
    "SZ": ("Swaziland",),
    "TL": ("East Timor",),
    "TR": ("Turkey",),
    "TW": ("Taiwan, Province of China", "Taiwan, R.O.C.", "臺灣", "台湾省"),
    "TZ": ("Tanzania, United Republic of", "United Republic of Tanzania"),
    "UM": ("United States Minor Outlying Islands",),
    "US": (
        "United States of America",
        "U. S. A.",
        "America",
        "Vereinigte Staaten von Amerika",
        "États-Unis d'Amérique",
        "Estados Unidos de América",
        "Estados Unidos da América",
        "Stati Uniti d'America",
        "EE. UU.",
        "EEUU",
        "アメリカ",
        "米国",
    ),
    "VA": ("Holy See", "Holy See (Vatican City State)"),
    "VE": ("Venezuela, Bolivarian Republic of",),
    "VG": ("Virgin Islands, British",),
    "VI": ("Virgin Islands, U.S.", "United States Virgin Islands"),
    "WF": ("Wallis and Futuna Islands",),
    "ZA": ("RSA", "Republic of South Africa"),
}


def country_code(text: str) -> str | None:
    """Return the ISO 3166 alpha-2 code of a country given as code or name, or None: cannot tell.

    Reads 2- and 3-letter codes and names in English, German, French, Spanish, Italian, Dutch, Portuguese,
    Polish, Swedish, Japanese and Chinese, whatever their case, accents and punctuation. Besides ISO codes it
    may return EU (when the source says no more), XK (Kosovo) and XI (Northern Ireland, only for the code XI).
    The name of several countries, such as the Channel Islands, gives None. Source: Unicode CLDR.
    """
    return _codes().get(_plain(text))


@cache
def _codes() -> Mapping[str, str]:
    """Return the code behind every known spelling; codes win over aliases, aliases over names."""
    names = {_plain(name): code for language in LANGUAGES for code, name in _territories(language).items()}
    aliases = {_plain(name): code for code, spellings in ALIASES.items() for name in spellings}
    two = {code.casefold(): code for code in [*_territories("en"), "XI"]}
    three = {
        old.casefold(): now[0]
        for old, now in get_global("territory_aliases").items()
        if len(old) == 3 and old.isalpha() and len(now) == 1
    }
    codes = {**names, **three, **aliases, **two}
    return {spelling: BELONGS_TO.get(code, code) for spelling, code in codes.items()}


def _territories(language: str) -> dict[str, str]:
    """Return CLDR's territory names in one language, countries only."""
    named = Locale.parse(language).territories
    return {code: name for code, name in named.items() if len(code) == 2 and code not in NO_COUNTRY}


def _plain(text: str) -> str:
    """Return the text without case, accents and punctuation, so that spellings meet."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    words = re.findall(r"\w+", re.sub("[.'’]", "", bare).replace("&", " and "))
    return " ".join("st" if word == "saint" else word for word in words if word != "the")


def home_of(tag: str) -> str | None:
    """Return the country a language as browsers and systems name it points to: de-AT, zh_CN.UTF-8, en; None: none."""
    parts = re.split(r"[-_.]", tag)
    named = next((part.upper() for part in parts[1:] if re.fullmatch(r"[A-Za-z]{2}", part)), None)
    likely = get_global("likely_subtags").get(parts[0].lower(), "").rpartition("_")[2]
    found = named or likely
    return found if found in Locale("en").territories and len(found) == 2 else None


def currency_of(country: str) -> str:
    """Return the currency people pay with in a country; that of no country: the US dollar."""
    found = get_territory_currencies(country, tender=True)
    return str(found[0]) if found else "USD"


def countries() -> list[str]:
    """Return the codes of all countries."""
    territories = (code for code in map(str, Locale("en").territories) if re.fullmatch("[A-Z]{2}", code))
    return sorted(set(territories) - NO_COUNTRY - set(BELONGS_TO) - {"EU"})


def currencies() -> list[str]:
    """Return the currencies people pay with today somewhere."""
    return sorted({code for country in countries() for code in get_territory_currencies(country, tender=True)})
