"""Labelling in REST: projects, the next study, and what is said of it."""

from typing import Any  # Any: JSON of points
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from diagnosis.api.report import PersonSerializer
from diagnosis.models import (
    Label,
    LabelLoan,
    LabelMark,
    LabelProject,
    MarkKind,
    Marks,
    Part,
)
from diagnosis.selectors.labelling import (
    OVERSEERS,
    label_loans_visible_to,
    label_projects_visible_to,
    labels_visible_to,
    part_of,
    progress_for,
)
from diagnosis.services.label_loans import skip_loan, take_again, take_next
from diagnosis.services.label_projects import ProjectWish, create_label_project
from diagnosis.services.labelling import NewLabel, NewMark, label_study
from hospital.accounts.models import Role, User
from hospital.accounts.principal import principal_of
from hospital.accounts.selectors import departments_visible_to
from hospital.audit.services import record_access
from hospital.core.errors import InvalidInput

ROLES = (Role.CLINICIAN, *OVERSEERS)
BOX_EXAMPLE = {
    "kind": "box",
    "answer": "COVID",
    "sop_instance_uid": "2.25.17",
    "frame": 1,
    "points": [[120, 96], [188, 150]],
}


class LabelProjectSerializer(serializers.ModelSerializer):
    department = serializers.CharField(source="department.code")
    part = serializers.SerializerMethodField(help_text="What you do in it; or empty.")
    progress = serializers.SerializerMethodField()

    class Meta:
        model = LabelProject
        fields = [
            "id",
            "name",
            "department",
            "modality",
            "question",
            "labels",
            "marks",
            "readers_per_study",
            "guideline",
            "closed",
            "part",
            "progress",
            "created",
        ]

    def get_part(self, project: LabelProject) -> str:
        return part_of(principal_of(self.context["request"]).user, project)

    def get_progress(self, project: LabelProject) -> dict[str, int]:
        return progress_for(principal_of(self.context["request"]), project)


class NewLabelProjectSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=120)
    department = serializers.CharField(help_text="Its code.")
    modality = serializers.CharField(max_length=16, default="CT")
    question = serializers.CharField(max_length=300)
    labels = serializers.ListField(
        child=serializers.CharField(max_length=64), min_length=2, max_length=9
    )
    marks = serializers.ChoiceField(choices=Marks.choices, default=Marks.STUDY)
    readers_per_study = serializers.IntegerField(min_value=1, max_value=2, default=1)
    guideline = serializers.CharField(
        allow_blank=True, default="", max_length=20_000, help_text="Markdown"
    )
    readers = serializers.ListField(
        child=serializers.CharField(), help_text="User names of clinicians."
    )
    adjudicators = serializers.ListField(child=serializers.CharField(), default=list)


class MarkSerializer(serializers.ModelSerializer):
    sop_instance_uid = serializers.CharField(source="instance.sop_instance_uid")
    points = serializers.SerializerMethodField(
        help_text="Columns and rows in image pixels: a box's corners, or vertices."
    )

    class Meta:
        model = LabelMark
        fields = ["kind", "answer", "sop_instance_uid", "frame", "points"]

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_points(self, mark: LabelMark) -> Any:  # Any: JSON
        return mark.points


class LabelSerializer(serializers.ModelSerializer):
    author = PersonSerializer(read_only=True)
    study = serializers.UUIDField(source="study_id")
    marks = MarkSerializer(many=True)

    class Meta:
        model = Label
        fields = [
            "id",
            "project",
            "study",
            "author",
            "part",
            "answer",
            "comment",
            "marks",
            "supersedes",
            "created",
        ]


class LoanSerializer(serializers.ModelSerializer):
    others = serializers.SerializerMethodField(
        help_text="Both readers' labels, for an adjudicator alone."
    )

    class Meta:
        model = LabelLoan
        fields = ["id", "project", "study", "part", "until", "outcome", "others"]

    @extend_schema_field(LabelSerializer(many=True))
    def get_others(self, loan: LabelLoan) -> Any:  # Any: serialized rows
        if loan.part != Part.ADJUDICATOR:
            return []
        visible = labels_visible_to(principal_of(self.context["request"]))
        labels = visible.filter(
            project=loan.project_id,
            study=loan.study_id,
            part=Part.READER,
            superseded_by=None,
        )
        return LabelSerializer(labels, many=True).data


class NewMarkSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=MarkKind.choices)
    answer = serializers.CharField(max_length=64)
    sop_instance_uid = serializers.CharField(max_length=64)
    frame = serializers.IntegerField(default=1, min_value=1)
    points = serializers.ListField(
        child=serializers.ListField(
            child=serializers.FloatField(), min_length=2, max_length=2
        ),
        max_length=500,
    )


class NewLabelSerializer(serializers.Serializer):
    answer = serializers.CharField(max_length=64)
    comment = serializers.CharField(allow_blank=True, default="", max_length=1000)
    marks = NewMarkSerializer(many=True, default=list)


class NewSkipSerializer(serializers.Serializer):
    reason = serializers.CharField(allow_blank=True, default="", max_length=300)


class ProjectsView(ListAPIView):
    scope = "labels"
    roles = ROLES
    write_roles = OVERSEERS
    queryset = LabelProject.objects.none()
    serializer_class = LabelProjectSerializer

    def get_queryset(self) -> QuerySet[LabelProject]:
        visible = label_projects_visible_to(principal_of(self.request))
        return visible.select_related("department")

    @extend_schema(
        summary="Set up a labelling project",
        request=NewLabelProjectSerializer,
        responses={
            201: LabelProjectSerializer,
            409: OpenApiResponse(description="The name is taken"),
            422: OpenApiResponse(description="Labels or people do not fit"),
        },
    )
    def post(self, request: Request) -> Response:
        form = NewLabelProjectSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        principal, words = principal_of(request), dict(form.validated_data)
        code = words.pop("department")
        department = departments_visible_to(principal).filter(code=code).first()
        if department is None:
            told = _("There is no department of this code that you may see.")
            raise InvalidInput(told, code="department", fields={"department": [told]})
        for field in ("readers", "adjudicators"):
            words[field] = _people(words[field], field)
        project = create_label_project(
            author=principal.user, wish=ProjectWish(department=department, **words)
        )
        data = LabelProjectSerializer(project, context={"request": request}).data
        return Response(data, status=201)


class ProjectView(APIView):
    scope = "labels"
    roles = ROLES

    @extend_schema(summary="One labelling project", responses=LabelProjectSerializer)
    def get(self, request: Request, project_id: UUID) -> Response:
        project = visible_project(request, project_id)
        context = {"request": request}
        return Response(LabelProjectSerializer(project, context=context).data)


class LoansView(APIView):
    scope = "labels"
    roles = (Role.CLINICIAN,)

    @extend_schema(
        summary="Take the next study: the most uncertain, or one in dispute",
        description="It is lent to you for half an hour. A study that you hold already "
        "is lent again.",
        request=None,
        responses={
            201: LoanSerializer,
            204: OpenApiResponse(description="Nothing waits for you"),
            403: OpenApiResponse(description="You are not named in the project"),
            409: OpenApiResponse(description="The project is closed"),
        },
    )
    def post(self, request: Request, project_id: UUID) -> Response:
        project = visible_project(request, project_id)
        loan = take_next(project=project, reader=principal_of(request).user)
        if loan is None:
            return Response(status=204)
        data = LoanSerializer(loan, context={"request": request}).data
        return Response(data, status=201)


class LoanLabelView(APIView):
    scope = "labels"
    roles = (Role.CLINICIAN,)

    @extend_schema(
        summary="Say what the study that is lent to you shows",
        request=NewLabelSerializer,
        responses={
            201: LabelSerializer,
            409: OpenApiResponse(description="Closed, skipped, or read by others"),
            422: OpenApiResponse(description="No such label, or a mark lies nowhere"),
        },
        examples=[
            OpenApiExample(
                "With a box",
                request_only=True,
                value={"answer": "COVID", "comment": "", "marks": [BOX_EXAMPLE]},
            )
        ],
    )
    def post(self, request: Request, loan_id: UUID) -> Response:
        loan = _visible_loan(request, loan_id)
        form = NewLabelSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        words = form.validated_data
        marks = [NewMark(**mark) for mark in words["marks"]]
        label = label_study(
            loan=loan,
            reader=principal_of(request).user,
            said=NewLabel(words["answer"], words["comment"], marks),
        )
        patient_id = label.study.patient_id
        record_access(request, action="label", record=label, patient_id=patient_id)
        return Response(LabelSerializer(label).data, status=201)


class LoanSkipView(APIView):
    scope = "labels"
    roles = (Role.CLINICIAN,)

    @extend_schema(
        summary="Give the study back unlabelled, with a reason",
        request=NewSkipSerializer,
        responses={201: LoanSerializer},
    )
    def post(self, request: Request, loan_id: UUID) -> Response:
        loan = _visible_loan(request, loan_id)
        form = NewSkipSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        skipped = skip_loan(
            loan=loan,
            reader=principal_of(request).user,
            reason=form.validated_data["reason"],
        )
        data = LoanSerializer(skipped, context={"request": request}).data
        return Response(data, status=201)


class LabelsView(ListAPIView):
    """One's own labels; an adjudicator's of studies that both have read; or all."""

    scope = "labels"
    roles = ROLES
    queryset = Label.objects.none()
    serializer_class = LabelSerializer

    def get_queryset(self) -> QuerySet[Label]:
        project = visible_project(self.request, self.kwargs["project_id"])
        visible = labels_visible_to(principal_of(self.request)).filter(project=project)
        current = visible.filter(superseded_by=None)
        return current.select_related("author").prefetch_related("marks__instance")


class LabelRevisionView(APIView):
    scope = "labels"
    roles = (Role.CLINICIAN,)

    @extend_schema(
        summary="Have a study again that you labelled, to say otherwise",
        request=None,
        responses={201: LoanSerializer},
    )
    def post(self, request: Request, label_id: UUID) -> Response:
        principal = principal_of(request)
        visible = labels_visible_to(principal).select_related("project", "study")
        label = get_object_or_404(visible, id=label_id)
        loan = take_again(label=label, reader=principal.user)
        data = LoanSerializer(loan, context={"request": request}).data
        return Response(data, status=201)


def visible_project(request: Request, project_id: UUID) -> LabelProject:
    visible = label_projects_visible_to(principal_of(request))
    return get_object_or_404(visible.select_related("department"), id=project_id)


def _visible_loan(request: Request, loan_id: UUID) -> LabelLoan:
    visible = label_loans_visible_to(principal_of(request))
    return get_object_or_404(visible.select_related("project", "study"), id=loan_id)


def _people(names: list[str], field: str) -> list[User]:
    found = {u.get_username(): u for u in User.objects.filter(username__in=names)}
    unknown = [name for name in names if name not in found]
    if unknown:
        told = _("There is nobody called %(name)s.") % {"name": unknown[0]}
        raise InvalidInput(told, code="unknown_person", fields={field: [told]})
    return list(found.values())
