"""The model store in REST."""

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from diagnosis.services.activation import activate_model
from diagnosis.shelf import ShelvedModel, shelved_model, shelved_models
from hospital.accounts.models import STAFF_ROLES, Role
from hospital.accounts.principal import principal_of

ROLES = (*STAFF_ROLES, Role.INTEGRATOR)


class ModelSerializer(serializers.Serializer):
    id = serializers.CharField(source="reference", help_text="NAME/VERSION")
    name = serializers.CharField()
    version = serializers.CharField()
    title = serializers.SerializerMethodField()
    notice = serializers.SerializerMethodField()
    digest = serializers.SerializerMethodField()
    labels = serializers.SerializerMethodField()
    positive = serializers.SerializerMethodField()
    figures = serializers.DictField()
    active = serializers.BooleanField(source="is_active")
    activated = serializers.DateTimeField(allow_null=True)
    starts = serializers.SerializerMethodField()
    trouble_code = serializers.CharField()
    trouble = serializers.CharField(help_text="Why it does not start.")

    def get_title(self, model: ShelvedModel) -> str:
        return model.entry.title if model.entry else ""

    def get_notice(self, model: ShelvedModel) -> str:
        return model.entry.notice if model.entry else ""

    def get_digest(self, model: ShelvedModel) -> str:
        return model.entry.digest if model.entry else ""

    def get_labels(self, model: ShelvedModel) -> list[str]:
        return list(model.entry.labels) if model.entry else []

    def get_positive(self, model: ShelvedModel) -> str:
        return model.entry.positive if model.entry else ""

    def get_starts(self, model: ShelvedModel) -> bool:
        return not model.trouble


class ModelPageSerializer(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ModelSerializer(many=True)


class ModelDetailSerializer(ModelSerializer):
    card = serializers.SerializerMethodField(help_text="Markdown")
    metrics = serializers.SerializerMethodField()

    def get_card(self, model: ShelvedModel) -> str:
        return model.entry.card if model.entry else ""

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_metrics(self, model: ShelvedModel) -> dict[str, object]:
        return dict(model.entry.metrics) if model.entry else {}


class NewActivationSerializer(serializers.Serializer):
    note = serializers.CharField(default="", allow_blank=True, max_length=300)


class ModelsView(APIView):
    scope = "models"
    roles = ROLES

    @extend_schema(
        operation_id="models_list",
        summary="Models of the store",
        responses=ModelPageSerializer,
    )
    def get(self, request: Request) -> Response:
        rows = ModelSerializer(shelved_models(), many=True).data
        return Response(
            {"count": len(rows), "next": None, "previous": None, "results": rows}
        )


class ModelView(APIView):
    scope = "models"
    roles = ROLES

    @extend_schema(summary="One model with its card", responses=ModelDetailSerializer)
    def get(self, request: Request, name: str, version: str) -> Response:
        model = _shelved_or_404(name, version)
        return Response(ModelDetailSerializer(model).data)


class ActivationView(APIView):
    scope = "models"
    roles = (Role.ADMINISTRATOR,)

    @extend_schema(
        summary="Put a model into service",
        request=NewActivationSerializer,
        responses={201: ModelSerializer},
    )
    def post(self, request: Request, name: str, version: str) -> Response:
        _shelved_or_404(name, version)
        form = NewActivationSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        activate_model(
            name=name,
            version=version,
            activated_by=principal_of(request).user,
            note=form.validated_data["note"],
        )
        return Response(
            ModelSerializer(_shelved_or_404(name, version)).data, status=201
        )


def _shelved_or_404(name: str, version: str) -> ShelvedModel:
    model = shelved_model(name, version)
    if model is None:
        raise Http404(_("There is no such model."))
    return model
