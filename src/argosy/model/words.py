"""The sentences people read, in English and Chinese, kept side by side in ``locale/*.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "zh")


@cache
def subject(name: str) -> Mapping[str, Mapping[str, str]]:
    """Return one subject's sentences: key -> language -> text, read once from ``locale/<name>.toml``."""
    text = files("argosy").joinpath("locale", f"{name}.toml").read_text(encoding="utf-8")
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
