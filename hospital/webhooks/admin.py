"""Webhooks in the administration: made, watched, sent again, switched off and on."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hospital.accounts.admin import ReadOnlyAdmin, show_once
from hospital.accounts.principal import principal_of
from hospital.core.errors import DomainError
from hospital.core.registry import registry
from hospital.webhooks.models import (
    DisabledReason,
    WebhookDelivery,
    WebhookEndpoint,
)
from hospital.webhooks.services.deliveries import redeliver, send_test
from hospital.webhooks.services.endpoints import (
    change_endpoint,
    check_endpoint,
    disable_endpoint,
    enable_endpoint,
    make_endpoint,
    rotate_secret,
)


class EndpointForm(forms.ModelForm):
    event_types = forms.MultipleChoiceField(
        label=_("Events it hears of"),
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(e.name, e.title) for e in registry.webhook_events.values()],
    )

    class Meta:
        model = WebhookEndpoint
        fields = ["url", "description", "event_types", "department"]

    def clean(self) -> dict[str, Any] | None:
        """Refuse what no message can be sent to."""
        data = super().clean()
        if not self.errors:
            for name, value in self.cleaned_data.items():
                setattr(self.instance, name, value)
            try:
                check_endpoint(self.instance)
            except DomainError as refused:
                raise ValidationError(
                    {name: list(words) for name, words in refused.fields.items()}
                ) from refused
        return data


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(admin.ModelAdmin):
    form = EndpointForm
    list_display = [
        "url",
        "description",
        "owner",
        "department",
        "is_on",
        "failing_since",
    ]
    list_filter = ["disabled_reason", "department"]
    list_select_related = ["owner", "department"]
    search_fields = ["url", "description"]
    readonly_fields = [
        "owner",
        "created",
        "failing_since",
        "disabled",
        "disabled_reason",
    ]
    actions = ["switch_off", "switch_on", "test", "rotate"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show what became of it where there is one."""
        asked = ["url", "description", "event_types", "department"]
        return [*asked, *self.readonly_fields] if obj else asked

    @admin.display(description=_("switched on"), boolean=True)
    def is_on(self, endpoint: WebhookEndpoint) -> bool:
        return endpoint.is_enabled

    def get_form(
        self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """Have a new webhook be whose it will be before it is judged."""
        form = super().get_form(request, obj, *args, **kwargs)
        if obj is None:
            owner = principal_of(request).user

            class OwnedForm(form):  # type: ignore[valid-type, misc]  # made by Django
                def __init__(self, *values: Any, **options: Any) -> None:
                    super().__init__(*values, **options)
                    self.instance.owner = owner

            return OwnedForm
        return form

    def save_model(
        self,
        request: HttpRequest,
        obj: WebhookEndpoint,
        form: forms.ModelForm,
        change: bool,  # noqa: FBT001 (Django's signature)
    ) -> None:
        if change:
            change_endpoint(obj)
            return
        made, secret = make_endpoint(
            owner=obj.owner,
            url=obj.url,
            event_types=obj.event_types,
            department=obj.department,
            description=obj.description,
        )
        obj.__dict__.update(made.__dict__)
        request.new_secret = secret  # type: ignore[attr-defined]  # shown by response_add

    def response_add(
        self,
        request: HttpRequest,
        obj: WebhookEndpoint,
        post_url_continue: str | None = None,
    ) -> HttpResponse:
        """Show the secret, which nobody can read again later."""
        return self._show(request, getattr(request, "new_secret", ""))

    @admin.action(description=_("Give a new secret; the old one signs for a day yet"))
    def rotate(
        self, request: HttpRequest, endpoints: QuerySet[WebhookEndpoint]
    ) -> HttpResponse | None:
        chosen = list(endpoints[:2])
        if len(chosen) != 1:
            messages.error(request, _("Choose one webhook."))
            return None
        return self._show(request, rotate_secret(chosen[0]))

    @admin.action(description=_("Send a test message"))
    def test(self, request: HttpRequest, endpoints: QuerySet[WebhookEndpoint]) -> None:
        each(
            request, endpoints, send_test, done=gettext("Test messages are under way.")
        )

    @admin.action(description=_("Switch off"))
    def switch_off(
        self, request: HttpRequest, endpoints: QuerySet[WebhookEndpoint]
    ) -> None:
        for endpoint in endpoints:
            disable_endpoint(endpoint, reason=DisabledReason.BY_HAND)
        messages.success(request, _("The webhooks are switched off."))

    @admin.action(description=_("Switch on"))
    def switch_on(
        self, request: HttpRequest, endpoints: QuerySet[WebhookEndpoint]
    ) -> None:
        each(request, endpoints, enable_endpoint, done=gettext("The webhooks are on."))

    def _show(self, request: HttpRequest, secret: str) -> HttpResponse:
        return show_once(request, self, title=_("The webhook's secret"), secret=secret)


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    list_display = [
        "created",
        "event_type",
        "endpoint",
        "state",
        "attempts",
        "status",
        "error",
        "next_attempt",
    ]
    list_filter = ["state", "event_type", "error"]
    list_select_related = ["endpoint"]
    actions = ["send_again"]

    @admin.action(description=_("Send again"))
    def send_again(
        self, request: HttpRequest, deliveries: QuerySet[WebhookDelivery]
    ) -> None:
        each(
            request, deliveries, redeliver, done=gettext("The messages are under way.")
        )


def each(
    request: HttpRequest,
    rows: QuerySet[Any],  # Any: either of two models
    act: Callable[[Any], object],
    *,
    done: str,
) -> None:
    """Do it with each row, and say what could not be done."""
    refusals = 0
    for row in rows:
        try:
            act(row)
        except DomainError as error:
            refusals += 1
            messages.error(request, f"{row}: {error.message}")
    if not refusals:
        messages.success(request, done)
