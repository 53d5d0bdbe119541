"""The sentences people read, in English and Chinese, kept side by side in ``locale/*.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "zh")
LOCALES = {"en": "en_GB", "zh": "zh_CN"}  # how each writes numbers and days


@cache
def subject(name: str) -> Mapping[str, Mapping[str, str]]:
    """Return one subject's sentences: key -> language -> text, read once.

    They stand in ``locale/<name>.toml``, those of a domain in its own ``locale/words.toml``.
    """
    shared = files("argosy").joinpath("locale", f"{name}.toml")
    file = shared if shared.is_file() else files("argosy").joinpath("domains", name, "locale", "words.toml")
    text = file.read_text(encoding="utf-8")
    return {key: value for key, value in tomllib.loads(text).items()}


def say(key: str, lang: str = "en", /, **values: Any) -> str:
    """Return the sentence ``subject.key`` in ``lang`` with its values filled in.

    A key without an entry returns itself, so that a word the source sent still shows instead of failing a page.
    """
    name, _, entry = key.partition(".")
    texts = subject(name).get(entry)
    if texts is None:
        return entry
    return texts[lang if lang in texts else "en"].format_map(values)
