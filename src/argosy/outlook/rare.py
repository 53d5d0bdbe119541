"""How sure it is that something happened more often than usual where it happens seldom, and no bell curve fits."""

from __future__ import annotations

import numpy as np
from scipy.special import betainc

from argosy.outlook.change import BASE_DAYS, Changes
from argosy.outlook.series import Numbers

PRIOR = 0.5  # events that nobody saw: Jeffreys' prior of a rate


def surely_more(counted: Numbers, usual: Numbers, found: Changes, *, tries: float) -> Numbers:
    """Return per subject how sure it is that chance alone did not make the counts of the stretch found.

    counted, usual: days x subjects, as ``changes`` was given them. What was learnt from so many events predicts the
    next ones by the negative binomial. tries: stretches and subjects among which chance had its turn, as if
    one did not overlap the other; they are paid for by the bound of Bonferroni.
    """
    told = np.zeros(counted.shape[1])
    for n in range(counted.shape[1]):
        start, end = int(found.start[n]), int(found.end[n])
        base = slice(max(start - BASE_DAYS, 0), start)
        learnt, exposed = counted[base, n].sum(), usual[base, n].sum()
        got, ahead = counted[start:end, n].sum(), usual[start:end, n].sum()
        if got and exposed and ahead:
            tail = at_least(got, learnt + PRIOR, exposed / (exposed + ahead))
            told[n] = min(max(1 - tail * tries, 0.0), 1.0)
    return told


def at_least(count: float, known: float, share: float) -> float:
    """Return the chance of ``count`` events or more, one at least, where ``known`` were learnt from in ``share`` of
    all the exposure: the tail of the negative binomial (NIST DLMF 8.17.24)."""
    return float(betainc(count, known, 1 - share))
