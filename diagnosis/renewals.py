"""A renewal as one line of steps: what is done, what is under way, what comes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any  # Any: results of jobs are JSON
from uuid import UUID

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from diagnosis.models import ModelActivation, ModelRenewal, ShadowAnswer
from diagnosis.services.renewal import STEPS, jobs_of
from hospital.accounts.principal import Principal
from hospital.core.registry import registry
from hospital.jobs.models import Job, JobState
from hospital.jobs.selectors import jobs_visible_to

MEASURED = "diagnosis.evaluate_model"


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step: its job where there is one, and how it stands.

    Attributes:
        state: As of jobs; `waiting` before it begins.
        job: None before that.
        opens: Whether the page of the job opens to who looks.
        words: What came of it, or why it failed.
    """

    title: str | Promise
    state: str
    job: Job | None
    words: str = ""
    opens: bool = False


@dataclass(frozen=True, slots=True)
class RenewalShown:
    """A renewal and its steps; the last is a person's, on the page of the model.

    Attributes:
        not_compared: Why it could not be compared with what serves; empty where it was,
            or is still to be.
    """

    renewal: ModelRenewal
    steps: list[StepShown]
    not_compared: str = ""

    @property
    def is_under_way(self) -> bool:
        going = (JobState.QUEUED, JobState.RUNNING)
        return any(step.state in going for step in self.steps)

    @property
    def has_a_card(self) -> bool:
        return bool(self.renewal.digest)


def newest_renewal(principal: Principal) -> RenewalShown | None:
    """Return the newest renewal as it is shown; None where there never was one.

    Who watches the models sees how it stands; a job opens to those who see that job.
    """
    renewal = ModelRenewal.objects.order_by("-created").first()
    if renewal is None:
        return None
    jobs = {job.kind: job for job in jobs_of(renewal)}
    seen = jobs_visible_to(principal).filter(subject_id=str(renewal.id))
    opening = set(seen.values_list("id", flat=True))
    steps = [_step(kind, jobs.get(kind), renewal, opening) for kind in STEPS]
    return RenewalShown(
        renewal, [*steps, _activation(renewal)], _not_compared(jobs.get(MEASURED))
    )


def _step(
    kind: str, job: Job | None, renewal: ModelRenewal, opening: Collection[UUID]
) -> StepShown:
    title = registry.job_kinds[kind].title
    if job is None:
        return StepShown(title, "waiting", None)
    words = job.error or _result(kind, job, renewal)
    return StepShown(title, job.state, job, words, job.id in opening)


def _result(kind: str, job: Job, renewal: ModelRenewal) -> str:
    result = job.result or {}
    if kind == "diagnosis.export_labels" and "labels" in result:
        return str(_("%(n)s labels") % {"n": result["labels"]})
    if kind == "diagnosis.retrain" and result.get("missing"):
        return str(
            _(
                "It began with %(initial)s: %(missing)s, which its recipe names, is not "
                "on this machine."
            )
            % {"initial": result["initial"], "missing": result["missing"]}
        )
    if kind == MEASURED and result:
        return _compared(result)
    if kind == "diagnosis.judge_model" and "holds" in result:
        return str(
            _("%(holds)s of %(all)s conditions hold")
            % {"holds": result["holds"], "all": result["conditions"]}
        )
    if kind == "diagnosis.start_shadow" and result:
        answers = ShadowAnswer.objects.filter(shadow__digest=renewal.digest)
        return str(_("%(n)s studies read") % {"n": answers.count()})
    return ""


def _compared(result: Mapping[str, Any]) -> str:
    """Return both AUROCs, or that there are none."""
    if result.get("against_auroc") is not None:
        return str(
            _("AUROC %(ours)s, in service %(theirs)s")
            % {
                "ours": number_format(result["auroc"], 3),
                "theirs": number_format(result["against_auroc"], 3),
            }
        )
    return str(_("No comparison"))


def _not_compared(job: Job | None) -> str:
    result = (job.result if job else None) or {}
    if not result or result.get("against_auroc") is not None:
        return ""
    return str(
        _(
            "The %(n)s images held out show %(label)s alone, and two models are "
            "compared on images of both kinds. Sign reports of the other kind, then "
            "make a new version."
        )
        % {"n": result["n"], "label": ", ".join(result.get("labels", []))}
    )


def _activation(renewal: ModelRenewal) -> StepShown:
    activated = bool(renewal.digest) and (
        ModelActivation.objects.filter(digest=renewal.digest).exists()
    )
    state = JobState.SUCCEEDED if activated else "waiting"
    words = str(_("Done.")) if activated else ""
    return StepShown(_("A person puts it into service"), state, None, words)
