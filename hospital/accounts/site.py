"""The administration: Django's own, opened to administrators alone."""

from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import SimpleAdminConfig
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

# Their pages show secrets, or rights that our roles do not know.
HIDDEN_APPS = frozenset({"auth", "oauth2_provider", "mfa", "account", "usersessions"})


class AdministrationConfig(SimpleAdminConfig):
    default_site = "hospital.accounts.site.Administration"


class Administration(AdminSite):
    """Signs in by the platform's own page, so its second factor and limits hold."""

    site_header = site_title = "Anji"
    index_title = _("Administration")

    def get_urls(self) -> list[Any]:  # Any: patterns and resolvers
        """Leave out "view on site": no row of ours has a page by its content type."""
        left_out = "view_on_site"
        urls = super().get_urls()
        return [url for url in urls if getattr(url, "name", "") != left_out]

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether an administrator asks."""
        role = getattr(request.user, "role", None)
        return super().has_permission(request) and role == "administrator"

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002
        """Refuse people of other roles at once; ask strangers to sign in.

        `Any` and the boolean are Django's signature.
        """
        page = super().admin_view(view, cacheable)

        @wraps(page)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not request.user.is_authenticated:
                return sign_in(request.get_full_path())
            if not self.has_permission(request):
                raise PermissionDenied
            return page(request, *args, **kwargs)

        return guarded

    def login(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Lead strangers to the sign-in page; refuse people of other roles."""
        index = reverse("admin:index")
        if not request.user.is_authenticated:
            return sign_in(request.GET.get("next") or index)
        if not self.has_permission(request):
            raise PermissionDenied
        return redirect(index)

    def register(self, model_or_iterable: Any, *args: Any, **options: Any) -> None:
        """Register a model, unless its app is hidden."""
        is_one = isinstance(model_or_iterable, type)
        models: list[Any] = [model_or_iterable] if is_one else list(model_or_iterable)
        ours = [m for m in models if m._meta.app_label not in HIDDEN_APPS]  # noqa: SLF001
        if ours:
            super().register(ours, *args, **options)


def sign_in(target: str) -> HttpResponse:
    """Return the way to the sign-in page, which judges where it leads on to."""
    return redirect(f"{reverse('account_login')}?{urlencode({'next': target})}")
