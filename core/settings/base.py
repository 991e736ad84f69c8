"""Django's settings, in the order in which a request meets them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.accounts.allauth_settings import *  # noqa: F403
from core.settings import env
from core.settings.schedule import CELERY_BEAT_SCHEDULE as CELERY_BEAT_SCHEDULE
from core.shell.csp import CONTENT_SECURITY_POLICY as CONTENT_SECURITY_POLICY

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(env.text("PASSERELLE_DATA", str(BASE_DIR / ".data")))

SECRET_KEY = env.text("PASSERELLE_SECRET_KEY")
SECRET_KEY_FALLBACKS = env.text("PASSERELLE_FORMER_SECRET_KEYS", "").split()
DEBUG = False  # never a switch: pages are debugged with tests, and DEBUG leaks settings

# --- Where we are reached -------------------------------------------------------------------
# Hosts are rows (tenants.Domain); the tenant middleware answers 404 to every other host, so
# Django's own list stays open. The scheme and port only serve to write absolute links.
ALLOWED_HOSTS = ["*"]
PUBLIC_SCHEME = env.text("PASSERELLE_SCHEME", "https")
PUBLIC_PORT = env.number("PASSERELLE_PORT", 443 if PUBLIC_SCHEME == "https" else 80)
PLATFORM_HOST = env.text("PASSERELLE_PLATFORM_HOST", "platform.localhost")
MAIL_HOST = env.text("PASSERELLE_MAIL_HOST", "")  # the demo's readable mailbox; empty: none
ROOT_URLCONF = "core.urls.site"
PLATFORM_URLCONF = "core.urls.platform"
CONSOLE_URLCONF = "core.urls.console"
MAIL_URLCONF = "core.urls.mail"
# What the admin. host serves itself; other addresses of the site are sent to the site's host.
CONSOLE_PATHS = (
    *("/administration/", "/compte/", "/lang/", "/apparence/", "/theme", "/fichiers/"),
    "/connect.html",
    *("/api/", "/communes/"),  # what its pickers and maps ask for
)
WSGI_APPLICATION = "core.wsgi.application"

# --- Apps: in which schema each lives ---------------------------------------------------------
# Dual apps are in both lists: platform operators live in public, members in their tenant.
DUAL_APPS = [
    "core.accounts",
    "core.cache",
    "django.contrib.sessions",
    "allauth.account",
    "allauth.mfa",
]
SHARED_APPS = [
    "tenants",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    *DUAL_APPS,
    "regions.territories",
    "regions.onboarding",
    "regions.projection",
    "regions.agreements",
    "regions.pool",
    "regions.pooled",
    "regions.observatory",
    # Last: regions.onboarding has the admin's base template, and django_tenants has inline styles.
    "django.contrib.admin",
    "django_tenants",
]
TENANT_APPS = [
    *DUAL_APPS,
    "core.audit",
    "branding.themes",
    "regions.outbox",
    "regions.letters",
    "regions.statistics",
    "communities.communities",
    "communities.imports",
    "communities.bulk",
    "communities.lifecycle",
    "communities.pooling",
    "rides.places",
    "rides.adverts",
    "rides.bookings",
    "rides.conversations",
    "rides.journeys",
    "rides.pooling",
    "rides.relay",
    "rides.search",
]
# Apps without tables.
TABLELESS_APPS = [
    "core.shell",
    "core.files",
    "core.notifications",
    "core.sheets",
    "core.api",
    "deploy.mailbox",
    "deploy.demo",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django.contrib.humanize",
    "js_lib_leaflet",
    "allauth",
    "rest_framework",
    "drf_spectacular",
    "csp",
]


# core.shell first: its templates win over those of libraries.
INSTALLED_APPS = [
    *[app for app in TABLELESS_APPS if app == "core.shell"],
    *SHARED_APPS,
    *[app for app in TENANT_APPS if app not in SHARED_APPS],
    *[app for app in TABLELESS_APPS if app != "core.shell"],
]

# --- Tenancy ----------------------------------------------------------------------------------
TENANT_MODEL = "tenants.Tenant"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_DB_ALIAS = "owner"
POOLER = env.text("PASSERELLE_POOLER", "")  # "session" accepts a session-mode PgBouncer
PUBLIC_SCHEMA_NAME = "public"
TEMPLATE_SCHEMA_NAME = "template_tenant"
# Role names are cluster-wide: two installations on one server take different prefixes.
SHARED_ROLE_PREFIX = env.text("PASSERELLE_ROLE_PREFIX", "passerelle_")
TENANT_ROLE_PREFIX = SHARED_ROLE_PREFIX
# django-tenants insists on its own router being named; ours answers first, and always.
DATABASE_ROUTERS = ["tenants.routers.SchemaRouter", "django_tenants.routers.TenantSyncRouter"]

# --- Databases: the web login is powerless, the owner migrates and provisions -------------------
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **env.database(env.text("DATABASE_URL")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "TENANT_ROLES": True,
    },
    "owner": {
        **env.database(env.text("DATABASE_OWNER_URL")),
        "TENANT_ROLES": False,
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache, sessions, tasks ---------------------------------------------------------------------
REDIS_URL = env.text("REDIS_URL", "")
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        **(
            {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
            if REDIS_URL
            # A table, not the process's memory: rate limits hold across processes and restarts.
            else {
                "BACKEND": "django.core.cache.backends.db.DatabaseCache",
                "LOCATION": "cache_entry",
            }
        ),
        "KEY_FUNCTION": "tenants.cache.make_key",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # in the tenant's schema
CELERY_BROKER_URL = REDIS_URL or "memory://localhost"  # without a host, it warns that it has none
CELERY_RESULT_BACKEND = REDIS_URL or None
CELERY_TASK_ALWAYS_EAGER = env.flag("PASSERELLE_TASKS_EAGER")
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_TASK_SERIALIZER = "json"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

# How long drives take by road: osrm, valhalla or graphhopper; without an address, straight lines.
ROUTER_URL = env.text("PASSERELLE_ROUTER_URL", "")
ROUTER_KIND = env.text("PASSERELLE_ROUTER_KIND", "osrm")

# --- Cookies --------------------------------------------------------------------------------------
# __Host- cookies need https; the demo runs on http://*.localhost and says so by its scheme.
_SECURE = PUBLIC_SCHEME == "https"
_COOKIE_PREFIX = "__Host-" if _SECURE else ""
SESSION_COOKIE_NAME = f"{_COOKIE_PREFIX}session"
SESSION_COOKIE_SECURE = _SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{_COOKIE_PREFIX}csrf"
CSRF_COOKIE_SECURE = _SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "core.shell.site.errors.csrf_failure"
LANGUAGE_COOKIE_NAME = f"{_COOKIE_PREFIX}language"
LANGUAGE_COOKIE_SECURE = _SECURE
LANGUAGE_COOKIE_SAMESITE = "Lax"

# --- Security -------------------------------------------------------------------------------------
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _SECURE else None
SECURE_SSL_REDIRECT = _SECURE
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # a load balancer asks behind the one that ends https
SECURE_HSTS_SECONDS = 31_536_000 if _SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _SECURE
SECURE_HSTS_PRELOAD = _SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tenants.middleware.TenantMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.shell.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.accounts.middleware.ReaderMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.accounts.middleware.SecondFactorMiddleware",
]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Templates ------------------------------------------------------------------------------------
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.shell.context_processors.shell",
            ],
        },
    }
]
FORM_RENDERER = "core.shell.forms.ShellFormRenderer"

# --- People ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# --- Language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"  # what pages of no region show; instants are stored in UTC

# --- Files ----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_FINDERS = [
    "core.shell.statics.JoinedSheets",  # first: sheets of several parts are found as one
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STATICFILES_DIRS: list[tuple[str, str]] = []
_figtree = importlib.util.find_spec("fontpkg_figtree")
if _figtree is not None and _figtree.origin is not None:
    STATICFILES_DIRS.append(("fonts", str(Path(_figtree.origin).parent / "files")))
MEDIA_ROOT = DATA_DIR / "media"
S3_BUCKET = env.text("S3_BUCKET", "")
_S3: dict[str, Any] = {
    "bucket_name": S3_BUCKET,
    "endpoint_url": env.text("S3_ENDPOINT_URL", "") or None,
    "region_name": env.text("S3_REGION", "") or None,
    "access_key": env.text("S3_ACCESS_KEY", "") or None,
    "secret_key": env.text("S3_SECRET_KEY", "") or None,
}
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "tenants.storage.RefusedStorage"},  # a file says private or public
    "private": (
        {"BACKEND": "tenants.storage.PrivateS3Storage", "OPTIONS": _S3}
        if S3_BUCKET
        else {"BACKEND": "tenants.storage.PrivateFolderStorage"}
    ),
    "public": (
        {"BACKEND": "tenants.storage.PublicS3Storage", "OPTIONS": _S3}
        if S3_BUCKET
        else {"BACKEND": "tenants.storage.PublicFolderStorage"}
    ),
    "staticfiles": {
        "BACKEND": env.text("PASSERELLE_STATIC_BACKEND", "core.shell.statics.HashedStatics")
    },
}
WHITENOISE_USE_FINDERS = env.flag("PASSERELLE_STATIC_FINDERS")
WHITENOISE_AUTOREFRESH = False

# --- Mail -----------------------------------------------------------------------------------------
EMAIL_BACKEND = env.text(
    "EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend"
)  # anymail's back ends by name
EMAIL_FILE_PATH = DATA_DIR / "mails"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"no-reply@{PLATFORM_HOST}")

# --- API ------------------------------------------------------------------------------------------
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "core.api.pagination.PageNumberPagination",
    "EXCEPTION_HANDLER": "core.api.errors.exception_handler",
    "PAGE_SIZE": 20,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Passerelle",
    "DESCRIPTION": "Municipalities, communities, adverts and search of one region.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # Choices of several apps share a field's name: these are the names that clients see.
    "ENUM_NAME_OVERRIDES": {
        "AdvertRoleEnum": "rides.adverts.models.Advert.Role",
        "AdvertKindEnum": "rides.adverts.models.Advert.Kind",
        "AdvertStatusEnum": "rides.adverts.models.Advert.Status",
        "CommunityKindEnum": "communities.communities.models.Community.Kind",
        "MembershipRoleEnum": "communities.communities.models.Membership.Role",
        "BookingStatusEnum": "rides.bookings.models.Booking.Status",
        "StatisticsAreaEnum": "regions.statistics.models.Area",
        "MembershipStatusEnum": "communities.communities.models.Membership.Status",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "core.api.schema.add_errors",
    ],
}

# --- Logs and errors ------------------------------------------------------------------------------
SENTRY_DSN = env.text("SENTRY_DSN", "")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"tenant": {"()": "tenants.logs.TenantFilter"}},
    "formatters": {
        "line": {
            "()": "tenants.logs.ScrubbedFormatter",
            "format": "{asctime} {levelname} [{tenant}] {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "filters": ["tenant"], "formatter": "line"}
    },
    "root": {"handlers": ["console"], "level": env.text("PASSERELLE_LOG_LEVEL", "INFO")},
    "loggers": {
        # The stock configuration mails every error to ADMINS with its local variables.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
    },
}
