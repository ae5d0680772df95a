"""Words of the reading room for templates."""

from django import template

from diagnosis import labels, ranking, reasons
from diagnosis.models import Finding, Study, Verdict

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
