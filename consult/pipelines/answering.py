"""From a patient's message to its answer: the job that the `language` workers run.

What the rules decided stands already (`consult.services.messages`); here is said what is
refused and what is asked next, and the library is quoted.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any  # Any: the JSON of an answer
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.dialogue.courtesies import courtesy_of
from consult.dialogue.interview import read_state
from consult.dialogue.interview.answers import asks_something, is_only_yes_or_no
from consult.dialogue.leaning import topic_before
from consult.dialogue.learned import intent_with, mood_with
from consult.intent.intents import is_silent
from consult.language.concepts_read import read
from consult.language.generators import GeneratorFailed
from consult.language.mood import MOODS, Mood
from consult.language.normalize import searched
from consult.models import OF_A_REPORT, Conversation, Kind, Turn, TurnState
from consult.pipelines.booking import booking
from consult.pipelines.complaining import complaint_heard
from consult.pipelines.explaining import explanation
from consult.pipelines.learned import learned_in_service
from consult.pipelines.politeness import (
    courtesy_returned,
    nothing_found,
    nothing_more,
)
from consult.pipelines.speaking import said
from consult.selectors.suggestions import suggestions
from consult.services.answers import (
    AnswerEnded,
    Ending,
    Said,
    begin_answer,
    end_answer,
    say,
    take_back,
)
from consult.services.teaching import known_of
from consult.services.telling import tell_status
from consult.speaking import as_language, in_language
from hospital.jobs.run import JobRun
from hospital.knowledge.filling import filled
from hospital.knowledge.services.finding import Answered, PassageView
from hospital.knowledge.services.finding import answer as answer_from_library

MOST_HISTORY = 6  # turns that a generator is given
MOST_LINKS = 3
GRAVE = ("urgent", "emergency")
ANGRY_BEFORE_OFFER = 2  # messages in a row, after which a person is offered, not called


def answer(run: JobRun) -> dict[str, object] | None:
    """Make the answer that the job names; it and the job's success commit together."""
    answer_id = UUID(run.job.payload["answer"])
    try:
        with run.held():
            turn, asked = begin_answer(answer_id)
        with in_language(turn.conversation.language):
            composer = Composer(run, turn, asked)
            ending = composer.complete()
        with run.finish({"kind": str(ending.kind), "abstained": ending.abstained}):
            end_answer(answer_id, ending)
    except AnswerEnded:
        return {"kind": "ended"}  # stopped, or a human took over
    return None


class Composer:
    """Makes one answer out of what the rules say of the messages it is for."""

    def __init__(self, run: JobRun, turn: Turn, asked: Sequence[Turn]) -> None:
        self.run = run
        self.turn = turn
        self.asked = asked
        self.outcome = asked[-1].outcome
        self.learned = learned_in_service()

    def complete(self) -> Ending:
        """Return the answer with what is known of the person who gets it."""
        ending = self.ending()
        extras = {
            **ending.extras,
            "cares": self._cares(),
            "offers_person": self.turn.conversation.angry_turns >= ANGRY_BEFORE_OFFER,
        }
        return replace(ending, extras=extras, mood=self.mood)

    def ending(self) -> Ending:
        """Return the answer: a refusal, a report explained, a question, or the library."""
        refusal, question = self.outcome.get("refusal"), self.outcome.get("question")
        if refusal:
            words = (Said(refusal["why"]), Said(refusal["instead"]))
            extras = {"why": refusal["why"], "instead": refusal["instead"]}
            return Ending(Kind.REFUSAL, words, extras=extras)
        explained = explanation(self.asked[-1])
        if explained is not None:
            return explained
        of_service = self._of_service(question)
        if of_service is not None:
            return of_service
        polite = courtesy_of(self.asked[-1].text)
        if polite and not question and not self.outcome.get("emergency"):
            return courtesy_returned(polite)
        if question and not self._owes_an_answer():
            follow = {"follow": question}
            return Ending(Kind.QUESTION, (Said(question["text"]),), extras=follow)
        return self._from_library()

    def _of_service(
        self,
        question: dict[str, Any] | None,  # Any: JSON
    ) -> Ending | None:
        """Return what is said of a visit, or to a complaint; None to everything else."""
        intent = self._intent()
        if intent == "appointment":
            return booking(self.turn.conversation, question=question)
        if intent == "complaint" and not self.outcome.get("emergency"):
            return complaint_heard(self.turn.conversation)
        return None

    @cached_property
    def mood(self) -> str:
        """Return the mood of the rules, raised where what was learned hears more in it."""
        row = self.turn.conversation
        ruled: Mood = next((mood for mood in MOODS if mood == row.mood), "calm")
        return mood_with(
            self.learned,
            ruled,
            text=self.asked[-1].text,
            language=as_language(row.language),
        )

    def _cares(self) -> bool:
        """Whether the answer says how soon to be seen, and where: not to who told nothing."""
        row = self.turn.conversation
        codes = set(self.outcome.get("reasons", ())) - {"nothing_named"}
        is_told = bool(codes or read_state(row.interview).groups)
        return is_told or self._intent() == "department" or row.level in GRAVE

    def _intent(self) -> str:
        """Return what is asked for: what was learned speaks where the rules are silent."""
        return intent_with(
            self.learned,
            self.outcome["intent"],
            text=self.asked[-1].text,
            language=as_language(self.turn.conversation.language),
            is_silent=not self.outcome["rules"]
            and is_silent(read([self.asked[-1].text])),
        )

    def _owes_an_answer(self) -> bool:
        """Whether somebody asked for one, or was asked enough before one."""
        return self.outcome["answer_due"] or asks_something(self.asked[-1].text)

    def _from_library(self) -> Ending:
        earlier = answers_replaced(self.turn, question=self.asked[-1])
        quoted = cited_in(each.answer for each in earlier)
        found = self._found(without=quoted | self._stands)
        has_other = bool(found.sentences) or not quoted
        if not has_other:
            found = self._found()
        if found.abstained:
            return self._without_library()
        self._tell_found(len(found.passages))
        if not found.sentences:
            return self._pointing(found)
        sentences = self._spoken(found, before=earlier[-1].text if earlier else "")
        if not sentences:
            remark = [] if has_other else [Said(no_other_words())]
            sentences = [*remark, *_quoted(found, shown=self._on_card())]
        cited = {name for sentence in sentences for name in sentence.passages}
        passages = [each for each in found.passages if each.id in cited]
        extras = {
            "follow": self.outcome.get("question"),
            "suggestions": suggestions([each.id for each in passages]),
            "confidence": found.confidence,
        }
        shown = [shown_passage(each) for each in passages]
        return Ending(Kind.ANSWER, sentences, shown, extras)

    def _on_card(self) -> frozenset[str]:
        """Return what the newest card of these messages says already."""
        cards = [turn.card for turn in self.asked if turn.card]
        return frozenset(_plain(step) for card in cards for step in card["steps"])

    def _found(self, *, without: Collection[str] = ()) -> Answered:
        row = self.turn.conversation
        return answer_from_library(
            searched(query_of(self.asked)),
            lang=as_language(row.language),
            level=row.level,
            without=without,
        )

    def _pointing(self, found: Answered) -> Ending:
        """Return links alone, where the library has no text of its own."""
        links = [each for each in found.passages if each.is_pointer][:MOST_LINKS]
        if not links:
            return self._without_library()
        words = [
            Said(
                _("The library has only a link on this: %(title)s")
                % {"title": each.title},
                (each.id,),
            )
            for each in links
        ]
        extras = {"follow": self.outcome.get("question")}
        shown = [shown_passage(each) for each in links]
        return Ending(Kind.ANSWER, words, shown, extras)

    def _without_library(self) -> Ending:
        question = self.outcome.get("question")
        if self.outcome.get("emergency"):
            words = _(
                "Please follow the steps on the card now. A person of the hospital can "
                "join this conversation when you ask for one."
            )
            return Ending(Kind.EMERGENCY, (Said(words),))
        if question:
            extras = {"follow": question}
            return Ending(Kind.QUESTION, (Said(question["text"]),), extras=extras)
        if self._is_bare and self._cares():
            return nothing_more(is_answered=bool(self._stands))
        return nothing_found(self.mood)

    @cached_property
    def _is_bare(self) -> bool:
        """Whether the message answers a question of ours and says nothing else."""
        told = complaints_told(self.turn.conversation)
        return bool(told) and self.asked[-1].text not in told

    @cached_property
    def _stands(self) -> set[str]:
        """The passages that need no second quoting: the same complaint got them before."""
        return cited_in(answers_before(self.turn)) if self._is_bare else set()

    def _spoken(self, found: Answered, *, before: str) -> list[Said]:
        """Return the verified sentences of the generator in service; none without one."""
        sentences: list[Said] = []
        row = self.turn.conversation
        try:
            for sentence in said(
                query_of(self.asked),
                passages=(
                    (each.id, filled(each.text, lang=each.lang))
                    for each in found.passages
                    if each.text
                ),
                lang=as_language(row.language),
                history=history_of(self.turn),
                before=before,
                people=partial(known_of, row),
                stopped=self._is_stopped,
                begins=self._tell_writing,
            ):
                spoken = Said(sentence.text, sentence.passages)
                with self.run.held():
                    say(self.turn.pk, spoken)
                sentences.append(spoken)
        except GeneratorFailed:
            if sentences:
                with self.run.held():
                    take_back(self.turn.pk)
            return []
        if before and " ".join(each.text for each in sentences) == before:
            with self.run.held():
                take_back(self.turn.pk)
            return []
        return sentences

    def _is_stopped(self) -> bool:
        self.run.check()
        return not Turn.objects.filter(pk=self.turn.pk, state="answering").exists()

    def _tell_found(self, count: int) -> None:
        words = ngettext(
            "Searching the library… %(count)d passage found",
            "Searching the library… %(count)d passages found",
            count,
        ) % {"count": count}
        tell_status(self.turn, phase="found", words=words, found=count)

    def _tell_writing(self) -> None:
        tell_status(self.turn, phase="writing", words=_("Writing the answer…"))


def query_of(asked: Sequence[Turn]) -> str:
    """Return what is looked for: the messages, and what they lean on.

    After a bare answer these are all complaints; a question without a topic of its own
    (`is it serious?`) is looked for together with the message that named one.
    """
    texts = [turn.text for turn in asked]
    row: Conversation = asked[-1].conversation
    told = complaints_told(row)
    if told and texts[-1] not in told:
        return "\n".join(told)
    before = [text for text in told if text not in texts]
    topic = topic_before(texts[-1], before) if len(texts) == 1 else None
    return "\n".join([*([topic] if topic else []), *texts])


def complaints_told(row: Conversation) -> list[str]:
    """Return what was told so far, without what only says yes or no."""
    told = read_state(row.interview).turns
    return [text for text in told if not is_only_yes_or_no(text)]


def answers_replaced(turn: Turn, *, question: Turn) -> list[Turn]:
    """Return the answers to the same question that were not wanted, oldest first."""
    if turn.question_id == question.pk and turn.number == question.number + 1:
        return []  # it is the first one: nothing stands between
    replaced = Turn.objects.filter(
        question=turn.question_id, state=TurnState.REPLACED, kind=Kind.ANSWER
    )
    return list(replaced.order_by("number"))


def answers_before(turn: Turn) -> Iterable[dict[str, Any]]:
    """Return what the same talk was answered before, as it is kept."""
    before = Turn.objects.filter(
        conversation=turn.conversation_id,
        number__lt=turn.number,
        state=TurnState.DONE,
        kind=Kind.ANSWER,
    )
    return before.values_list("answer", flat=True)


def cited_in(answers: Iterable[dict[str, Any]]) -> set[str]:
    """Return the passages that sentences of these answers stand on."""
    return {
        citation
        for answer in answers
        for sentence in answer["sentences"]
        for citation in sentence["passages"]
    }


def no_other_words() -> str:
    return _(
        "The library has no other passage that answers this; what it says stands here "
        "again. Ask in other words, or ask for a person of the hospital."
    )


def history_of(turn: Turn) -> Iterator[tuple[str, str]]:
    """Yield the turns before, oldest first, as who spoke and what."""
    before = (
        turn.conversation.turns.filter(number__lt=turn.number)
        .exclude(text="")
        .exclude(state=TurnState.REPLACED)
        .exclude(OF_A_REPORT)
    )
    newest = before.order_by("-number").values_list("author", "text")[:MOST_HISTORY]
    for author, text in reversed(newest):
        yield str(author), text


def shown_passage(passage: PassageView) -> dict[str, object]:
    """Return a passage as it is kept with the answer that quotes it."""
    return {
        "id": passage.id,
        "title": passage.title,
        "heading": passage.heading,
        "text": filled(passage.text, lang=passage.lang),
        "lang": passage.lang,
        "library": passage.library_name,
        "note": passage.note,
        "url": passage.url,
        "source": passage.source,
        "reviewed": passage.reviewed.isoformat() if passage.reviewed else None,
        "reviewer": passage.reviewed_by,
        "other_language": passage.other_language,
    }


def _quoted(found: Answered, *, shown: frozenset[str]) -> list[Said]:
    """Return the library's sentences, the hospital's numbers filled in.

    What stands on the card of a danger is not said a second time below it.
    """
    lang_of = {each.id: each.lang for each in found.passages}
    quoted = [
        Said(filled(each.text, lang=lang_of[each.passages[0]]), each.passages)
        for each in found.sentences
    ]
    return [each for each in quoted if _plain(each.text) not in shown] or quoted


def _plain(text: str) -> str:
    """Return a sentence as it is compared: without spaces, signs and case."""
    return "".join(each for each in text.casefold() if each.isalnum())
