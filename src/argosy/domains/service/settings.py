"""From when on the service checks speak, with where each number comes from."""

from __future__ import annotations

# Days within which something began that is told, the shortest stretch, how sure it must be: assumed.
WITHIN_DAYS, LEAST_DAYS, SURE = 70, 5, 0.95
# returns_up: so much more than usual, so many at least: assumed.
LEAST_RISE, LEAST_MANY = 0.4, 6
# complaint_cluster: how sure it must be; of eighty articles with few orders some always seem worse: assumed.
SURE_OF_CLUSTER = 0.97
# What one return costs is known to so much of itself (standard deviation): assumed.
EACH_ERROR = 0.15
# complaint_cluster: a review of at most so many stars complains; complaints rise by so much at least; money given back
# whole counts when it lies so many standard errors above the usual; refunds until an article's own mean says something:
# assumed.
FEW_STARS, LEAST_WORSE, PLAINLY, FEW_TO_KNOW = 2, 0.8, 1.5, 5
# What buyers write of damage, beginnings of words in small letters: English, German, French, Spanish, Portuguese,
# Japanese, Chinese.
BROKEN = (
    "broken", "damage", "defect", "crack", "kaputt", "beschädigt", "defekt", "zerbrochen", "cass[ée]", "abîm",
    "endommag", "défect", "roto", "rota ", "dañad", "defectu", "quebrad", "danificad", "defeito", "壊れ", "破損",
    "不良", "割れ", "故障", "坏", "破损", "碎", "裂",
)  # fmt: skip
# How often chance has its turn in a look: stretches that do not overlap much, times markets or articles of which enough
# is sold; assumed, by what is told in worlds where nothing happens.
TRIES_MARKETS, TRIES_ARTICLES = 200, 1500
# replies_slow: hours after which a wait counts no longer, so much slower at least, questions at least: assumed.
LONGEST_WAIT, LEAST_SLOWER, LEAST_QUESTIONS = 240.0, 0.5, 8
# What orders of the last days bring is not told yet: what reached so near the end goes on. Assumed.
LASTS_DAYS = 14
# Remedies: days it would go on by itself; part of it that is saved (low, middle, high); minutes a person needs; days
# the proposal is worth something: assumed. A listing is held only where it costs so much more than it earns.
GOES_ON_DAYS, WORKS, TASK_MINUTES = 21, ("0.05", "0.25", "0.60"), 30
HOLD_MINUTES, OPEN_DAYS, COSTS_MORE, HELD_SAVES = 5, 30, 1.2, ("0.3", "0.8", "1.2")
# Days in which what is over is still told; orders of the last days bring nothing yet, so a stretch of them seems over
# early: assumed.
TOLD_DAYS = 35
