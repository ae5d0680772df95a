"""Requests, leave and swaps of the staff under /api/v1/."""

from django.urls import path

from scheduling.api import leaves, requests, swaps

urlpatterns = [
    path(
        "rosters/<uuid:roster_id>/request-period/",
        requests.PeriodView.as_view(),
        name="api-request-period",
    ),
    path("request-periods/", requests.PeriodsView.as_view(), name="api-periods"),
    path("shift-requests/", requests.RequestsView.as_view(), name="api-requests"),
    path(
        "shift-requests/<uuid:request_id>/",
        requests.RequestView.as_view(),
        name="api-request",
    ),
    path(
        "shift-requests/<uuid:request_id>/decision/",
        requests.RequestDecisionView.as_view(),
        name="api-request-decision",
    ),
    path("leaves/", leaves.LeavesView.as_view(), name="api-leaves"),
    path("leaves/<uuid:leave_id>/", leaves.LeaveView.as_view(), name="api-leave"),
    path(
        "leaves/<uuid:leave_id>/decision/",
        leaves.LeaveDecisionView.as_view(),
        name="api-leave-decision",
    ),
    path(
        "leaves/<uuid:leave_id>/undoing/",
        leaves.LeaveUndoingView.as_view(),
        name="api-leave-undoing",
    ),
    path("swaps/", swaps.SwapsView.as_view(), name="api-swaps"),
    path("swaps/partners/", swaps.PartnersView.as_view(), name="api-swap-partners"),
    path("swaps/<uuid:swap_id>/", swaps.SwapView.as_view(), name="api-swap"),
    path(
        "swaps/<uuid:swap_id>/answer/",
        swaps.AnswerView.as_view(),
        name="api-swap-answer",
    ),
    path(
        "swaps/<uuid:swap_id>/decision/",
        swaps.SwapDecisionView.as_view(),
        name="api-swap-decision",
    ),
]
