"""Who is asking, and in which departments, in REST."""

from django.db.models import QuerySet
from drf_spectacular.utils import (
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hospital.accounts.models import Department, Role
from hospital.accounts.principal import Principal, principal_of
from hospital.accounts.selectors import departments_visible_to


class DepartmentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Department
        fields = ["id", "code", "name", "name_zh"]


class MeSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="user.id")
    username = serializers.CharField(source="user.username")
    name = serializers.CharField(source="user.get_full_name")
    role = serializers.ChoiceField(choices=Role.choices)
    scopes = serializers.SerializerMethodField(
        help_text="What the token may do; null in a browser session."
    )
    client_id = serializers.CharField(allow_null=True)
    departments = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_scopes(self, principal: Principal) -> list[str] | None:
        return None if principal.scopes is None else sorted(principal.scopes)

    @extend_schema_field(DepartmentSerializer(many=True))
    def get_departments(self, principal: Principal) -> list[dict[str, str]]:
        departments = departments_visible_to(principal)
        return list(DepartmentSerializer(departments, many=True).data)


class MeView(APIView):
    scope = None

    @extend_schema(
        summary="Who the token or session speaks for", responses=MeSerializer
    )
    def get(self, request: Request) -> Response:
        return Response(MeSerializer(principal_of(request)).data)


@extend_schema_view(
    list=extend_schema(summary="Departments that you may see"),
    retrieve=extend_schema(summary="One department"),
)
class DepartmentViewSet(viewsets.ReadOnlyModelViewSet):
    scope = None
    queryset = Department.objects.none()
    serializer_class = DepartmentSerializer
    filterset_fields = ["code"]
    search_fields = ["code", "name", "name_zh"]
    ordering_fields = ["code", "name"]
    ordering = ["name", "id"]

    def get_queryset(self) -> QuerySet[Department]:
        return departments_visible_to(principal_of(self.request))
