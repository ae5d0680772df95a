"""The models page: what stands in the store, what serves, and each one's card."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from diagnosis.models import ModelActivation
from diagnosis.services.activation import activate_model, roll_back_model
from diagnosis.shelf import ShelvedModel, shelved_model, shelved_models
from hospital.accounts.access import roles_required
from hospital.accounts.models import STAFF_ROLES, Role
from hospital.accounts.principal import principal_of
from hospital.core.help import to_html
from hospital.core.pages import render_page

HISTORY_LENGTH = 20


@roles_required(*STAFF_ROLES)
@require_GET
def models(request: HttpRequest) -> HttpResponse:
    history = ModelActivation.objects.select_related("activated_by")
    context = {
        "models": shelved_models(),
        "history": history.order_by("-created")[:HISTORY_LENGTH],
        "may_activate": principal_of(request).role == Role.ADMINISTRATOR,
    }
    return render_page(request, "diagnosis/model_list.html", context)


@roles_required(*STAFF_ROLES)
@require_GET
def model_card(request: HttpRequest, name: str, version: str) -> HttpResponse:
    model = _shelved_or_404(name, version)
    context = {
        "model": model,
        "card": to_html(model.entry.card) if model.entry else "",
        "may_activate": principal_of(request).role == Role.ADMINISTRATOR,
    }
    return render_page(request, "diagnosis/model_detail.html", context)


@roles_required(Role.ADMINISTRATOR)
@require_POST
def activation(request: HttpRequest, name: str, version: str) -> HttpResponse:
    """Put a model into service."""
    _shelved_or_404(name, version)
    active = activate_model(
        name=name,
        version=version,
        activated_by=principal_of(request).user,
        note=request.POST.get("note", "")[:300],
    )
    messages.success(request, _("%(model)s is in service.") % {"model": active})
    return redirect("diagnosis:models")


@roles_required(Role.ADMINISTRATOR)
@require_POST
def rollback(request: HttpRequest) -> HttpResponse:
    """Put the model back into service that was before."""
    active = roll_back_model(activated_by=principal_of(request).user)
    messages.success(request, _("%(model)s is in service.") % {"model": active})
    return redirect("diagnosis:models")


def _shelved_or_404(name: str, version: str) -> ShelvedModel:
    model = shelved_model(name, version)
    if model is None:
        raise Http404
    return model
