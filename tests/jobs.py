"""Runs a job inside a test's own transaction, without a worker and its heartbeat."""

from hospital.jobs import leases, runner
from hospital.jobs.heartbeat import Heartbeat
from hospital.jobs.models import Job
from hospital.jobs.run import JobRun


def run_here(job: Job) -> None:
    """Claim the job and attempt it once, as a worker does."""
    claimed = leases.claim(job.pk)
    assert claimed is not None, "It is not due, or somebody has it."
    runner._attempt(JobRun(claimed, Heartbeat(claimed, timeout_s=60.0)))
