"""Who sends a REST request: a bearer token, or the browser's session."""

from rest_framework import authentication


class BearerAuthentication(authentication.BaseAuthentication):
    def authenticate(self, request):
        return None

    def authenticate_header(self, request):
        return "Bearer"


class SessionAuthentication(authentication.SessionAuthentication):
    pass
