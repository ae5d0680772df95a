"""Labelled utterances: a text, its language, and what it is about or how it sounds."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from consult.language.detect import Language, detect_language
from consult.learning.errors import LearningError
from consult.learning.labels import LABELS, LANGUAGES, MEMBER, LabelTask
from consult.learning.rows import Rows, Split, read_rows, split_of, text_in

OWN_UTTERANCES = Path(__file__).with_name("data") / "utterances.jsonl"
LONGEST_UTTERANCE = 4_000  # characters; nothing behind them tells what it is about
FEWEST_OF_A_LABEL = 2  # in what is learned from; a label seen once is a name, no class


@dataclass(frozen=True, slots=True)
class Utterance:
    """One message with its label; `group` holds its twins, which share a split."""

    text: str
    language: Language
    label: str
    group: str
    split: Split


def read_utterances(path: Path, *, task: LabelTask) -> Rows[Utterance]:
    """Return the utterances of a file, each with the label of one task.

    Raises:
        LearningError: There is no such file, no row is good, or too few are to learn from.
    """
    rows = read_rows(path, read=lambda row, line: _utterance(row, line, task))
    learned = Counter(each.label for each in rows.examples if each.split == "train")
    seen = [label for label, count in learned.items() if count >= FEWEST_OF_A_LABEL]
    if len(seen) < 2:
        message = (
            f"{path} has {len(seen)} labels with {FEWEST_OF_A_LABEL} rows in split train; "
            "at least 2 are needed to tell them apart"
        )
        raise LearningError(message)
    for split in ("val", "test"):
        if not any(each.split == split for each in rows.examples):
            message = f"{path} has no row in split {split}: nothing could be measured"
            raise LearningError(message)
    return rows


def of_split(
    utterances: Collection[Utterance], split: Split, language: Language | None = None
) -> list[Utterance]:
    """Return the utterances of one split, and of one language if named."""
    return [
        each
        for each in utterances
        if each.split == split and language in (None, each.language)
    ]


def _utterance(row: Mapping[str, object], line: int, task: LabelTask) -> Utterance:
    text = text_in(row, "text", longest=LONGEST_UTTERANCE)
    label = row.get(MEMBER[task])
    if label not in LABELS[task]:
        message = f"`{MEMBER[task]}` is one of {', '.join(LABELS[task])}, not {label!r}"
        raise LearningError(message)
    group = str(row.get("group") or row.get("id") or text)
    return Utterance(text, _language(row, text), str(label), group, _split(row, group))


def _language(row: Mapping[str, object], text: str) -> Language:
    value = row.get("lang")
    if value is None:
        return detect_language(text)
    for language in LANGUAGES:
        if value == language:
            return language
    message = f"`lang` is en or zh, not {value!r}"
    raise LearningError(message)


def _split(row: Mapping[str, object], group: str) -> Split:
    value = row.get("split")
    if value is None:
        return split_of(group)
    if value == "train" or value == "val" or value == "test":
        return value
    message = f"`split` is train, val or test, not {value!r}"
    raise LearningError(message)
