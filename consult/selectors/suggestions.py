"""What may be asked next: the other sections of what was quoted."""

from collections.abc import Sequence

from django.db.models import Q

from consult.language.detect import detect_language
from hospital.knowledge.selectors import passages_in_force

MOST = 3
ASKED_FIRST = ("see_doctor", "self_care", "treatment", "symptoms", "emergency")


def suggestions(citations: Sequence[str]) -> list[str]:
    """Return at most three further questions, from the entries that were cited."""
    others = (
        passages_in_force()
        .filter(
            ~Q(citation__in=citations) & ~Q(text=""),
            entry__passages__citation__in=citations,
            qtype__in=ASKED_FIRST,
        )
        .values_list("qtype", "pk", "entry__title", "heading")
        .order_by()
        .distinct()
    )
    ranked = sorted(others, key=lambda each: (ASKED_FIRST.index(each[0]), each[1]))
    return [_question(title, heading) for _, _, title, heading in ranked[:MOST]]


def _question(title: str, heading: str) -> str:
    colon = "：" if detect_language(title) == "zh" else ": "
    return f"{title}{colon}{heading}"
