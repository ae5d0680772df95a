"""Figures for the hospital's own monitoring, in the words of Prometheus."""

from collections.abc import Iterator

from django.db.models import Avg, Count, ExpressionWrapper, F, Min
from django.db.models import DurationField as Duration
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    generate_latest,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from hospital.accounts.authentication import principal_or_none
from hospital.accounts.models import Role
from hospital.core.errors import DomainError, NotPermitted
from hospital.jobs.models import Job, JobState


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer a scrape: this process's requests, and the jobs as the database has them."""
    principal = principal_or_none(request)
    if principal is None:
        raise DomainError(
            _("Sign in, or send a token."), code="not_authenticated", status=401
        )
    is_trusted = principal.role in {Role.ADMINISTRATOR, Role.INTEGRATOR}
    if not is_trusted or not principal.allows("metrics:read"):
        raise NotPermitted(_("Metrics are for monitoring."), code="not_permitted")
    jobs = CollectorRegistry()
    jobs.register(JobCollector())
    return HttpResponse(
        generate_latest(REGISTRY) + generate_latest(jobs),
        content_type=CONTENT_TYPE_LATEST,
    )


class JobCollector(Collector):
    """Counts jobs when asked, so that every web process tells the same."""

    def describe(self) -> Iterator[Metric]:
        """Keep the registry from asking the database when it registers this."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Yield the number of jobs, how long the oldest waits, how long they take."""
        yield from (self._numbers(), self._waits(), self._durations())

    def _numbers(self) -> Metric:
        family = GaugeMetricFamily(
            "anji_jobs",
            "Jobs by kind, queue and state.",
            labels=["kind", "queue", "state"],
        )
        rows = Job.objects.values_list("kind", "queue", "state").order_by()
        for kind, queue, state, number in rows.annotate(number=Count("id")):
            family.add_metric([kind, queue, state], number)
        return family

    def _waits(self) -> Metric:
        family = GaugeMetricFamily(
            "anji_jobs_oldest_wait_seconds",
            "How long the oldest waiting job of a queue has waited.",
            labels=["queue"],
        )
        waiting = Job.objects.filter(state=JobState.QUEUED).order_by().values("queue")
        for row in waiting.annotate(
            wait=ExpressionWrapper(Now() - Min("created"), output_field=Duration())
        ):
            family.add_metric([row["queue"]], row["wait"].total_seconds())
        return family

    def _durations(self) -> Metric:
        family = GaugeMetricFamily(
            "anji_jobs_mean_duration_seconds",
            "How long succeeded jobs of a kind took on average.",
            labels=["kind"],
        )
        done = Job.objects.filter(state=JobState.SUCCEEDED).order_by().values("kind")
        for row in done.annotate(
            took=Avg(
                ExpressionWrapper(F("finished") - F("started"), output_field=Duration())
            )
        ):
            family.add_metric([row["kind"]], row["took"].total_seconds())
        return family
