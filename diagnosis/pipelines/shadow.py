"""A candidate reads what the model in service has just read; nobody is shown its answer."""

import time
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from diagnosis.inference.entry import ModelEntry
from diagnosis.inference.inputs import FoundSeries
from diagnosis.inference.predict import read_series
from diagnosis.inference.store import load_entry
from diagnosis.models import Finding, ShadowAnswer, ShadowRun
from diagnosis.pipelines.reading import engine_of, found_series, stored_series
from diagnosis.services.shadow import keep_shadow_answers
from hospital.core.saying import said
from hospital.core.sealed import StoreError
from hospital.jobs.run import JobFailed, JobRun


def read_in_shadow(run: JobRun) -> dict[str, object]:
    """Read the series of the findings that the job names, with the candidate."""
    shadow = ShadowRun.objects.get(id=run.job.payload["shadow"])
    if shadow.ended:
        return {"answers": 0}
    entry = _candidate(shadow)
    wanted = {UUID(series): id_ for series, id_ in run.job.payload["findings"].items()}
    findings = Finding.objects.in_bulk(list(wanted.values()))
    answers: list[ShadowAnswer] = []
    with ExitStack() as files:
        run.step(_("Choosing the series"))
        stored = stored_series(UUID(run.job.payload["study"]), files, run)
        chosen = [one for one in stored if one.row.id in wanted]
        run.step(_("Reading the images"))
        for series, one in found_series(chosen):
            finding = findings.get(UUID(wanted[one.row.id]))
            if finding and finding.content_digest == one.content_digest:
                answers.append(
                    _answer(shadow, finding, entry, series, run, len(wanted))
                )
    with run.finish({"model": entry.reference, "answers": len(answers)}):
        keep_shadow_answers(answers)
    return {"model": entry.reference, "answers": len(answers)}


def _answer(
    shadow: ShadowRun,
    finding: Finding,
    entry: ModelEntry,
    series: FoundSeries,
    run: JobRun,
    count: int,
) -> ShadowAnswer:
    started = time.perf_counter()
    reading = read_series(
        entry,
        engine_of(entry),
        series.series,
        progress=lambda share: run.progress(share / count),
    )
    return ShadowAnswer(
        shadow=shadow,
        finding=finding,
        label=reading.label,
        positive_probability=reading.probabilities[entry.positive],
        abstained=reading.abstained,
        reason_code=reading.objections[0].code if reading.abstained else "",
        unlikeness=reading.unlikeness,
        elapsed_ms=round((time.perf_counter() - started) * 1000),
    )


def _candidate(shadow: ShadowRun) -> ModelEntry:
    try:
        entry = load_entry(Path(settings.MODEL_STORE), shadow.name, shadow.version)
    except StoreError as error:
        raise JobFailed(said(error.message), code=error.code) from error
    if entry.digest != shadow.digest:
        words = _("The files of %(model)s are not those that began in shadow.")
        raise JobFailed(words % {"model": shadow}, code="wrong_digest")
    return entry
