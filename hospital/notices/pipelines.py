"""Mail goes out, and old notices go: by workers only."""

from django.conf import settings
from django.core.mail import send_mail as send
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from hospital.jobs.run import JobRun
from hospital.notices.mail import wants_mail
from hospital.notices.models import Notice
from hospital.notices.services import forget_notices


def send_mail(run: JobRun) -> dict[str, object]:
    """Send word that there is a notice, in every language, and nothing of what it says.

    Who has read it meanwhile, or wants no mail any more, gets none.
    """
    notices = Notice.objects.select_related("user")
    notice = notices.filter(pk=run.job.subject_id, read=None).first()
    if notice is None or not wants_mail(notice.user):
        return {"sent": 0}
    subjects, bodies = [], []
    for language, _name in settings.LANGUAGES:
        with override(language):
            site = {"site": settings.SITE_NAME}
            subjects.append(_("News for you in %(site)s") % site)
            bodies.append(
                _(
                    "There is a new notice for you in %(site)s. Sign in to read it. You can "
                    "turn this mail off on the same page."
                )
                % site
            )
    address = settings.PUBLIC_URL + reverse("notices:list")
    sent = send(
        subject=" / ".join(subjects),
        message="\n\n".join([*bodies, address]) + "\n",
        from_email=None,
        recipient_list=[notice.user.email],
    )
    return {"sent": sent}


def forget(run: JobRun) -> dict[str, object]:
    return {"forgotten": forget_notices(now=timezone.now())}
