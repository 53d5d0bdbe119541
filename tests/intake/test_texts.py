"""E-mail addresses and phone numbers in what people write, in the spellings people use, and what is none."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import ibis
import pytest

from argosy.intake.formats import load_format
from argosy.intake.texts import without_contacts

CONTACTS = {
    "write to ada@example.com please": "write to [email] please",
    "Ada.Moss+shop@mail.example.co.uk": "[email]",
    "邮箱ada@example.com谢谢": "邮箱[email]谢谢",
    "ada (at) example.com": "[email]",
    "ada[at]example[dot]com": "[email]",
    "mailto:x7y@marketplace.amazon.de.": "mailto:[email].",
    "13812345678@163.com": "[email]",
    "My number is +49 30 1234567, thanks": "My number is [phone], thanks",
    "+4915112345678": "[phone]",
    "+1 (555) 123-4567": "[phone]",
    "+44 (0)20 7946 0958": "[phone]",
    "0049 30 1234567": "[phone]",
    "(030) 1234567": "[phone]",
    "030/1234567": "[phone]",
    "0171-2345678": "[phone]",
    "06 12 34 56 78": "[phone]",
    "06.12.34.56.78 et merci": "[phone] et merci",
    "06 12 34 56 78 10 pieces": "[phone] 10 pieces",
    "0612345678 0687654321": "[phone] [phone]",
    "0612345678 12.90": "[phone] 12.90",
    "07700 900123": "[phone]",
    "090-1234-5678": "[phone]",
    "555-123-4567": "[phone]",
    "(555) 123-4567": "[phone]",
    "555.123.4567": "[phone]",
    "1-800-555-0199": "[phone]",
    "13812345678": "[phone]",
    "电话13812345678。": "电话[phone]。",
    "手机:138 1234 5678": "手机:[phone]",
    "(11) 91234-5678": "[phone]",
    "WhatsApp 5551234567": "WhatsApp [phone]",
    "call me at 612 345 678": "call me at [phone]",
    "Tel.: 1234567": "Tel.: [phone]",
    "电话 12345678": "电话 [phone]",
    "Telefonnummer: 4412345": "Telefonnummer: [phone]",
    "Thanks.0612345678": "Thanks.[phone]",
    "téléphone 612345678": "téléphone [phone]",
}
KEPT = (
    "Where is order #100234?",
    "#13812345678",
    "order 100234 and #0612345678",
    "Order 302-1234567-1234567",
    "order 026-1234567-1234567 late",
    "026-1234567-1234567",
    "Bestellnummer 0612345678",
    "Etsy 2912345678",
    "12-12345-12345",
    "It cost 1,234.56 EUR, not 12.90",
    "1.234.567,00 IDR",
    "1 234 567,00 €",
    "on 2026-03-01 at 10:30:00",
    "am 01.03.2026 12 Uhr",
    "01/03/2026 100 pieces",
    "2026/03/01 12:30",
    "1Z999AA10123456784",
    "LX123456789CN",
    "tracking 00340434161094042557",
    "tracking number: 13812345678",
    "4006381333931",
    "HS 8517.62.00",
    "10115 Berlin",
    "100 x 200 x 300 mm",
    "https://example.com/p/0612345678?id=0612345678",
    "BOT-0123456789",
    "rated 5/5, bought 2",
    "订单号13812345678",
    "192.168.10.24",
    "@argosy is great",
    "1,000,000 units for 250 000 USD",
    "size 0.5 and 0.12345678901",
    "5.551234567",
    "SKU 0123456789",
    "3.14159265358979",
    "call about #100234",
    "iPhone 15 256 512",
    "phone case 12 pieces",
)
TEXTS = (*CONTACTS, *KEPT)


@cache
def cleaned() -> dict[str, str]:
    """Return every text without its contact data, all of them read in one go."""
    said = ibis.memtable({"said": list(TEXTS)})
    rows = ibis.duckdb.connect().to_pyarrow(said.select(said.said, left=without_contacts(said.said))).to_pylist()
    return {row["said"]: row["left"] for row in rows}


@pytest.mark.parametrize("text", CONTACTS)
def test_contact_data_is_taken_out(text: str) -> None:
    assert cleaned()[text] == CONTACTS[text]


@pytest.mark.parametrize("text", KEPT)
def test_other_numbers_stay(text: str) -> None:
    assert cleaned()[text] == text


def test_a_column_that_fills_a_free_text_needs_no_word_of_it(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        'title = { en = "Own", zh = "自有" }\nchannel = "own"\n[columns]\n'
        'number = { header = "Number", need = "value" }\nsaid = "Said"\nbuyer = { header = "Buyer", person = "name" }\n'
        '[[facts]]\ntable = "reviews"\ncolumns = { review_id = "number", text = "said" }\n',
        encoding="utf-8",
    )
    assert {column.name: column.type for column in load_format(path).columns} == {
        "number": "text",
        "said": "words",
        "buyer": "person",
    }


def test_no_e_mail_or_phone_of_a_text_reaches_the_lake(shop: Any) -> None:
    shop.read_text(
        "Message,Thread,Customer,Direction,Author,Text,Sent at\n"
        'm1,t1,ada@example.com,in,customer,"Write to eve@example.org, +49 30 1234567. Order #100234",2026-03-01\n'
    )
    (message,) = shop.facts("messages")
    assert message["text"] == "Write to [email], [phone]. Order #100234"
    held = [path.read_bytes() for path in (shop.folder / "lake").rglob("*") if path.is_file()]
    assert not any(word in held_ for held_ in held for word in (b"eve@example", b"ada@example", b"30 1234567"))
