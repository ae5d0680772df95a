"""What a talk comes to after its last turn: danger first, and nothing lowers its level."""

from collections.abc import Collection
from dataclasses import dataclass

from consult.dialogue.request import Request
from consult.intent.intents import Intent, human_words, intent_of, wants_human
from consult.intent.refusals import Refusal, refusal_of
from consult.language.concepts_read import Reading, read
from consult.language.detect import Language
from consult.language.mood import Mood, mood_of
from consult.language.normalize import language_of
from consult.safety.ages import age_in
from consult.safety.check import Safety, check
from consult.safety.levels import Level
from consult.triage.acuity import acuity_of
from consult.triage.assess import Reason, assess
from consult.triage.complaints import complaints
from consult.triage.departments import departments

WEIGHED = "emergency.weighed"
LEADING = frozenset({"emergency", "obstetrics", "paediatrics"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """The state of a talk after its last turn."""

    language: Language
    intent: Intent
    safety: Safety
    level: Level
    reasons: tuple[Reason, ...]
    departments: tuple[str, ...]
    refusal: Refusal | None
    wants_human: bool
    mood: Mood
    is_immediate: bool = False

    @property
    def acuity(self) -> int:
        """How soon, from 1, a life in danger now, to 5."""
        return acuity_of(self.level, is_immediate=self.is_immediate)

    @property
    def grave_reasons(self) -> tuple[str, ...]:
        """The codes of the reasons that the level itself stands on.

        Where all words together decided, what they speak of comes with it.
        """
        grave = [each.code for each in self.reasons if each.level == self.level]
        if set(grave) == {WEIGHED}:
            others = [each for each in self.reasons if each.code != WEIGHED]
            urgent = [each for each in others if each.level == "urgent"]
            grave += [each.code for each in urgent or others]
        return tuple(dict.fromkeys(grave))

    @property
    def hands_off(self) -> bool:
        """Whether a person of the hospital is called, as the chat calls one."""
        is_distressed = self.mood == "distressed"
        return self.wants_human or self.safety.is_crisis or is_distressed


def take_turn(request: Request, *, offered: Collection[str] | None = None) -> Outcome:
    """Return what the turns of a request come to, by rules alone.

    Args:
        request: What was said, and by whom.
        offered: The departments that the hospital has; none: all that the product knows.
    """
    safety = check(request.turns, person=request.person)
    age = request.person.age
    if age is None:
        age = age_in(sentence.text for sentence in safety.reading.sentences)
    triage = assess(
        safety,
        person=request.person,
        age=age,
        offered=offered,
        without=human_words(safety.reading),
    )
    is_only = len(request.turns) == 1
    last = safety.reading if is_only else read(request.turns[-1:])
    refusal = refusal_of(last)
    intent = intent_of(
        last,
        is_dangerous=bool(safety.heard),
        is_refused=refusal is not None and refusal.is_harmful,
    )
    language = request.language or language_of(" ".join(request.turns))
    return Outcome(
        language=language,
        intent=intent,
        safety=safety,
        level=triage.level,
        reasons=triage.reasons,
        departments=_led(triage.departments, last=last),
        refusal=refusal,
        wants_human=wants_human(safety.reading),
        mood=mood_of(last),
        is_immediate=triage.is_immediate,
    )


def _led(codes: tuple[str, ...], *, last: Reading) -> tuple[str, ...]:
    """Return departments with that of the newest message's complaint before the others.

    An emergency, a pregnancy and a child's age lead whatever was told last.
    """
    known = {complaint.concept for complaint in complaints()}
    if not codes or codes[0] in LEADING or not known & last.concepts("present"):
        return codes
    told = Safety(findings=(), level="routine", reading=last)
    first = departments(told, level="routine", age=None)[0]
    return (
        (first, *(code for code in codes if code != first)) if first in codes else codes
    )
