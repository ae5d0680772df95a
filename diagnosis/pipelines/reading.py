"""Reads a study with the model in service: rows to series, series to answers, to rows."""

import hashlib
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.header import Header
from diagnosis.dicom.pool import decoder_pool
from diagnosis.files import local_file, store_bytes
from diagnosis.inference.engines import Engine
from diagnosis.inference.entry import ModelEntry
from diagnosis.inference.explain import overlay_png
from diagnosis.inference.inputs import FoundSeries, is_picture, series_of_files
from diagnosis.inference.predict import Reading, read_series
from diagnosis.inference.preprocess import PreprocessError
from diagnosis.inference.rules import best_series
from diagnosis.inference.serving import OpenEngines
from diagnosis.inference.store import load_entry
from diagnosis.models import Instance, Series, StudyStatus
from diagnosis.services.activation import ensure_active_model
from diagnosis.services.findings import (
    ModelUsed,
    NewFinding,
    mark_unread,
    save_findings,
)
from diagnosis.services.reading_jobs import content_digest, earlier_answer
from hospital.core.saying import said
from hospital.core.sealed import StoreError
from hospital.jobs.run import Cancelled, JobFailed, JobRun, LeaseLost

MAX_PICTURES = 32  # bare pictures of one study that are each read
# Of this worker process: that of the model in service, and that of its shadow.
_engines = OpenEngines(most=2)


@dataclass(frozen=True, slots=True)
class StoredSeries:
    """A series of the study with its files at hand."""

    row: Series
    content_digest: str
    instances: dict[Path, Instance]
    headers: list[tuple[Path, Header]]


def read_study(run: JobRun) -> dict[str, object]:
    """Read the study that the job names; findings and success commit together."""
    study_id = UUID(run.job.payload["study"])
    try:
        return _read(run, study_id)
    except Cancelled:
        words = _("The reading was cancelled.")
        mark_unread(study_id=study_id, status=StudyStatus.RECEIVED, reason=words)
        raise
    except LeaseLost:
        raise  # another worker reads it
    except DicomRefused as refusal:
        _tell_failure(study_id, refusal.message)
        raise JobFailed(refusal.message, code=refusal.code) from refusal
    except JobFailed as failure:
        _tell_failure(study_id, str(failure))
        raise
    except Exception:
        _tell_failure(study_id, _("Something went wrong inside the platform."))
        raise


def _tell_failure(study_id: UUID, words: str) -> None:
    mark_unread(study_id=study_id, status=StudyStatus.FAILED, reason=words)


def _read(run: JobRun, study_id: UUID) -> dict[str, object]:
    run.step(_("Starting the model"))
    entry = model_in_service()
    content = content_digest(study_id)  # before it is read: what comes later is not
    earlier = earlier_answer(study_id, content=content, model=entry.digest)
    if earlier is not None:
        return earlier
    used = ModelUsed(entry.name, entry.version, entry.digest)
    engine = engine_of(entry)
    findings: list[NewFinding] = []
    with ExitStack() as files:
        run.step(_("Choosing the series"))
        found = found_series(stored_series(study_id, files, run))
        chosen = chosen_series([series for series, _stored in found], entry)
        run.step(_("Reading the images"))
        for number, index in enumerate(chosen):
            series, stored = found[index]
            told = _progress(run, number, len(chosen))
            findings.append(_finding(series, stored, entry, engine, told))
    result: dict[str, object] = {
        "study": str(study_id),
        "content_digest": content,
        "model": entry.reference,
        "model_digest": entry.digest,
        "findings": len(findings),
        "abstained": sum(new.abstained for new in findings),
    }
    with run.finish(result):
        save_findings(
            study_id=study_id, model=used, findings=findings, job_id=run.job.id
        )
    return result


def model_in_service() -> ModelEntry:
    """Return the verified entry of the active model; this reading keeps to it.

    Raises:
        JobFailed: None is in service, or its files are not those that were activated.
    """
    active = ensure_active_model()
    if active is None:
        words = _("No model is in service: an administrator has to activate one.")
        raise JobFailed(words, code="no_model")
    try:
        entry = load_entry(Path(settings.MODEL_STORE), active.name, active.version)
    except StoreError as error:
        words = _("The model %(model)s does not start: %(why)s") % {
            "model": active,
            "why": said(error.message),
        }
        raise JobFailed(words, code=error.code) from error
    if entry.digest != active.digest:
        words = _(
            "The model %(model)s does not start: its files are not those that were "
            "put into service. An administrator has to activate it again."
        )
        raise JobFailed(words % {"model": active}, code="wrong_digest")
    return entry


def stored_series(study_id: UUID, files: ExitStack, run: JobRun) -> list[StoredSeries]:
    """Return the study's series that hold images, headers read by decoder children."""
    rows = Series.objects.filter(study=study_id).prefetch_related("instances")
    found = []
    for row in rows:
        instances = {
            files.enter_context(local_file(instance.digest)): instance
            for instance in row.instances.all()
            if instance.frames
        }
        headers = []
        for path in instances:
            run.check()
            headers.append((path, decoder_pool().read_header(path)))
        if headers:
            digests = sorted(instance.digest for instance in instances.values())
            content = hashlib.sha256("\n".join(digests).encode()).hexdigest()
            found.append(StoredSeries(row, content, instances, headers))
    return found


def chosen_series(found: Sequence[FoundSeries], entry: ModelEntry) -> list[int]:
    """Return which series are read: the best suited one, and every bare picture."""
    facts = [series.series.facts for series in found]
    pictures = [i for i, fact in enumerate(facts) if fact.kind == "image"]
    others = [i for i, fact in enumerate(facts) if fact.kind != "image"]
    best = best_series([facts[i] for i in others], entry.rules)[:1]
    return [*(others[i] for i in best), *pictures[:MAX_PICTURES]]


def found_series(
    stored: Sequence[StoredSeries],
) -> list[tuple[FoundSeries, StoredSeries]]:
    return [
        (
            series_of_files(
                one.headers[0][0],
                one.headers,
                decoder_pool(),
                kind="image"
                if all(is_picture(header) for _path, header in one.headers)
                else "dicom-series",
            ),
            one,
        )
        for one in stored
    ]


def _finding(
    found: FoundSeries,
    stored: StoredSeries,
    entry: ModelEntry,
    engine: Engine,
    told: Callable[[float], None],
) -> NewFinding:
    started = time.perf_counter()
    try:
        reading = read_series(entry, engine, found.series, progress=told)
    except PreprocessError as error:
        raise JobFailed(str(error), code="no_picture") from error
    key = stored.instances[found.files[reading.key_slice]]
    return NewFinding(
        series_id=stored.row.id,
        content_digest=stored.content_digest,
        key_instance_id=key.id,
        key_frame=found.frames[reading.key_slice],
        label=reading.label,
        is_positive=reading.label == entry.positive,
        probability=reading.probability,
        probabilities=reading.probabilities,
        positive_probability=reading.probabilities[entry.positive],
        unlikeness=reading.unlikeness,
        possible_labels=reading.possible,
        coverage=reading.coverage,
        metal=asdict(reading.metal) if reading.metal else None,
        slices_read=reading.slices_read,
        calibrated=reading.is_calibrated,
        calibrated_on=reading.calibrated_on,
        abstained=reading.abstained,
        reason_code=reading.objections[0].code if reading.abstained else "",
        reason=reading.reason,
        saliency_digest=_saliency(reading, key),
        elapsed_ms=round((time.perf_counter() - started) * 1000),
    )


def _saliency(reading: Reading, key: Instance) -> str:
    """Store the overlay and return its digest; nothing where the model abstained."""
    if reading.saliency is None:
        return ""
    return store_bytes(
        overlay_png(reading.saliency, rows=key.rows or 1, columns=key.columns or 1)
    )


def _progress(run: JobRun, number: int, count: int) -> Callable[[float], None]:
    """Return what tells the job's progress, and stops the reading when cancelled."""

    def told(share: float) -> None:
        run.progress((number + share) / count, _("Reading the images"))

    return told


def engine_of(entry: ModelEntry) -> Engine:
    """Return the worker's engine of an entry, opened once and warm."""
    return _engines.of(entry)
