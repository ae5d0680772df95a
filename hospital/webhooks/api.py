"""Webhooks in REST: an integrator's own; an administrator sees all."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema, inline_serializer
from rest_framework import generics, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hospital.accounts.models import Department
from hospital.accounts.principal import principal_of
from hospital.accounts.selectors import departments_visible_to
from hospital.core.errors import InvalidInput
from hospital.webhooks.models import (
    DisabledReason,
    WebhookDelivery,
    WebhookEndpoint,
)
from hospital.webhooks.selectors import (
    MAKERS,
    deliveries_visible_to,
    webhooks_visible_to,
)
from hospital.webhooks.services.deliveries import redeliver, send_test
from hospital.webhooks.services.endpoints import (
    change_endpoint,
    disable_endpoint,
    enable_endpoint,
    make_endpoint,
    rotate_secret,
)

SECRET = inline_serializer("WebhookSecret", {"secret": serializers.CharField()})


class WebhookSerializer(serializers.ModelSerializer):
    department = serializers.CharField(
        source="department.code", read_only=True, allow_null=True
    )
    is_enabled = serializers.BooleanField(read_only=True)

    class Meta:
        model = WebhookEndpoint
        fields = ["id", "url", "description", "event_types", "department"]
        fields += ["is_enabled", "disabled", "disabled_reason", "failing_since"]
        fields += ["created"]
        read_only_fields = fields


class NewWebhookSerializer(WebhookSerializer):
    secret = serializers.CharField(read_only=True, help_text="Shown this once.")

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]
        read_only_fields = fields


class WebhookChangeSerializer(serializers.Serializer):
    url = serializers.CharField(max_length=500)
    event_types = serializers.ListField(
        child=serializers.CharField(max_length=64), max_length=50
    )
    department = serializers.CharField(
        required=False,
        allow_null=True,
        max_length=64,
        help_text="A department's code; null for all of yours.",
    )
    description = serializers.CharField(
        required=False, allow_blank=True, max_length=200
    )
    is_enabled = serializers.BooleanField(required=False)


class DeliverySerializer(serializers.ModelSerializer):
    class Meta:
        model = WebhookDelivery
        fields = ["id", "message_id", "event_type", "body", "state", "attempts"]
        fields += ["next_attempt", "status", "error", "excerpt", "created", "ended"]
        read_only_fields = fields

    message_id = serializers.CharField(read_only=True)


class WebhookViewSet(viewsets.ReadOnlyModelViewSet):
    scope = "webhooks"
    roles = tuple(MAKERS)
    queryset = WebhookEndpoint.objects.none()
    serializer_class = WebhookSerializer
    search_fields: list[str] = []
    ordering_fields = ["created", "url"]
    ordering = ["-created", "id"]

    def get_queryset(self) -> QuerySet[WebhookEndpoint]:
        return webhooks_visible_to(principal_of(self.request))

    @extend_schema(summary="Webhooks that you may see")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(summary="One webhook")
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @extend_schema(
        summary="Hear of events at an address of yours",
        description="The answer alone holds the secret that signs each message.",
        request=WebhookChangeSerializer,
        responses={201: NewWebhookSerializer},
        examples=[
            OpenApiExample(
                "Every roster that is published",
                request_only=True,
                value={
                    "url": "https://engine.hospital.example/anji",
                    "event_types": ["roster.published"],
                    "department": "radiology",
                },
            )
        ],
    )
    def create(self, request: Request) -> Response:
        sent = self._sent(partial=False)
        sent.pop("is_enabled", None)
        owner = principal_of(request).user
        endpoint, _secret = make_endpoint(owner=owner, **sent)
        return Response(
            NewWebhookSerializer(endpoint).data, status=status.HTTP_201_CREATED
        )

    @extend_schema(
        summary="Change a webhook, or switch it off and on",
        request=WebhookChangeSerializer(partial=True),
        responses=WebhookSerializer,
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        endpoint: WebhookEndpoint = self.get_object()
        sent = self._sent(partial=True)
        is_enabled = sent.pop("is_enabled", endpoint.is_enabled)
        for name, value in sent.items():
            setattr(endpoint, name, value)
        change_endpoint(endpoint)
        if is_enabled and not endpoint.is_enabled:
            enable_endpoint(endpoint)
        elif endpoint.is_enabled and not is_enabled:
            disable_endpoint(endpoint, reason=DisabledReason.BY_HAND)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(summary="Delete a webhook with its messages", responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        self.get_object().delete()
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        summary="A new secret; the old one signs beside it for a day",
        request=None,
        responses=SECRET,
    )
    @action(detail=True, methods=["post"])
    def secret(self, request: Request, pk: str) -> Response:
        return Response({"secret": rotate_secret(self.get_object())})

    def _sent(self, *, partial: bool) -> dict[str, Any]:
        """Return what was sent, with the department's row in place of its code."""
        form = WebhookChangeSerializer(data=self.request.data, partial=partial)
        form.is_valid(raise_exception=True)
        sent: dict[str, Any] = dict(form.validated_data)
        if sent.get("department") is not None:
            sent["department"] = self._department(sent["department"])
        return sent

    def _department(self, code: str) -> Department:
        departments = departments_visible_to(principal_of(self.request))
        found = departments.filter(code=code).first()
        if found is None:
            words = _("Choose one of your departments.")
            raise InvalidInput(words, code="invalid", fields={"department": [words]})
        return found


class DeliveriesView(generics.ListAPIView):
    scope = "webhooks"
    roles = tuple(MAKERS)
    queryset = WebhookDelivery.objects.none()
    serializer_class = DeliverySerializer
    filterset_fields = ["state", "event_type"]
    search_fields: list[str] = []
    ordering_fields = ["created"]
    ordering = ["-created", "id"]

    def get_queryset(self) -> QuerySet[WebhookDelivery]:
        seen = webhooks_visible_to(principal_of(self.request))
        endpoint = get_object_or_404(seen, id=self.kwargs["endpoint_id"])
        deliveries = deliveries_visible_to(principal_of(self.request))
        return deliveries.filter(endpoint=endpoint)

    @extend_schema(summary="What was sent to a webhook, and what came of it")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        summary="Send a test message, of type `webhooks.test`",
        request=None,
        responses={202: DeliverySerializer},
    )
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        seen = webhooks_visible_to(principal_of(request))
        delivery = send_test(get_object_or_404(seen, id=endpoint_id))
        return Response(
            DeliverySerializer(delivery).data, status=status.HTTP_202_ACCEPTED
        )


class RedeliveryView(APIView):
    scope = "webhooks"
    roles = tuple(MAKERS)

    @extend_schema(
        summary="Send a message again, with its old id",
        request=None,
        responses={202: DeliverySerializer},
    )
    def post(self, request: Request, endpoint_id: UUID, delivery_id: UUID) -> Response:
        seen = deliveries_visible_to(principal_of(request))
        delivery = get_object_or_404(seen, endpoint=endpoint_id, id=delivery_id)
        body = DeliverySerializer(redeliver(delivery)).data
        return Response(body, status=status.HTTP_202_ACCEPTED)
