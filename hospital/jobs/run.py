"""What a pipeline holds while it works on a job."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone

from hospital.jobs import leases
from hospital.jobs.heartbeat import Heartbeat
from hospital.jobs.models import Job, JobState
from hospital.jobs.stops import Cancelled, JobFailed, JobRetry, JobStopped, LeaseLost

__all__ = ["Cancelled", "JobFailed", "JobRetry", "JobRun", "JobStopped", "LeaseLost"]


class JobRun:
    """One attempt at a job.

    Attributes:
        job: The row as it was claimed.
        is_finished: Whether `finish` has committed.
    """

    def __init__(self, job: Job, heartbeat: Heartbeat) -> None:
        self.job = job
        self.is_finished = False
        self._heartbeat = heartbeat
        self._progress = 0.0
        self._message = ""
        self._steps: list[dict[str, Any]] = []  # Any: JSON as the model describes it

    def progress(self, fraction: float, message: str = "") -> None:
        """Tell how far the work is, in [0, 1], and what it does now, in words.

        Call it as often as you like: what comes too fast is told together.

        Raises:
            JobStopped: As `check`.
        """
        self.check()
        self._progress = min(max(float(fraction), 0.0), 1.0)
        self._message = str(message)[:200] or self._message
        self._tell()

    def step(self, title: str) -> None:
        """Begin a step of the work, which ends the one before.

        Raises:
            JobStopped: As `check`.
        """
        self.check()
        self._end_step()
        now = timezone.now().isoformat()
        self._steps.append({"title": str(title), "started": now, "finished": None})
        self._tell()

    def check(self) -> None:
        """Go on, or stop where the work must not go on.

        Raises:
            JobStopped: Somebody cancelled, the lease is lost, or time is up.
        """
        if self._heartbeat.verdict:
            raise self._heartbeat.verdict

    @contextmanager
    def held(self) -> Iterator[None]:
        """Commit what the block writes, or nothing where the job is no longer ours.

        It serves what is worth keeping although the work goes on, or was cancelled.

        Raises:
            LeaseLost: Another worker has the job, or it has ended.
        """
        with transaction.atomic(durable=True):
            if leases.lock(self.job) is None:
                raise LeaseLost("Another worker has it, or it has ended.")
            yield

    @contextmanager
    def finish(self, result: dict[str, Any] | None = None) -> Iterator[None]:
        """Commit what the block writes together with the job's success, or neither.

        Raises:
            JobStopped: As `check`; then nothing of the block is kept.
        """
        self.check()
        self._end_step()
        with transaction.atomic(durable=True):
            asked = leases.lock(self.job)  # nobody else can take the job from here on
            if asked is None:
                raise LeaseLost("Another worker has it, or it has ended.")
            if asked:
                raise Cancelled
            yield
            leases.succeed(self.job, result, steps=self._steps)
        self.job.state, self.job.progress = JobState.SUCCEEDED, 1.0
        self.job.message = ""
        self.is_finished = True

    def _end_step(self) -> None:
        if self._steps:
            now = timezone.now().isoformat()
            self._steps[-1] = {**self._steps[-1], "finished": now}

    def _tell(self) -> None:
        news = leases.News(self._progress, self._message, list(self._steps))
        self._heartbeat.report(news)
