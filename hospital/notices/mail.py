"""Mail is optional: a hospital configures it, and each person asks for it."""

from hospital.accounts.models import User
from hospital.notices.needs import mail_is_configured

PREFERENCE = "notices"  # {"mail": "on"} on the account


def asks_for_mail(user: User) -> bool:
    """Whether the person ticked that they want mail."""
    return bool(user.preferences.get(PREFERENCE, {}).get("mail"))


def wants_mail(user: User) -> bool:
    """Whether mail can and should go to the person."""
    return mail_is_configured() and bool(user.email) and asks_for_mail(user)
