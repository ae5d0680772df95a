"""What a `language` worker loads before its first answer, so that nobody waits for it."""

from consult.pipelines.learned import learned_in_service
from consult.services.messages import warm_up
from hospital.knowledge.services.finding import answer

QUESTIONS = (("en", "What helps against a fever?"), ("zh", "发烧怎么办？"))


def warm() -> None:
    """Read the rules, load what was learned, and the library's index in both languages."""
    warm_up()
    learned_in_service()
    for lang, question in QUESTIONS:
        answer(question, lang=lang)
