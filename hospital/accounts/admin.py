"""People, departments, tokens and API clients in the administration."""

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hospital.accounts.models import (
    ApiClient,
    ApiToken,
    Department,
    LinkPurpose,
    Membership,
    OneTimeLink,
    Role,
    User,
)
from hospital.accounts.scopes import all_scopes
from hospital.accounts.services.links import make_link
from hospital.accounts.services.people import make_reset_link
from hospital.accounts.services.tokens import create_api_client, revoke_api_token

LINKS_AT_ONCE = 50


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that are looked at here and changed elsewhere, or never."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 1


@admin.register(Department)
class DepartmentAdmin(admin.ModelAdmin):
    list_display = ["name", "name_zh", "code"]
    search_fields = ["code", "name", "name_zh"]


class PersonForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "role", "is_active"]

    def clean(self) -> dict[str, Any] | None:
        """Refuse to leave the hospital without an administrator."""
        data = super().clean()
        stays = self.cleaned_data.get("role") == Role.ADMINISTRATOR
        if not (stays and self.cleaned_data.get("is_active")):
            others = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True)
            was_one = others.filter(pk=self.instance.pk).exists()
            if was_one and not others.exclude(pk=self.instance.pk).exists():
                raise ValidationError(_("This is the last administrator."))
        return data


@admin.register(User)
class PersonAdmin(admin.ModelAdmin):
    form = PersonForm
    list_display = ["username", "first_name", "last_name", "role", "is_active"]
    list_filter = ["role", "is_active", "departments"]
    search_fields = ["username", "first_name", "last_name", "email"]
    readonly_fields = ["last_login", "date_joined"]
    inlines = [MembershipInline]
    actions = ["print_links", "remove_second_factors"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: who signed something stays known. Make the account inactive."""
        return False

    def save_model(
        self,
        request: HttpRequest,
        obj: User,
        form: forms.ModelForm,
        change: bool,  # noqa: FBT001 (Django's signature)
    ) -> None:
        """Keep Django's own rights in step with the role."""
        obj.is_staff = obj.is_superuser = obj.role == Role.ADMINISTRATOR
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the invitation, which nobody can read again later."""
        return self._show_links(request, [obj])

    @admin.action(description=_("Print one-time links to choose a password"))
    def print_links(
        self, request: HttpRequest, people: QuerySet[User]
    ) -> HttpResponse | None:
        chosen = list(people.filter(is_active=True)[: LINKS_AT_ONCE + 1])
        if len(chosen) > LINKS_AT_ONCE or not chosen:
            messages.error(request, _("Choose 1 to 50 active people."))
            return None
        return self._show_links(request, chosen)

    @admin.action(description=_("Remove second factors (a lost telephone)"))
    def remove_second_factors(
        self, request: HttpRequest, people: QuerySet[User]
    ) -> None:
        removed, _rows = Authenticator.objects.filter(user__in=people).delete()
        messages.success(
            request,
            ngettext(
                "%(count)d factor was removed.",
                "%(count)d factors were removed.",
                removed,
            )
            % {"count": removed},
        )

    @transaction.atomic
    def _show_links(self, request: HttpRequest, people: list[User]) -> HttpResponse:
        administrator = User.objects.get(username=request.user.get_username())
        links = []
        for person in people:
            if person.has_usable_password():
                link = make_reset_link(user=person, made_by=administrator)
            else:
                link = make_link(
                    purpose=LinkPurpose.INVITATION, user=person, made_by=administrator
                )
            links.append((person, request.build_absolute_uri(link.path), link.row))
        return show_once(request, self, title=_("One-time links"), links=links)


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    list_display = ["name", "user", "created", "expires", "revoked", "last_used"]
    list_filter = ["user__role"]
    search_fields = ["name", "user__username"]
    fields = ["name", "user", "scopes", "created", "expires", "revoked", "last_used"]
    actions = ["revoke"]

    @admin.action(description=_("Revoke"))
    def revoke(self, request: HttpRequest, tokens: QuerySet[ApiToken]) -> None:
        for token in tokens:
            revoke_api_token(token)
        messages.success(request, _("The tokens open nothing any more."))


@admin.register(OneTimeLink)
class OneTimeLinkAdmin(ReadOnlyAdmin):
    list_display = ["id", "purpose", "user", "made_by", "created", "expires", "used"]
    list_filter = ["purpose"]
    search_fields = ["user__username"]
    fields = ["purpose", "user", "patient_id", "made_by", "created", "expires", "used"]


class ApiClientForm(forms.ModelForm):
    name = forms.CharField(label=_("name"), max_length=255)
    integrator = forms.ModelChoiceField(
        label=_("acts for"), queryset=User.objects.filter(role=Role.INTEGRATOR)
    )
    scopes = forms.MultipleChoiceField(
        label=_("scopes"),
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: list(all_scopes().items()),
    )

    class Meta:
        model = ApiClient
        fields = ["scopes"]


@admin.register(ApiClient)
class ApiClientAdmin(admin.ModelAdmin):
    form = ApiClientForm
    list_display = ["client_name", "client_id", "integrator", "created"]
    list_select_related = ["application__user"]

    @admin.display(description=_("name"))
    def client_name(self, client: ApiClient) -> str:
        return str(client.application.name)

    @admin.display(description=_("client id"))
    def client_id(self, client: ApiClient) -> str:
        return str(client.application.client_id)

    @admin.display(description=_("acts for"))
    def integrator(self, client: ApiClient) -> str:
        return str(client.application.user)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["scopes"] if obj else ["name", "integrator", "scopes"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def get_form(
        self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """Ask for name and account of a new client only."""
        form = super().get_form(request, obj, *args, **kwargs)
        if obj:
            form.base_fields.pop("name", None)
            form.base_fields.pop("integrator", None)
        return form

    def save_model(
        self,
        request: HttpRequest,
        obj: ApiClient,
        form: forms.ModelForm,
        change: bool,  # noqa: FBT001 (Django's signature)
    ) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        made, secret = create_api_client(
            integrator=form.cleaned_data["integrator"],
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
        )
        obj.__dict__.update(made.__dict__)
        request.new_secret = secret  # type: ignore[attr-defined]  # shown by response_add

    def response_add(
        self, request: HttpRequest, obj: ApiClient, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the secret, which nobody can read again later."""
        secret = getattr(request, "new_secret", "")
        return show_once(
            request, self, title=_("The client's secret"), client=obj, secret=secret
        )


def show_once(
    request: HttpRequest, page: admin.ModelAdmin, *, title: object, **context: object
) -> HttpResponse:
    """Return a page with what is shown this once."""
    context = {**page.admin_site.each_context(request), "title": title, **context}
    response = TemplateResponse(request, "admin/shown_once.html", context)
    response["Cache-Control"] = "no-store"
    return response
