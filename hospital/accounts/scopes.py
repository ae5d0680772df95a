"""What a token may be allowed to do: one resource, read or write."""

from oauth2_provider.scopes import BaseScopes

RESOURCES = (
    "studies", "findings", "reports", "patients", "models", "jobs", "events", "metrics",
)


def all_scopes() -> dict[str, str]:
    return {
        f"{resource}:{verb}": f"{verb} {resource}"
        for resource in RESOURCES
        for verb in ("read", "write")
    }


class ResourceScopes(BaseScopes):
    def get_all_scopes(self):
        return all_scopes()

    def get_available_scopes(self, application=None, request=None, *args, **kwargs):
        return list(all_scopes())

    def get_default_scopes(self, application=None, request=None, *args, **kwargs):
        return []
