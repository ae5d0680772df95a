"""The patient's chat: one page for strangers and for people with an account."""

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from consult.askers import asker_of
from consult.dialogue.request import MOST_BYTES
from consult.models import Conversation, State
from consult.selectors import own_conversations
from consult.selectors.guidance import calls
from consult.selectors.reports import labelled, own_reports
from consult.selectors.speech import is_speech_configured
from consult.version import VERSION
from hospital.accounts.models import Role
from hospital.core.pages import render_page
from hospital.jobs.authorizers import as_uuid

PAGE_SIZE = 30
STARTERS = (
    _("I have had a headache for three days. What can it be?"),
    _("What should I know about high blood pressure?"),
    _("How do I prepare for a CT scan?"),
    _("Which department is right for my back pain?"),
)
# How soon somebody should be seen: a sign, a word and what it means.
LEVELS = {
    "emergency": {
        "icon": "siren",
        "name": _("Emergency."),
        "meaning": _("Get help now."),
    },
    "urgent": {
        "icon": "clock-alert",
        "name": _("Urgent."),
        "meaning": _("Be seen by a doctor today."),
    },
    "routine": {
        "icon": "calendar-clock",
        "name": _("Not urgent."),
        "meaning": _("See a doctor in the next days if it does not get better."),
    },
    "self_care": {
        "icon": "house",
        "name": _("Can be looked after at home."),
        "meaning": _("See a doctor if it gets worse or lasts."),
    },
}


@require_safe
@ensure_csrf_cookie
def chat(request: HttpRequest, conversation_id: UUID | None = None) -> HttpResponse:
    """Show a talk of one's own: the one named, else the newest that goes on.

    A report is explained in a talk of its own.
    """
    context = {
        "talk": _talk(request, conversation_id),
        "draft": _about_report(request),
        "calls": calls(),
        "starters": STARTERS,
        "levels": LEVELS,
        "speech": is_speech_configured(),
        "version": VERSION,
        "most_bytes": MOST_BYTES,
        "large_text": request.COOKIES.get("text") == "large",
    }
    return render_page(request, "consult/chat.html", context)


def _about_report(request: HttpRequest) -> str:
    """Return the wish to have one's own signed report explained, to be looked over.

    It is sent only if the person sends it.
    """
    report_id = as_uuid(request.GET.get("report", ""))
    asker = asker_of(request)
    if report_id is None or asker.principal is None:
        return ""
    if asker.principal.role != Role.PATIENT:
        return ""
    reports = labelled(own_reports(asker.principal.user))
    label = next((name for name, one in reports.items() if one.pk == report_id), None)
    if label is None:
        raise Http404
    return gettext("Explain my report: %(report)s") % {"report": label}


@require_safe
def talks(request: HttpRequest) -> HttpResponse:
    """Show one's own talks, the newest first."""
    page = Paginator(_own_talks(request), PAGE_SIZE).get_page(request.GET.get("page"))
    return render_page(
        request,
        "consult/talk_list.html",
        {"page": page},
        partial="consult/_talk_rows.html",
    )


def _own_talks(request: HttpRequest) -> QuerySet[Conversation]:
    return own_conversations(asker_of(request)).order_by("-updated")


def _talk(request: HttpRequest, conversation_id: UUID | None) -> Conversation | None:
    mine = _own_talks(request)
    if conversation_id is None:
        is_new = "new" in request.GET or "report" in request.GET
        return None if is_new else mine.exclude(state=State.CLOSED).first()
    talk = mine.filter(pk=conversation_id).first()
    if talk is None:
        raise Http404
    return talk
