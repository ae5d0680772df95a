"""A library file, read or refused by its line."""

from datetime import date
from pathlib import Path

import pytest

from hospital.knowledge.documents import DocumentError, Source, read_document

FILE = """\
+++
id = "cough"
lang = "en"
title = "Cough"
synonyms = ["dry cough"]
category = "symptom"
departments = ["respiratory medicine"]
sources = [{title = "MedlinePlus: Cough", url = "https://medlineplus.gov/cough.html"}]
written = 2026-11-26
reviewed_by = ""
licence = "our own"
+++

## Causes

Most coughs come from a cold. Some take longer.

## Emergency signs

Call {emergency_number} now.
"""


def written(folder: Path, text: str, name: str = "cough/en.md") -> Path:
    path = folder / name
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_becomes_an_entry_with_its_passages(tmp_path: Path) -> None:
    path = written(tmp_path, FILE)

    entry = read_document(path)

    assert (entry.id, entry.lang, entry.written) == ("cough", "en", date(2026, 11, 26))
    assert entry.sources == (
        Source("MedlinePlus: Cough", "https://medlineplus.gov/cough.html"),
    )
    assert [passage.id for passage in entry.passages] == [
        "cough/en#causes",
        "cough/en#emergency",
    ]
    assert entry.passages[0].sentences == (
        "Most coughs come from a cold.",
        "Some take longer.",
    )


def test_a_faq_question_keeps_the_name_that_it_carries(tmp_path: Path) -> None:
    text = FILE.replace('"symptom"', '"faq"').replace(
        "## Causes", "## Why do I cough? {#why}"
    )
    path = written(tmp_path, text.replace("## Emergency signs", "## And now? {#now}"))

    entry = read_document(path)

    first = entry.passages[0]
    assert (first.id, first.heading, first.qtype) == (
        "cough/en#why",
        "Why do I cough?",
        "faq",
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("+++\nid", "id", 1, "the file must begin with a line '+++'"),
        ("+++\n\n## C", "\n## C", 19, "the front matter is not closed"),
        ('lang = "en"', "lang = en", 3, "not TOML"),
        ('lang = "en"', 'lang = "fr"', 3, "lang 'fr' is none of en, zh"),
        ('title = "Cough"\n', "", 1, "'title' is missing from the front matter"),
        ('"symptom"', '"story"', 6, "category 'story' is unknown"),
        ("respiratory medicine", "lungs", 7, "department 'lungs' is unknown"),
        ("https://", "http://", 8, "must begin with https://"),
        ("2026-11-26", '"today"', 9, "'written' must be of type date"),
        ('id = "cough"', 'id = "colds"', 2, "the file must be colds/en.md"),
        ('licence = "our own"', 'license = "our own"', 1, "'licence' is missing"),
        ("## Causes", "## Reasons", 14, "heading 'Reasons' is none of: What it is"),
        ("## Causes\n", "", 15, "text before the first '## ' heading"),
        ("Most coughs", "- Most coughs", 16, "write plain sentences, without markup"),
        ("{emergency_number}", "{phone}", 20, "the only placeholder is"),
        ("Call {emergency_number} now.\n", "", 18, "'Emergency signs' is empty"),
        ("Emergency signs", "Causes", 20, "section cough/en#causes stands there twice"),
    ],
)
def test_a_flaw_is_named_by_file_and_line(
    tmp_path: Path, old: str, new: str, line: int, problem: str
) -> None:
    path = written(tmp_path, FILE.replace(old, new, 1))

    with pytest.raises(DocumentError) as refused:
        read_document(path)

    assert str(refused.value).startswith(f"{path}:{line}: ")
    assert problem in str(refused.value)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "")
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(DocumentError, match="not UTF-8 text"):
        read_document(path)
