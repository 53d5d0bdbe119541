"""What is given before anything is sold: the plan, its days, the goods, how things stand on each day, and chance."""

from __future__ import annotations

from dataclasses import dataclass

from argosy.world import incidents, levers
from argosy.world.conditions import Conditions, usual
from argosy.world.draws import Draws
from argosy.world.goods import Article, catalogue
from argosy.world.kinds import alter
from argosy.world.plan import Plan
from argosy.world.when import When


@dataclass(frozen=True)
class Given:
    """Everything the parts of a world share."""

    plan: Plan
    when: When
    articles: tuple[Article, ...]
    conditions: Conditions
    draws: Draws

    @classmethod
    def by(cls, plan: Plan) -> Given:
        """Return what a plan gives, incidents and actions included."""
        draws = Draws(plan.seed)
        articles = catalogue(draws)
        conditions = alter(usual(plan, articles, draws), plan.incidents, incidents.KINDS, plan, articles)
        conditions = alter(conditions, plan.actions, levers.KINDS, plan, articles)
        return cls(plan, When.of(plan), articles, conditions, draws)
