"""The thread beside a run: keeps its lease, tells its news, hears when to stop.

It has a database connection of its own, so news is kept whatever transaction the
pipeline is in, and it writes at most ten times a second.
"""

import os
import threading
import time
from collections import deque

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, connections
from django.utils.translation import gettext as _
from django.utils.translation import override

from hospital.jobs import leases
from hospital.jobs.ends import tell_ended
from hospital.jobs.events import publish_job
from hospital.jobs.models import Job, JobState
from hospital.jobs.stops import Cancelled, JobStopped, LeaseLost, TimeUp

TICK_S = 0.1
BEATS_A_LEASE = 6
OVERTIME_S = 30.0  # for a run to notice that its time is up
LAST_WORDS_S = 10.0  # to say how the job ended; then the process goes in any case
OVERTIME_EXIT = 75

logger = structlog.get_logger(__name__)


class Heartbeat(threading.Thread):
    """Keeps one claimed job's lease from `start` to `stop`.

    Attributes:
        verdict: Why the run must stop; None while it may go on.
    """

    is_platform_stopping = False  # set once, by the worker's shutdown signal

    def __init__(self, job: Job, *, timeout_s: float) -> None:
        super().__init__(name=f"heartbeat-{job.id}", daemon=True)
        self.verdict: JobStopped | None = None
        self._job = job
        self._news: deque[leases.News] = deque(maxlen=1)  # the latest one counts
        self._done = threading.Event()
        self._time_up = time.monotonic() + timeout_s
        self._beat_s = settings.JOB_LEASE_S / BEATS_A_LEASE
        self._held_until = time.monotonic() + settings.JOB_LEASE_S
        self._next_beat = time.monotonic() + self._beat_s

    def report(self, news: leases.News) -> None:
        """Take news to tell at the next tick."""
        self._news.append(news)

    def stop(self) -> None:
        self._done.set()
        self.join(timeout=settings.JOB_LEASE_S)

    def run(self) -> None:
        try:
            while not self._done.wait(TICK_S) and self._goes_on():
                self._look_at_the_clock()
                if self._news or time.monotonic() >= self._next_beat:
                    self._beat()
        finally:
            connections.close_all()  # of this thread; most runs end before one is opened

    def _goes_on(self) -> bool:
        if self.is_platform_stopping and self.verdict is None:
            self._put_back()
        return not isinstance(self.verdict, LeaseLost)

    def _put_back(self) -> None:
        self.verdict = LeaseLost("The platform stops.")
        try:
            leases.put_back(self._job, delay_s=0, is_counted=False)
        except (DatabaseError, InterfaceError):
            logger.warning("job_left_to_its_lease", job_id=str(self._job.id))

    def _look_at_the_clock(self) -> None:
        late_s = time.monotonic() - self._time_up
        if late_s > 0 and self.verdict is None:
            self.verdict = TimeUp()
        if late_s > OVERTIME_S:
            self._end_the_process()

    def _beat(self) -> None:
        news = self._news.pop() if self._news else None
        try:
            answer = leases.extend(self._job, news)
        except (DatabaseError, InterfaceError):
            connection.close()
            if news and not self._news:
                self._news.append(news)
            if time.monotonic() > self._held_until:
                self.verdict = LeaseLost("The database did not answer in time.")
            return
        now = time.monotonic()
        self._next_beat, self._held_until = (
            now + self._beat_s,
            now + settings.JOB_LEASE_S,
        )
        if answer is None:
            self.verdict = LeaseLost("Another worker has it, or it has ended.")
        elif answer:
            self.verdict = self.verdict or Cancelled()
        if news and answer is not None:
            self._publish(news)

    def _publish(self, news: leases.News) -> None:
        self._job.progress, self._job.message = news.progress, news.message
        publish_job(self._job)

    def _end_the_process(self) -> None:
        """End a worker whose run never looks up; its supervisor starts another one."""
        logger.error("job_overran", job_id=str(self._job.id), kind=self._job.kind)
        threading.Timer(LAST_WORDS_S, os._exit, [OVERTIME_EXIT]).start()
        try:
            self._end_overrun()
        finally:
            os._exit(OVERTIME_EXIT)

    def _end_overrun(self) -> None:
        with override(self._job.language or None):
            is_ours = leases.end(
                self._job, JobState.FAILED, words=overrun_words(), code="timeout"
            )
            if is_ours:
                tell_ended(Job.objects.get(id=self._job.id))


def overrun_words() -> str:
    return _("The job took longer than it may and was stopped.")
