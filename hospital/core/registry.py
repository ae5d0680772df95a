"""What each app adds to the shell, told once in its `AppConfig.ready`.

The ground renders what is registered and imports no app.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """A line in the rail: where it leads, and which roles see it."""

    title: Text
    url_name: str
    icon: str
    roles: frozenset[str]
    order: int = 100


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of long work: the dotted path of its pipeline, imported by workers only.

    Its owner sees and stops a job of it, and of the department's staff those of `roles`;
    where there are none, all staff see it, and clinicians and managers stop it.

    It waits in `queue`, or in one of `further_queues` where `enqueue` names that.
    `warm` is called once by each worker of these queues before it takes the first job, and
    `failed` with every job of the kind that has failed for good: dotted paths, too.
    `leads_to` is the dotted path of what gives, for a job that has done its work, the
    pages of what came of it: pairs of title and address.
    """

    kind: str
    pipeline: str
    title: Text
    queue: str = "default"
    further_queues: tuple[str, ...] = ()
    max_attempts: int = 5
    timeout_s: int = 900
    roles: frozenset[str] = frozenset()
    warm: str = ""
    failed: str = ""
    leads_to: str = ""

    @property
    def queues(self) -> frozenset[str]:
        """Every queue in which a job of it may wait."""
        return frozenset({self.queue, *self.further_queues})


@dataclass(frozen=True, slots=True)
class QuestionKind:
    """A kind of question that a worker answers while somebody waits.

    `child` is the dotted path of the program that answers it: JSON on its standard
    input, JSON on its output. It is killed after `limit_s`.
    """

    kind: str
    child: str
    limit_s: float = 20.0


@dataclass(frozen=True, slots=True)
class Need:
    """One answer of `manage.py doctor`."""

    name: str
    state: Literal["found", "missing", "optional"]
    detail: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class EventTopic:
    """A family of topics such as `job`, and the dotted path of who may listen.

    The authorizer takes the principal and what follows the colon, and returns a bool.
    The snapshot, if any, takes what follows the colon and returns how it stands now,
    for a page that begins to listen: the data of an event or of several, or None; each
    may name its `event`.
    Where `stranger_authorizer` is given, a request that the authorizer does not let in,
    signed in or not, is let in when that returns true of it and of what follows the
    colon. Without one nobody listens who is not signed in.
    """

    prefix: str
    authorizer: str
    snapshot: str = ""
    stranger_authorizer: str = ""


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of notice: `words` makes its sentence of the values kept with each one.

    It is called when the notice is shown, in the reader's language.
    """

    kind: str
    words: Callable[[Mapping[str, Any]], str]  # Any: JSON that the kind itself wrote
    icon: str = "bell"


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """Something that other systems may hear of, such as `roster.published`."""

    name: str
    title: Text


@dataclass(frozen=True, slots=True)
class PatientPanel:
    """A fragment on the patient's page, fetched from the URL that takes `patient`."""

    title: Text
    url_name: str
    roles: frozenset[str]
    order: int = 100


@dataclass(frozen=True, slots=True)
class DemoPart:
    """What a room adds to the demo: the dotted path of its loader, lower orders first.

    The loader takes a `hospital.core.demo.Demo` and may run any number of times.
    """

    loader: str
    order: int = 100

    @property
    def room(self) -> str:
        """The app that adds it: `accounts` of `hospital.accounts.demo.load`."""
        return self.loader.split(".")[-3]


@dataclass(frozen=True, slots=True)
class StartStep:
    """A command that `up` runs before anything answers, where it is needed.

    `is_done` is the dotted path of what says so: it asks the tables, and takes nothing.
    """

    command: str
    is_done: str


@dataclass(slots=True)
class Registry:
    """Everything the apps registered at start."""

    navigation: list[NavigationEntry] = field(default_factory=list)
    job_kinds: dict[str, JobKind] = field(default_factory=dict)
    question_kinds: dict[str, QuestionKind] = field(default_factory=dict)
    doctor_checks: list[Callable[[], list[Need]]] = field(default_factory=list)
    event_topics: dict[str, EventTopic] = field(default_factory=dict)
    notice_kinds: dict[str, NoticeKind] = field(default_factory=dict)
    webhook_events: dict[str, WebhookEvent] = field(default_factory=dict)
    patient_panels: list[PatientPanel] = field(default_factory=list)
    demo_parts: list[DemoPart] = field(default_factory=list)
    web_warmers: list[str] = field(default_factory=list)
    start_steps: list[StartStep] = field(default_factory=list)
    phone_numbers: str = ""  # dotted path: what gives the hospital's, by service

    def navigation_for(self, role: str) -> list[NavigationEntry]:
        """Return the rail's entries for a role, in their order."""
        entries = [entry for entry in self.navigation if role in entry.roles]
        return sorted(entries, key=lambda entry: entry.order)

    def patient_panels_for(self, role: str) -> list[PatientPanel]:
        """Return the patient page's panels for a role, in their order."""
        panels = [panel for panel in self.patient_panels if role in panel.roles]
        return sorted(panels, key=lambda panel: panel.order)


registry = Registry()


def add_navigation(entry: NavigationEntry) -> None:
    registry.navigation.append(entry)


def add_job_kind(kind: JobKind) -> None:
    registry.job_kinds[kind.kind] = kind


def add_question_kind(kind: QuestionKind) -> None:
    registry.question_kinds[kind.kind] = kind


def add_doctor_check(check: Callable[[], list[Need]]) -> None:
    registry.doctor_checks.append(check)


def add_event_topic(topic: EventTopic) -> None:
    registry.event_topics[topic.prefix] = topic


def add_notice_kind(kind: NoticeKind) -> None:
    registry.notice_kinds[kind.kind] = kind


def add_webhook_event(event: WebhookEvent) -> None:
    registry.webhook_events[event.name] = event


def add_patient_panel(panel: PatientPanel) -> None:
    registry.patient_panels.append(panel)


def add_demo_part(part: DemoPart) -> None:
    registry.demo_parts.append(part)


def add_start_step(step: StartStep) -> None:
    registry.start_steps.append(step)


def set_phone_numbers(path: str) -> None:
    registry.phone_numbers = path


def add_web_warmer(path: str) -> None:
    """Have each web process call a function, by its dotted path, when it starts."""
    registry.web_warmers.append(path)
