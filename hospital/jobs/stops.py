"""Why a run ends before its result."""

from django.utils.functional import Promise


class JobStopped(Exception):
    """The work must not go on; nothing it wrote outside `finish` is the job's."""


class LeaseLost(JobStopped):
    """Another worker may have the job, or the platform stops."""


class Cancelled(JobStopped):
    """A person asked for it."""


class TimeUp(JobStopped):
    """It took longer than its kind may take."""


class JobFailed(Exception):
    """What cannot heal: the job ends with words for a person.

    Attributes:
        code: A stable word for programs.
    """

    def __init__(self, words: str | Promise, *, code: str = "failed") -> None:
        super().__init__(str(words))
        self.code = code


class JobRetry(Exception):
    """What can heal: the job goes back to the queue.

    Attributes:
        delay_s: How long to wait; by default it doubles with each attempt.
    """

    def __init__(
        self, words: str | Promise = "", *, delay_s: float | None = None
    ) -> None:
        super().__init__(str(words))
        self.delay_s = delay_s
