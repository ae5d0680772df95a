"""Gathers what a report's draft is made of: the study's facts and the verdicts."""

from django.utils import translation
from django.utils.translation import gettext as _

from diagnosis.drafting import (
    Draft,
    JudgedFinding,
    SeriesFacts,
    StudyFacts,
    draft_report,
)
from diagnosis.models import Finding, Series, Study
from diagnosis.reasons import reason_words
from diagnosis.selectors import latest_findings
from diagnosis.viewing import Attributes

THICKNESS, KVP, CONTRAST = "00180050", "00180060", "00180010"


def draft_for(study: Study, *, language: str | None = None) -> Draft:
    """Return a draft of the study's report in a language, by default the active one."""
    with translation.override(language or translation.get_language()):
        findings = [_judged(finding) for finding in latest_findings(study)]
        return draft_report(_facts(study), findings)


def _facts(study: Study) -> StudyFacts:
    return StudyFacts(
        title=study.description or study.modality or _("Imaging study"),
        study_date=study.study_date,
        series=tuple(_series_facts(series) for series in study.series.all()),
    )


def _series_facts(series: Series) -> SeriesFacts:
    first = series.instances.first()
    values = Attributes([first.attributes] if first else [])
    return SeriesFacts(
        name=_name(series),
        images=series.instance_count,
        thickness_mm=values.number(THICKNESS, None),
        tube_voltage_kv=values.number(KVP, None),
        kernel=series.kernel,
        contrast=values.text(CONTRAST),
    )


def _judged(finding: Finding) -> JudgedFinding:
    verdict = next(iter(finding.verdicts.all()), None)
    return JudgedFinding(
        model=f"{finding.model_name}/{finding.model_version}",
        label=finding.label,
        probability=finding.probability,
        series=_name(finding.series),
        abstained=finding.abstained,
        reason=reason_words(finding.reason_code, finding.reason),
        verdict=verdict.verdict if verdict else "",
        said_instead=verdict.label if verdict else "",
        comment=verdict.comment if verdict else "",
    )


def _name(series: Series) -> str:
    return series.description or str(series.number or series.modality)
