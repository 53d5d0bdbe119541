"""Chance by name and by identity: what happens to one order never depends on which others there are.

Two worlds of one seed that differ in one incident therefore share every other accident, and the difference of their
results is the incident's alone.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from argosy.world.columns import Floats, Ints

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
ONES = (1 << 64) - 1


@dataclass(frozen=True)
class Draws:
    """The source of all chance in one world."""

    seed: int

    def stream(self, name: str) -> np.random.Generator:
        """Return the generator called ``name``, always the same for one seed."""
        # Philox is counter-based and specified, so that a seed gives the same bytes on every machine.
        return np.random.Generator(np.random.Philox(np.random.SeedSequence([self.seed, zlib.crc32(name.encode())])))

    def of(self, name: str, *identities: Ints | int) -> Floats:
        """Return a number from 0 up to 1 for each identity: the same name and identity give the same number.

        identities: columns of whole numbers that together name one thing. SplitMix64 (Steele, Lea and Flood,
        "Fast splittable pseudorandom number generators", OOPSLA 2014) over seed, name and identities.
        """
        state = np.array([(self.seed * 0x2545F4914F6CDD1D + (zlib.crc32(name.encode()) << 20)) & ONES], np.uint64)
        for part in identities:
            state = _mixed(state + np.asarray(part, np.int64).astype(np.uint64) * GOLDEN + GOLDEN)
        return np.asarray((_mixed(state + GOLDEN) >> np.uint64(11)) * 2.0**-53)

    def whole(self, low: int, high: int, name: str, *identities: Ints | int) -> Ints:
        """Return a whole number from ``low`` up to, not including, ``high`` for each identity."""
        return np.asarray(low + (self.of(name, *identities) * (high - low)).astype(np.int64))

    def normal(self, name: str, *identities: Ints | int) -> Floats:
        """Return a number of the standard normal distribution for each identity (Box and Muller, 1958)."""
        one, other = self.of(name, *identities, 1), self.of(name, *identities, 2)
        return np.asarray(np.sqrt(-2 * np.log1p(-one)) * np.cos(2 * np.pi * other))

    def chosen(self, shares: Floats, name: str, *identities: Ints | int) -> Ints:
        """Return a place in ``shares`` for each identity, as likely as its share."""
        ends = np.cumsum(shares)
        found = np.searchsorted(ends, self.of(name, *identities) * ends[-1], side="right")
        return np.asarray(np.minimum(found, len(shares) - 1), np.int64)


def _mixed(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(state ^ (state >> np.uint64(31)))
