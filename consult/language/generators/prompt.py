"""What a generator is asked: a question, and the numbered passages it may use.

Passages, question and history are data. They stand between marks that none of them can
write, and whatever they say, only a verified sentence is ever shown.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, Protocol

from consult.language.detect import Language

_LAYOUT = Path(__file__).with_name("prompts.toml")
LONGEST_QUESTION = 2_000
LONGEST_PASSAGE = 3_000
MOST_HISTORY = 6
# What chat templates and our own marks are made of.
_MARKS = re.compile(r"<(?=[|/<!a-zA-Z])|(?<=[|>/a-zA-Z])>|\[(?=/?(?:INST|SYS|\d))|```")

Failure = Literal[
    "refused",  # the address may not be called
    "unreachable",
    "status",  # it answered with an error or another address
    "late",
    "silent",
    "cut",  # it ended in the middle
    "garbage",  # what came is no answer in the protocol
    "endless",
    "unsupported",  # nothing, or too little, of what it said stood
    "absent",  # there is no generator
    "broken",  # the local model failed
]


class GeneratorFailed(Exception):
    """No generated answer: the extractive one stands. `reason` says why."""

    def __init__(self, reason: Failure, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Numbered:
    """A passage as a generator sees it: a number to cite it by, and its text."""

    number: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question with what may be said about it; history is oldest first.

    `before` is an answer that was not wanted: it is to be worded otherwise.
    """

    question: str
    passages: tuple[Numbered, ...]
    lang: Language
    history: tuple[str, ...] = ()
    before: str = ""


class Generator(Protocol):
    """Anything that writes a draft in pieces."""

    def stream(self, prompt: Prompt, *, deadline_s: float) -> Iterator[str]:
        """Yield the draft piece by piece, and end within the deadline.

        Raises:
            GeneratorFailed: It cannot go on.
        """
        ...


def plainly(role: str, content: str, *, end: str) -> str:
    """Return a message as a model without a template of its own is given it."""
    return f"{role}: {content}{end}\n"


def messages(prompt: Prompt) -> list[dict[str, str]]:
    """Return the prompt as chat messages."""
    layout = _layout()[prompt.lang]
    passages = "\n".join(
        layout["passage"].format(
            number=each.number, text=_inert(each.text, LONGEST_PASSAGE)
        )
        for each in prompt.passages
    )
    history = "\n".join(
        layout["said"].format(text=_inert(each, LONGEST_QUESTION))
        for each in prompt.history[-MOST_HISTORY:]
    )
    asked = layout["user"].format(
        passages=passages,
        history=history or layout["nothing"],
        question=_inert(prompt.question, LONGEST_QUESTION),
    )
    if prompt.before:
        before = _inert(prompt.before, LONGEST_QUESTION)
        asked += layout["otherwise"].format(text=before)
    return [
        {"role": "system", "content": layout["system"].strip()},
        {"role": "user", "content": asked.strip()},
    ]


def _inert(text: str, longest: int) -> str:
    """Return a text that can close no mark of ours or of a chat template."""
    return _MARKS.sub("‹", " ".join(text[:longest].split()))


@cache
def _layout() -> dict[str, dict[str, str]]:
    return tomllib.loads(_LAYOUT.read_text(encoding="utf-8"))
