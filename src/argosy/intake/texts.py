"""What people write freely, without the e-mail addresses and phone numbers they write in it.

A number is a phone's when it is written as one: with a country's code after ``+`` or ``00``, with the leading zero of
a national number, as in North America (3-3-4), as a Chinese mobile, with its area in brackets, or after a word such
as "call" or "电话". Numbers of orders and parcels, days and prices stay.

The patterns are RE2's, which looks neither ahead nor back: what must not be taken for a phone is marked first, and
the marks are taken off at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ibis.expr.types import StringValue

# The columns of facts that hold what people wrote.
TEXTS: Mapping[str, tuple[str, ...]] = MappingProxyType({"messages": ("text",), "reviews": ("title", "text")})
EMAIL_MARK, PHONE_MARK = "[email]", "[phone]"

_MARK = r"\x{e000}"  # of the private use area: no text has it
_KEPT = (
    # Amazon's order numbers: 026-1234567-1234567 begins like a number from Cardiff.
    (r"\b(\d{3})-(\d{7})-(\d{7})\b", "\\1\ue000-\\2\ue000-\\3"),
    # Days: 01.03.2026 12 and 2026-03-01.
    (r"\b(\d{1,2})([./-])(\d{1,2})([./-])((?:19|20)\d\d)\b", "\\1\ue000\\2\\3\ue000\\4\\5\ue000"),
    (r"\b((?:19|20)\d\d)([./-])(\d{1,2})([./-])(\d{1,2})\b", "\\1\ue000\\2\\3\ue000\\4\\5\ue000"),
    # What is called the number of an order, an article or a parcel.
    (
        r"(?i)((?:\b(?:order|invoice|tracking|parcel|sku|article|item|bestell\w*|auftrag\w*|sendung\w*|commande|pedido)|"
        r"订单|运单|快递单|单号|注文)(?:[ :.：]|\b(?:number|nummer|no|nr|id|code)\b|号|番号|号码){0,4})(\d)",
        "\\1\ue000\\2",
    ),
)
_DOT = r"(?:\.|\[dot\]|\(dot\))"
_EMAIL = (
    r"(?i)[a-z0-9][\w.%+'-]*\s?(?:@|＠|\(at\)|\[at\])\s?"
    rf"[a-z0-9][a-z0-9-]*(?:{_DOT}[a-z0-9-]+)*{_DOT}[a-z]{{2,}}"
)
_BEFORE = rf"(^|[^\w#+=&/.,{_MARK}-]|[^\d][.,])"
_GAP = r"[ \t\x{a0}().\-/]{0,3}"
_PHONES = "|".join(
    (
        rf"[+＋]\s?[1-9](?:{_GAP}\d){{7,14}}\b",
        rf"00[1-9](?:{_GAP}\d){{7,13}}\b",
        r"0[1-9]\d{7,10}\b",
        r"0[1-9](?:[ .-]\d{2}){4}\b",
        rf"\(?0\)?[1-9](?:{_GAP}\d){{7,10}}\b",
        r"\(\d{2,5}\)[ -]?\d{3,5}[ -]?\d{3,5}\b",
        r"(?:1[ .-])?\(?[2-9]\d{2}\)?[ .-]{1,2}\d{3}[ .-]\d{4}\b",
        r"1[3-9]\d[ -]?\d{4}[ -]?\d{4}\b",
    )
)
_CALLED = (
    r"(?i)((?:\b(?:tele?ph?one?|tel|phone|mobile|mobil|handy|cell ?phone|call|whats ?app|viber|zalo|sms|fax|fon|"
    r"t[eé]l[eé]phone|tel[eé]fono|telefone|m[oó]vil|celular|telefon\w*|rufnummer)\b|电话|手机|電話|携帯|微信|联系)"
    r"(?:[ :./：]|\b(?:number|nummer|no|nr|is|me|us|at|on|under|unter|au|al)\b|号码|号|番号|是|は){0,6})"
    rf"[+＋]?\(?\d(?:{_GAP}\d){{6,14}}\b"
)


def without_contacts(text: StringValue) -> StringValue:
    """Return the text with ``[email]`` and ``[phone]`` where it held such."""
    for pattern, marked in _KEPT:
        text = text.re_replace(pattern, marked)
    text = text.re_replace(_EMAIL, EMAIL_MARK)
    text = text.re_replace(rf"{_BEFORE}(?:{_PHONES})", rf"\1{PHONE_MARK}")
    text = text.re_replace(_CALLED, rf"\1{PHONE_MARK}")
    return text.replace("\ue000", "")
