"""The first words of a report: what was examined, what was judged, what follows.

A draft says only what a reader has accepted or corrected. What it leaves out (findings
nobody judged, rejected ones, a model that abstained) it lists, so nothing goes silently.
The sentences come in the active language; `translation.override` chooses another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diagnosis.labels import label_words


@dataclass(frozen=True, slots=True)
class SeriesFacts:
    """How one series was taken, as far as its files say."""

    name: str
    images: int
    thickness_mm: float | None = None
    tube_voltage_kv: float | None = None
    kernel: str = ""
    contrast: str = ""


@dataclass(frozen=True, slots=True)
class StudyFacts:
    """What was examined, and when."""

    title: str
    study_date: date | None
    series: tuple[SeriesFacts, ...]


@dataclass(frozen=True, slots=True)
class JudgedFinding:
    """What a model said of a series, and what the reader said of that.

    Attributes:
        model: Name and version, such as `ct-covid/1`.
        label: What the model said; empty where it abstained.
        probability: Of that label, in [0, 1].
        series: The name of the series.
        abstained: The model gave no answer.
        reason: Why it gave none.
        verdict: `accepted`, `corrected`, `rejected`, or empty.
        said_instead: The reader's label, when corrected.
        comment: The reader's own words.
    """

    model: str
    label: str
    probability: float | None
    series: str
    abstained: bool = False
    reason: str = ""
    verdict: str = ""
    said_instead: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """The three parts of a report, and what was left out of them."""

    technique: str
    findings: str
    impression: str
    left_out: tuple[str, ...] = ()


def draft_report(study: StudyFacts, findings: Sequence[JudgedFinding]) -> Draft:
    """Return a draft in the active language from what the reader has judged."""
    used = [f for f in findings if f.verdict in ("accepted", "corrected")]
    labels = dict.fromkeys(f.said_instead or f.label for f in used)
    return Draft(
        technique=_technique(study),
        findings="\n".join([*map(_sentence, used), *_assistance(used)]),
        impression="\n".join(_capital(label_words(label)) + _(".") for label in labels),
        left_out=tuple(_left_out(f) for f in findings if f not in used),
    )


def _technique(study: StudyFacts) -> str:
    when = formats.date_format(study.study_date) if study.study_date else ""
    title = _("%(study)s of %(date)s.") if when else _("%(study)s.")
    lines = [title % {"study": study.title, "date": when}]
    return "\n".join(lines + [_series_line(series) for series in study.series])


def _series_line(series: SeriesFacts) -> str:
    images = ngettext("%(count)d image", "%(count)d images", series.images)
    parts = [images % {"count": series.images}]
    if series.thickness_mm:
        parts.append(
            _("slice thickness %(mm)s mm") % {"mm": f"{series.thickness_mm:g}"}
        )
    if series.tube_voltage_kv:
        parts.append(_("%(kv)s kV") % {"kv": f"{series.tube_voltage_kv:g}"})
    if series.kernel:
        parts.append(_("kernel %(kernel)s") % {"kernel": series.kernel})
    if series.contrast:
        parts.append(_("contrast agent %(agent)s") % {"agent": series.contrast})
    return _("Series %(name)s: %(facts)s.") % {
        "name": series.name,
        "facts": _(", ").join(parts),
    }


def _sentence(finding: JudgedFinding) -> str:
    if finding.verdict == "accepted":
        text = _("%(label)s (AI %(model)s: %(percent)s; accepted by the reader).")
    elif finding.abstained:
        text = _("%(instead)s (the reader; AI %(model)s gave no answer).")
    else:
        text = _(
            "%(instead)s (the reader; AI %(model)s had said: %(label)s, %(percent)s)."
        )
    said = text % {
        "label": _capital(label_words(finding.label)),
        "instead": _capital(label_words(finding.said_instead)),
        "model": finding.model,
        "percent": _percent(finding.probability),
    }
    return f"{said} {finding.comment}".strip()


def _assistance(used: Sequence[JudgedFinding]) -> list[str]:
    models = _(", ").join(dict.fromkeys(finding.model for finding in used))
    if not models:
        return []
    sentence = _(
        "Drafted with the help of AI (%(models)s, research use only); "
        "the reader judged every statement."
    )
    return [sentence % {"models": models}]


def _left_out(finding: JudgedFinding) -> str:
    if finding.verdict == "rejected":
        text = _("%(series)s: you rejected what AI said (%(label)s, %(percent)s).")
    elif finding.abstained:
        text = _("%(series)s: AI gave no answer. %(reason)s")
    else:
        text = _("%(series)s: nobody has judged what AI said (%(label)s, %(percent)s).")
    return text % {
        "series": finding.series,
        "label": label_words(finding.label),
        "percent": _percent(finding.probability),
        "reason": finding.reason,
    }


def _percent(probability: float | None) -> str:
    return "—" if probability is None else f"{round(probability * 100)} %"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
