"""What a seller sets once: ``settings.toml`` of a workspace, read into one frozen record."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from argosy.model.errors import SettingsAnswered, SettingsInvalid

VERSION = 1
TEMPLATE = """\
# Settings of this Argosy workspace. Change a value, save, run the command again.
# 本工作区的设置。改好后保存，重新运行命令即可生效。

version = {version}                  # of the workspace's layout; do not edit / 工作区版本，请勿修改

[business]
home = "{home}"                   # country the business sits in, ISO 3166 / 公司所在国家
book_currency = "{book_currency}"          # the one currency the books are kept in / 记账本位币
language = "{language}"               # en or zh / 报告语言
name = ""                     # of the business, in the console; empty: the folder's / 企业名称，留空则用文件夹名
{guessed}
[costing]
method = "fifo"               # fifo or weighted_average / 先进先出 或 加权平均

[lake]
catalog = ""                  # empty: SQLite inside this folder; or "postgresql://user@host:5432/argosy"; keep
                              # the password in ~/.pgpass, or the whole in ARGOSY_DATABASE_URL
                              # 留空为本文件夹内的 SQLite；团队使用请填 PostgreSQL，密码放 ~/.pgpass 或环境变量
memory = ""                   # most memory a command may take, e.g. "4GB"; empty: three quarters of the machine

[connectors]
use = ["outbox"]              # where approved changes go: the first of these that can make a change makes it; what none
                              # can is written into the folder outbox, for you to do. Others: shopify, webhook, email
                              # 已批准的改动由列表中第一个能执行的连接执行；都不能时写入 outbox 文件夹，由您手动处理
# shopify = "my-shop.myshopify.com"        # its access token: ARGOSY_SHOPIFY_TOKEN or the file shopify.token here
#                                          # 访问令牌放环境变量 ARGOSY_SHOPIFY_TOKEN 或本文件夹的 shopify.token
# webhook = "https://example.com/argosy"   # the secret it signs with: ARGOSY_WEBHOOK_TOKEN or webhook.token / 签名密钥
# email = "smtp://me@mail.example.com:587" # or smtps://...:465; password: ARGOSY_EMAIL_TOKEN or email.token / 邮箱密码
# email_from = "me@example.com"            # who writes, and to whom / 发件人与收件人
# email_to = "operations@example.com"
# private = true                           # the webhook may be in your own network / 允许内网地址
# private_hosts = ["hooks.lan"]            # so may webhooks with one of these names, also of notices / 允许的内网主机名
# docs/acting.md tells more / 详见 docs/acting.md

[worker]
daily_at = "06:00"            # from when on, on this machine's clock, a worker looks for findings once a day
                              # worker 每天从该时刻起检查一次（本机时间）

# One block per shop or account, named as in the reports. All lines are optional.
# 每个店铺或账户一段，均可省略。
#
# [accounts."amazon:main"]
# country = "DE"              # where this shop sells when an order does not say
# timezone = "Europe/Berlin"  # of times that come without one
# currency = "EUR"            # of amounts that come without one
# tax = "seller"              # who hands the sales tax on: seller or channel
# prices_include_tax = true   # when the export does not say
"""


GUESSED = "guessed = true                # the console's first page asks for these / 以上为推测，控制台首页会询问\n"


@dataclass(frozen=True)
class Account:
    """What the seller knows of one shop or provider account and its exports do not say."""

    country: str | None = None
    timezone: str | None = None
    currency: str | None = None
    tax: str | None = None
    prices_include_tax: bool | None = None


@dataclass(frozen=True)
class Outside:
    """Where approved changes go.

    use: connectors in the order they are asked in. shopify: the shop's address, and which account of the books it is.
    webhook: address changes are posted to; private: whether that may be in one's own network; private_hosts: names that
    any webhook may have there. email: the mail server, from whom and to whom. world: folder of a simulated world that
    is acted on.
    """

    use: tuple[str, ...] = ("outbox",)
    shopify: str = ""
    shopify_account: str = "shopify:main"
    webhook: str = ""
    private: bool = False
    private_hosts: tuple[str, ...] = ()
    email: str = ""
    email_from: str = ""
    email_to: str = ""
    world: str = ""


@dataclass(frozen=True)
class Settings:
    """The settings of a workspace; guessed: nobody has said yet where the business sits and in what it counts."""

    home: str
    book_currency: str
    language: str = "en"
    costing: str = "fifo"
    catalog: str = ""
    memory: str = ""
    accounts: Mapping[str, Account] = field(default_factory=dict)
    outside: Outside = Outside()
    daily_at: str = "06:00"
    name: str = ""
    guessed: bool = False


def template(*, home: str, book_currency: str, language: str, guessed: bool = False) -> str:
    """Return the commented settings file of a new workspace."""
    return TEMPLATE.format(version=VERSION, home=home, book_currency=book_currency, language=language,
                           guessed=GUESSED if guessed else "")  # fmt: skip


def load_settings(path: Path) -> tuple[int, Settings]:
    """Return the workspace version and the settings in ``path``; ``SettingsInvalid`` names the wrong key."""
    try:
        return _parsed(path.read_text(encoding="utf-8"), path)
    except UnicodeDecodeError as error:
        raise SettingsInvalid(path=path, key="-", reason=str(error)) from error


def _parsed(text: str, path: Path) -> tuple[int, Settings]:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsInvalid(path=path, key="-", reason=str(error)) from error
    business, lake = raw.get("business", {}), raw.get("lake", {})
    settings = Settings(
        home=_matching(business, "home", r"[A-Z]{2}", path),
        book_currency=_matching(business, "book_currency", r"[A-Z]{3}", path),
        language=_matching(business, "language", r"en|zh", path, default="en"),
        costing=_matching(raw.get("costing", {}), "method", r"fifo|weighted_average", path, default="fifo"),
        catalog=_matching(lake, "catalog", r"(postgres(ql)?:.+)?", path, default=""),
        memory=_matching(lake, "memory", r"(\d+(\.\d+)?\s?[KMGT]i?B)?", path, default=""),
        accounts={name: _account(block, name, path) for name, block in raw.get("accounts", {}).items()},
        outside=_outside(raw.get("connectors", {}), path),
        daily_at=_matching(raw.get("worker", {}), "daily_at", r"([01]\d|2[0-3]):[0-5]\d", path, default="06:00"),
        name=_matching(business, "name", r"[^\x00-\x1f\x7f]{0,80}", path, default=""),
        guessed=business.get("guessed") is True,
    )
    return int(raw.get("version", 0)), settings


# What may be changed without touching what was decided before: where it stands in the file.
CHANGEABLE = {"language": "business", "method": "costing", "daily_at": "worker"}


def change_settings(path: Path, changes: Mapping[str, str]) -> dict[str, str]:
    """Write changed values of ``CHANGEABLE`` settings into the file, its comments kept, and return what they replace;
    ``SettingsInvalid`` for any other, or a value that is none: then nothing is written."""
    text, before = path.read_text(encoding="utf-8"), {}
    for key, value in changes.items():
        if key not in CHANGEABLE or not re.fullmatch(r"[\w:]+", value):
            raise SettingsInvalid(path=path, key=key, reason=repr(value))
        was = str(tomllib.loads(text).get(CHANGEABLE[key], {}).get(key, ""))
        if was != value:
            text, before[key] = _written(text, CHANGEABLE[key], key, value), was
    if before:
        _replace(path, text)
    return before


ASKED = ("name", "home", "book_currency", "language")  # on the first page, of what was only guessed


def answer_settings(path: Path, answers: Mapping[str, str]) -> dict[str, str]:
    """Write what was only guessed as it is answered, all of ``ASKED``, and return what that replaces;
    ``SettingsAnswered`` where nothing is guessed any more, ``SettingsInvalid`` for what is no answer."""
    text = path.read_text(encoding="utf-8")
    held = _parsed(text, path)[1]
    if not held.guessed:
        raise SettingsAnswered(path=path)
    for key in ASKED:
        text = _written(text, "business", key, answers[key].replace("\\", "\\\\").replace('"', '\\"'))
    _replace(path, re.sub(r"^guessed\s*=.*\n", "", text, flags=re.MULTILINE))
    return {key: getattr(held, key) for key in ASKED}


def _replace(path: Path, text: str) -> None:
    """Write the whole file beside and put it in its place, readable by its owner only, as it was made."""
    _parsed(text, path)
    beside = path.with_name(f".{path.name}.new")
    beside.touch(mode=0o600)
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def _written(text: str, section: str, key: str, value: str) -> str:
    """Return the text with one value set: in its line, else at the head of its section, else in a new one."""
    head = rf"^\[{section}\][^\n]*\n"
    line = re.compile(rf"({head}(?:(?!^\[).)*?^{key}\s*=\s*)(?:\"[^\"\n]*\"|'[^'\n]*')", re.MULTILINE | re.DOTALL)
    if line.search(text):
        return line.sub(lambda found: f'{found[1]}"{value}"', text, count=1)
    opened = re.compile(head, re.MULTILINE)
    if opened.search(text):
        return opened.sub(lambda found: f'{found[0]}{key} = "{value}"\n', text, count=1)
    return f'{text.rstrip()}\n\n[{section}]\n{key} = "{value}"\n'


def current_settings(path: Path) -> Settings:
    """Return the settings as they stand in the file now, read again only when it was written."""
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, written_at: int) -> Settings:
    return load_settings(path)[1]


def _account(block: Mapping[str, Any], name: str, path: Path) -> Account:
    unknown = set(block) - set(Account.__dataclass_fields__)
    if unknown:
        raise SettingsInvalid(path=path, key=f"accounts.{name}.{min(unknown)}", reason="unknown setting")
    zone = block.get("timezone")
    try:
        ZoneInfo(zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingsInvalid(path=path, key=f"accounts.{name}.timezone", reason=str(zone)) from error
    if block.get("tax") not in (None, "seller", "channel"):
        raise SettingsInvalid(path=path, key=f"accounts.{name}.tax", reason="seller / channel")
    return Account(**block)


def _outside(block: Mapping[str, Any], path: Path) -> Outside:
    for key, value in block.items():
        known = Outside.__dataclass_fields__.get(key)
        if known is None:
            raise SettingsInvalid(path=path, key=f"connectors.{key}", reason="unknown setting")
        if not isinstance(value, list if isinstance(known.default, tuple) else type(known.default)):
            raise SettingsInvalid(path=path, key=f"connectors.{key}", reason=repr(value))
    lists = {name: tuple(value) for name, value in block.items() if isinstance(value, list)}
    outside = Outside(**{**block, **lists})
    for name in outside.use:
        if name not in ("outbox", "shopify", "webhook", "email", "world"):
            raise SettingsInvalid(path=path, key="connectors.use", reason=f"{name!r} ≠ shopify, webhook, email, outbox")
        if name != "outbox" and not getattr(outside, name):
            raise SettingsInvalid(path=path, key=f"connectors.{name}", reason="missing")
    return outside


def _matching(block: Mapping[str, Any], key: str, pattern: str, path: Path, *, default: str | None = None) -> str:
    value = block.get(key, default)
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        # A catalog may hold a password.
        shown = "…" if key == "catalog" else repr(value)
        raise SettingsInvalid(path=path, key=key, reason=f"{shown} ≠ {pattern}")
    return value
