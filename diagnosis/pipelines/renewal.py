"""The steps to a new version: labels, training, measuring, the gate, the shadow."""

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from diagnosis.dicom.pool import decoder_pool
from diagnosis.evaluation.datacheck import kept_with, looked_over
from diagnosis.evaluation.kept import DATA, keep_beside
from diagnosis.evaluation.whole import HeldOut, Opened, whole_evaluation
from diagnosis.inference.engines import open_engine
from diagnosis.inference.entry import ModelEntry
from diagnosis.models import LabelProject, ModelRenewal
from diagnosis.pipelines.exporting import write_manifest
from diagnosis.pipelines.reading import model_in_service
from diagnosis.services.activation import judged, verified_entry
from diagnosis.services.labels import renewal_rows
from diagnosis.services.renewal import images_root, keep_evaluation, next_step
from diagnosis.services.shadow import start_shadow
from diagnosis.training.build import build_entry
from diagnosis.training.engine_files import ExportError
from diagnosis.training.evaluate import evaluated
from diagnosis.training.manifest import (
    LabelledImage,
    ManifestError,
    held_out_of,
    labels_of,
    read_manifest,
)
from diagnosis.training.renewed import Renewed, renewed
from hospital.core.errors import DomainError
from hospital.core.saying import said, why
from hospital.core.sealed import StoreError
from hospital.jobs.run import JobFailed, JobRun

SIGNED = "signed reports"
DATA_LENGTH = 200  # that a row takes


def _sources(run: JobRun) -> str:
    """Return whose labels they are, for figures and the card."""
    readers = [f"readers of {project.name}" for project in _projects(run)]
    return ", ".join([SIGNED, *readers])


def _projects(run: JobRun) -> list[LabelProject]:
    """Return the projects chosen, newest first."""
    chosen = LabelProject.objects.filter(id__in=run.job.payload.get("projects", []))
    return list(chosen.order_by("-closed"))


def export_labels(run: JobRun) -> dict[str, object]:
    """Put the labels of signed reports and their images into a folder of their own."""
    renewal = _renewal(run)
    rows = list(renewal_rows(_projects(run)))
    root = _folder(renewal)
    root.mkdir(parents=True, exist_ok=True)
    write_manifest(root / "manifest.csv", rows, root=root, told=run.progress)
    result: dict[str, object] = {"labels": len(rows)}
    with run.finish(result):
        next_step(run.job)
    return result


def retrain(run: JobRun) -> dict[str, object]:
    """Train the new version on the labels."""
    renewal, active = _renewal(run), model_in_service()
    store, pool, images = Path(settings.MODEL_STORE), decoder_pool(), _images(renewal)
    asked = _recipe(run, renewal, active)
    try:
        found = looked_over(
            images, positive=active.positive, root=_folder(renewal), pool=pool
        )
        built = build_entry(
            images,
            recipe=asked.recipe,
            store=store,
            pool=pool,
            report=lambda step: run.progress(step.share, said(step.title)),
        )
    except ExportError as error:
        raise JobFailed(why(error), code="export_differs") from error
    except (ManifestError, StoreError, ValueError) as error:
        words = _("The labels do not suffice to learn from: %(why)s")
        raise JobFailed(
            words % {"why": why(error)}, code="not_enough_labels"
        ) from error
    entry = verified_entry(renewal.name, renewal.version)
    kept = kept_with(entry, found, data=_sources(run), made=timezone.localdate())
    keep_beside(store, entry, kept, folder=DATA)
    result: dict[str, object] = {
        "model": str(renewal),
        "digest": built.digest,
        "initial": asked.recipe.initial,
        "missing": asked.missing,
    }
    with run.finish(result):
        renewal.digest = built.digest
        renewal.save(update_fields=["digest", "updated"])
        next_step(run.job)
    return result


def evaluate_model(run: JobRun) -> dict[str, object]:
    """Measure the new version beside that in service, on images neither learned from.

    All that is measured is kept beside the version, since the images are then deleted.
    """
    renewal, active = _renewal(run), model_in_service()
    entry = verified_entry(renewal.name, renewal.version)
    split, held = held_out_of(_images(renewal), positive=entry.positive)
    _refuse_unknown_labels(held, active)
    manifest = (_folder(renewal) / "manifest.csv").read_bytes()
    digest = hashlib.sha256(manifest).hexdigest()
    measured = whole_evaluation(
        HeldOut(
            held,
            positive=entry.positive,
            split=split,
            data=_sources(run),
            data_digest=digest,
        ),
        model=Opened(entry, open_engine(entry)),
        against=Opened(active, open_engine(active)),
        pool=decoder_pool(),
        made=timezone.localdate(),
        told=lambda words, share: run.progress(share, said(words)),
    )
    difference = measured.difference
    found = evaluated(held, measured.answers, entry=entry, positive=entry.positive)
    keep_beside(Path(settings.MODEL_STORE), entry, measured.document)
    result: dict[str, object] = {
        "auroc": found.figures.auroc,
        "against_auroc": difference.against_auroc if difference else None,
        "n": found.figures.n,
        "labels": labels_of(held),
    }
    with run.finish(result):
        keep_evaluation(
            entry=entry,
            against=active,
            data=f"{split}, {_sources(run)}"[:DATA_LENGTH],
            data_digest=digest,
            figures=asdict(found.figures),
            comparison=asdict(difference) if difference else {},
        )
        next_step(run.job)
    shutil.rmtree(_folder(renewal), ignore_errors=True)  # patients' images lie there
    return result


def judge_model(run: JobRun) -> dict[str, object]:
    """Ask the gate; a version that misses it may still read in shadow."""
    outcomes = judged(_entry(run)) or ()
    result: dict[str, object] = {
        "holds": sum(each.holds for each in outcomes),
        "conditions": len(outcomes),
    }
    with run.finish(result):
        next_step(run.job)
    return result


def begin_shadow(run: JobRun) -> dict[str, object]:
    """Let the new version read beside the model in service; a person decides the rest."""
    entry = _entry(run)
    result: dict[str, object] = {"model": entry.reference}
    try:
        with run.finish(result):
            start_shadow(
                name=entry.name, version=entry.version, started_by=run.job.owner
            )
    except DomainError as error:
        raise JobFailed(str(error.message), code=error.code) from error
    return result


def _recipe(run: JobRun, renewal: ModelRenewal, active: ModelEntry) -> Renewed:
    """Return how the model in service learns again.

    Raises:
        JobFailed: Its recipe is of no use on this machine.
    """
    try:
        return renewed(
            active,
            out=(renewal.name, renewal.version),
            data=f"Labels of this hospital: {_sources(run)}.",
            store=Path(settings.MODEL_STORE),
            epochs=run.job.payload.get("epochs"),
        )
    except ValueError as error:
        words = _("The recipe of %(model)s cannot be used here: %(why)s")
        raise JobFailed(
            words % {"model": active.reference, "why": why(error)}, code="no_recipe"
        ) from error


def _refuse_unknown_labels(images: Sequence[LabelledImage], active: ModelEntry) -> None:
    """Refuse images of labels that the model in service cannot be measured on.

    Raises:
        JobFailed: There are such.
    """
    if unknown := set(labels_of(images)) - set(active.labels):
        words = _(
            "%(model)s does not know %(labels)s, which signed reports name: the two "
            "cannot be compared. Put a model of all these labels into service first."
        )
        names = ", ".join(sorted(unknown))
        raise JobFailed(
            words % {"model": active.reference, "labels": names}, code="unknown_labels"
        )


def _renewal(run: JobRun) -> ModelRenewal:
    return ModelRenewal.objects.get(id=run.job.subject_id)


def _entry(run: JobRun) -> ModelEntry:
    renewal = _renewal(run)
    return verified_entry(renewal.name, renewal.version)


def _folder(renewal: ModelRenewal) -> Path:
    return images_root() / str(renewal.id)


def _images(renewal: ModelRenewal) -> list[LabelledImage]:
    root = _folder(renewal)
    try:
        return read_manifest(root / "manifest.csv", root=root)
    except ManifestError as error:
        words = _("The labels do not suffice to learn from: %(why)s")
        raise JobFailed(
            words % {"why": why(error)}, code="not_enough_labels"
        ) from error
