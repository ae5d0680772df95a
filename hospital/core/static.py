"""Static files under hashed names, the imports of our own ES modules included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage as Hashed

OUR_MODULES = "js/*.js"  # third-party files hold strings that only look like imports
_, IMPORTS = Hashed._js_module_import_aggregation_patterns  # noqa: SLF001 (for all files or none)


class HashedStaticFiles(Hashed):  # type: ignore[misc]  # whitenoise has no types
    """Whitenoise's storage, which also rewrites `import ... from "./other.js"`."""

    patterns = (*Hashed.patterns, (OUR_MODULES, IMPORTS))
