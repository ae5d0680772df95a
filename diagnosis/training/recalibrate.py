"""A sealed entry calibrated on other images: the same weights, a version of its own.

Scanners and patients differ between hospitals, and probabilities with them; the order of
the answers, which the weights make, stays. What is fitted again is what needs no learning:
the scaling, the grey zone, and which labels cannot be ruled out.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any  # Any: metrics are JSON of several shapes

from diagnosis.dicom.pool import DecoderPool
from diagnosis.inference.conformal import COVERAGE
from diagnosis.inference.entry import ATTENTION, ModelEntry
from diagnosis.inference.network import load_network
from diagnosis.inference.store import REQUIRED
from diagnosis.training.build import Built
from diagnosis.training.card import series_sentence
from diagnosis.training.learning import scores_of
from diagnosis.training.manifest import LabelledImage, ManifestError
from diagnosis.training.measuring import calibrated, judged, with_series
from diagnosis.training.recipe import Report
from diagnosis.training.splits import load_split
from diagnosis.training.whole_series import (
    LEAST_PATIENTS,
    Served,
    patients_by_label,
)
from hospital.core.sealed import SUMS, write_entry

WRITTEN = ("calibration.json", "metrics.json", "card.md")


def recalibrated(
    entry: ModelEntry,
    images: Sequence[LabelledImage],
    *,
    split: str,
    out: tuple[str, str],
    pool: DecoderPool,
    coverage: float = COVERAGE,
    data: str = "Not stated.",
    report: Report = lambda _: None,
) -> Built:
    """Write a new version of an entry, beside it, whose probabilities fit other images.

    Args:
        entry: Whose weights stay.
        images: Of a manifest.
        split: Which of them; of patients that the network did not learn from.
        out: Name and version of the new entry.
        pool: Decodes the images.
        coverage: The share of patients for whom the truth shall be left open.
        data: Where the images come from, one paragraph for the card.
        report: Told how far the work is.

    Raises:
        ManifestError: There are too few patients, an image cannot be read, or the entry
            was calibrated on whole series.
        StoreError: The new version exists.
    """
    if entry.pooling == ATTENTION:
        message = f"{entry.reference} was calibrated on whole series: train it again"
        raise ManifestError(message)
    chosen = load_split(
        images,
        split,
        labels=entry.labels,
        preprocessing=entry.preprocessing,
        pool=pool,
        report=report,
    )
    _require_patients(entry, chosen.images)
    network, positive = load_network(entry).network, entry.positive_index
    logits = scores_of(
        network,
        chosen.examples.squares,
        entry.preprocessing,
        views=entry.views,
    ).logits
    calibration, p = calibrated(
        logits,
        chosen,
        positive=positive,
        reference=entry.calibration.reference,
        coverage=coverage,
    )
    figures = judged(p, chosen, calibration, labels=entry.labels, positive=positive)
    calibration, of_series = with_series(
        calibration,
        chosen,
        Served(
            network,
            entry.preprocessing,
            entry.views,
            entry.aggregation,
            entry.limits,
            positive,
        ),
        labels=entry.labels,
        coverage=coverage,
        pool=pool,
        report=report,
    )
    metrics: dict[str, Any] = {
        **entry.metrics,
        **figures,
        "whole_series": of_series,
        "split": split,
        "calibrated_again": {
            "of": entry.reference,
            "digest": entry.digest,
            "images": len(chosen.images),
            "patients": len(set(chosen.groups)),
        },
    }

    def fill(folder: Path) -> None:
        for path in entry.folder.iterdir():
            if path.name not in (*WRITTEN, SUMS):
                shutil.copyfile(path, folder / path.name)
        _write_json(folder / "calibration.json", asdict(calibration))
        _write_json(folder / "metrics.json", metrics)
        (folder / "card.md").write_text(_card(entry, metrics, data))

    digest = write_entry(entry.folder.parents[1], *out, required=REQUIRED, fill=fill)
    return Built(digest, metrics)


def _require_patients(entry: ModelEntry, images: Sequence[LabelledImage]) -> None:
    for label, count in patients_by_label(images, entry.labels).items():
        if count < LEAST_PATIENTS:
            message = (
                f"label {label} has {count} patients: a calibration takes "
                f"{LEAST_PATIENTS} of each label at least"
            )
            raise ManifestError(message)


def _card(entry: ModelEntry, metrics: dict[str, Any], data: str) -> str:
    """Return the entry's card under what holds now."""
    figures, zone = metrics["figures"], metrics["grey_zone"]
    conformal, again = metrics["conformal"], metrics["calibrated_again"]
    area = "none" if figures["auroc"] is None else f"{figures['auroc']:.3f}"
    return f"""# {entry.title}, calibrated again

**{entry.notice}**

The weights are those of {entry.reference} (digest {entry.digest[:16]}). Its probabilities,
and the limit below which labels are ruled out, were fitted again on {again["images"]} images of
{again["patients"]} patients. {data}

What follows here holds for this version; where the card of {entry.reference} below says
otherwise, it does not.

- It abstains where the probability lies between {zone["low"]:.2f} and {zone["high"]:.2f}.
- AUROC {area}, accuracy {figures["accuracy"]:.3f}, expected calibration error
  {figures["ece"]:.3f}, Brier score {figures["brier"]:.3f}: each probability by a calibration
  fitted on other patients.
- The truth is among the labels left open for {conformal["achieved"]:.0%} of the images;
  {conformal["coverage"]:.0%} were wanted.
- {series_sentence(metrics["whole_series"])}

{entry.card}"""


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1, allow_nan=False) + "\n")
