"""What may be asked next: the other sections of what was quoted."""

from collections.abc import Sequence

from hospital.knowledge.models import Passage
from hospital.knowledge.selectors import passages_in_force

MOST = 3
ASKED_FIRST = ("see_doctor", "self_care", "treatment", "symptoms", "emergency")


def suggestions(citations: Sequence[str]) -> list[str]:
    """Return at most three further questions, from the entries that were cited."""
    cited = Passage.objects.filter(citation__in=citations)
    others = (
        passages_in_force()
        .filter(entry__in=cited.values("entry"), qtype__in=ASKED_FIRST)
        .exclude(citation__in=citations)
        .exclude(text="")
        .select_related("entry")
    )
    ranked = sorted(others, key=lambda each: (ASKED_FIRST.index(each.qtype), each.pk))
    return [f"{each.entry.title}: {each.heading}" for each in ranked[:MOST]]
