from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from consult.notices import NOTICE_KINDS
from hospital.core.registry import (
    DemoPart,
    EventTopic,
    JobKind,
    NavigationEntry,
    add_demo_part,
    add_doctor_check,
    add_event_topic,
    add_job_kind,
    add_navigation,
    add_notice_kind,
    add_web_warmer,
    set_phone_numbers,
)

ANSWERING_S = 120


class ConsultConfig(AppConfig):
    name = "consult"
    verbose_name = _("Consultation")

    def ready(self) -> None:
        from consult.needs import language_needs  # noqa: PLC0415 (it reads rows)

        add_doctor_check(language_needs)
        add_web_warmer("consult.services.messages.warm_up")
        add_demo_part(DemoPart("consult.demo.load", order=50))
        add_job_kind(
            JobKind(
                kind="consult.answer",
                pipeline="consult.pipelines.answering.answer",
                title=_("Answering a patient"),
                queue="language",
                max_attempts=3,
                timeout_s=ANSWERING_S,
                roles=frozenset({"administrator"}),
                warm="consult.pipelines.warming.warm",
                failed="consult.services.answers.fail_answer",
            )
        )
        add_job_kind(
            JobKind(
                kind="consult.watch",
                pipeline="consult.pipelines.watching.watch",
                title=_("Looking after conversations"),
                roles=frozenset({"administrator"}),
            )
        )
        add_event_topic(
            EventTopic(
                "conversation",
                "consult.authorizers.may_hear_conversation",
                snapshot="consult.authorizers.conversation_standing",
                stranger_authorizer="consult.authorizers.stranger_may_hear",
            )
        )
        add_event_topic(EventTopic("desk", "consult.authorizers.may_hear_desk"))
        for kind in NOTICE_KINDS:
            add_notice_kind(kind)
        set_phone_numbers("consult.selectors.guidance.numbers")
        add_navigation(
            NavigationEntry(
                title=_("Conversations"),
                url_name="desk:queue",
                icon="messages-square",
                roles=frozenset({"clinician", "nurse", "administrator"}),
                order=28,
            )
        )
        add_navigation(
            NavigationEntry(
                title=_("Conversations"),
                url_name="consult:quality",
                icon="messages-square",
                roles=frozenset({"manager"}),
                order=28,
            )
        )
