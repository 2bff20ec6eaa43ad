"""Every setting; the environment is read once, here. Defaults: a laptop with SQLite."""

import secrets
from base64 import b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from csp.constants import NONE, SELF

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
# FileAwareEnv also reads NAME_FILE, so that secrets can be files.
env = environ.FileAwareEnv()

# ---- Profile and secrets --------------------------------------------------------------------
SECURITY_PROFILE = env("SECURITY_PROFILE", default="standard")  # standard, dengbao3, demo
DEMO = SECURITY_PROFILE == "demo"


def _demo_secrets() -> None:
    """Give a demo installation random secrets of its own, kept where only its owner can read."""
    file = VAR_DIR / "demo.env"
    if not file.exists():
        VAR_DIR.mkdir(mode=0o700, exist_ok=True)
        ring = ",".join(
            f"{purpose}:demo:{b64encode(secrets.token_bytes(32)).decode()}"
            for purpose in ("enc", "idx", "mac", "bak")
        )
        file.touch(mode=0o600)
        file.write_text(
            f"SECRET_KEY={secrets.token_urlsafe(64)}\n"
            f"FIELD_ENCRYPTION_KEYS={ring}\n"
            f"DEMO_PASSPHRASE={'-'.join(secrets.token_hex(2) for _ in range(4))}\n"
        )
    env.read_env(str(file))


if DEMO:
    _demo_secrets()

SECRET_KEY = env("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
FIELD_ENCRYPTION_KEYS = env("FIELD_ENCRYPTION_KEYS", default="")
DEMO_PASSPHRASE = env("DEMO_PASSPHRASE", default="")
DEBUG = env.bool("DEBUG", default=False)
SAFEGUARDS_OFF: frozenset[str] = frozenset(env.list("SAFEGUARDS_OFF", default=[]))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
INSECURE_HTTP_OK = env.bool("INSECURE_HTTP_OK", default=False)
COMBINED_ADMIN_OK = env.bool("COMBINED_ADMIN_OK", default=False)
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
METRICS_TOKEN = env("METRICS_TOKEN", default="")
# Web processes; more than one need a shared cache.
WEB_CONCURRENCY = env.int("WEB_CONCURRENCY", default=1)

# ---- Applications ---------------------------------------------------------------------------
INSTALLED_APPS = [
    "config.checks.Wiring",
    "core",
    "accounts",
    "directory.geography",
    "directory.catalogue",
    "directory.upkeep",
    "search",
    "directory.exchange",
    "referrals.casefiles",
    "referrals.handoffs",
    "referrals.reports",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "leaflet",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "simple_history",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "core.middleware.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "accounts.http.AccessMiddleware",
    "core.middleware.ProblemMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.views.page_context",
                "accounts.http.navigation",
            ],
            "builtins": ["core.templatetags.linkwell", "django.templatetags.i18n"],
        },
    }
]

# ---- Database -------------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'linkwell.sqlite3'}")
}
_database = DATABASES["default"]
if "sqlite" in _database["ENGINE"]:
    # With Django's defaults more than half of contended read-then-write requests fail.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA secure_delete=ON; PRAGMA busy_timeout=20000;"
        ),
    }
else:
    _database["OPTIONS"] = {
        "pool": {"min_size": 2, "max_size": env.int("DATABASE_POOL", default=10), "timeout": 5},
        "connect_timeout": 3,
        "tcp_user_timeout": 10000,
        "keepalives": 1,
        "options": (
            "-c lock_timeout=2s -c idle_in_transaction_session_timeout=30s "
            f"-c statement_timeout={env('STATEMENT_TIMEOUT', default='10s')}"
        ),
    }
    _database["CONN_HEALTH_CHECKS"] = True
CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}

# ---- People ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:start"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "accounts.adapters.NotUsedBefore"},
]
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
# Our own limits count exactly, in the database; two lockouts would only confuse.
ACCOUNT_RATE_LIMITS = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "change_password": "accounts.forms.ChangePasswordForm",
}
PASSWORD_RESET_TIMEOUT = 3600
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "accounts.forms.CodeForm",
    "reauthenticate": "accounts.forms.CodeAgainForm",
    "activate_totp": "accounts.forms.SetUpCodeForm",
}
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_TOTP_ISSUER = "Linkwell"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
IDLE_MINUTES = env.int("IDLE_MINUTES", default=12 * 60 if DEMO else 15)
SESSIONS_PER_USER = 1 if SECURITY_PROFILE == "dengbao3" else 3
SECOND_FACTOR_REQUIRED = not DEMO

# ---- Transport ------------------------------------------------------------------------------
_secure = not (DEBUG or DEMO or INSECURE_HTTP_OK)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _secure
SESSION_COOKIE_NAME = "__Host-session" if _secure else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _secure else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "core.views.csrf_failure"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = _secure and not TRUSTED_PROXIES
# A monitor on the same machine asks without TLS.
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _secure
SECURE_HSTS_PRELOAD = _secure
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
TILE_URL = env("TILE_URL", default="")
# Another host per geocoder, such as a Nominatim of one's own: nominatim=https://maps.example.org
GEOCODER_URLS: dict[str, str] = env.dict("GEOCODER_URLS", default={})
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"] + ([TILE_URL.split("/{")[0]] if TILE_URL else []),
        "connect-src": [SELF],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

# ---- Language and time ----------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = env("TIME_ZONE", default="Asia/Shanghai")
COUNTRY = env("COUNTRY", default="CN")

# ---- Files ----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env("STATIC_ROOT", default=str(VAR_DIR / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or DEMO
MEDIA_ROOT = env("MEDIA_ROOT", default=str(VAR_DIR / "media"))
FIXTURES_DIR = BASE_DIR / "fixtures"
AUDIT_ANCHOR_DIR = env("AUDIT_ANCHOR_DIR", default=str(VAR_DIR / "anchors"))

# ---- Search ---------------------------------------------------------------------------------
# Which engine answers: embedded, or elasticsearch at the address below (docs/search-cluster.md).
SEARCH_ENGINE = env("SEARCH_ENGINE", default="embedded")
# Several nodes with commas between them; the names of the indices begin with the prefix.
ELASTICSEARCH_URL = env("ELASTICSEARCH_URL", default="")
ELASTICSEARCH_PREFIX = env("ELASTICSEARCH_PREFIX", default="services")
SEARCH_DIR = env("SEARCH_DIR", default=str(VAR_DIR / "search"))
SEARCH_FALLBACK = env("SEARCH_FALLBACK", default="")
# Loads the per-client keys; core must not know casefiles, so the path is a string.
DATA_KEYS = "referrals.casefiles.models.client.load_data_keys"

# Needs so rare that, with a small area beside them, they point at one person.
RARE_CATEGORIES = env.list("RARE_CATEGORIES", default=["HE17", "PG11"])

# ---- Messages -------------------------------------------------------------------------------
vars().update(env.email("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="linkwell@localhost")
# Where messages go: `outbox` keeps them on the page /settings/outbox/ and sends nothing.
MESSAGE_DELIVERY = env("MESSAGE_DELIVERY", default="outbox" if DEMO else "send")
SMS_URL = env("SMS_URL", default="")

# ---- API ------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.http.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "accounts.http.HoldsPermission",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.http.ReadThrottle", "accounts.http.WriteThrottle"],
    "DEFAULT_PARSER_CLASSES": ["core.api.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["core.api.Filters"],
    "DEFAULT_PAGINATION_CLASS": "core.api.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.api.problem",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    # `format` is a parameter of HSDS, no switch of renderers.
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
KNOX_TOKEN_MODEL = "accounts.Token"
REST_KNOX = {"TOKEN_TTL": timedelta(days=90), "AUTO_REFRESH": False}
SPECTACULAR_SETTINGS = {
    "TITLE": "Linkwell API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    # Columns called alike hold different words, and one set of words stands in several columns.
    "ENUM_NAME_OVERRIDES": {
        "ListingStateEnum": "directory.catalogue.states.State",
        "PlaceStateEnum": "directory.catalogue.states.PlaceState",
        "OrganizationStateEnum": "directory.catalogue.states.OrganizationState",
        "LocationTypeEnum": "directory.catalogue.states.LocationType",
    },
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "core.api.document_problems",
    ],
}

# ---- Logs: route names, never paths, queries, bodies or headers -----------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact": {"()": "core.middleware.Redact"}},
    "formatters": {"json": {"()": "core.middleware.JSONFormatter"}},
    "handlers": {
        "out": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["redact"]}
    },
    "root": {"handlers": ["out"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["out"], "level": "INFO", "propagate": False},
        # Refusals have their line already; what broke comes with its place.
        "django.request": {"handlers": ["out"], "level": "ERROR", "propagate": False},
        # One line for every question to the search cluster would bury the rest.
        "elastic_transport": {"level": "WARNING"},
        # The server's own access log would hold the path of a secret link.
        "django.server": {"handlers": [], "level": "ERROR", "propagate": False},
    },
}
# Names that the schema gives to repeated choice sets are a matter of taste, not of deployment.
SILENCED_SYSTEM_CHECKS = ["drf_spectacular.W001", "drf_spectacular.W002"]
