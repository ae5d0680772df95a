"""Sign-in as the hospital wants it: accounts are made by invitation only."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from hospital.accounts.models import User
from hospital.accounts.services.links import end_links


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # untyped
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: nobody makes an account for themselves."""
        return False

    def set_password(self, user: User, password: str) -> None:
        """Set a changed or reset password; older links to the account end."""
        super().set_password(user, password)
        end_links(user)
