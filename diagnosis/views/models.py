"""The models page: what stands in the store, what serves, and each one's card."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from diagnosis.models import ModelActivation, ModelEvaluation
from diagnosis.reporting.curves import curves, headline
from diagnosis.reporting.data import data_panels, warnings
from diagnosis.reporting.tables import tables
from diagnosis.services.activation import activate_model, roll_back_model
from diagnosis.services.shadow import end_shadow, start_shadow
from diagnosis.shelf import ShelvedModel, shelved_model, shelved_models
from hospital.accounts.access import roles_required
from hospital.accounts.models import STAFF_ROLES, Role
from hospital.accounts.principal import principal_of
from hospital.core.errors import InvalidInput
from hospital.core.help import to_html
from hospital.core.pages import render_page

HISTORY_LENGTH = 20


@roles_required(*STAFF_ROLES)
@require_GET
def models(request: HttpRequest) -> HttpResponse:
    history = ModelActivation.objects.select_related("activated_by")
    role = principal_of(request).role
    context = {
        "models": shelved_models(),
        "history": history.order_by("-created")[:HISTORY_LENGTH],
        "may_activate": role == Role.ADMINISTRATOR,
        "may_watch": role != Role.NURSE,
    }
    return render_page(request, "diagnosis/model_list.html", context)


@roles_required(*STAFF_ROLES)
@require_GET
def model_card(request: HttpRequest, name: str, version: str) -> HttpResponse:
    return _card_page(request, _shelved_or_404(name, version))


@roles_required(*STAFF_ROLES)
@require_GET
def evaluation(request: HttpRequest, name: str, version: str) -> HttpResponse:
    """Show all that was measured of a model."""
    model = _shelved_or_404(name, version)
    measured = model.measured
    context = {
        "model": model,
        "measured": measured,
        "headline": headline(measured) if measured else [],
        "panels": [*curves(measured), *tables(measured)] if measured else [],
    }
    return render_page(request, "diagnosis/evaluation.html", context)


@roles_required(*STAFF_ROLES)
@require_GET
def data_check(request: HttpRequest, name: str, version: str) -> HttpResponse:
    """Show what was found in the images that a model learned from."""
    model = _shelved_or_404(name, version)
    found = model.data_check
    context = {
        "model": model,
        "found": found,
        "warnings": warnings(found) if found else [],
        "panels": data_panels(found) if found else [],
    }
    return render_page(request, "diagnosis/data_check.html", context)


@roles_required(Role.ADMINISTRATOR)
@require_POST
def shadow(request: HttpRequest, name: str, version: str) -> HttpResponse:
    """Let a candidate read beside the model in service."""
    _shelved_or_404(name, version)
    started = start_shadow(
        name=name, version=version, started_by=principal_of(request).user
    )
    told = _(
        "%(model)s reads beside the model in service; nobody is shown its answers."
    )
    messages.success(request, told % {"model": started})
    return redirect("diagnosis:monitoring")


@roles_required(Role.ADMINISTRATOR)
@require_POST
def shadow_end(request: HttpRequest) -> HttpResponse:
    """Let the candidate read no more."""
    ended = end_shadow()
    messages.success(request, _("%(model)s reads no more.") % {"model": ended})
    return redirect("diagnosis:monitoring")


@roles_required(Role.ADMINISTRATOR)
@require_POST
def activation(request: HttpRequest, name: str, version: str) -> HttpResponse:
    """Put a model into service."""
    model = _shelved_or_404(name, version)
    try:
        active = activate_model(
            name=name,
            version=version,
            activated_by=principal_of(request).user,
            note=request.POST.get("note", "")[:300],
        )
    except InvalidInput as error:
        if not error.fields:
            raise
        return _card_page(request, model, error=str(error.message), status=error.status)
    messages.success(request, _("%(model)s is in service.") % {"model": active})
    return redirect("diagnosis:models")


@roles_required(Role.ADMINISTRATOR)
@require_POST
def rollback(request: HttpRequest) -> HttpResponse:
    """Put the model back into service that was before."""
    active = roll_back_model(activated_by=principal_of(request).user)
    messages.success(request, _("%(model)s is in service.") % {"model": active})
    return redirect("diagnosis:models")


def _card_page(
    request: HttpRequest, model: ShelvedModel, *, error: str = "", status: int = 200
) -> HttpResponse:
    digest = model.entry.digest if model.entry else ""
    context = {
        "model": model,
        "card": to_html(model.entry.card) if model.entry else "",
        "may_activate": principal_of(request).role == Role.ADMINISTRATOR,
        "headline": headline(model.measured)[:4] if model.measured else [],
        "evaluations": ModelEvaluation.objects.filter(digest=digest)[:HISTORY_LENGTH],
        "error": error,
    }
    return render_page(request, "diagnosis/model_detail.html", context, status=status)


def _shelved_or_404(name: str, version: str) -> ShelvedModel:
    model = shelved_model(name, version)
    if model is None:
        raise Http404
    return model
