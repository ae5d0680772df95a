"""The only ways in which a row of the reading room reaches anyone."""

from diagnosis.selectors.studies import (
    ai_assistance,
    critical_results_visible_to,
    findings_visible_to,
    first_instance,
    instances_visible_to,
    late_images,
    latest_findings,
    modalities_of,
    priors_of,
    reports_visible_to,
    series_visible_to,
    studies_visible_to,
    with_ai_answer,
)

__all__ = [
    "ai_assistance",
    "critical_results_visible_to",
    "findings_visible_to",
    "first_instance",
    "instances_visible_to",
    "late_images",
    "latest_findings",
    "modalities_of",
    "priors_of",
    "reports_visible_to",
    "series_visible_to",
    "studies_visible_to",
    "with_ai_answer",
]
