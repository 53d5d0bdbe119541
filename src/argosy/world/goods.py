"""What the brand sells: eighty articles in five families, and the suppliers that make them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from argosy.world import assumptions as assumed
from argosy.world.columns import Floats
from argosy.world.draws import Draws


@dataclass(frozen=True)
class Supplier:
    """Who makes a family of goods; lead_days: from the order until it can be collected, as they say."""

    name: str
    country: str
    city: str
    lead_days: int
    payment_days: int
    least: int


@dataclass(frozen=True)
class Family:
    """Articles of one kind: lowest and highest price in dollars' cents, and each article's name, HS 2022 code and
    weight in grams; battery: names with a battery inside."""

    word: str
    supplier: Supplier
    prices: tuple[int, int]
    names: tuple[tuple[str, str, int], ...]
    battery: tuple[str, ...] = ()


FAMILIES = {
    "HOME": Family(
        "home", Supplier("Yiwu Hearth", "CN", "Yiwu", 25, 30, 20), (14_90, 49_90),
        (("Linen Throw", "630190", 720), ("Ceramic Vase", "691390", 980), ("Stoneware Mug Set", "691200", 1100),
         ("Bamboo Tray", "441919", 640), ("Wool Cushion", "940490", 520), ("Oak Shelf", "940360", 1700),
         ("Cotton Rug", "570299", 1300), ("Glass Carafe", "701349", 760)),
    ),
    "PET": Family(
        "pet", Supplier("Ningbo Paws", "CN", "Ningbo", 28, 30, 20), (9_90, 59_90),
        (("Slow Feeder", "392490", 380), ("Cat Tunnel", "630790", 560), ("Dog Bed", "940490", 1400),
         ("Travel Bowl", "392490", 210), ("Grooming Glove", "630790", 130), ("Litter Mat", "392690", 480),
         ("Harness", "420100", 240), ("Water Fountain", "841381", 890)),
    ),
    "ELEC": Family(
        "electronics", Supplier("Shenzhen Lumen", "CN", "Shenzhen", 20, 15, 10), (19_90, 129_00),
        (("Desk Lamp", "940521", 860), ("Power Bank 10000", "850760", 240), ("Bluetooth Speaker", "851821", 520),
         ("Night Light", "940521", 180), ("Label Printer", "844332", 640), ("Air Monitor", "902710", 260),
         ("Hand Fan", "841451", 190), ("Camera Light", "940542", 330)),
        battery=("Power Bank 10000", "Bluetooth Speaker", "Air Monitor", "Hand Fan", "Camera Light"),
    ),
    "KIDS": Family(
        "toys", Supplier("Dong Nai Toys", "VN", "Bien Hoa", 35, 45, 20), (8_90, 44_90),
        (("Wooden Blocks", "950300", 780), ("Bath Boat", "950300", 220), ("Stacking Rings", "950300", 340),
         ("Puzzle Map", "950300", 420), ("Plush Fox", "950300", 260), ("Music Box", "920810", 310),
         ("Sand Set", "950300", 450), ("Kite", "950300", 180)),
    ),
    "CARE": Family(
        "beauty", Supplier("Guangzhou Glow", "CN", "Guangzhou", 22, 30, 30), (7_90, 34_90),
        (("Face Roller", "961620", 160), ("Clay Mask", "330499", 190), ("Lip Balm Set", "330410", 80),
         ("Hair Oil", "330590", 150), ("Bath Salts", "330730", 460), ("Sun Stick", "330499", 70),
         ("Hand Cream", "330499", 110), ("Body Scrub", "330499", 280)),
    ),
}  # fmt: skip
VARIANTS = ("Classic", "Mini")
MINI_PERCENT = 60  # of the classic's weight, as of its price


@dataclass(frozen=True)
class Article:
    """One article: its price in the shop's smallest unit, its family, HS 2022 code and weight in grams."""

    sku: str
    title: str
    price: int
    family: str
    hs_code: str
    weight_g: int
    battery: bool

    @property
    def supplier(self) -> Supplier:
        """Who makes it."""
        return FAMILIES[self.family].supplier

    @property
    def keyword(self) -> str:
        """What people search for who want it."""
        return self.title.split(",")[0].lower()


def catalogue(draws: Draws) -> tuple[Article, ...]:
    """Return the eighty articles, each at a price that ends in 90 or 00."""
    chance = draws.stream("prices")
    made = []
    for code, family in FAMILIES.items():
        low, high = family.prices
        for number, (name, hs_code, weight_g) in enumerate(family.names):
            base = int(chance.integers(low // 100, high // 100)) * 100 + 90
            for size, variant in enumerate(VARIANTS):
                price = base if size == 0 else max(4_90, base * 6 // 1000 * 100 + 90)
                grams = weight_g if size == 0 else weight_g * MINI_PERCENT // 100
                sku = f"{code}-{number + 1:02}{variant[0]}"
                made.append(Article(sku, f"{name}, {variant}", price, code, hs_code, grams, name in family.battery))
    return tuple(made)


def suppliers() -> tuple[Supplier, ...]:
    """Return the suppliers, in the order of their families."""
    return tuple(family.supplier for family in FAMILIES.values())


def popularity(articles: tuple[Article, ...], draws: Draws) -> Floats:
    """Return each article's part of first choices: Zipf's law over a ranking of chance."""
    rank = draws.stream("popularity").permutation(len(articles)) + 1
    share = 1 / rank**assumed.POPULARITY
    return np.asarray(share / share.sum())
