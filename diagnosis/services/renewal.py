"""A new version of the model in service, step by step; each step queues the next."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any  # Any: JSON of jobs

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from diagnosis.inference.entry import ModelEntry
from diagnosis.models import (
    LabelProject,
    ModelActivation,
    ModelEvaluation,
    ModelRenewal,
)
from diagnosis.services.activation import verified_entry
from hospital.accounts.models import User
from hospital.core.errors import Conflict, InvalidInput
from hospital.core.sealed import references
from hospital.jobs.models import ENDED_STATES, Job
from hospital.jobs.services import enqueue

STEPS = (
    "diagnosis.export_labels",
    "diagnosis.retrain",
    "diagnosis.evaluate_model",
    "diagnosis.judge_model",
    "diagnosis.start_shadow",
)


@transaction.atomic
def start_renewal(
    *,
    started_by: User,
    epochs: int | None = None,
    projects: Sequence[LabelProject] = (),
) -> ModelRenewal:
    """Begin with the labels of signed reports, and of readers in closed projects.

    Args:
        started_by: Whose wish it is; the jobs are theirs.
        epochs: How long to train; None for the recipe's own length.
        projects: Whose labels it learns from, too.

    Raises:
        Conflict: No model is in service, or a renewal is under way.
        InvalidInput: A project is open, or names a label that the model does not know.
    """
    active = ModelActivation.objects.order_by("-created").first()
    if active is None:
        raise Conflict(_("No model is in service yet."), code="no_active_model")
    newest = ModelRenewal.objects.select_for_update().order_by("-created").first()
    if newest and any(job.state not in ENDED_STATES for job in jobs_of(newest)):
        raise Conflict(
            _("%(model)s is being made: let it end first.") % {"model": newest},
            code="renewal_under_way",
        )
    _refuse_unfit(projects, active)
    renewal = ModelRenewal.objects.create(
        name=active.name, version=_next_version(active.name), started_by=started_by
    )
    chosen = [str(project.id) for project in projects]
    enqueue_step(renewal, STEPS[0], payload={"epochs": epochs, "projects": chosen})
    return renewal


def _refuse_unfit(projects: Sequence[LabelProject], active: ModelActivation) -> None:
    """Refuse what the two models could not be compared on, and what may still change."""
    if not projects:
        return
    known = verified_entry(active.name, active.version).labels
    for project in projects:
        unknown = set(project.labels) - set(known)
        if project.closed is None or unknown:
            words = _(
                "%(project)s is no closed project of the labels of %(model)s: %(labels)s."
            ) % {
                "project": project,
                "model": active,
                "labels": ", ".join(known),
            }
            raise InvalidInput(
                words, code="unfit_project", fields={"projects": [words]}
            )


def enqueue_step(renewal: ModelRenewal, kind: str, *, payload: dict[str, Any]) -> Job:
    return enqueue(
        kind=kind,
        key=str(renewal.id),
        owner=renewal.started_by,
        subject_id=renewal.id,
        payload=payload,
    )


def next_step(job: Job) -> None:
    """Queue what follows a job, in the transaction in which it succeeds."""
    renewal = ModelRenewal.objects.get(id=job.subject_id)
    number = STEPS.index(job.kind) + 1
    if number < len(STEPS):
        enqueue_step(renewal, STEPS[number], payload=job.payload)


def keep_evaluation(
    *,
    entry: ModelEntry,
    against: ModelEntry | None,
    data: str,
    data_digest: str,
    figures: dict[str, Any],
    comparison: dict[str, Any],
) -> ModelEvaluation:
    """Keep what was measured of a model, for its page and its gate."""
    return ModelEvaluation.objects.create(
        name=entry.name,
        version=entry.version,
        digest=entry.digest,
        against=against.reference if against else "",
        against_digest=against.digest if against else "",
        data=data,
        data_digest=data_digest,
        figures=figures,
        comparison=comparison,
    )


def jobs_of(renewal: ModelRenewal) -> list[Job]:
    """Return the newest job of each step there is, in the order of the steps."""
    rows = Job.objects.filter(subject_id=str(renewal.id), kind__in=STEPS)
    newest = {job.kind: job for job in rows.order_by("created")}
    return [newest[kind] for kind in STEPS if kind in newest]


def images_root() -> Path:
    """Return where each renewal has a folder of patients' images while it learns."""
    return Path(settings.VAR.root) / "renewals"


def renewals_under_way() -> set[str]:
    """Return the ids of those that have a step to come."""
    going = Job.objects.filter(kind__in=STEPS).exclude(state__in=ENDED_STATES)
    return set(going.values_list("subject_id", flat=True))


def _next_version(name: str) -> str:
    taken = [
        version for n, version in references(Path(settings.MODEL_STORE)) if n == name
    ]
    asked = ModelRenewal.objects.filter(name=name).values_list("version", flat=True)
    numbers = [int(version) for version in (*taken, *asked) if version.isdigit()]
    return str(max(numbers, default=0) + 1)
