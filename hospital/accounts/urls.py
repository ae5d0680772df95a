from django.urls import path

from hospital.accounts.views import links, lock, oauth, profile, saved_views, tokens

app_name = "accounts"
urlpatterns = [
    path("", profile.profile, name="profile"),
    path("preferences/<slug:name>/", profile.preference, name="preference"),
    path("views/<slug:list_name>/", saved_views.saved_views, name="saved_views"),
    path("lock/", lock.lock_page, name="lock"),
    path("link/", links.choose_password, name="link"),
    path("link/<str:code>/", links.open_link, name="open_link"),
    path("record/", links.tie_record, name="record"),
    path("tokens/", tokens.token_list, name="tokens"),
    path(
        "tokens/<uuid:token_id>/revocation/",
        tokens.revocation,
        name="token_revocation",
    ),
    path("oauth/token/", oauth.token, name="oauth_token"),
    path("oauth/revocation/", oauth.revocation, name="oauth_revocation"),
]
