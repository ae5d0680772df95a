"""The report on paper: the same facts for the print page and for the PDF."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from diagnosis.labels import label_words
from diagnosis.models import Report, Study, VerdictKind
from hospital.accounts.models import User
from hospital.core.lettering import (
    CHINESE,
    LATIN,
    LATIN_BOLD,
    draw,
    mixed,
    other_font,
    runs,
)

MARGIN = 18 * mm
LABEL_WIDTH = 26 * mm


@dataclass(frozen=True, slots=True)
class ReportPaper:
    """All that stands on the paper, in words, in the order it stands there."""

    site: str
    title: str
    is_signed: bool
    accession_number: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[tuple[str, str], ...]
    assistance: tuple[str, ...]
    signature: str
    url: str

    @classmethod
    def of(
        cls,
        study: Study,
        report: Report,
        *,
        assistance: Sequence[Mapping[str, object]],
        url: str,
    ) -> "ReportPaper":
        """Return the paper of a report in the active language."""
        return cls(
            site=settings.SITE_NAME,
            title=study.description or study.modality or _("Imaging study"),
            is_signed=report.is_signed,
            accession_number=study.accession_number,
            facts=_facts(study),
            parts=_parts(report),
            assistance=tuple(_assistance(entry) for entry in assistance),
            signature=_signature(report),
            url=url,
        )


def report_pdf(paper: ReportPaper) -> bytes:
    """Return the paper as PDF bytes; a draft says so across every page."""
    other_font()
    file = io.BytesIO()
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=24 * mm,
        title=paper.title,
        author=paper.site,
    )

    def frame(canvas: Canvas, _document: object) -> None:
        _draw_frame(canvas, paper)

    document.build(_story(paper), onFirstPage=frame, onLaterPages=frame)
    return file.getvalue()


def _facts(study: Study) -> tuple[tuple[str, str], ...]:
    patient = study.patient
    names = " · ".join(dict.fromkeys(name.text for name in patient.names.all()))
    born = formats.date_format(patient.birth_date) if patient.birth_date else "—"
    taken = formats.date_format(study.study_date) if study.study_date else "—"
    return (
        (_("Patient"), names or "—"),
        (_("Number"), patient.hospital_number or "—"),
        (_("Born"), born),
        (_("Sex"), str(patient.get_sex_display())),
        (_("Study date"), taken),
        (_("Accession"), study.accession_number or "—"),
        (_("Modality"), study.modality or "—"),
        (_("Department"), str(study.department)),
    )


def _parts(report: Report) -> tuple[tuple[str, str], ...]:
    parts = [
        (_("Technique"), report.technique),
        (_("Findings"), report.findings),
        (_("Impression"), report.impression),
    ]
    addenda = [
        (
            _("Addendum of %(date)s by %(name)s")
            % {"date": _moment(addendum.created), "name": _name(addendum.signed_by)},
            addendum.text,
        )
        for addendum in report.addenda.all()
    ]
    return tuple((title, text) for title, text in parts + addenda if text.strip())


def _assistance(entry: Mapping[str, object]) -> str:
    said = _("no answer (%(reason)s)") % {"reason": entry.get("reason")}
    probability = entry.get("probability")
    if not entry.get("abstained") and isinstance(probability, float):
        said = f"{label_words(str(entry['label']))}, {round(probability * 100)} %"
    kinds = dict(VerdictKind.choices)
    verdict = str(kinds.get(str(entry.get("verdict")), _("not judged")))
    if entry.get("said_instead"):
        verdict += f": {label_words(str(entry['said_instead']))}"
    return _(
        "AI model %(model)s, version %(version)s, digest %(digest)s: "
        "%(said)s. Reader: %(verdict)s."
    ) % {
        "model": entry.get("model"),
        "version": entry.get("version"),
        "digest": str(entry.get("digest"))[:16],
        "said": said,
        "verdict": verdict,
    }


def _signature(report: Report) -> str:
    if report.signed is None or report.signed_by is None:
        return _("Draft of %(date)s by %(name)s. Not signed.") % {
            "date": _moment(report.updated),
            "name": _name(report.edited_by),
        }
    return _("Signed by %(name)s on %(date)s.") % {
        "name": _name(report.signed_by),
        "date": _moment(report.signed),
    }


def _moment(moment: object) -> str:
    local = timezone.localtime(moment)  # type: ignore[arg-type]  # a row's own time
    return f"{formats.date_format(local, 'DATETIME_FORMAT')} ({local.tzname()})"


def _name(user: User) -> str:
    return user.get_full_name() or user.get_username()


def _story(paper: ReportPaper) -> list[Flowable]:
    story: list[Flowable] = [
        _paragraph(paper.title, size=17, bold=True),
        Spacer(1, 4 * mm),
        _fact_table(paper.facts),
        Spacer(1, 5 * mm),
    ]
    for title, text in paper.parts:
        story += [_paragraph(title, size=12, bold=True), Spacer(1, 1 * mm)]
        story += [_paragraph(line) for line in text.splitlines() or [""]]
        story.append(Spacer(1, 4 * mm))
    if paper.assistance:
        story.append(_paragraph(research_note(), size=9, bold=True))
        story += [_paragraph(line, size=9) for line in paper.assistance]
        story.append(Spacer(1, 4 * mm))
    story.append(_paragraph(paper.signature, bold=True))
    return story


def research_note() -> str:
    return _("AI assisted this report. Research use only; not a medical device.")


def _fact_table(facts: Sequence[tuple[str, str]]) -> Table:
    half = (len(facts) + 1) // 2
    rows = [
        [
            _paragraph(text, size=9.5, bold=place == 0)
            for fact in pair
            for place, text in enumerate(fact)
        ]
        for pair in zip(facts[:half], facts[half:], strict=True)
    ]
    width = (A4[0] - 2 * MARGIN) / 2 - LABEL_WIDTH
    table = Table(rows, colWidths=[LABEL_WIDTH, width] * 2)
    table.setStyle(
        TableStyle(
            [
                ("LINEABOVE", (0, 0), (-1, 0), 0.6, colors.grey),
                ("LINEBELOW", (0, -1), (-1, -1), 0.6, colors.grey),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ]
        )
    )
    return table


def _paragraph(text: str, *, size: float = 10.5, bold: bool = False) -> Paragraph:
    style = ParagraphStyle(
        "text",
        fontName=LATIN_BOLD if bold else LATIN,
        fontSize=size,
        leading=size * 1.45,
        wordWrap="CJK" if any(font == CHINESE for font, _run in runs(text)) else None,
    )
    return Paragraph(mixed(text), style)


def _draw_frame(canvas: Canvas, paper: ReportPaper) -> None:
    canvas.saveState()
    width, _height = A4
    if not paper.is_signed:
        canvas.setFillColor(colors.Color(0.75, 0.2, 0.2, alpha=0.18))
        canvas.translate(width / 2, A4[1] / 2)
        canvas.rotate(45)
        draw(canvas, _("DRAFT - NOT SIGNED"), size=44, center=True)
        canvas.rotate(-45)
        canvas.translate(-width / 2, -A4[1] / 2)
    canvas.setFillColor(colors.grey)
    who = " · ".join([paper.site, paper.facts[0][1], paper.facts[1][1]])
    canvas.translate(MARGIN, 15 * mm)
    draw(canvas, who, size=8)
    canvas.translate(0, -4 * mm)
    page = _("Page %(number)d") % {"number": canvas.getPageNumber()}
    draw(canvas, f"{page} · {paper.url}", size=8)
    canvas.restoreState()
