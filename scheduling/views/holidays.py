"""The hospital's public holidays: a year at a time, one by one or from a file."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from hospital.accounts.access import roles_required
from hospital.accounts.principal import principal_of
from hospital.core.errors import DomainError
from hospital.core.pages import render_page
from hospital.core.widgets import DayInput
from scheduling.importing.holidays import LONGEST_NAME
from scheduling.selectors.rosters import public_holidays_visible_to
from scheduling.services.holidays import add_holiday, import_holidays, remove_holiday
from scheduling.solver.instance import FIRST_DATE, LAST_DATE
from scheduling.views.board import EDITING_ROLES


class HolidayForm(forms.Form):
    date = forms.DateField(label=gettext_lazy("Day"), widget=DayInput())
    name = forms.CharField(
        label=pgettext_lazy("of a thing", "Name"), max_length=LONGEST_NAME
    )


class HolidayFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Calendar or table"),
        help_text=gettext_lazy(
            "A calendar file (.ics) of whole days, or CSV with a date such as 2026-12-25 "
            "and a name on each line."
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*EDITING_ROLES)
def holidays(request: HttpRequest) -> HttpResponse:
    """List a year's holidays; a POST enters one."""
    form = HolidayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        on = form.cleaned_data["date"]
        try:
            add_holiday(
                author=principal_of(request).user,
                on=on,
                name=form.cleaned_data["name"],
            )
        except DomainError as error:
            form.add_error("date", str(error.message))
        else:
            messages.success(request, _("The holiday is entered."))
            return redirect(f"{reverse('scheduling:holidays')}?year={on.year}")
    return _page(request, form=form)


@require_POST
@roles_required(*EDITING_ROLES)
def holiday_file(request: HttpRequest) -> HttpResponse:
    """Enter the holidays of a file, all of them or none."""
    form = HolidayFileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            count = import_holidays(
                author=principal_of(request).user,
                content=form.cleaned_data["file"].read(),
            )
        except DomainError as error:
            form.add_error("file", str(error.message))
        else:
            words = ngettext(
                "%(count)d holiday is new.", "%(count)d holidays are new.", count
            )
            messages.success(request, words % {"count": count})
            return redirect("scheduling:holidays")
    return _page(request, file_form=form)


@require_POST
@roles_required(*EDITING_ROLES)
def holiday_removal(request: HttpRequest, holiday_id: UUID) -> HttpResponse:
    principal = principal_of(request)
    shown = public_holidays_visible_to(principal)
    holiday = get_object_or_404(shown, id=holiday_id)
    remove_holiday(author=principal.user, holiday=holiday)
    messages.success(request, _("%(name)s is taken out.") % {"name": holiday.name})
    return redirect(f"{reverse('scheduling:holidays')}?year={holiday.date.year}")


def _page(
    request: HttpRequest,
    *,
    form: HolidayForm | None = None,
    file_form: HolidayFileForm | None = None,
) -> HttpResponse:
    year = _year(request)
    context = {
        "year": year,
        "before": year - 1 if year > FIRST_DATE.year else None,
        "after": year + 1 if year < LAST_DATE.year else None,
        "holidays": public_holidays_visible_to(principal_of(request)).filter(
            date__year=year
        ),
        "form": form or HolidayForm(),
        "file_form": file_form or HolidayFileForm(),
    }
    status = 422 if request.method == "POST" else 200
    return render_page(request, "scheduling/holidays.html", context, status=status)


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else 0
    is_known = FIRST_DATE.year <= year <= LAST_DATE.year
    return year if is_known else timezone.localdate().year
