"""A renewal as one line of steps: what is done, what is under way, what comes."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from diagnosis.models import ModelActivation, ModelRenewal, ShadowAnswer
from diagnosis.services.renewal import STEPS, jobs_of
from hospital.core.registry import registry
from hospital.jobs.models import Job, JobState


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step: its job where there is one, and how it stands.

    Attributes:
        state: As of jobs; `waiting` before it begins.
        words: What came of it, or why it failed.
    """

    title: str | Promise
    state: str
    job: Job | None
    words: str = ""


@dataclass(frozen=True, slots=True)
class RenewalShown:
    """A renewal and its steps; the last is a person's, on the page of the model."""

    renewal: ModelRenewal
    steps: list[StepShown]

    @property
    def is_under_way(self) -> bool:
        going = (JobState.QUEUED, JobState.RUNNING)
        return any(step.state in going for step in self.steps)

    @property
    def has_a_card(self) -> bool:
        return bool(self.renewal.digest)


def newest_renewal() -> RenewalShown | None:
    """Return the newest renewal as it is shown; None where there never was one."""
    renewal = ModelRenewal.objects.order_by("-created").first()
    if renewal is None:
        return None
    jobs = {job.kind: job for job in jobs_of(renewal)}
    steps = [_step(kind, jobs.get(kind), renewal) for kind in STEPS]
    return RenewalShown(renewal, [*steps, _activation(renewal)])


def _step(kind: str, job: Job | None, renewal: ModelRenewal) -> StepShown:
    title = registry.job_kinds[kind].title
    if job is None:
        return StepShown(title, "waiting", None)
    return StepShown(title, job.state, job, job.error or _result(kind, job, renewal))


def _result(kind: str, job: Job, renewal: ModelRenewal) -> str:
    result = job.result or {}
    if kind == "diagnosis.export_labels" and "labels" in result:
        return str(_("%(n)s labels") % {"n": result["labels"]})
    if kind == "diagnosis.evaluate_model" and result.get("auroc") is not None:
        return f"AUROC {result['auroc']:.3f}"
    if kind == "diagnosis.judge_model" and "holds" in result:
        return str(
            _("%(holds)s of %(all)s conditions hold")
            % {"holds": result["holds"], "all": result["conditions"]}
        )
    if kind == "diagnosis.start_shadow" and result:
        answers = ShadowAnswer.objects.filter(shadow__digest=renewal.digest)
        return str(_("%(n)s studies read") % {"n": answers.count()})
    return ""


def _activation(renewal: ModelRenewal) -> StepShown:
    activated = bool(renewal.digest) and (
        ModelActivation.objects.filter(digest=renewal.digest).exists()
    )
    state = JobState.SUCCEEDED if activated else "waiting"
    return StepShown(_("A person puts it into service"), state, None)
