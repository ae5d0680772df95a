"""What the store's model withholds: of what it must not answer, and of its own kind."""

import csv
import io
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import sklearn.datasets
from PIL import Image

from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.pool import DecoderPool, RenderRequest
from diagnosis.inference.engines import open_engine
from diagnosis.inference.inputs import FoundSeries, find_inputs
from diagnosis.inference.predict import read_series
from diagnosis.inference.series import SeriesInput
from diagnosis.inference.store import load_entry
from hospital.core.sealed import resolve
from tests.benchmarks.data import needed
from tests.running import ROOT

HEAD = "philips_phantom_tilt_54"
SETS = ("cornerstone3D", "pydicom-data", "highdicom")
XRAY = ("CR", "DX", "MG")
CROPS, NOISES = 50, 40


def measure() -> dict[str, Any]:
    """Return the share withheld of each kind of input."""
    entry = load_entry(ROOT / "models", *resolve(ROOT / "models"))
    engine, pool = open_engine(entry, device="cpu"), DecoderPool(size=1)
    shares: dict[str, Any] = {"model": entry.reference}
    with TemporaryDirectory() as folder:
        kinds = {
            kind: [series_at(path, pool) for path in paths]
            for kind, paths in every_kind(Path(folder), pool).items()
        }
        kinds["phantom head, its headers say chest"] = [
            lying(kinds["phantom head, series"][0])
        ]
        for kind, series in kinds.items():
            withheld = [read_series(entry, engine, one).abstained for one in series]
            shares[kind] = {"n": len(withheld), "withheld": float(np.mean(withheld))}
    return shares


def series_at(path: Path, pool: DecoderPool) -> SeriesInput:
    found = find_inputs(path, pool)[0]
    assert isinstance(found, FoundSeries), f"{path}: {found.code}"
    return found.series


def lying(series: SeriesInput) -> SeriesInput:
    """Return a series whose headers name the chest, whatever it shows."""
    facts = replace(
        series.facts,
        body_part="CHEST",
        region="CHEST routine",
        image_type="ORIGINAL\\PRIMARY\\AXIAL",
    )
    return replace(series, facts=facts)


def every_kind(folder: Path, pool: DecoderPool) -> dict[str, list[Path]]:
    """Return the inputs, those that are made in the folder."""
    head = needed(f"dicom/{HEAD}")
    by_modality = {"MR": list(of_modality(("MR",), pool))}
    by_modality["X-ray"] = list(of_modality(XRAY, pool))
    kinds = {"phantom head, series": [head], **by_modality}
    kinds["phantom head, PNG"] = pictures_of(sorted(head.rglob("*")), folder, pool)
    for name, paths in by_modality.items():
        kinds[f"{name}, PNG"] = pictures_of(paths, folder, pool)
    kinds["photographs"] = list(photographs(folder, mode="RGB"))
    kinds["photographs, grey"] = list(photographs(folder, mode="L"))
    kinds["noise"] = list(noises(folder))
    kinds["its own, validation"] = validation()
    return kinds


def validation() -> list[Path]:
    manifest = needed("covid-ct/manifest.csv")
    with manifest.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "val"]
    return [manifest.parent / row["path"] for row in rows]


def of_modality(modalities: tuple[str, ...], pool: DecoderPool) -> Iterator[Path]:
    folders = [needed(f"dicom/{name}") for name in SETS]
    for path in sorted(p for folder in folders for p in folder.rglob("*")):
        if path.is_file():
            try:
                header = pool.read_header(path)
            except DicomRefused:
                continue
            if header.has_pixels and header.modality in modalities:
                yield path


def pictures_of(paths: list[Path], folder: Path, pool: DecoderPool) -> list[Path]:
    made = []
    for path in (p for p in paths if p.is_file()):
        try:
            image = pool.render(path, RenderRequest())
        except DicomRefused as refused:
            sys.stderr.write(f"{path.name} makes no picture: {refused.code}\n")
            continue
        made.append(kept(Image.open(io.BytesIO(image)).convert("L"), folder))
    return made


def photographs(folder: Path, *, mode: str) -> Iterator[Path]:
    generator = np.random.default_rng(0)
    for photograph in sklearn.datasets.load_sample_images().images:
        picture = Image.fromarray(photograph)
        for _ in range(CROPS):
            side = int(generator.integers(96, min(picture.size)))
            x, y = (int(generator.integers(0, s - side + 1)) for s in picture.size)
            yield kept(picture.crop((x, y, x + side, y + side)).convert(mode), folder)


def noises(folder: Path) -> Iterator[Path]:
    generator = np.random.default_rng(0)
    frequency = np.fft.fftfreq(256)
    fall = np.hypot(frequency[:, None], frequency) + 1e-3
    for _ in range(NOISES // 4):
        clouds = np.real(
            np.fft.ifft2(np.fft.fft2(generator.normal(size=(256, 256))) / fall)
        )
        for grey in (
            generator.random((256, 256)),
            generator.normal(0.5, 0.2, (256, 256)).clip(0, 1),
            np.kron(generator.random((8, 8)), np.ones((32, 32))),
            (clouds - clouds.min()) / np.ptp(clouds),
        ):
            yield kept(Image.fromarray((grey * 255).astype(np.uint8)), folder)


def kept(picture: Image.Image, folder: Path) -> Path:
    path = folder / f"{len(list(folder.iterdir()))}.png"
    picture.save(path)
    return path
