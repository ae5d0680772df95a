"""Sign-in, one's own account, tokens, one-time links, the OAuth door, departments."""

from collections.abc import Collection

from tests.access.route import (
    EVERYBODY,
    METHODS,
    PATIENTS,
    STAFF,
    STRANGERS,
    Route,
    page,
    rest,
)

# A department is seen by who belongs to it; a token by whose it is.
MEMBERS = {
    "nurse": {"own"},
    "clinician": {"own"},
    "manager": {"own"},
    "integrator": {"own"},
    "administrator": {"own", "other"},
}
OWNER = {"clinician": {"own"}}
LINK_GONE = 410  # nobody in this world holds a one-time link

OURS = [
    page("accounts/", EVERYBODY, get=200),
    page("accounts/preferences/<slug:name>/", EVERYBODY, post=422),
    page("accounts/views/<slug:list_name>/", STAFF, post=302),
    page("accounts/lock/", EVERYBODY, get=302, post=302),
    page("accounts/link/", STRANGERS, get=LINK_GONE, post=LINK_GONE),
    page("accounts/link/<str:code>/", STRANGERS, get=LINK_GONE),
    page("accounts/record/", PATIENTS, get=200, post=200),
    page("accounts/tokens/", EVERYBODY, get=200, post=200),
    page(
        "accounts/tokens/<uuid:token_id>/revocation/",
        EVERYBODY,
        of="token_id",
        sees=OWNER,
        post=302,
    ),
    page("accounts/oauth/token/", STRANGERS, post=(400, 401)),
    page("accounts/oauth/revocation/", STRANGERS, post=(400, 401)),
    rest("api/v1/me/", EVERYBODY, get=200),
    rest("api/v1/^departments/$", EVERYBODY, get=200),
    rest(
        "api/v1/^departments/(?P<pk>[^/.]+)/$",
        EVERYBODY,
        of="department_id",
        sees=MEMBERS,
        get=200,
    ),
]


# allauth's own pages take any method and answer with a form, a redirect or a limit;
# what matters here is that strangers get none that is about an account.
FORM = (200, 302, 404, 405, 429)
DOORS = (
    "login/",
    "inactive/",
    "signup/",
    "password/reset/",
    "password/reset/done/",
    "password/reset/key/done/",
    "logout/",
    "confirm-email/",
    r"^confirm-email/(?P<key>[-:\w]+)/$",
    r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
    "2fa/webauthn/login/",
)
OWN = (
    "reauthenticate/",
    "email/",
    "password/change/",
    "password/set/",
    "login/code/confirm/",
    "2fa/",
    "2fa/authenticate/",
    "2fa/reauthenticate/",
    "2fa/totp/activate/",
    "2fa/totp/deactivate/",
    "2fa/recovery-codes/",
    "2fa/recovery-codes/generate/",
    "2fa/recovery-codes/download/",
    "2fa/webauthn/",
    "2fa/webauthn/add/",
    "2fa/webauthn/reauthenticate/",
    "2fa/webauthn/keys/<int:pk>/remove/",
    "2fa/webauthn/keys/<int:pk>/edit/",
    "sessions/",
)


def allauth(pattern: str, may: Collection[str]) -> Route:
    return Route(f"accounts/{pattern}", "page", may, dict.fromkeys(METHODS, FORM))


ROUTES = [
    *OURS,
    *(allauth(pattern, STRANGERS) for pattern in DOORS),
    *(allauth(pattern, EVERYBODY) for pattern in OWN),
]
