import json
from pathlib import Path

import pytest
from django.core.management import call_command

from hospital.knowledge.management.telling import told_safely
from hospital.knowledge.models import Entry

pytestmark = pytest.mark.django_db
ROW = {"id": "a", "question": "What is flu?", "answer": "A disease.", "lang": "en"}


def test_files_go_into_their_libraries_and_the_flaws_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    first.write_text(json.dumps(ROW))
    second.write_text(json.dumps(ROW) + "\nnot a row\n")
    arguments = [str(first), "--library", "x", str(second), "--library", "y", "--json"]

    with pytest.raises(SystemExit) as ended:
        call_command("import_knowledge", *arguments)

    answer = json.loads(capsys.readouterr().out)
    assert ended.value.code == 2
    (flaw,) = answer.pop("quarantined")
    assert (flaw["file"], flaw["where"]) == (str(second), "line 2")
    assert answer == {
        "files": 2,
        "entries": 2,
        "pointers": 0,
        "passages": 2,
        "created": 2,
        "updated": 0,
        "unchanged": 0,
        "left_aside": 0,
    }
    assert set(Entry.objects.values_list("library__slug", flat=True)) == {"x", "y"}


@pytest.mark.parametrize(
    ("libraries", "words"),
    [
        (["--library", "x/y"], "names no library"),
        (["--library", "x", "--library", "y"], "2 libraries for 1 files"),
    ],
)
def test_a_wrong_library_is_bad_input(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    libraries: list[str],
    words: str,
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(ROW))

    with pytest.raises(SystemExit) as ended:
        call_command("import_knowledge", str(path), *libraries)

    assert ended.value.code == 2
    assert words in capsys.readouterr().err
    assert not Entry.objects.exists()


HOSTILE = (
    "../<img src=x onerror=alert(1)>.jsonl",
    "a\nerror: all is well\x1b[2J\x9b31m\u202egpj.jsonl",
    "\udcff.jsonl",
    f"{'n' * 5000}.jsonl",
)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_files_hostile_name_is_told_inert(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, form: list[str]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    path = folder / name
    if len(name) < 200 and "<" not in name:
        path.write_text("not a row\n")

    with pytest.raises(SystemExit) as ended:
        call_command("import_knowledge", str(path), "--library", "x", *form)

    told = capsys.readouterr()
    text = told.out if form else told.err
    assert ended.value.code == 2
    assert {char for char in text if not char.isprintable()} <= {"\n"}
    if form:
        assert len(json.loads(text)["quarantined"]) == 1
    assert not Entry.objects.exists()


def test_a_name_of_two_lines_is_told_on_one() -> None:
    assert told_safely("a\nerror: b\x1b[2J\u202e") == "a error: b [2J"
