"""What the staff ask for, and where their manager decides."""

from django.urls import path

from scheduling.views import inbox, my_leave, my_requests, my_swaps, roster_requests

REQUESTS = "rosters/<uuid:roster_id>/requests"
urlpatterns = [
    path("my-shifts/requests/", my_requests.my_requests, name="my_requests"),
    path(
        "my-shifts/requests/<uuid:period_id>/days/", my_requests.asking, name="asking"
    ),
    path(
        "my-shifts/requests/<uuid:request_id>/withdrawal/",
        my_requests.withdrawal,
        name="request_withdrawal",
    ),
    path("my-shifts/leave/", my_leave.my_leave, name="my_leave"),
    path(
        "my-shifts/leave/<uuid:leave_id>/withdrawal/",
        my_leave.withdrawal,
        name="leave_withdrawal",
    ),
    path("my-shifts/swaps/", my_swaps.my_swaps, name="my_swaps"),
    path("my-shifts/swaps/partners/", my_swaps.partners, name="swap_partners"),
    path("my-shifts/swaps/<uuid:swap_id>/answer/", my_swaps.answer, name="swap_answer"),
    path(
        "my-shifts/swaps/<uuid:swap_id>/withdrawal/",
        my_swaps.withdrawal,
        name="swap_withdrawal",
    ),
    path("rosters/requests/", inbox.inbox, name="inbox"),
    path(
        "rosters/leave/<uuid:leave_id>/decision/",
        inbox.leave_decision,
        name="leave_decision",
    ),
    path(
        "rosters/leave/<uuid:leave_id>/undoing/",
        inbox.leave_undoing,
        name="leave_undoing",
    ),
    path(
        "rosters/swaps/<uuid:swap_id>/decision/",
        inbox.swap_decision,
        name="swap_decision",
    ),
    path(f"{REQUESTS}/", roster_requests.roster_requests, name="requests"),
    path(f"{REQUESTS}/period/", roster_requests.period, name="request_period"),
    path(f"{REQUESTS}/closure/", roster_requests.closure, name="request_closure"),
    path(f"{REQUESTS}/decision/", roster_requests.decision, name="request_decision"),
    path(
        f"{REQUESTS}/swaps-without-manager/",
        roster_requests.swap_setting,
        name="swap_setting",
    ),
]
