"""Dialogues to learn replies from: who said what, in order, ending with the hospital."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from consult.learning.errors import LearningError
from consult.learning.rows import Rows, Split, read_rows, split_of, text_in

ROLES = ("system", "user", "assistant")
LONGEST_TEXT = 20_000
MOST_MESSAGES = 400


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a dialogue."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Messages oldest first, the last of them a reply."""

    messages: tuple[Message, ...]
    split: Split


def read_dialogues(path: Path) -> Rows[Dialogue]:
    """Return the dialogues of a file: `{"messages": […]}` or `{"prompt", "reply"}` a line.

    Raises:
        LearningError: There is no such file, no row is good, or one split stays empty.
    """
    rows = read_rows(path, read=lambda row, _: _dialogue(row))
    for split in ("train", "test"):
        if not any(each.split == split for each in rows.examples):
            message = f"{path} has no dialogue in split {split}: give more, or `split`"
            raise LearningError(message)
    return rows


def _dialogue(row: Mapping[str, object]) -> Dialogue:
    messages = _messages(row)
    if messages[-1].role != "assistant":
        message = "the last message is the assistant's: it is what is learned"
        raise LearningError(message)
    group = str(row.get("id") or messages[0].content)
    split = row.get("split")
    if split is None:
        return Dialogue(messages, split_of(group))
    if split == "train" or split == "val" or split == "test":
        return Dialogue(messages, split)
    message = f"`split` is train, val or test, not {split!r}"
    raise LearningError(message)


def _messages(row: Mapping[str, object]) -> tuple[Message, ...]:
    said = row.get("messages")
    if said is None:
        prompt = text_in(row, "prompt", longest=LONGEST_TEXT)
        reply = text_in(row, "reply", longest=LONGEST_TEXT)
        return (Message("user", prompt), Message("assistant", reply))
    if not isinstance(said, list) or not 2 <= len(said) <= MOST_MESSAGES:
        message = f"`messages` is a list of 2 to {MOST_MESSAGES} messages"
        raise LearningError(message)
    return tuple(_message(each) for each in said)


def _message(each: object) -> Message:
    if not isinstance(each, Mapping) or each.get("role") not in ROLES:
        message = f"a message has a `role` of {', '.join(ROLES)} and a `content`"
        raise LearningError(message)
    return Message(str(each["role"]), text_in(each, "content", longest=LONGEST_TEXT))
