"""What an interview comes to, for the encounter: structured, and as text in both languages."""

from dataclasses import asdict, dataclass

from consult.dialogue.interview.questions import flags, word
from consult.dialogue.interview.reasons import reasons_for_staff
from consult.dialogue.interview.state import Asked, State
from consult.language.detect import Language
from consult.safety.levels import Level
from consult.triage.acuity import acuity_name, acuity_of
from consult.triage.departments import name_zh

VERSION = "interview-2"
LONGEST_COMPLAINT = 300


@dataclass(frozen=True, slots=True)
class Summary:
    """The answers of one person with what the rules make of them; nobody examined anybody."""

    version: str
    complaint: str
    age: float | None
    sex: str | None
    pregnant: bool | None
    onset: str
    severity: int | None
    course: str
    asked: tuple[Asked, ...]
    level: Level
    acuity: int
    reasons: tuple[str, ...]
    departments: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Return the summary as plain JSON."""
        return asdict(self)

    def text(self, language: Language) -> str:
        """Return the summary as lines for a person; what nobody answered says so."""
        rows = [
            ("complaint", self.complaint),
            ("person", self._person(language)),
            ("onset", self.onset or word("unanswered", language)),
            ("severity", self._severity(language)),
            ("course", word(self.course or "unanswered", language)),
            ("level", word(self.level, language)),
            ("acuity", f"{self.acuity}/5 {acuity_name(self.acuity, language)}"),
            ("reasons", reasons_for_staff(self.reasons, language)),
        ]
        if self.departments:
            rows.append(("departments", ", ".join(self._departments(language))))
        colon = "：" if language == "zh" else ": "
        lines = [word("title", language)]
        lines += [f"{word(name, language)}{colon}{value}" for name, value in rows]
        lines += [
            f"{word('asked', language)}{colon}{flags()[each.code].sign[language]}: "
            f"{word(each.answer or 'unanswered', language)}"
            for each in self.asked
            if each.code in flags()
        ]
        return "\n".join(lines)

    def _person(self, language: Language) -> str:
        parts = []
        if self.age is not None:
            parts.append(f"{self.age:.2g} {word('years', language)}")
        if self.sex:
            parts.append(word(self.sex, language))
        if self.pregnant:
            parts.append(word("pregnant", language))
        return ", ".join(parts) or word("unanswered", language)

    def _severity(self, language: Language) -> str:
        if self.severity is None:
            return word("unanswered", language)
        return f"{self.severity}/10"

    def _departments(self, language: Language) -> list[str]:
        if language == "en":
            return list(self.departments)
        return [name_zh(code) for code in self.departments]


def summary_of(state: State) -> Summary:
    """Return what an interview comes to so far; a hand-over may ask at any time."""
    return Summary(
        version=VERSION,
        complaint=(state.turns[0] if state.turns else "")[:LONGEST_COMPLAINT],
        age=state.age,
        sex=state.sex,
        pregnant=state.pregnant,
        onset=state.onset,
        severity=state.severity,
        course=state.course,
        asked=state.asked,
        level=state.level or "routine",
        acuity=acuity_of(state.level or "routine", is_immediate=state.is_immediate),
        reasons=state.reasons,
        departments=state.departments,
    )
