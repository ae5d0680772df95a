"""One's own notices: the page, the bell in the bar, what is done with them."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hospital.accounts.preferences import keep_preference
from hospital.accounts.principal import principal_of
from hospital.core.pages import render_page
from hospital.notices.mail import PREFERENCE, asks_for_mail
from hospital.notices.needs import mail_is_configured
from hospital.notices.selectors import notices_visible_to, unread_of
from hospital.notices.services import mark_all_read, mark_read

PAGE_SIZE = 30


@require_safe
@login_required
def notice_list(request: HttpRequest) -> HttpResponse:
    """Show one's notices, those not read yet first."""
    principal = principal_of(request)
    pages = Paginator(notices_visible_to(principal), PAGE_SIZE)
    context = {
        "page": pages.get_page(request.GET.get("page")),
        "unread": unread_of(principal).count(),
        "mail_is_configured": mail_is_configured(),
        "asks_for_mail": asks_for_mail(principal.user),
    }
    return render_page(request, "notices/notice_list.html", context)


@require_safe
@login_required
def bell(request: HttpRequest) -> HttpResponse:
    """Return the bell with its count, for a bar that heard of something new."""
    context = {"unread": unread_of(principal_of(request)).count()}
    return render_page(request, "notices/_bell.html", context)


@require_POST
@login_required
def reading(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Mark one notice as read; with `open` go where it leads."""
    notices = notices_visible_to(principal_of(request))
    notice = mark_read(notice=get_object_or_404(notices, id=notice_id))
    wants_more = "open" in request.POST and notice.link
    return redirect(notice.link if wants_more else "notices:list")


@require_POST
@login_required
def reading_of_all(request: HttpRequest) -> HttpResponse:
    mark_all_read(principal=principal_of(request))
    return redirect("notices:list")


@require_POST
@login_required
def mail(request: HttpRequest) -> HttpResponse:
    """Keep whether the person wants mail when there is a notice."""
    wants = "mail" in request.POST
    user = principal_of(request).user
    keep_preference(user=user, name=PREFERENCE, value={"mail": "on"} if wants else {})
    messages.success(
        request,
        _("You get mail when there is a notice.") if wants else _("No mail is sent."),
    )
    return redirect("notices:list")
