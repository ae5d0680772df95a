"""Patients in REST: read, within what the principal may see."""

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from hospital.accounts.principal import principal_of
from hospital.audit.services import record_access, record_list
from hospital.records.models import Patient, PatientIdentifier, PatientName
from hospital.records.selectors import patients_visible_to


class PatientNameSerializer(serializers.ModelSerializer):
    class Meta:
        model = PatientName
        fields = ["script", "text"]


class PatientIdentifierSerializer(serializers.ModelSerializer):
    class Meta:
        model = PatientIdentifier
        fields = ["system", "value"]


class PatientSerializer(serializers.ModelSerializer):
    name = serializers.CharField(read_only=True)
    names = PatientNameSerializer(many=True, read_only=True)
    identifiers = PatientIdentifierSerializer(many=True, read_only=True)

    class Meta:
        model = Patient
        fields = ["id", "name", "names", "identifiers", "birth_date", "sex", "created"]


class PatientFilter(filters.FilterSet):
    identifier = filters.CharFilter(field_name="identifiers__value")

    class Meta:
        model = Patient
        fields = {"birth_date": ["exact", "gte", "lte"], "sex": ["exact"]}


@extend_schema_view(
    list=extend_schema(summary="Patients that you may see"),
    retrieve=extend_schema(summary="One patient; the opening is audited"),
)
class PatientViewSet(viewsets.ReadOnlyModelViewSet):
    scope = "patients"
    queryset = Patient.objects.none()
    serializer_class = PatientSerializer
    filterset_class = PatientFilter
    search_fields = ["names__text", "identifiers__value"]
    ordering_fields = ["created", "birth_date"]
    ordering = ["-created", "id"]

    def get_queryset(self) -> QuerySet[Patient]:
        return patients_visible_to(principal_of(self.request))

    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        answer = super().list(request, *args, **kwargs)
        record_list(request, model=Patient, rows=len(answer.data["results"]))
        return answer

    def retrieve(self, request: Request, *args: object, **kwargs: object) -> Response:
        patient = self.get_object()
        record_access(request, action="read", record=patient, patient_id=patient.id)
        return Response(self.get_serializer(patient).data)
