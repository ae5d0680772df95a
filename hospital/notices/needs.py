"""What notices need of the installation, for `manage.py doctor`."""

from django.conf import settings

from hospital.core.registry import Need

NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"


def mail_is_configured() -> bool:
    return bool(settings.EMAIL_BACKEND != NO_MAIL)


def mail_need() -> list[Need]:
    """Say whether mail goes out; everything works without."""
    if mail_is_configured():
        return [Need("Mail", "found", f"by {settings.EMAIL_HOST}")]
    remedy = "To send mail set EMAIL_BACKEND, EMAIL_HOST and PUBLIC_URL."
    return [Need("Mail", "optional", "not configured; everything works", remedy)]
