"""The model in service, watched: how many, how fast, how right, how strange."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from diagnosis.forms import AlertRuleForm, MonitoringFilter, RenewalForm
from diagnosis.models import Alert, AlertRule
from diagnosis.observed import (
    Watch,
    by_period,
    models_observed,
    observations,
    reference_in_service,
    sources_observed,
)
from diagnosis.renewals import newest_renewal
from diagnosis.selectors import findings_visible_to
from diagnosis.services.renewal import start_renewal
from diagnosis.services.shadow import running_shadow
from diagnosis.services.watching import ensure_alert_rules
from diagnosis.views.monitoring_charts import panels
from diagnosis.watching.figures import Observation, Summary, beside, summary
from hospital.accounts.access import roles_required
from hospital.accounts.models import Role
from hospital.accounts.principal import principal_of
from hospital.core.pages import render_page

STRETCHES = {30: 1, 91: 7, 364: 28}  # days looked at, and of each place in a chart
ALERTS_SHOWN = 20
DRIFT_OF = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one version in one department."""

    model: str
    source: str
    figures: Summary


@dataclass(frozen=True, slots=True)
class ShownAlert:
    """An alert, and what its department is called; empty for the whole hospital."""

    alert: Alert
    source: str


@roles_required(Role.CLINICIAN, Role.MANAGER, Role.ADMINISTRATOR)
@require_safe
def monitoring(request: HttpRequest) -> HttpResponse:
    """Show the readings of the departments that the person sees."""
    principal = principal_of(request)
    findings = findings_visible_to(principal)
    sources = sources_observed(findings)
    chosen = MonitoringFilter(
        request.GET,
        models=models_observed(findings),
        sources=sources,
        in_service=reference_in_service(),
    )
    watch = Watch(findings, chosen.span, chosen.model, chosen.source)
    recent, before = observations(watch)
    stretch = STRETCHES[chosen.span]
    periods = by_period(
        recent,
        today=timezone.localdate(),
        days=stretch,
        count=chosen.span // stretch,
    )
    drawn = panels(periods, before, days_each=stretch)
    context = {
        "filter": chosen,
        "total": _summary(recent, before, watch.now),
        "rows": list(_rows(recent, before, watch.now, sources)),
        "panels": [panel for panel in drawn if panel.plot],
        "blank": [panel for panel in drawn if not panel.plot],
        "beside": beside(recent),
        "shadow": running_shadow(),
        "alerts": _alerts(sources),
        "renewal": newest_renewal(principal),
        "renewal_form": RenewalForm(principal=principal),
        "rules": _rules(),
        "may_change": principal.role == Role.ADMINISTRATOR,
    }
    return render_page(request, "diagnosis/monitoring.html", context)


@roles_required(Role.ADMINISTRATOR)
@require_POST
def alert_rule(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """Set a rule's bound, or turn it off."""
    rule = get_object_or_404(AlertRule, id=rule_id)
    form = AlertRuleForm(request.POST, instance=rule, prefix=str(rule.id))
    if form.is_valid():
        form.save()
        messages.success(request, _("The alert rule is kept."))
    else:
        told = " ".join(
            str(error) for errors in form.errors.values() for error in errors
        )
        messages.error(request, _("Nothing was changed. %(why)s") % {"why": told})
    return redirect("diagnosis:monitoring")


@roles_required(Role.ADMINISTRATOR)
@require_POST
def renewals(request: HttpRequest) -> HttpResponse:
    """Begin a new version of the model in service from the labels there are."""
    form = RenewalForm(request.POST, principal=principal_of(request))
    if not form.is_valid():
        messages.error(request, _("Nothing was begun: choose among closed projects."))
        return redirect("diagnosis:monitoring")
    made = start_renewal(
        started_by=principal_of(request).user,
        projects=form.cleaned_data["projects"],
    )
    messages.success(request, _("%(model)s is being made.") % {"model": made})
    return redirect("diagnosis:monitoring")


def _rules() -> list[AlertRuleForm]:
    ensure_alert_rules()
    return [
        AlertRuleForm(instance=rule, prefix=str(rule.id))
        for rule in AlertRule.objects.all()
    ]


def _alerts(sources: Mapping[str, str]) -> list[ShownAlert]:
    """Return alerts about the whole hospital and the departments that one sees."""
    seen = Alert.objects.filter(source__in=["", *sources]).select_related("rule")
    return [
        ShownAlert(each, sources.get(each.source, "")) for each in seen[:ALERTS_SHOWN]
    ]


def _rows(
    recent: Sequence[Observation],
    before: Sequence[Observation],
    now: datetime,
    sources: Mapping[str, str],
) -> Iterable[Row]:
    """Yield the figures of each version in each department."""
    kinds = sorted({(each.model, each.source) for each in recent})
    for model, source in kinds:
        yield Row(
            model,
            sources[source],
            _summary(_of(recent, model, source), _of(before, model, source), now),
        )


def _summary(
    recent: Sequence[Observation], before: Sequence[Observation], now: datetime
) -> Summary:
    """Return the figures, with the drift of the last days from all that was earlier."""
    since = now - DRIFT_OF
    last = [each for each in recent if each.at >= since]
    earlier = [*before, *(each for each in recent if each.at < since)]
    return replace(summary(recent), drift=summary(last, earlier).drift)


def _of(readings: Sequence[Observation], model: str, source: str) -> list[Observation]:
    return [each for each in readings if (each.model, each.source) == (model, source)]
