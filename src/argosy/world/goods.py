"""What the brand sells: eighty articles in five families, and the suppliers that make them."""

from __future__ import annotations

from dataclasses import dataclass

from argosy.world.draws import Draws

FAMILIES = {
    "HOME": (
        "Yiwu Hearth", (14_90, 49_90),
        ("Linen Throw", "Ceramic Vase", "Stoneware Mug Set", "Bamboo Tray", "Wool Cushion", "Oak Shelf", "Cotton Rug",
         "Glass Carafe"),
    ),
    "PET": (
        "Ningbo Paws", (9_90, 59_90),
        ("Slow Feeder", "Cat Tunnel", "Dog Bed", "Travel Bowl", "Grooming Glove", "Litter Mat", "Harness",
         "Water Fountain"),
    ),
    "ELEC": (
        "Shenzhen Lumen", (19_90, 129_00),
        ("Desk Lamp", "Power Bank 10000", "Bluetooth Speaker", "Night Light", "Label Printer", "Air Monitor",
         "Hand Fan", "Camera Light"),
    ),
    "KIDS": (
        "Dong Nai Toys", (8_90, 44_90),
        ("Wooden Blocks", "Bath Boat", "Stacking Rings", "Puzzle Map", "Plush Fox", "Music Box", "Sand Set", "Kite"),
    ),
    "CARE": (
        "Guangzhou Glow", (7_90, 34_90),
        ("Face Roller", "Clay Mask", "Lip Balm Set", "Hair Oil", "Bath Salts", "Sun Stick", "Hand Cream", "Body Scrub"),
    ),
}  # fmt: skip
VARIANTS = ("Classic", "Mini")


@dataclass(frozen=True)
class Article:
    """One article: its price in the shop's smallest unit, and what one costs from its maker in fen."""

    sku: str
    title: str
    price: int
    supplier: str


def catalogue(draws: Draws) -> tuple[Article, ...]:
    """Return the eighty articles, each at a price that ends in 90 or 00."""
    chance = draws.stream("prices")
    made = []
    for family, (supplier, (low, high), names) in FAMILIES.items():
        for number, name in enumerate(names):
            base = int(chance.integers(low // 100, high // 100)) * 100 + 90
            for size, variant in enumerate(VARIANTS):
                price = base if size == 0 else max(4_90, base * 6 // 1000 * 100 + 90)
                made.append(Article(f"{family}-{number + 1:02}{variant[0]}", f"{name}, {variant}", price, supplier))
    return tuple(made)
