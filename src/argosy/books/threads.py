"""Conversations: what buyers asked, and when a person answered."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table


def questions(messages: Table) -> Table:
    """Return the messages of buyers that wait for an answer, with ``answered_at``, NULL while nobody has answered.

    The first of a conversation does, and every one that follows something of ours: several in a row are one
    question. A machine's reply is ours, so what follows it is a new question, but only a person answers.
    """
    # Of one moment the buyer's message stands first: "in" sorts before "out".
    turns = [messages.sent_at, messages.direction, messages.message_id]
    thread = ibis.window(group_by=messages.thread_id, order_by=turns)
    later = ibis.window(group_by=messages.thread_id, order_by=turns, preceding=0)
    human = ibis.ifelse(messages.author == "agent", messages.sent_at, ibis.null("timestamp"))
    told = messages.mutate(before=messages.direction.lag().over(thread), answered_at=human.min().over(later))
    asked = told.filter(told.direction == "in", told.before.isnull() | (told.before == "out"))
    return asked.drop("before")
