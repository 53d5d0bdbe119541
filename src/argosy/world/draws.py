"""Chance, split into streams by name: what one part of the world draws changes nothing in another."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Draws:
    """The source of all chance in one world."""

    seed: int

    def stream(self, name: str) -> np.random.Generator:
        """Return the generator called ``name``, always the same for one seed."""
        # Philox is counter-based and specified, so that a seed gives the same bytes on every machine.
        return np.random.Generator(np.random.Philox(np.random.SeedSequence([self.seed, zlib.crc32(name.encode())])))
