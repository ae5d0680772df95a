"""Words of the reading room for templates."""

from django import template
from django.utils import formats
from django.utils.translation import gettext

from diagnosis import labels, ranking, reasons
from diagnosis.models import Finding, Study, Verdict
from diagnosis.watching.estimates import Estimate

register = template.Library()


@register.filter
def rank_words(study: Study) -> list[str]:
    """Return why a study stands where it stands."""
    reasons = [r if isinstance(r, dict) else {"code": r} for r in study.rank_reason]
    return ranking.rank_words(reasons)


@register.filter
def label_words(label: str) -> str:
    """Return a model's label as people say it."""
    return labels.label_words(label)


@register.filter
def reason_words(finding: Finding) -> str:
    """Return why the model gave no answer."""
    return reasons.reason_words(finding.reason_code, finding.reason)


@register.filter
def metal_words(finding: Finding) -> str:
    """Return what metal in the images means for the answer."""
    return reasons.metal_words(finding.metal) if finding.metal else ""


@register.filter
def calibration_words(finding: Finding) -> str:
    """Return what the answer's number means."""
    return reasons.calibration_words(
        is_calibrated=finding.calibrated,
        calibrated_on=finding.calibrated_on,
        is_series=(finding.slices_read or 0) > 1,
    )


@register.filter
def is_undecided(finding: Finding) -> bool:
    """Whether the model could not rule out all labels but one."""
    return len(finding.possible_labels) > 1


@register.filter
def possible_words(finding: Finding) -> str:
    """Return which labels the model could not tell apart."""
    return labels.possible_words(finding.possible_labels, finding.coverage or 0.0)


@register.filter
def newest_verdict(finding: Finding) -> Verdict | None:
    """Return the verdict that counts, if there is one."""
    return max(
        finding.verdicts.all(), key=lambda verdict: verdict.created, default=None
    )


@register.filter
def other_labels(finding: Finding) -> list[str]:
    """Return the labels a reader may correct a finding to."""
    said = "" if finding.abstained else finding.label
    return [label for label in finding.probabilities if label != said]


@register.filter
def decimals(found: Estimate | None) -> str:
    """Return a figure with what chance leaves it: `0.40 (0.15 to 0.65)`; or a dash."""
    if found is None:
        return "–"
    ends = {
        name: formats.number_format(round(getattr(found, name), 2), 2)
        for name in ("value", "low", "high")
    }
    return gettext("%(value)s (%(low)s to %(high)s)") % ends
