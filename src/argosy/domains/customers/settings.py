"""From when on the customers checks speak, with where each number comes from."""

from __future__ import annotations

# loyal_quiet. Who ordered so often before is an old buyer; weeks looked back; days within which it began, the shortest
# stretch, how sure, and by how much they buy less at least: assumed.
LOYAL_ORDERS, WEEKS, WITHIN_DAYS, LEAST_DAYS, SURE, LEAST_FALL = 1, 26, 84, 10, 0.99, 0.3
# How often chance has its turn in a look: stretches that hardly overlap, times markets; assumed, by what is told where
# nothing happens.
TRIES = 250
# What an order would have left over is known to so much of itself (standard deviation): assumed.
MARGIN_ERROR = 0.15
# buyers.write: part by which those written to buy more for a while (low, middle, high), days it lasts, minutes a
# person needs, days the offer is worth making: assumed.
LIFT, LIFT_DAYS, MINUTES, OPEN_DAYS = (0.02, 0.15, 0.35), 14, 20, 21
# Days what a market's orders usually are beside the others' is learnt from, and how much more they vary than by chance
# alone: assumed.
BASE_DAYS, OVERDISPERSED = 56, 1.5
# Days in which what is over is still told: assumed.
TOLD_DAYS = 21
