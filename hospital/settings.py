"""Every setting of the platform: what the environment may change, and what it may not."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import SELF

from hospital.env import BASE_DIR, broker_url, data_folder, port
from hospital.logs import logging_config

env = environ.Env()
VAR = data_folder(env)
PORT = port(env)

# --- Core -------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or VAR.secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
BIND_HOST = env.str("BIND_HOST", default="127.0.0.1")
BEHIND_TLS = env.bool("BEHIND_TLS", default=False)  # a proxy terminates TLS
ROOT_URLCONF = "hospital.urls"
WSGI_APPLICATION = "hospital.wsgi.application"
ASGI_APPLICATION = "hospital.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PUBLIC_URL = env.str("PUBLIC_URL", default="").rstrip("/") or f"http://localhost:{PORT}"
SITE_NAME = env.str("SITE_NAME", default="Anji")
DATASETS_DIR = Path(
    env.str("DATASETS_DIR", default=str(BASE_DIR.parent / "shared" / "data"))
)
MODEL_STORE = Path(env.str("MODEL_STORE", default=str(BASE_DIR / "models")))
TRAINING_CURVES = VAR.root / "curves"  # TensorBoard's files, a folder an entry
MLFLOW_TRACKING_URI = env.str("MLFLOW_TRACKING_URI", default="")
ADAPTER_STORE = Path(env.str("ADAPTER_STORE", default=str(BASE_DIR / "adapters")))

INSTALLED_APPS = [
    "hospital.core",
    "hospital.accounts",
    "hospital.audit",
    "hospital.jobs",
    "hospital.notices",
    "hospital.webhooks",
    "hospital.records",
    "hospital.knowledge",
    "consult",
    "diagnosis",
    "scheduling",
    "hospital.accounts.site.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "pgtrigger",
    "pghistory",
    "pghistory.admin",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "oauth2_provider",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "django_cotton",
    "lucide",
    "csp",
    "django_structlog",
    "django_prometheus",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "hospital.core.middleware.ReceivedMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hospital.core.middleware.NothingKeptMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "hospital.core.middleware.CleanAddressMiddleware",
    "hospital.core.middleware.ProblemMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "hospital.core.middleware.RequestIdMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hospital.core.middleware.DomainErrorMiddleware",
    "hospital.accounts.middleware.SessionLockMiddleware",
    "hospital.accounts.middleware.SecondFactorMiddleware",
    "hospital.core.middleware.CleanFormMiddleware",
    "hospital.core.idempotency.IdempotencyMiddleware",
    "hospital.audit.middleware.AuditContextMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hospital.core.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
            ],
        },
    }
]
COTTON_DIR = "components"

# --- Data -------------------------------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", default="")
REDIS_URL = env.str("REDIS_URL", default="")
EMBEDDED_DATABASE = not DATABASE_URL
EMBEDDED_REDIS = not REDIS_URL

DATABASES: dict[str, dict[str, Any]]  # Any: Django's own shape
if EMBEDDED_DATABASE:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "anji",
            "USER": "anji",
            "HOST": str(VAR.postgres_socket.parent),
        }
    }
else:
    DATABASES = {"default": env.db_url_config(DATABASE_URL)}
DATABASES["default"].update(
    CONN_MAX_AGE=env.int("CONN_MAX_AGE", default=60), CONN_HEALTH_CHECKS=True
)

REDIS_URL = REDIS_URL or VAR.redis_url
CACHES = {
    "default": {
        "BACKEND": "hospital.core.cache.KeptRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "anji",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- Files ------------------------------------------------------------------------
STORAGES = {
    "default": {
        "BACKEND": "hospital.core.storage.DurableFileSystemStorage",
        "OPTIONS": {"location": str(VAR.root / "files")},
    },
    "staticfiles": {"BACKEND": "hospital.core.static.HashedStaticFiles"},
}
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR.root / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FILE_UPLOAD_TEMP_DIR = str(VAR.root / "uploads")
SILENCED_SYSTEM_CHECKS = ["files.E001"]  # the data folder is made at the first start
FILE_UPLOAD_HANDLERS = ["hospital.core.uploads.SpooledFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
UPLOAD_MAX_FILES = env.int("UPLOAD_MAX_FILES", default=10_000)
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=2 * 1024**3)
UPLOAD_DEPARTMENT = env.str("UPLOAD_DEPARTMENT", default="radiology")
DATA_UPLOAD_MAX_NUMBER_FILES = UPLOAD_MAX_FILES
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# --- Celery: the messenger of jobs ------------------------------------------------
CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False  # the job row is the truth; the message is a hint
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2}
# Open event streams of people without an account: of one talk, and of one address, which
# may be a ward's. Each holds a connection of the web process.
EVENT_STREAMS_OF_A_TOPIC = env.int("EVENT_STREAMS_OF_A_TOPIC", default=250)
EVENT_STREAMS_OF_AN_ADDRESS = env.int("EVENT_STREAMS_OF_AN_ADDRESS", default=400)
JOB_LEASE_S = env.float("JOB_LEASE_S", default=30.0)
JOB_REAP_EVERY = timedelta(seconds=env.float("JOB_REAP_S", default=15.0))
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR.run / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep-files": {
        "task": "jobs.schedule",
        "schedule": 3600.0,
        "args": ["diagnosis.sweep_files"],
    },
    "watch-models": {
        "task": "jobs.schedule",
        "schedule": 3600.0,
        "args": ["diagnosis.watch"],
    },
    "close-stale-swaps": {
        "task": "jobs.schedule",
        "schedule": 3600.0,
        "args": ["rosters.close_stale_swaps"],
    },
    "watch-conversations": {
        "task": "jobs.schedule",
        "schedule": 60.0,
        "args": ["consult.watch"],
    },
    "forget-notices": {
        "task": "jobs.schedule",
        "schedule": 86_400.0,
        "args": ["notices.forget"],
    },
    "forget-webhook-messages": {
        "task": "jobs.schedule",
        "schedule": 86_400.0,
        "args": ["webhooks.forget"],
    },
}

# --- Reporting --------------------------------------------------------------------
# Labels that somebody must be told of at once, from which probability on, beside the
# ACR's list: CRITICAL_FINDINGS="pneumothorax=0.5,COVID=0.95".
CRITICAL_FINDINGS = {
    label: float(threshold)
    for label, threshold in env.dict("CRITICAL_FINDINGS", default={}).items()
}

# --- Rosters ----------------------------------------------------------------------
SOLVER_WORKERS = env.int("SOLVER_WORKERS", default=2)  # cores that one search uses

# --- Conversations ----------------------------------------------------------------
# An address may be that of a whole waiting room.
CHAT_CONVERSATIONS_AN_HOUR = env.int("CHAT_CONVERSATIONS_AN_HOUR", default=600)
CHAT_ADDRESS_MESSAGES_A_MINUTE = env.int(
    "CHAT_ADDRESS_MESSAGES_A_MINUTE", default=2_400
)
CHAT_MESSAGES_A_MINUTE = env.int("CHAT_MESSAGES_A_MINUTE", default=20)
CHAT_QUEUE_LIMIT = env.int("CHAT_QUEUE_LIMIT", default=200)  # answers that wait at once
CHAT_EMERGENCY_WAIT_S = env.int("CHAT_EMERGENCY_WAIT_S", default=120)
CHAT_KEEP_DAYS = env.int("CHAT_KEEP_DAYS", default=365)  # talks after; 0: for ever

# --- People -----------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "core:home"
ACCOUNT_ADAPTER = "hospital.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to strangers at a stranger's word
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if BEHIND_TLS else "http"
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before addresses or passwords change
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not BEHIND_TLS  # http://localhost alone
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # one step of 30 s: telephones' clocks differ
MFA_REQUIRED_OF_STAFF = env.bool("MFA_REQUIRED_OF_STAFF", default=False)
SESSION_LOCK_MINUTES = env.int("SESSION_LOCK_MINUTES", default=15)
EMAIL_BACKEND = env.str(
    "EMAIL_BACKEND", default="django.core.mail.backends.dummy.EmailBackend"
)
EMAIL_HOST = env.str("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="anji@localhost")

OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
OAUTH2_PROVIDER = {
    "SCOPES_BACKEND_CLASS": "hospital.accounts.scopes.ResourceScopes",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    # Client credentials alone: nobody's password is ever given to another system.
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
}

# --- Webhooks ---------------------------------------------------------------------
# Hosts, addresses and networks of the hospital's own that messages may go to:
# WEBHOOK_ALLOWED_HOSTS=engine.hospital.lan,10.20.0.0/16
WEBHOOK_ALLOWED_HOSTS = env.list("WEBHOOK_ALLOWED_HOSTS", default=[])

# --- Language: who words answers, and who writes down what is spoken ---------------
# Hosts, addresses and networks of the hospital's own that may be called for it, also
# without encryption: LANGUAGE_ALLOWED_HOSTS=llm.hospital.lan,10.20.0.0/16
LANGUAGE_ALLOWED_HOSTS = env.list("LANGUAGE_ALLOWED_HOSTS", default=[])
GENERATOR = env.str("GENERATOR", default="extractive")  # until one is chosen
GENERATOR_URL = env.str("GENERATOR_URL", default="")  # such as https://llm.example/v1
GENERATOR_MODEL = env.str("GENERATOR_MODEL", default="")
GENERATOR_API_KEY = env.str("GENERATOR_API_KEY", default="")
GENERATOR_FOLDER = env.str("GENERATOR_FOLDER", default="")  # a model of transformers
# The local model's weights in a quarter of their room; needs the package bitsandbytes.
GENERATOR_FOUR_BIT = env.bool("GENERATOR_FOUR_BIT", default=False)
GENERATOR_DEADLINE_S = env.float("GENERATOR_DEADLINE_S", default=30.0)
SPEECH_URL = env.str("SPEECH_URL", default="")  # such as https://speech.example/v1
SPEECH_MODEL = env.str("SPEECH_MODEL", default="whisper-1")
SPEECH_API_KEY = env.str("SPEECH_API_KEY", default="")
SPEECH_DEADLINE_S = env.float("SPEECH_DEADLINE_S", default=20.0)
SPEECH_AN_HOUR = env.int("SPEECH_AN_HOUR", default=60)  # recordings of one address

# --- REST -------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "hospital.accounts.authentication.BearerAuthentication",
        "hospital.accounts.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["hospital.accounts.access.Scoped"],
    "DEFAULT_PARSER_CLASSES": [
        "hospital.core.parsers.SoundJSONParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "hospital.core.paging.TablePages",
    "DEFAULT_FILTER_BACKENDS": [
        "django_filters.rest_framework.DjangoFilterBackend",
        "rest_framework.filters.OrderingFilter",
        "rest_framework.filters.SearchFilter",
    ],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "hospital.core.problems.exception_handler",
    "PAGE_SIZE": 50,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Anji",
    "DESCRIPTION": "The hospital platform's REST interface.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {  # several share the name of the field that holds them
        "StudyStatusEnum": "diagnosis.models.StudyStatus.choices",
        "MarkKindEnum": "diagnosis.models.MarkKind.choices",
        "RunStatusEnum": "scheduling.models.RunStatus.choices",
        "ConversationStateEnum": "consult.models.State.choices",
        "TurnStateEnum": "consult.models.TurnState.choices",
        "TurnKindEnum": "consult.models.Kind.choices",
        "AskerSexEnum": "consult.api.serializers.SEXES",
        "SexEnum": "hospital.records.models.Sex.choices",
        "LeaveKindEnum": "scheduling.models.LeaveKind.choices",
    },
}

# --- Safety -----------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
        "base-uri": [SELF],
        "object-src": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_TLS
SECURE_HSTS_PRELOAD = BEHIND_TLS
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- Audit ------------------------------------------------------------------------
PGHISTORY_APPEND_ONLY = True
PGHISTORY_ADMIN_CLASS = "hospital.audit.admin.ChangeAdmin"
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

# --- Language and time ------------------------------------------------------------
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "hospital.formats"
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_TZ = True

# --- Logs -------------------------------------------------------------------------
LOGGING = logging_config(level=env.str("LOG_LEVEL", default="INFO"))
LOGGING_CONFIG = "hospital.logs.configure"
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"
