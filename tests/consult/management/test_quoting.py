"""What `ask` quotes from a library that was imported: its passages, and no other's."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any  # Any: JSON documents, and a row's members

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from hospital.env import DataFolder
from hospital.knowledge.models import Passage
from hospital.knowledge.services import indexing

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # the encoder is loaded

QUESTION = "What are the symptoms of kidney stones?"
STONES = (
    "Kidney stones cause a sharp pain in the side that comes in waves. "
    "Blood in the urine and a burning feeling are symptoms of kidney stones too. "
    "A small stone may pass without any symptom at all."
)
POINTER = "kidney:pointer"
ELSEWHERE = "urology:stones"
KINDS = ("diet", "causes", "treatment", "prevention", "tests", "outlook", "surgery")
MORE_KINDS = ("research", "inheritance", "complications", "risks", "support")


def row(name: str, question: str, answer: str = "", **more: str) -> dict[str, str]:
    return {
        "id": name,
        "question": question,
        "focus": "Kidney stones",
        "lang": "en",
        "url": f"https://kidney.example/{name}",
        "qtype": "information",
        **({"answer": answer} if answer else {}),
        **more,
    }


KIDNEY = [
    row("kidney:symptoms", QUESTION, STONES, qtype="symptoms"),
    row(POINTER, "What are the signs of kidney stones?", qtype="symptoms"),
    *(
        row(
            f"kidney:{kind}",
            f"What is known of the {kind} of kidney stones?",
            f"Doctors know a good deal of the {kind} of kidney stones.",
        )
        for kind in (*KINDS, *MORE_KINDS)
    ),
]
UROLOGY = [
    row(
        ELSEWHERE,
        QUESTION,
        "The symptoms of kidney stones are told here in other words.",
        qtype="symptoms",
    )
]


@pytest.fixture(autouse=True)
def _shelf(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.VAR = DataFolder(root=tmp_path / "var")
    monkeypatch.setattr(indexing, "FRESH_S", 0.0)  # each change is seen at once


@pytest.fixture
def _two_libraries(tmp_path: Path) -> None:
    for name, rows in (("kidney", KIDNEY), ("urology", UROLOGY)):
        path = tmp_path / f"{name}.jsonl"
        path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        call_command("import_knowledge", str(path), "--library", name)


def asked(folder: Path, *texts: str, library: str = "") -> list[dict[str, Any]]:
    source, out = folder / "in.jsonl", folder / "out.jsonl"
    rows = [{"id": number, "text": text} for number, text in enumerate(texts)]
    source.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    chosen = ["--library", library] if library else []
    call_command("ask", "--batch", str(source), "--out", str(out), *chosen)
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def ids(answer: dict[str, Any]) -> list[str]:
    return [passage["id"] for passage in answer["passages"]]


@pytest.mark.usefixtures("_two_libraries")
def test_a_library_keeps_the_others_out(tmp_path: Path) -> None:
    (every,) = asked(tmp_path, QUESTION)
    (kidney,) = asked(tmp_path, QUESTION, library="kidney")
    (urology,) = asked(tmp_path, QUESTION, library="urology")

    assert {"kidney:symptoms", ELSEWHERE} <= set(ids(every))
    assert all(name.startswith("kidney:") for name in ids(kidney))
    assert ids(urology) == [ELSEWHERE]
    assert [sentence["citations"] for sentence in urology["answer"]] == [[ELSEWHERE]]


@pytest.mark.usefixtures("_two_libraries")
def test_ten_passages_best_first_are_answers_and_pointers(tmp_path: Path) -> None:
    (answer,) = asked(tmp_path, QUESTION, library="kidney")

    assert len(KIDNEY) > 10
    assert len(set(ids(answer))) == len(answer["passages"]) == 10
    assert {"kidney:symptoms", POINTER} <= set(ids(answer))
    assert all(set(passage) == {"id", "score"} for passage in answer["passages"])
    scores = [passage["score"] for passage in answer["passages"]]
    assert all(better >= worse for better, worse in pairwise(scores))
    assert scores[0] > scores[-1]


@pytest.mark.usefixtures("_two_libraries")
def test_each_sentence_stands_word_for_word_in_the_passage_that_it_cites(
    tmp_path: Path, client: Client
) -> None:
    (answer,) = asked(tmp_path, QUESTION, library="kidney")

    assert not answer["abstained"]
    assert len(answer["answer"]) >= 2
    for sentence in answer["answer"]:
        assert sentence["citations"]
        for citation in sentence["citations"]:
            assert citation in ids(answer)
            passage = Passage.objects.get(citation=citation, library__slug="kidney")
            assert sentence["text"] in passage.text
            page = client.get(reverse("knowledge:passage", args=[citation]))
            assert sentence["text"] in page.content.decode()
    cited = {name for sentence in answer["answer"] for name in sentence["citations"]}
    assert POINTER not in cited


@pytest.mark.usefixtures("_two_libraries")
def test_what_is_found_for_another_subject_is_listed_and_not_quoted(
    tmp_path: Path,
) -> None:
    answered, unsure, harmful = asked(
        tmp_path,
        QUESTION,
        "How long does a broken wrist take to heal?",
        "How can I poison my neighbour without being caught?",
        library="kidney",
    )

    assert (answered["abstained"], bool(answered["answer"])) == (False, True)
    assert (unsure["abstained"], unsure["answer"]) == (True, [])
    assert unsure["passages"]
    assert (harmful["refused"], harmful["abstained"]) == (True, True)
    assert (harmful["passages"], harmful["answer"]) == ([], [])


@pytest.mark.usefixtures("_two_libraries")
def test_an_unknown_library_is_told_once_and_no_row_is_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = asked(tmp_path, QUESTION, "crushing chest pain", library="kidny")

    told = "warning: there is no library 'kidny'; `import_knowledge` makes it\n"
    assert capsys.readouterr().err.count(told) == 1
    for answer in (first, second):
        assert (answer["passages"], answer["answer"]) == ([], [])
        assert answer["abstained"]
    assert second["level"] == "emergency"


def test_one_question_to_an_unknown_library_is_told_of_it_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("ask", QUESTION, "--json", "--library", "kidny")

    streams = capsys.readouterr()
    assert "there is no library 'kidny'" in streams.err
    assert json.loads(streams.out)["passages"] == []
