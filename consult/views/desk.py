"""The desk of clinicians and nurses: who waits, one conversation, and what is done in it."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from consult.askers import Asker
from consult.dialogue.interview import read_state, summary_of
from consult.models import Conversation, State
from consult.opened import note_opening
from consult.selectors import conversations_visible_to, desk_of, may_serve
from consult.selectors.conversations import turns_shown
from consult.selectors.guidance import phrases_for
from consult.services.handover import (
    close_conversation,
    correct_answer,
    hand_back,
    put_back,
    take_conversation,
    write_to_patient,
)
from consult.speaking import as_language
from hospital.accounts.access import roles_required
from hospital.accounts.models import Role
from hospital.accounts.principal import Principal, principal_of
from hospital.core.errors import DomainError
from hospital.core.pages import render_page

READERS = (Role.CLINICIAN, Role.NURSE, Role.ADMINISTRATOR)
SERVERS = (Role.CLINICIAN, Role.NURSE)
MOVES: Mapping[str, Callable[..., Conversation]] = {
    "return": hand_back,
    "queue": put_back,
    "closing": close_conversation,
}
MOST_CLOSED = 20


@require_safe
@roles_required(*READERS)
def desk(request: HttpRequest) -> HttpResponse:
    """Show who waits, the most urgent first, and who is with whom."""
    principal = principal_of(request)
    closed = conversations_visible_to(Asker(principal)).filter(
        taken_by=principal.user, state=State.CLOSED
    )
    context = {
        **_queue(principal),
        "closed": closed.select_related("department")[:MOST_CLOSED],
    }
    return render_page(request, "consult/desk.html", context)


@require_safe
@roles_required(*READERS)
def talk(request: HttpRequest, talk_id: UUID) -> HttpResponse:
    """Show a conversation with its summary, and where one answers it."""
    principal = principal_of(request)
    row = _seen(principal, talk_id)
    note_opening(request, row)
    language = as_language(get_language() or "")
    context = {
        **_queue(principal),
        "talk": row,
        "turns": turns_shown(row),
        "summary": summary_of(read_state(row.interview)).text(language).split("\n")[1:],
        "is_mine": row.state == State.HUMAN and row.taken_by_id == principal.user.pk,
        "may_take": row.state == State.WAITING and may_serve(principal),
        "may_correct": may_serve(principal),
        "phrases": phrases_for(principal, language=row.language),
    }
    return render_page(request, "consult/desk_talk.html", context)


@require_POST
@roles_required(*SERVERS)
def taking(request: HttpRequest, talk_id: UUID) -> HttpResponse:
    principal = principal_of(request)
    row = _seen(principal, talk_id)
    try:
        take_conversation(conversation=row, staff=principal.user)
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("desk:talk", row.pk)


@require_POST
@roles_required(*SERVERS)
def move(request: HttpRequest, talk_id: UUID, noun: str) -> HttpResponse:
    """Give a conversation back to the assistant, to the queue, or close it."""
    principal = principal_of(request)
    row = _seen(principal, talk_id)
    try:
        MOVES[noun](conversation=row, staff=principal)
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("desk:talk", row.pk)
    return redirect("desk:queue")


@require_POST
@roles_required(*SERVERS)
def message(request: HttpRequest, talk_id: UUID) -> HttpResponse:
    """Write to the patient."""
    principal = principal_of(request)
    row = _seen(principal, talk_id)
    try:
        write_to_patient(
            conversation=row, staff=principal, text=request.POST.get("text", "")
        )
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("desk:talk", row.pk)


@require_POST
@roles_required(*SERVERS)
def correction(request: HttpRequest, talk_id: UUID, turn_id: UUID) -> HttpResponse:
    """Say what the assistant should have answered."""
    principal = principal_of(request)
    row = _seen(principal, talk_id)
    answer = get_object_or_404(turns_shown(row), pk=turn_id)
    try:
        correct_answer(
            answer=answer, staff=principal.user, text=request.POST.get("text", "")
        )
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Thank you. The correction is kept."))
    return redirect("desk:talk", row.pk)


def _queue(principal: Principal) -> dict[str, list[Conversation]]:
    """Return what waits, what one has oneself, and what colleagues have."""
    rows = list(desk_of(principal))
    taken = [row for row in rows if row.state == State.HUMAN]
    return {
        "waiting": [row for row in rows if row.state == State.WAITING],
        "mine": [row for row in taken if row.taken_by_id == principal.user.pk],
        "others": [row for row in taken if row.taken_by_id != principal.user.pk],
    }


def _seen(principal: Principal, talk_id: UUID) -> Conversation:
    visible = conversations_visible_to(Asker(principal))
    return get_object_or_404(
        visible.select_related("department", "taken_by", "patient"), id=talk_id
    )
