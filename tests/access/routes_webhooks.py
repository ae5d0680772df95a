"""Webhooks: integrators see their own, administrators all; nobody else has any."""

from tests.access.route import rest

MAKERS = frozenset({"administrator", "integrator"})
SEES = {"integrator": {"own"}, "administrator": {"own", "other"}}
WEBHOOK = "endpoint_id"
ONE = r"api/v1/^webhooks/(?P<pk>[^/.]+)/"
DELIVERIES = "api/v1/webhooks/<uuid:endpoint_id>/deliveries/"

ROUTES = [
    rest("api/v1/^webhooks/$", MAKERS, get=200, post=400),
    rest(f"{ONE}$", MAKERS, of=WEBHOOK, sees=SEES, get=200, patch=200, delete=204),
    rest(f"{ONE}secret/$", MAKERS, of=WEBHOOK, sees=SEES, post=200),
    rest(DELIVERIES, MAKERS, of=WEBHOOK, sees=SEES, get=200, post=202),
    rest(
        f"{DELIVERIES}<uuid:delivery_id>/redelivery/",
        MAKERS,
        of=WEBHOOK,
        sees=SEES,
        post=409,  # it is still being tried
    ),
]
