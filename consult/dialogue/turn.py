"""What a talk comes to after its last turn: danger first, and nothing lowers its level."""

from dataclasses import dataclass

from consult.dialogue.learned import Learned, intent_with, mood_with
from consult.dialogue.request import Request
from consult.intent.intents import Intent, intent_of, wants_human
from consult.intent.refusals import Refusal, refusal_of
from consult.language.concepts_read import read
from consult.language.detect import Language, detect_language
from consult.language.mood import Mood, mood_of
from consult.safety.ages import age_in
from consult.safety.check import Safety, check
from consult.safety.levels import Level
from consult.triage.assess import Reason, assess


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

    @property
    def hands_off(self) -> bool:
        """Whether a person of the hospital should take over."""
        return self.wants_human or self.safety.is_crisis


def take_turn(request: Request, *, learned: Learned | None = None) -> Outcome:
    """Return what the turns of a request come to, by rules and what they leave open."""
    safety = check(request.turns, person=request.person)
    age = request.person.age
    if age is None:
        age = age_in(sentence.text for sentence in safety.reading.sentences)
    triage = assess(safety, person=request.person, age=age)
    is_only = len(request.turns) == 1
    last = safety.reading if is_only else read(request.turns[-1:])
    refusal = refusal_of(last)
    is_dangerous = bool(safety.findings)
    ruled = intent_of(
        last,
        is_dangerous=is_dangerous,
        is_refused=refusal is not None and refusal.is_harmful,
    )
    language = request.language or detect_language(" ".join(request.turns))
    text = request.turns[-1]
    intent = intent_with(
        learned, ruled, text=text, language=language, is_dangerous=is_dangerous
    )
    return Outcome(
        language=language,
        intent=intent,
        safety=safety,
        level=triage.level,
        reasons=triage.reasons,
        departments=triage.departments,
        refusal=refusal,
        wants_human=wants_human(safety.reading),
        mood=mood_with(learned, mood_of(last), text=text, language=language),
    )
