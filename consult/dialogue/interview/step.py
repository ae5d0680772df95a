"""One step of the interview: what was heard, what it comes to, and what is asked next.

Danger is looked for before anything is asked, and each answer can only raise the level.
A question is put once: who does not answer is not asked again, who asks gets an answer.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from consult.dialogue.courtesies import courtesy_of
from consult.dialogue.interview.answers import (
    age_of,
    asks_something,
    course_of,
    onset_of,
    severity_of,
    sex_of,
    sex_told,
    yes_or_no,
)
from consult.dialogue.interview.questions import (
    GENERAL,
    Flag,
    Question,
    flags,
    groups,
    question,
)
from consult.dialogue.interview.state import UNANSWERED, Asked, State
from consult.dialogue.interview.summary import Summary, summary_of
from consult.dialogue.turn import Outcome, take_turn
from consult.intent.intents import wants_human
from consult.language.concepts_read import Reading, read
from consult.safety.ages import age_in
from consult.safety.levels import Level, higher
from consult.triage.acuity import acuity_of

MOST_UNHELPED = 3  # questions before something useful is said
MOST_QUESTIONS = 10
SEVERE = 7
COUNTING_YEARS = 5  # who is younger gives no pain a number
FERTILE_YEARS = (12, 55)
MODIFIERS = frozenset(
    {"sudden", "severe", "mild", "worsening", "chronic", "elderly", "male", "female"}
    | {"pregnant", "pregnancy_told", "baby", "young_baby", "child", "child_told"}
)
_LONG = re.compile(r"week|month|year|long|周|星期|礼拜|月|年|久")


@dataclass(frozen=True, slots=True)
class Step:
    """What to show after a message: danger first, then an answer, then one question."""

    state: State
    outcome: Outcome
    level: Level
    question: Question | None
    answer_due: bool
    summary: Summary | None

    @property
    def acuity(self) -> int:
        """How soon, from 1, a life in danger now, to 5; it never turns less grave."""
        return acuity_of(self.level, is_immediate=self.state.is_immediate)


def next_step(
    state: State,
    text: str,
    *,
    offered: Collection[str] | None = None,
    is_held: bool = False,
) -> Step:
    """Return the step after one message of the person.

    Args:
        state: What was said and asked before.
        text: The message.
        offered: The departments that the hospital has; none: all that the product knows.
        is_held: Whether a person of the hospital answers: then nothing is asked, and
            what is said answers no question of ours.
    """
    is_first = not state.turns
    state, is_answer = _heard(state, text, is_held=is_held)
    outcome = take_turn(state.request(), offered=offered)
    is_wanted = state.wants_human or wants_human(read([text]))
    outcome = replace(outcome, wants_human=is_wanted)
    if is_answer and outcome.intent in {"disease", "out_of_scope"}:
        outcome = replace(outcome, intent="symptom")
    elif courtesy_of(text):
        outcome = replace(outcome, intent="out_of_scope")  # `您好` is no complaint
    known = state.groups
    state = _learned(state, text, outcome)
    is_new = len(state.groups) > len(known)
    is_over = state.level == "emergency" or outcome.wants_human
    left = state.is_left and not is_new
    is_asking = not is_held and state.level != "emergency"
    unsure = _unsure_of(state, outcome) if is_asking else None
    code = unsure
    if not (code or is_over or is_held or left or outcome.refusal):
        code = next(_open_questions(state, outcome.safety.reading), None)
    asks = not is_answer and (asks_something(text) or not state.groups)
    waits = is_first and code and not unsure
    is_due = is_over or (asks and not waits) or _owes_help(state, code)
    state = _asked(state, code, is_due=is_due or asks_something(text))
    is_complete = bool(state.groups) and code is None and outcome.refusal is None
    return Step(
        state=state,
        outcome=outcome,
        level=state.level or outcome.level,
        question=question(code, outcome.language) if code else None,
        answer_due=is_due,
        summary=summary_of(state) if is_complete or is_over else None,
    )


def _heard(state: State, text: str, *, is_held: bool) -> tuple[State, bool]:
    """Return the state with the answer to its open question, and whether it was one."""
    code = state.open
    if code is None:
        return state.with_turn(text), False
    if is_held:
        return state.with_answer(UNANSWERED).with_turn(text), False
    said = read([text])
    flag = flags().get(code)
    answered = (
        _flag_answered(state, flag, text, said) if flag else _fact(state, code, text)
    )
    if answered is None:
        return state.with_answer(UNANSWERED).with_turn(text), False
    tells_more = {mention.concept for mention in said.mentions} - MODIFIERS
    if (tells_more or asks_something(text)) or not answered.turns:
        answered = answered.with_turn(text)
    return answered, True


def _flag_answered(state: State, flag: Flag, text: str, said: Reading) -> State | None:
    answer = yes_or_no(text)
    if flag.seen & said.concepts("present"):
        answer = "yes"
    elif not answer and flag.seen & said.concepts("denied"):
        answer = "no"
    if not answer:
        return None
    state = state.with_answer(answer)
    if answer != "yes":
        return state
    language = state.language or "en"
    state = state.with_turn(flag.sign[language])
    return _raised(state, flag.level, f"interview.{flag.code}")


def _fact(state: State, code: str, text: str) -> State | None:
    """Return the state with a fact of the person or the complaint, if the text has it."""
    if code == "pregnancy":
        return _pregnancy(state, text)
    if code == "severity":
        return _severity(state, text)
    value = {"age": age_of, "sex": sex_of, "onset": onset_of, "course": course_of}[
        code
    ](text)
    if value is None or value == "":
        unsure = yes_or_no(text) == "unsure"
        return state.with_answer("unsure") if unsure else None
    fact: dict[str, Any] = {code: value}  # Any: each fact has a type of its own
    state = replace(state.with_answer(str(value)), **fact)
    lasts = code == "onset" and _LONG.search(str(value))
    if lasts or (code == "course" and value == "worse"):
        return _raised(state, "routine", f"interview.{code}")
    return state


def _pregnancy(state: State, text: str) -> State | None:
    answer = yes_or_no(text) or ("no" if sex_of(text) == "male" else "")
    if not answer and onset_of(text):
        answer = "yes"
    if not answer:
        return None
    return replace(
        state.with_answer(answer), pregnant={"yes": True, "no": False}.get(answer)
    )


def _severity(state: State, text: str) -> State | None:
    value = severity_of(text)
    if value is None:
        return None
    state = replace(state.with_answer(str(value)), severity=value)
    if value >= SEVERE:
        return _raised(state, "urgent", "interview.severity")
    return state


def _raised(state: State, level: Level, reason: str) -> State:
    if state.level is not None and higher(state.level, level) == state.level:
        return state
    return replace(state, level=level, reasons=(*state.reasons, reason), why=(reason,))


def _learned(state: State, text: str, outcome: Outcome) -> State:
    """Return the state with what the talk tells unasked."""
    reading = outcome.safety.reading
    codes = [reason.code for reason in outcome.reasons]
    level = state.level
    if codes != ["nothing_named"]:
        level = higher(outcome.level, *([level] if level else []))
    own = tuple(reason for reason in state.reasons if reason.startswith("interview."))
    told = frozenset(reading.concepts("present"))
    return replace(
        state,
        language=state.language or outcome.language,
        age=age_in(each.text for each in reading.sentences)
        if state.age is None
        else state.age,
        sex=state.sex or ("female" if "pregnant" in told else sex_told(text)) or None,
        pregnant=True if "pregnant" in told else state.pregnant,
        groups=_groups(state, outcome, text),
        onset=state.onset or (onset_of(text) if told else ""),
        course=state.course or ("worse" if "worsening" in told else ""),
        level=level,
        is_immediate=state.is_immediate or outcome.is_immediate,
        wants_human=outcome.wants_human,
        reasons=tuple(dict.fromkeys((*codes, *own))),
        why=_why(state, outcome, level),
        departments=outcome.departments,
    )


def _why(state: State, outcome: Outcome, level: Level | None) -> tuple[str, ...]:
    """Return the reasons of the level: those of before stay with the level they gave."""
    before = state.why if state.level == level else ()
    now = outcome.grave_reasons if outcome.level == level else ()
    return tuple(dict.fromkeys((*now, *before)))


def _groups(state: State, outcome: Outcome, text: str) -> tuple[str, ...]:
    """Return at most two groups of complaints: of the newest message before all others."""
    newest = _told_groups(read([text]))
    told = _told_groups(outcome.safety.reading)
    found = tuple(dict.fromkeys((*newest, *state.groups, *told)))
    if not found and outcome.intent == "symptom":
        return (GENERAL,)
    is_own = outcome.intent == "symptom" or state.groups
    return found[:2] if is_own else ()


def _told_groups(reading: Reading) -> list[str]:
    return [
        name
        for mention in reading.mentions
        if mention.standing == "present"
        for name, group in groups().items()
        if mention.concept in group.complaints
    ]


def _unsure_of(state: State, outcome: Outcome) -> str | None:
    """Return the code that asks whether there is a danger that words leave open."""
    done = {each.code for each in state.asked}
    codes = [f"unsure.{kind}" for kind in outcome.safety.asks]
    return next((code for code in codes if code not in done), None)


def _open_questions(state: State, reading: Reading) -> Iterator[str]:
    """Yield the codes that are still to be asked, the most telling first."""
    done = {each.code for each in state.asked}
    if not state.groups or len(done) >= MOST_QUESTIONS:
        return
    known = reading.concepts("present", "denied")
    red = [
        flag.code
        for name in _red_groups(state)
        for flag in groups()[name].flags
        if not flag.seen & known
        and (not flag.of or flag.of & reading.concepts("present"))
    ]
    wanted = [
        *red[:1],
        "age",
        *red[1:],
        "pregnancy",
        "onset",
        "severity",
        "course",
        "sex",
    ]
    for code in wanted:
        if code not in done and _is_wanted(code, state):
            yield code


def _red_groups(state: State) -> tuple[str, ...]:
    extra = ("women",) if state.pregnant else ()
    return tuple(dict.fromkeys((*state.groups, *extra)))


def _is_wanted(code: str, state: State) -> bool:
    if code == "pregnancy":
        young, old = FERTILE_YEARS
        may_be = state.sex != "male" and (
            state.age is None or young <= state.age <= old
        )
        asks = any(groups()[name].asks_pregnancy for name in state.groups)
        return state.pregnant is None and may_be and asks
    if code == "severity" and state.age is not None and state.age < COUNTING_YEARS:
        return False
    if code == "sex" and "women" in state.groups:
        return False
    if code in {"age", "sex", "severity"}:
        return getattr(state, code) is None
    return code not in {"onset", "course"} or not getattr(state, code)


def _owes_help(state: State, code: str | None) -> bool:
    is_time = code is None or state.unhelped >= MOST_UNHELPED
    return is_time and not state.is_helped


def _asked(state: State, code: str | None, *, is_due: bool) -> State:
    unhelped = 0 if is_due else state.unhelped
    asked = (*state.asked, Asked(code)) if code else state.asked
    return replace(
        state,
        asked=asked,
        unhelped=unhelped + (code is not None),
        is_helped=state.is_helped or is_due,
    )
