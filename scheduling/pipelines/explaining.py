"""From a roster's problem to why no roster keeps its hard rules: a job of its own."""

import time
from collections.abc import Callable

from django.utils.translation import gettext as _

from hospital.jobs.children import ChildError
from hospital.jobs.run import JobFailed, JobRun
from scheduling.explaining.running import EXPLAIN_S, QuestionError, explain_watched
from scheduling.models import Explanation
from scheduling.problems import grid_of, instance_now, locked_cells, with_locks
from scheduling.services.explanations import end_explanation
from scheduling.solver.formats import to_json

TELL_EVERY_S = 0.25


def explain_roster(run: JobRun) -> dict[str, object]:
    """Find what the job asks; its answer and success commit together.

    Locked cells are fixed, and leave counts as it is now, as for a search.
    """
    asked = Explanation.objects.select_related("roster").get(job=run.job)
    roster = asked.roster
    run.step(_("Reading the roster's problem"))
    instance = with_locks(instance_now(roster), grid_of(roster), locked_cells(roster))
    run.step(_("Finding out which rules cannot all be kept"))
    try:
        answer = explain_watched(to_json(instance), look=looking(run))
    except (ChildError, QuestionError) as error:
        message = _(
            "No explanation was found; ask again when the machine is less busy."
        )
        raise JobFailed(message, code="not_explained") from error
    result = {
        "roster": str(roster.pk),
        "explanation": str(asked.pk),
        "status": answer["status"],
    }
    with run.finish(result):
        end_explanation(
            explanation_id=asked.pk,
            problem_version=roster.problem_version,
            answer=answer,
        )
    return result


def looking(run: JobRun) -> Callable[[], None]:
    """Return what tells how much of the time is over, so that a stop is heard at once."""
    began = time.monotonic()
    next_tell = began

    def look() -> None:
        nonlocal next_tell
        run.check()
        now = time.monotonic()
        if now >= next_tell:
            next_tell = now + TELL_EVERY_S
            run.progress((now - began) / (EXPLAIN_S + TELL_EVERY_S))

    return look
