"""One's own leave: asked for, taken back, and what the ward said."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hospital.accounts.access import roles_required
from hospital.accounts.models import STAFF_ROLES
from hospital.accounts.principal import principal_of
from hospital.accounts.selectors import departments_visible_to
from hospital.core.errors import DomainError
from hospital.core.pages import render_page
from scheduling.forms.staff import LeaveForm, tell_errors
from scheduling.selectors.self_service import leaves_visible_to
from scheduling.services.leave import Away, ask_leave, withdraw_leave
from scheduling.views.tabs import LEAVE, own_context

LEAVES_SHOWN = 50


@require_http_methods(["GET", "POST"])
@roles_required(*STAFF_ROLES)
def my_leave(request: HttpRequest) -> HttpResponse:
    principal = principal_of(request)
    departments = departments_visible_to(principal).filter(
        memberships__user=principal.user
    )
    form = LeaveForm(
        request.POST or None,
        departments=departments,
        ward=departments.filter(rosters__people__user=principal.user).first(),
    )
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        away = Away(sent["kind"], sent["first"], sent["last"], sent["note"])
        try:
            ask_leave(user=principal.user, department=sent["department"], away=away)
        except DomainError as error:
            tell_errors(form, error)
        else:
            messages.success(request, _("The ward has your request for leave."))
            return redirect("scheduling:my_leave")
    leaves = leaves_visible_to(principal).filter(user=principal.user)
    context = {
        **own_context(request, LEAVE),
        "form": form,
        "leaves": leaves[:LEAVES_SHOWN],
    }
    status = 422 if request.method == "POST" else 200
    return render_page(request, "scheduling/my_leave.html", context, status=status)


@require_POST
@roles_required(*STAFF_ROLES)
def withdrawal(request: HttpRequest, leave_id: UUID) -> HttpResponse:
    """Take leave back that the ward has not decided on."""
    principal = principal_of(request)
    own = leaves_visible_to(principal).filter(user=principal.user)
    try:
        withdraw_leave(leave=get_object_or_404(own, id=leave_id), user=principal.user)
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("scheduling:my_leave")
