"""The list of rosters, and where a new one comes in."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from hospital.accounts.access import roles_required
from hospital.accounts.models import STAFF_ROLES, Role
from hospital.accounts.principal import Principal, principal_of
from hospital.accounts.saved_views import views_of
from hospital.accounts.selectors import departments_visible_to
from hospital.core.pages import render_page
from scheduling.forms.rosters import NewRosterForm, RosterFilter
from scheduling.forms.wards import WardForm
from scheduling.selectors.rosters import may_edit, rosters_visible_to, with_figures
from scheduling.selectors.self_service import waiting_for, with_waiting
from scheduling.services.rosters import Problem, UnreadableProblem, create_roster

PAGE_SIZE = 25
ORDERINGS = {
    "name": "name",
    "department": "department__name",
    "start": "start",
    "people": "people_count",
    "state": "state",
    "changed": "updated",
}
DEFAULT_ORDERING = "-start"
VIEWS = (
    (gettext_lazy("All"), ""),
    (pgettext_lazy("of periods", "Current"), "period=current"),
    (pgettext_lazy("of periods", "Coming"), "period=coming"),
)
EDITORS_VIEWS = (*VIEWS, (gettext_lazy("Drafts"), "state=draft"))


@require_safe
@roles_required(*STAFF_ROLES)
def roster_list(request: HttpRequest) -> HttpResponse:
    principal = principal_of(request)
    departments = departments_visible_to(principal)
    filters = RosterFilter(request.GET, departments=departments)
    rosters = with_waiting(with_figures(filters.narrow(rosters_visible_to(principal))))
    ordering = request.GET.get("ordering") or DEFAULT_ORDERING
    page = Paginator(rosters.order_by(_order(ordering), "name", "id"), PAGE_SIZE)
    is_editor = may_edit(principal)
    built_in = EDITORS_VIEWS if is_editor else VIEWS
    context = {
        "page": page.get_page(request.GET.get("page")),
        "filters": filters,
        "ordering": ordering,
        "views": views_of(request, "rosters", built_in=built_in),
        "may_edit": is_editor,
        "waiting": waiting_for(principal).total,
        "topics": topics_of(principal),
    }
    return render_page(request, "scheduling/roster_list.html", context)


@require_http_methods(["GET", "POST"])
@roles_required(Role.MANAGER, Role.ADMINISTRATOR)
def new_roster(request: HttpRequest) -> HttpResponse:
    """Take in a file with a roster's problem; what is wrong with it is named by line."""
    principal = principal_of(request)
    departments = departments_visible_to(principal)
    form = NewRosterForm(
        request.POST or None, request.FILES or None, departments=departments
    )
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        try:
            roster = create_roster(
                author=principal.user,
                department=sent["department"],
                name=sent["name"],
                problem=Problem(sent["format"], text=sent["problem"]),
            )
        except UnreadableProblem as error:
            form.add_error("problem", str(error.message))
        else:
            messages.success(request, _("The roster is made; nobody is assigned yet."))
            return redirect("scheduling:roster", roster_id=roster.id)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "ward_form": WardForm(departments=departments)}
    return render_page(request, "scheduling/roster_new.html", context, status=status)


def topics_of(principal: Principal) -> str:
    """Return the topics that tell of every roster the principal sees."""
    ids = departments_visible_to(principal).values_list("id", flat=True)
    return ",".join(sorted(topic_of(principal, id_) for id_ in ids))


def topic_of(principal: Principal, department_id: UUID) -> str:
    """Return the topic that tells of what the principal sees of a department."""
    return f"{'rosters' if may_edit(principal) else 'shifts'}:{department_id}"


def _order(ordering: str) -> str:
    column = ORDERINGS.get(ordering.removeprefix("-"), "start")
    return f"-{column}" if ordering.startswith("-") else column
