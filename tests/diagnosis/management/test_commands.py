"""What the commands print, and how they end."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command
from PIL import Image
from pydicom.dataset import Dataset

from tests.diagnosis.dicom.synthetic import ct_slice, saved

SIDE = 144


@pytest.fixture(autouse=True)
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask as on a machine where nothing runs: the store's default answers."""
    monkeypatch.setattr("diagnosis.management.verbs.active_reference", lambda: "")


def chest(number: int, **changes: object) -> Dataset:
    stored = np.random.default_rng(number).integers(0, 1000, (SIDE, SIDE))
    whole = {"PixelSpacing": [1.45, 1.45], "ImagePositionPatient": [0, 0, 15 * number]}
    dataset = ct_slice(number, Rows=SIDE, Columns=SIDE, **{**whole, **changes})
    dataset.PixelData = stored.astype("<i2").tobytes()
    dataset["PixelData"].VR = "OW"
    return dataset


def picture(path: Path, seed: int = 0) -> Path:
    grey = np.random.default_rng(seed).integers(0, 255, (90, 110))
    Image.fromarray(grey.astype(np.uint8)).save(path)
    return path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str], str]:
    """Return exit status, lines of standard output, and standard error."""
    status = 0
    try:
        call_command(*words)
    except SystemExit as end:
        status = int(end.code or 0)
    captured = capsys.readouterr()
    return status, captured.out.splitlines(), captured.err


def test_a_folder_of_one_series_is_one_line(
    model_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "series"
    folder.mkdir()
    for number in range(1, 5):
        saved(chest(number), folder / f"I{number}")
    (folder / "LICENSE.txt").write_text("Not an image.")

    status, lines, _ = run(capsys, "diagnose", str(folder), "--json")

    assert status == 0
    answer = json.loads(lines[0])
    assert len(lines) == 1
    assert answer["input"].endswith("series")
    assert (answer["kind"], answer["model"]) == ("dicom-series", "tiny/1")
    assert answer["abstained"] is False
    assert answer["reason"] == ""
    assert answer["probability"] == answer["probabilities"][answer["label"]]
    assert answer["elapsed_ms"] >= 0


def test_what_cannot_be_read_is_told_after_the_others(
    model_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "text.dcm"
    text.write_text("no DICOM")
    png, missing = picture(tmp_path / "a.png"), tmp_path / "missing.png"

    status, lines, _ = run(
        capsys, "diagnose", str(text), str(missing), str(png), "--json"
    )

    answers = [json.loads(line) for line in lines]
    assert status == 2
    assert [a.get("error", {}).get("code") for a in answers] == [
        "not_dicom",
        "no_such_file",
        None,
    ]
    assert answers[2]["kind"] == "image"
    assert answers[2]["calibrated"] is True


def test_a_head_abstains_with_its_probabilities(
    model_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = saved(
        chest(1, BodyPartExamined="BRAIN", StudyDescription="Head"), tmp_path / "h.dcm"
    )

    status, lines, _ = run(capsys, "diagnose", str(head), "--json")

    answer = json.loads(lines[0])
    assert status == 0
    assert answer["kind"] == "dicom"
    assert answer["abstained"] is True
    assert answer["reason_code"] == "other_body_part"
    assert set(answer["probabilities"]) == {"COVID", "NonCOVID"}


def test_a_damaged_model_is_one_line_of_error(
    model_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (model_store / "tiny" / "1" / "card.md").write_text("changed")

    status, lines, error = run(
        capsys, "diagnose", str(picture(tmp_path / "a.png")), "--json"
    )

    assert (status, lines) == (2, [])
    assert error.startswith("error: The file card.md of tiny/1")
    assert error.count("\n") == 1


def test_evaluation_is_one_document(
    model_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ["path,label_name,split"]
    for number in range(8):
        picture(tmp_path / f"{number}.png", seed=number)
        rows.append(f"{number}.png,{('COVID', 'NonCOVID')[number % 2]},test")
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("\n".join(rows))

    status, lines, _ = run(
        capsys,
        "evaluate_ct",
        "--manifest",
        str(manifest),
        "--root",
        str(tmp_path),
        "--json",
    )

    assert status == 0
    document = json.loads("".join(lines))
    assert set(document) == {
        "model",
        "n",
        "accuracy",
        "precision",
        "recall",
        "f1",
        "auroc",
        "auroc_ci95",
        "sensitivity_at_90_specificity",
        "ece",
        "brier",
        "abstained",
        "confusion",
        "report",
    }
    assert (document["model"], document["n"]) == ("tiny/1", 8)
    assert document["report"]["positive"] == "COVID"


@pytest.mark.slow
def test_everything_measured_becomes_a_report_and_stays_beside_the_entry(
    model_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ["path,label_name,split,sex"]
    for number in range(10):
        picture(tmp_path / f"{number}.png", seed=number)
        label, sex = ("COVID", "NonCOVID")[number % 2], "FM"[number // 5]
        rows.append(f"{number}.png,{label},test,{sex}")
    (tmp_path / "m.csv").write_text("\n".join(rows))
    where = ["--manifest", str(tmp_path / "m.csv"), "--root", str(tmp_path)]
    report = tmp_path / "report.html"

    status, lines, _ = run(
        capsys,
        "evaluate_ct",
        "tiny/2",
        *where,
        "--against",
        "tiny/1",
        "--report",
        str(report),
        "--keep",
        "--json",
    )
    refused, _, error = run(capsys, "evaluate_ct", *where, "--report", "report.pdf")

    document = json.loads("".join(lines))
    kept = json.loads((model_store / "tiny" / "evaluations" / "2.json").read_text())
    page = report.read_text()
    assert status == 0
    assert document["report"]["evaluation"] == kept
    assert kept["comparison"]["difference"] == 0.0  # the same weights
    assert "<svg" in page
    assert "Sex: Female" in page
    assert "Beside tiny/1" in page
    assert not re.findall(r"""(?:src|href)=|url\(["']?http""", page)
    assert (refused, "must end in .html or .md" in error) == (2, True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["train_ct", "--manifest", "x.csv", "--out", "a/1"], "no manifest x.csv"),
        (["train_ct", "--out", "a/1"], "--root DIR with a folder for each label"),
        (["evaluate_ct", "--manifest", "x.csv"], "no manifest x.csv"),
        (["bench_ct", "--batch", "0"], "--batch takes numbers"),
        (
            ["calibrate_ct", "tiny/1", "--manifest", "x", "--out", "a/1"],
            "no manifest x",
        ),
        (["diagnose", ".", "--model", "../x"], "is not NAME/VERSION"),
        (["diagnose", ".", "--model", "tiny/9"], "no model tiny/9"),
    ],
)
def test_bad_input_ends_with_status_2(
    model_store: Path,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    message: str,
) -> None:
    status, lines, error = run(capsys, *words)

    assert (status, lines) == (2, [])
    assert error.startswith("error: ")
    assert message in error


def test_training_refuses_a_version_that_exists(
    model_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ["path,label_name,split"]
    for number in range(4):
        picture(tmp_path / f"{number}.png", seed=number)
        split = ("train", "val")[number // 2]
        rows.append(f"{number}.png,{('a', 'b')[number % 2]},{split}")
    (tmp_path / "m.csv").write_text("\n".join(rows))

    status, _, error = run(
        capsys,
        "train_ct",
        "--manifest",
        str(tmp_path / "m.csv"),
        "--root",
        str(tmp_path),
        "--out",
        "tiny/1",
    )

    assert status == 2
    assert "versions never change" in error


def test_bench_answers_in_one_document(
    model_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, lines, _ = run(capsys, "bench_ct", "--batch", "1", "--json")

    document = json.loads("".join(lines))
    assert status == 0
    assert document["batches"][0]["batch"] == 1
    assert document["auroc_difference"] is None
    assert document["max_probability_difference"] < 1e-3
