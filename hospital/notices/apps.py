from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from hospital.core.registry import (
    EventTopic,
    JobKind,
    add_doctor_check,
    add_event_topic,
    add_job_kind,
)
from hospital.notices.needs import mail_need

JOB_KINDS = (
    JobKind(
        kind="notices.mail",
        pipeline="hospital.notices.pipelines.send_mail",
        title=_("Sending word of a notice"),
    ),
    JobKind(
        kind="notices.forget",
        pipeline="hospital.notices.pipelines.forget",
        title=_("Forgetting old notices"),
    ),
)


class NoticesConfig(AppConfig):
    name = "hospital.notices"
    label = "notices"
    verbose_name = _("Notices")

    def ready(self) -> None:
        for kind in JOB_KINDS:
            add_job_kind(kind)
        add_event_topic(
            EventTopic("notices", "hospital.notices.authorizers.may_hear_notices_of")
        )
        add_doctor_check(mail_need)
