from django.urls import path
from rest_framework.routers import SimpleRouter

from hospital.webhooks.api import DeliveriesView, RedeliveryView, WebhookViewSet

router = SimpleRouter()
router.register("webhooks", WebhookViewSet, basename="webhook")
urlpatterns = [
    *router.urls,
    path("webhooks/<uuid:endpoint_id>/deliveries/", DeliveriesView.as_view()),
    path(
        "webhooks/<uuid:endpoint_id>/deliveries/<uuid:delivery_id>/redelivery/",
        RedeliveryView.as_view(),
    ),
]
