import base64
import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from hospital.knowledge.reading.files import read_file
from hospital.knowledge.reading.incoming import (
    Flaw,
    Incoming,
    IncomingPassage,
    Reference,
)

ROW = {
    "id": "CDC:1-1",
    "question": "What causes a cough?",
    "answer": "Many things.\nA cold, for one.",
    "source": "CDC",
    "url": "https://www.cdc.gov/cough",
    "focus": "Cough",
    "qtype": "causes",
    "lang": "en",
    "synonyms": ["tussis"],
}
DOCUMENT = """+++
id = "cough"
lang = "en"
title = "Cough"
synonyms = ["coughing"]
category = "symptom"
departments = ["general medicine"]
sources = [{title = "NHS: Cough", url = "https://www.nhs.uk/cough/"}]
written = 2026-11-26
reviewed_by = ""
licence = "Our own"
+++

## Causes

A cold, mostly.
"""


def read(path: Path) -> list[Incoming | Flaw]:
    return list(read_file(path, lambda share: None))


def entry_of(path: Path) -> Incoming:
    (entry,) = read(path)
    assert isinstance(entry, Incoming), entry
    return entry


def flaw_of(path: Path) -> Flaw:
    (flaw,) = read(path)
    assert isinstance(flaw, Flaw)
    assert flaw.file == str(path)
    return flaw


def test_a_row_keeps_its_id_as_the_citation(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(ROW).encode() + b"\n\n"))

    entry = entry_of(path)

    assert entry == Incoming(
        id="CDC:1-1",
        lang="en",
        title="What causes a cough?",
        passages=(
            IncomingPassage(
                "CDC:1-1",
                "What causes a cough?",
                "causes",
                "Many things.\nA cold, for one.",
            ),
        ),
        where="line 1",
        source="CDC",
        focus="Cough",
        qtype="causes",
        synonyms=("tussis",),
        url="https://www.cdc.gov/cough",
    )


def test_a_row_without_an_answer_is_a_pointer(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    row = {**ROW, "answer": " ", "question": "咳嗽怎么办？", "lang": None}
    path.write_text(json.dumps(row))

    entry = entry_of(path)

    assert entry.is_pointer
    assert entry.lang == "zh"
    assert entry.passages[0].text == ""


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"question": ""}, "'question' is missing or empty; fill it in"),
        ({"id": None}, "'id' is missing or empty; fill it in"),
        ({"id": ["a"]}, "'id' must be text, not list"),
        ({"lang": "fr-FR"}, "lang 'fr' is none of en, zh"),
        (
            {"url": "javascript:alert(1)"},
            "address 'javascript:alert(1)' must begin with https:// or http://",
        ),
        (
            {"answer": "", "url": ""},
            "it has neither an answer nor an address; add one of them",
        ),
        (
            {"answer": "\ud800"},
            "it holds half a character; save the file as UTF-8 anew",
        ),
        ({"synonyms": [1]}, "'synonyms' holds something that is no word"),
        ({"reviewed": "soon"}, "'reviewed' is 'soon'; write it as 2026-11-27"),
        ({"focus": "x" * 301}, "'focus' has 301 characters; at most 300 are kept"),
    ],
)
def test_a_bad_row_is_named_with_what_to_do(
    tmp_path: Path, change: dict[str, object], message: str
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text("\n" + json.dumps({**ROW, **change}))

    flaw = flaw_of(path)

    assert (flaw.where, flaw.code, flaw.message) == ("line 2", "bad_entry", message)


def test_lines_that_cannot_be_read_do_not_stop_the_others(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    good = json.dumps(ROW).encode()
    bad = [b"{", b"[1]", b"\xff\xfe", b"[" * 100_000, b'"' + b"x" * 2_000_001]
    path.write_bytes(b"\n".join([*bad, good]))

    *flaws, last = read(path)

    assert isinstance(last, Incoming)
    assert [(flaw.where, flaw.code) for flaw in flaws if isinstance(flaw, Flaw)] == [
        ("line 1", "not_json"),
        ("line 2", "not_a_row"),
        ("line 3", "not_utf8"),
        ("line 4", "not_json"),
        ("line 5", "too_long"),
    ]


def test_a_packed_file_that_ends_early_gives_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl.gz"
    lines = b"".join(
        json.dumps({**ROW, "id": str(number)}).encode() + b"\n" for number in range(99)
    )
    packed = gzip.compress(lines)
    path.write_bytes(packed[: len(packed) // 2])

    *_, last = read(path)

    assert isinstance(last, Flaw)
    assert last.code == "damaged"


def test_hidden_marks_are_taken_out_of_a_text(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({**ROW, "answer": "a\x00b\u202ec\r\nd\te\x1b[2J"}))

    assert entry_of(path).passages[0].text == "a bc\nd\te [2J"


def test_a_table_names_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(
        "\ufeffid;question;answer;synonyms;lang\n"
        '1;"什么是流感？";"一种\n病毒感染。";"flu; 流行性感冒";zh-CN\n'.encode()
    )

    entry = entry_of(path)

    assert (entry.id, entry.lang, entry.where) == ("1", "zh", "line 3")
    assert entry.synonyms == ("flu", "流行性感冒")
    assert entry.passages[0].text == "一种\n病毒感染。"


def test_a_table_without_its_columns_says_which(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("a,b\n1,2\n")

    assert flaw_of(path).message == (
        "the first line must name the columns; id, question is not there"
    )


def test_a_folder_of_our_markdown(tmp_path: Path) -> None:
    for topic in ("cough", "cold"):
        (tmp_path / topic).mkdir()
        (tmp_path / topic / "en.md").write_text(DOCUMENT)

    flaw, entry = read(tmp_path)

    assert isinstance(flaw, Flaw)
    assert (flaw.file, flaw.where) == (str(tmp_path / "cold" / "en.md"), "line 2")
    assert isinstance(entry, Incoming)
    assert entry.references == (Reference("NHS: Cough", "https://www.nhs.uk/cough/"),)
    assert [passage.citation for passage in entry.passages] == ["cough/en#causes"]
    assert entry.written == date(2026, 11, 26)


def test_fhir_articles_and_documents(tmp_path: Path) -> None:
    path = tmp_path / "texts.json"
    composition = {
        "resourceType": "Composition",
        "id": "asthma",
        "language": "en-US",
        "status": "final",
        "title": "Asthma",
        "author": [{"display": "Lung Foundation"}],
        "attester": [{"time": "2026-01-02T10:00:00Z", "party": {"display": "Dr Li"}}],
        "section": [
            {
                "title": "Attacks",
                "text": {
                    "div": "<div><p>Sit &amp; rest.</p><script>x()</script>Call.</div>"
                },
            }
        ],
    }
    document = {
        "resourceType": "DocumentReference",
        "id": "leaflet",
        "content": [
            {
                "attachment": {
                    "contentType": "text/plain",
                    "title": "哮喘",
                    "data": base64.b64encode("坐下。".encode()).decode(),
                }
            }
        ],
    }
    others = [{"resourceType": "Observation", "id": "o"}, 7]
    entries = [{"resource": one} for one in (composition, document, *others)]
    path.write_text(json.dumps({"resourceType": "Bundle", "entry": entries}))

    article, leaflet, *flaws = read(path)

    assert isinstance(article, Incoming)
    assert article.passages == (
        IncomingPassage("asthma#1", "Attacks", "", "Sit & rest.\nCall."),
    )
    assert (article.lang, article.source) == ("en", "Lung Foundation")
    assert (article.reviewed_by, article.reviewed) == ("Dr Li", date(2026, 1, 2))
    assert isinstance(leaflet, Incoming)
    assert (leaflet.lang, leaflet.passages[0].text) == ("zh", "坐下。")
    assert [flaw.where for flaw in flaws if isinstance(flaw, Flaw)] == [
        "entry 3 Observation/o",
        "entry 4",
    ]


@pytest.mark.parametrize(
    ("name", "code"), [("none.jsonl", "no_such_file"), ("a.docx", "unknown_kind")]
)
def test_a_file_of_no_known_kind_is_named(tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / "a.docx").write_bytes(b"PK")

    assert flaw_of(tmp_path / name).code == code
