"""What buyers say and send back, and how fast they are answered."""

from argosy.domains.check import Check, Remedy
from argosy.domains.service import complaints, remedies, replies, returns

CHECKS = (
    Check("service.returns_up", ("orders",), returns.returns_up),
    Check("service.complaint_cluster", ("orders", "order_lines"), complaints.complaint_cluster),
    Check("service.replies_slow", ("messages",), replies.replies_slow),
)
REMEDIES: dict[str, Remedy] = {
    "service.returns_up": remedies.find_cause,
    "service.complaint_cluster": remedies.stop_bad_article,
    "service.replies_slow": remedies.answer_sooner,
}
