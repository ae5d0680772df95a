"""A report explained: its own words, what the library says of them, and whom to ask.

Nothing is worded anew and no generator is asked: the report is quoted as it was signed,
words are explained by passages of the library, and no meaning for a person is drawn.
"""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from consult.explaining import (
    asks_for_newest,
    find_words,
    is_report,
    wants_explanation,
)
from consult.explaining.words import beginning
from consult.language.concepts_read import read
from consult.language.detect import Language
from consult.language.normalize import simplified
from consult.models import Kind, Turn
from consult.pipelines.citing import passage_named, shown
from consult.selectors.glossary import explained_words, passage_for
from consult.selectors.reports import MOST, labelled, named_in, own_reports
from consult.selectors.suggestions import suggestions
from consult.services.answers import Ending, Said
from consult.speaking import as_language
from hospital.accounts.models import Role, User
from hospital.accounts.principal import principal_for
from hospital.audit.services import record_access
from hospital.knowledge.models import Passage
from hospital.knowledge.vocabulary import FAQ
from hospital.records.models import DiagnosticReport

MOST_WORDS = 12
MOST_CHOICES = 6
READING = "reading-a-report"  # the topic that says how reports are read


def explanation(asked: Turn) -> Ending | None:
    """Return the answer to a message that is about a report; None where none is."""
    row = asked.conversation
    is_wished = wants_explanation(read([asked.text]))
    reports = labelled(own_reports(row.owner)[:MOST]) if row.owner else {}
    named = named_in(asked.text, reports)
    explainer = Explainer(as_language(row.language))
    if named is not None:
        return explainer.own(named)
    if is_report(simplified(asked.text), is_wished=is_wished):
        return explainer.pasted(asked.text)
    if not is_wished:
        return None
    if not reports:
        return explainer.without(row.owner)
    if len(reports) == 1 or asks_for_newest(read([asked.text])):
        return explainer.own(next(iter(reports.values())))
    return choice(list(reports))


def choice(labels: list[str]) -> Ending:
    """Return the question which of several reports is meant."""
    text = _("Which of your reports shall I explain?")
    if len(labels) > MOST_CHOICES:
        text += " " + _("These are the newest; older ones stand under My record.")
    follow = {"code": "report", "text": text, "chips": labels[:MOST_CHOICES]}
    return Ending(Kind.REPORT, (Said(text),), extras={"follow": follow})


class Explainer:
    """Makes one explanation, in the language of the talk, with the passages it cites."""

    def __init__(self, lang: Language) -> None:
        self.lang = lang
        self.shown: dict[str, dict[str, object]] = {}

    def own(self, report: DiagnosticReport) -> Ending:
        """Return a signed report explained to its own patient."""
        owner = report.patient.user
        if owner is not None:
            record_access(
                principal_for(owner),
                action="explain",
                record=report,
                patient_id=report.patient_id,
            )
        citation = f"report:{report.pk}"
        self.shown[citation] = shown_report(report, citation)
        text = "\n".join(
            [report.impression, report.findings, report.technique, report.addenda]
        )
        department = str(report.department)
        ask = _(
            "Ask the doctor who sent you to the examination, or %(department)s. Note "
            "your questions and bring the report along."
        ) % {"department": department}
        return self._ending(
            *self._quoted(report, citation),
            *self._words(text, citation),
            *signed(report),
            *self._limits(),
            Said(ask, under=_("Whom to ask")),
        )

    def pasted(self, text: str) -> Ending:
        """Return the words of a text explained that somebody has sent."""
        ask = _("Ask the doctor who signed the report, or the one who sent you there.")
        return self._ending(
            *self._words(text, ""),
            *self._limits(),
            Said(ask, under=_("Whom to ask")),
        )

    def without(self, owner: User | None) -> Ending:
        """Return what is possible for somebody of whom there is no report to see."""
        heading = _("What is possible")
        paste = _(
            "You can also send the text of a report here without names and numbers: "
            "its words are explained one by one."
        )
        return self._ending(
            Said(why_none(owner), under=heading),
            Said(paste, under=heading),
            *self._how_to_read(),
            needs="" if owner else "sign_in",
        )

    def _ending(self, *sentences: Said, needs: str = "") -> Ending:
        extras = {
            "suggestions": suggestions([f"{READING}/{self.lang}#procedure"]),
            "needs": needs,
        }
        return Ending(Kind.REPORT, sentences, list(self.shown.values()), extras)

    def _quoted(self, report: DiagnosticReport, citation: str) -> Iterator[Said]:
        parts = (
            (_("What the doctor concluded"), report.impression),
            (_("What was seen"), report.findings),
            (_("Added later"), report.addenda),
        )
        for under, text in parts:
            for line in filter(None, map(str.strip, text.splitlines())):
                yield Said(line, (citation,), under=under)

    def _words(self, text: str, citation: str) -> Iterator[Said]:
        terms, explained = explained_words()
        under = _("Words in it, explained by the library")
        found = find_words(text, terms, most=MOST_WORDS)
        if not found:
            none = _("The library explains none of the words of this report yet.")
            yield Said(none, under=under)
            yield from self._how_to_read()
        for each in found:
            passage = passage_for(explained[each.key], lang=self.lang)
            said = self._cite(passage)
            cited = (passage.citation, citation) if citation else (passage.citation,)
            yield Said(said, cited, under=under, term=each.word, where=each.sentence)

    def _cite(self, passage: Passage) -> str:
        """Return what is quoted of a passage, which is shown from now on."""
        self.shown[passage.citation] = cited = shown(passage, lang=self.lang)
        text = str(cited["text"])
        if passage.qtype == FAQ:
            return text
        return beginning(text, count=2, lang=passage.entry.lang)

    def _how_to_read(self) -> Iterator[Said]:
        passage = passage_named(f"{READING}/{self.lang}#procedure")
        if passage is not None:
            text = self._cite(passage)
            yield Said(text, (passage.citation,), under=_("How a report is read"))

    def _limits(self) -> Iterator[Said]:
        under = _("What this is not")
        yield Said(
            _(
                "Single words are explained here, also words of what was not found: "
                "read the sentence they stand in."
            ),
            under=under,
        )
        yield Said(
            _(
                "It is no diagnosis and does not say what the report means for you. Your "
                "doctor knows your story and examines you."
            ),
            under=under,
        )


def signed(report: DiagnosticReport) -> Iterator[Said]:
    """Yield who answers for a report, and which models had said something of it."""
    under = _("Who signed it")
    yield Said(
        _("Signed by %(name)s on %(date)s, %(department)s.")
        % {
            "name": signer_of(report),
            "date": date_format(localtime(report.issued), "DATETIME_FORMAT"),
            "department": report.department,
        },
        under=under,
    )
    models = ", ".join(f"{ai['model']} {ai['version']}" for ai in report.assistance)
    if models:
        yield Said(
            _(
                "The doctor also saw what an AI model said (research use only; not a "
                "medical device): %(models)s."
            )
            % {"models": models},
            under=under,
        )


def shown_report(report: DiagnosticReport, citation: str) -> dict[str, object]:
    """Return a report as it is opened from what quotes it."""
    parts = (report.impression, report.findings, report.technique, report.addenda)
    return {
        "id": citation,
        "title": report.title,
        "heading": "",
        "text": "\n\n".join(part for part in parts if part),
        "lang": "",
        "library": _("Your own report"),
        "note": "",
        "url": "",
        "source": "",
        "reviewed": localtime(report.issued).date().isoformat(),
        "reviewer": signer_of(report),
        "other_language": False,
        "is_report": True,
        "href": reverse("records:my_report", args=[report.pk]),
    }


def signer_of(report: DiagnosticReport) -> str:
    return report.signed_by.get_full_name() or report.signed_by.get_username()


def why_none(owner: User | None) -> str:
    """Return why there is no report to explain, and what can be done."""
    if owner is None:
        return _(
            "You are not signed in, so no report of yours can be seen here. Sign in "
            "with your patient account, and your signed reports can be explained."
        )
    if owner.role != Role.PATIENT:
        return _(
            "Only patients have their own reports explained here. Staff read reports "
            "on the page of the study."
        )
    if not hasattr(owner, "patient"):
        return _(
            "Your account is not tied to a record yet. Ask the hospital's front desk "
            "for an invitation code."
        )
    return _(
        "There is no signed report of yours yet. It can be explained as soon as a "
        "doctor has signed it."
    )
