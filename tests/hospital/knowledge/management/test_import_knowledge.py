import json
from pathlib import Path

import pytest
from django.core.management import call_command

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
