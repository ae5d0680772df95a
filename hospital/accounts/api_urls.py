"""Accounts under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from hospital.accounts.api import DepartmentViewSet, MeView

router = SimpleRouter()
router.register("departments", DepartmentViewSet, basename="api-department")
urlpatterns = [path("me/", MeView.as_view(), name="api-me"), *router.urls]
