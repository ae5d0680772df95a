"""Who sees what of labelling, and what waits for whom.

A reader is shown neither the model's answer nor another reader's label: every row goes
through `labels_visible_to`. Managers see how a project goes, and no study.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Abs, Coalesce

from diagnosis.labelling.meeting import Mark
from diagnosis.labelling.regions import Region
from diagnosis.labelling.standing import Said, Standing, State, standing
from diagnosis.models import (
    Finding,
    Label,
    LabelExport,
    LabelImport,
    LabelLoan,
    LabelMark,
    LabelMember,
    LabelProject,
    LoanOutcome,
    MarkDispute,
    MarkKind,
    ModelActivation,
    Part,
    Study,
)
from hospital.accounts.models import Role, User
from hospital.accounts.principal import Principal

GREY_ZONE = "grey_zone"  # why an answer was withheld that was too close to call
UNDECIDED, ANSWERED, UNREAD, REFUSED = range(4)  # in this order they are labelled
THRESHOLD = 0.5  # where the answer changes from one label to the other
SKIPS_SHOWN = 10
OVERSEERS = (Role.MANAGER, Role.ADMINISTRATOR)


def label_projects_visible_to(principal: Principal) -> QuerySet[LabelProject]:
    """Return what a clinician labels in, a manager's departments' projects, or all."""
    projects = LabelProject.objects.all()
    if principal.sees_every_department:
        return projects
    own = projects.filter(department__in=principal.department_ids)
    if principal.role == Role.MANAGER:
        return own
    if principal.role == Role.CLINICIAN:
        mine = LabelMember.objects.filter(user=principal.user)
        return own.filter(id__in=mine.values("project"))
    return projects.none()


def labels_visible_to(principal: Principal) -> QuerySet[Label]:
    """Return one's own labels; an adjudicator's, too, of studies that both have read.

    An administrator sees all. Nobody else sees anybody's: a reader must not know.
    """
    if principal.sees_every_department:
        return Label.objects.all()
    if principal.role != Role.CLINICIAN:
        return Label.objects.none()
    projects = label_projects_visible_to(principal)
    decides = LabelMember.objects.filter(user=principal.user, part=Part.ADJUDICATOR)
    same = Label.objects.filter(
        project=OuterRef("project"), study=OuterRef("study"), supersedes=None
    )
    has_own = Exists(same.filter(author=principal.user, part=Part.READER))
    are_two = Coalesce(
        Subquery(
            same.filter(part=Part.READER)
            .order_by()
            .values("study")
            .annotate(n=Count("id"))
            .values("n")
        ),
        0,
    )
    return (
        Label.objects.filter(project__in=projects)
        .annotate(readers=are_two)
        .filter(
            Q(author=principal.user)
            | Q(project__in=decides.values("project"), readers__gte=2) & ~has_own
        )
    )


def label_loans_visible_to(principal: Principal) -> QuerySet[LabelLoan]:
    """Return one's own loans alone."""
    projects = label_projects_visible_to(principal)
    return LabelLoan.objects.filter(reader=principal.user, project__in=projects)


def label_exports_visible_to(principal: Principal) -> QuerySet[LabelExport]:
    """Return every export to an administrator; they name patients."""
    if principal.role != Role.ADMINISTRATOR:
        return LabelExport.objects.none()
    return LabelExport.objects.all()


def label_imports_visible_to(principal: Principal) -> QuerySet[LabelImport]:
    """Return every import to an administrator."""
    if principal.role != Role.ADMINISTRATOR:
        return LabelImport.objects.none()
    return LabelImport.objects.all()


def part_of(user: User, project: LabelProject) -> str:
    """Return a person's part in a project; empty for none."""
    member = project.members.filter(user=user).first()
    return member.part if member else ""


def may_see_agreement(principal: Principal, project: LabelProject) -> bool:
    """Whether one may know how far readers agree: those who read, once it is closed."""
    return principal.role in OVERSEERS or project.closed is not None


def studies_of(project: LabelProject) -> QuerySet[Study]:
    """Return the studies that a project is about."""
    return Study.objects.filter(
        department=project.department_id,
        modality=project.modality,
        instance_count__gt=0,
    )


def waiting_for_reader(
    project: LabelProject, user: User, *, now: datetime
) -> QuerySet[Study]:
    """Return what a reader may label next, most uncertain first."""
    firsts = Label.objects.filter(
        project=project, study=OuterRef("pk"), part=Part.READER, supersedes=None
    )
    labelled = Label.objects.filter(
        project=project, study=OuterRef("study"), author=OuterRef("reader")
    )
    lent = LabelLoan.objects.filter(
        ~Exists(labelled),
        project=project,
        study=OuterRef("pk"),
        part=Part.READER,
        ended=None,
        until__gt=now,
    ).exclude(reader=user)
    skipped = LabelLoan.objects.filter(
        project=project,
        study=OuterRef("pk"),
        reader=user,
        outcome=LoanOutcome.SKIPPED,
    )
    taken = Coalesce(_count(firsts), 0) + Coalesce(_count(lent), 0)
    studies = (
        studies_of(project)
        .filter(~Exists(firsts.filter(author=user)), ~Exists(skipped))
        .annotate(taken=taken)
        .filter(taken__lt=project.readers_per_study)
    )
    return by_uncertainty(studies)


def waiting_for_adjudicator(
    project: LabelProject, user: User, *, now: datetime
) -> QuerySet[Study]:
    """Return the studies in dispute, by answer or by marks, oldest first.

    Whoever read a study does not decide it.
    """
    here = current_labels(project).filter(study=OuterRef("pk"))
    loans = LabelLoan.objects.filter(
        project=project, study=OuterRef("pk"), part=Part.ADJUDICATOR
    )
    return (
        studies_of(project)
        .filter(
            ~Exists(here.filter(author=user)),
            ~Exists(loans.filter(ended=None, until__gt=now).exclude(reader=user)),
            ~Exists(loans.filter(reader=user, outcome=LoanOutcome.SKIPPED)),
            in_dispute(project),
        )
        .order_by("created", "id")
    )


def in_dispute(project: LabelProject) -> Q:
    """Return which studies `standing` calls disputed, for the database to find them."""
    current = current_labels(project).order_by()
    read = current.filter(part=Part.READER)
    answers = read.values("study").annotate(answers=Count("answer", distinct=True))
    apart = MarkDispute.objects.filter(earlier__in=read, later__in=read)
    decided = current.filter(part=Part.ADJUDICATOR)
    return (
        Q(id__in=answers.filter(answers__gt=1).values("study"))
        | Q(id__in=apart.values("later__study"))
    ) & ~Q(id__in=decided.values("study"))


def by_uncertainty(studies: QuerySet[Study]) -> QuerySet[Study]:
    """Order studies by the model in service: undecided, sure, unread, refused.

    A study that the model refused, by its rules or its looks, is seldom one to learn
    from: it comes last. Withheld as too close to call, it is the most uncertain of all.
    """
    active = ModelActivation.objects.order_by("-created").first()
    read = (
        Finding.objects.filter(
            study=OuterRef("pk"), model_digest=active.digest if active else ""
        )
        .annotate(
            distance=Abs(F("positive_probability") - THRESHOLD),
            place=Case(
                When(reason_code=GREY_ZONE, then=UNDECIDED),
                When(abstained=True, then=REFUSED),
                default=ANSWERED,
            ),
        )
        .order_by("place", F("distance").asc(nulls_last=True))
    )
    return studies.annotate(
        place=Coalesce(Subquery(read.values("place")[:1]), UNREAD),
        certainty=Subquery(read.values("distance")[:1]),
    ).order_by("place", F("certainty").asc(nulls_last=True), "created", "id")


def current_labels(project: LabelProject) -> QuerySet[Label]:
    """Return the labels that no newer one supersedes, oldest first."""
    return Label.objects.filter(project=project, superseded_by=None).order_by(
        "study__created", "study_id", "created"
    )


def said_by_study(project: LabelProject) -> dict[UUID, list[Said]]:
    """Return the current labels of each study that has any."""
    apart: dict[UUID, set[UUID]] = defaultdict(set)
    disputes = MarkDispute.objects.filter(later__project=project)
    for earlier, later in disputes.values_list("earlier_id", "later_id"):
        apart[later].add(earlier)
    found: dict[UUID, list[Said]] = defaultdict(list)
    rows = current_labels(project).values_list(
        "study_id", "id", "author__username", "part", "answer"
    )
    for study_id, key, username, part, answer in rows:
        others = frozenset(apart.get(key, ()))
        one = Said(key, username, part == Part.ADJUDICATOR, answer, others)
        found[study_id].append(one)
    return found


def standings_of(project: LabelProject) -> dict[UUID, Standing]:
    """Return where each study stands that has a label."""
    return {
        study_id: standing(said, readers=project.readers_per_study)
        for study_id, said in said_by_study(project).items()
    }


def standing_labels(project: LabelProject) -> list[Label]:
    """Return the label that stands of each settled study, oldest study first."""
    stands = {one.stands for one in standings_of(project).values()}
    labels = current_labels(project).select_related("study__department", "author")
    found = labels.prefetch_related("marks__instance__series")
    return [label for label in found if label.id in stands]


def progress_of(project: LabelProject) -> dict[str, int]:
    """Return how many studies there are, are waited for, in dispute and settled."""
    standings = list(standings_of(project).values())
    states = dict.fromkeys(State, 0)
    for one in standings:
        states[one.state] += 1
    studies = studies_of(project).count()
    settled, disputed = states[State.SETTLED], states[State.DISPUTED]
    return {
        "studies": studies,
        "waiting": max(studies - settled - disputed, 0),
        "disputed": disputed,
        "settled": settled,
    }


def answers_of(project: LabelProject) -> list[tuple[str, int]]:
    """Return how many studies each label stands for, in the project's order."""
    counted = Counter(one.answer for one in standings_of(project).values())
    return [(label, counted[label]) for label in project.labels]


def skips_of(project: LabelProject) -> list[tuple[str, int]]:
    """Return why studies were skipped, the most frequent reason first."""
    skipped = LabelLoan.objects.filter(project=project, outcome=LoanOutcome.SKIPPED)
    return Counter(skipped.values_list("reason", flat=True)).most_common(SKIPS_SHOWN)


def progress_for(principal: Principal, project: LabelProject) -> dict[str, int]:
    """Return how far a project is, as far as whoever asks may know.

    Readers are told their own count while they read: whether a study that they have
    just labelled is in dispute would tell them the other's label.
    """
    if principal.role in OVERSEERS or project.closed:
        return progress_of(project)
    if part_of(principal.user, project) == Part.ADJUDICATOR:
        return progress_of(project)
    own = current_labels(project).filter(author=principal.user)
    return {"studies": studies_of(project).count(), "read": own.count()}


def region_of(mark: LabelMark) -> Region:
    """Return a mark's region, as it was checked when it was kept."""
    points = tuple((float(x), float(y)) for x, y in mark.points)
    return Region("box" if mark.kind == MarkKind.BOX else "polygon", points)


def marks_by_label(labels: QuerySet[Label]) -> Mapping[Hashable, Sequence[Mark]]:
    """Return where the marks of each label lie that has any."""
    rows = LabelMark.objects.filter(label__in=labels.order_by())
    found: dict[Hashable, list[Mark]] = defaultdict(list)
    for mark in rows.select_related("instance").defer("instance__attributes"):
        image = mark.instance
        found[mark.label_id].append(
            Mark(
                region_of(mark),
                mark.answer,
                image.series_id,
                (image.id, mark.frame),
                image.position_mm if image.frames == 1 else None,
            )
        )
    return found


def _count(rows: QuerySet[Label] | QuerySet[LabelLoan]) -> Subquery:
    counted = rows.order_by().values("study").annotate(n=Count("id"))
    return Subquery(counted.values("n"))
