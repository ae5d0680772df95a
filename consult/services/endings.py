"""How an open answer ends, whoever ends it; the conversation's row is locked."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone

from consult.models import Turn, TurnState
from consult.services.telling import tell_done
from hospital.jobs.services import request_cancellation

# What an ending writes of a turn; the rest stands since it was asked for.
ENDED_WITH = (
    *("state", "kind", "text", "answer", "abstained", "urgency", "finished"),
    "updated",
)


def stop_open(answer: Turn) -> None:
    """Stop an open answer: what was said of it stays."""
    answer.text = text_of(
        answer.answer.get("sentences", []), language=answer.conversation.language
    )
    close(answer, TurnState.STOPPED)
    if answer.job is not None and not answer.job.is_ended:
        request_cancellation(job=answer.job)


def close(answer: Turn, state: TurnState, *, untold: Iterable[int] = ()) -> None:
    """Keep an answer as it ended, and tell it with its sentences that nobody heard yet."""
    answer.state = state
    answer.finished = timezone.now()
    answer.urgency = answer.conversation.urgency
    answer.save(update_fields=ENDED_WITH)
    tell_done(answer, untold=untold)


def text_of(
    sentences: Sequence[Mapping[str, Any]],  # Any: JSON
    *,
    language: str,
) -> str:
    """Return the sentences of an answer as one text, each part under its heading."""
    glue = "" if language == "zh" else " "
    if not any(sentence.get("under") for sentence in sentences):
        return glue.join(sentence["text"] for sentence in sentences)
    lines: list[str] = []
    heading = ""
    for sentence in sentences:
        if sentence.get("under", heading) != heading:
            heading = sentence["under"]
            lines += ["", heading]
        term = sentence.get("term")
        lines.append(f"{term}: {sentence['text']}" if term else sentence["text"])
    return "\n".join(lines).strip()
