"""Copies, leaks and shortcuts, in images drawn so that each is there."""

import json
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command
from PIL import Image

from diagnosis.evaluation.copies import exact_groups, pairs, refuse_copies
from diagnosis.evaluation.kept import data_check_of
from diagnosis.evaluation.probes import borders, facts_of, marks, probed
from diagnosis.inference.store import load_entry
from diagnosis.training.manifest import LabelledImage, ManifestError, read_manifest

SIDE = 64
random = np.random.default_rng(0)


def drawn(seed: int) -> np.ndarray:
    coarse = np.random.default_rng(seed).random((8, 8))
    return np.kron(coarse, np.ones((SIDE // 8, SIDE // 8))).astype(np.float32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve pictures of twelve patients; 12 is 0 again, 13 almost 1."""
    greys = [drawn(seed) for seed in range(12)]
    greys += [greys[0], (greys[1] * 0.97 + 0.01).astype(np.float32)]
    rows = ["path,label_name,split,patient"]
    for number, grey in enumerate(greys):
        Image.fromarray((grey * 255).astype(np.uint8)).save(tmp_path / f"{number}.png")
        split = ("train", "val")[number > 7]
        rows.append(f"{number}.png,{'ab'[number % 2]},{split},P{number}")
    (tmp_path / "m.csv").write_text("\n".join(rows))
    return tmp_path


def images_in(folder: Path) -> list[LabelledImage]:
    return read_manifest(folder / "m.csv", root=folder)


def test_copies_are_found_exact_and_near(folder: Path) -> None:
    images = images_in(folder)
    squares = np.stack([drawn(n) for n in [*range(12), 0, 1]])

    found = pairs(images, squares)

    assert exact_groups(images) == [[0, 12]]
    assert [(p.first, p.second, p.is_exact) for p in found] == [
        (0, 12, True),
        (1, 13, False),
    ]


def test_training_on_a_copy_of_what_it_is_judged_by_is_refused(folder: Path) -> None:
    images = images_in(folder)

    with pytest.raises(ManifestError, match=r"0.png and 12.png are one file in splits"):
        refuse_copies(images)
    refuse_copies(images[:12])


def test_a_probe_sees_its_shortcut_and_no_other(tmp_path: Path) -> None:
    squares = random.random((40, SIDE, SIDE), dtype=np.float32) * 0.1 + 0.4
    squares[::2, :4] = 0.9  # a bright border on every image of label a
    images = []
    for number in range(40):
        path = tmp_path / f"{number}.bin"
        path.write_bytes(b"x" * (100 + number % 3))
        label = "ab"[number % 2]
        images.append(LabelledImage(path, label, "train", f"P{number}", ""))

    found = {p.probe: p for p in probed(images, squares, [(9, 9)] * 40, positive="a")}

    assert found["borders"].auroc == 1.0
    assert found["file_facts"].auroc is not None
    assert found["file_facts"].auroc < 0.75
    assert set(found) == set(facts_of(images, squares, [(9, 9)] * 40))
    alone = probed(images[:2], squares[:2], [(9, 9)] * 2, positive="a")
    assert {p.auroc for p in alone} == {None}  # one patient a label tells nothing


def test_print_is_a_mark_and_a_smooth_picture_has_none() -> None:
    plain = np.full((1, SIDE, SIDE), 0.2, np.float32)
    marked = plain.copy()
    marked[0, 5, 3:12] = 1.0

    assert marks(plain).sum() == 0
    assert marks(marked)[0, 0] > 0
    assert marks(marked)[0, 1:].sum() == 0
    assert borders(plain).shape == (1, 64)


def test_the_command_reports_what_has_to_be_mended(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (folder / "m.csv").read_text().replace("val,P8", "val,P0")
    (folder / "m.csv").write_text(lines)
    report = folder / "report.md"
    where = ["--manifest", str(folder / "m.csv"), "--root", str(folder)]

    call_command("check_data", *where, "--report", str(report), "--json")

    found = json.loads(capsys.readouterr().out)
    assert found["copies"]["across_splits"] == 2
    assert found["shared_patients"] == {"count": 1, "first": ["P0"]}
    assert found["pairs"][0]["differ"] == ["split", "patient"]
    text = report.read_text()
    assert "1 patients are in more than one split" in text
    assert "data:image/svg+xml;base64," in text
    assert "| 0.png | 12.png | same file |" in text


def test_what_is_kept_beside_a_model_names_no_file_and_no_patient(
    folder: Path, model_store: Path
) -> None:
    lines = (folder / "m.csv").read_text().replace("val,P8", "val,P0")
    (folder / "m.csv").write_text(lines)
    where = ["--manifest", str(folder / "m.csv"), "--root", str(folder)]

    call_command("check_data", *where, "--keep", "tiny/1", "--json")

    kept = (model_store / "tiny" / "data" / "1.json").read_text()
    found = data_check_of(model_store, load_entry(model_store, "tiny", "1"))
    assert found is not None
    assert (found["copies"]["across_splits"], found["pairs"]) == (2, [])
    assert found["shared_patients"] == {"count": 1, "first": []}
    assert ".png" not in kept
    assert '"P0"' not in kept
