"""Settings, driven by the environment (twin/environment.py holds the table)."""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from twin import environment

BASE_DIR = Path(__file__).resolve().parent.parent
try:
    ENV = environment.read(os.environ)
except environment.ConfigurationError as error:
    raise ImproperlyConfigured(str(error)) from None

DEBUG: bool = ENV["KZ_DEBUG"]
DEMO: bool = ENV["KZ_DEMO"]
SECRET_KEY: str = ENV["KZ_SECRET_KEY"]
ALLOWED_HOSTS: list[str] = ENV["KZ_HOSTS"]
BASE_URL: str = ENV["KZ_BASE_URL"].rstrip("/")
DATA_DIR = Path(ENV["KZ_DATA_DIR"] or BASE_DIR / ".local" / "data")

# --- the twin's shared constants
TWIN_SRID = 25833  # ETRS89 / UTM zone 33N, the official reference system of Saxony
MAP_EXTENT = (370_000, 5_648_000, 424_000, 5_705_000)  # metres in TWIN_SRID, the county with a margin
BASEMAP_URL: str = ENV["KZ_BASEMAP_URL"]
BASEMAP_ATTRIBUTION: str = ENV["KZ_BASEMAP_ATTRIBUTION"]
DCAT_CONTRIBUTOR: str = ENV["KZ_DCAT_CONTRIBUTOR"]
PARCELS_URL: str = ENV["KZ_PARCELS_URL"]
PARCELS_FIELD: str = ENV["KZ_PARCELS_FIELD"]
GEOCODER_URL: str = ENV["KZ_GEOCODER_URL"]
PEGELONLINE_URL: str = ENV["KZ_PEGELONLINE_URL"].rstrip("/")
LFULG_URL: str = ENV["KZ_LFULG_URL"].rstrip("/")
TRUSTED_HOSTS: list[str] = ENV["KZ_TRUSTED_HOSTS"]
OGC_PER_MINUTE: int = ENV["KZ_OGC_PER_MINUTE"]
API_PER_MINUTE: int = ENV["KZ_API_PER_MINUTE"]
UPLOAD_MAX_BYTES: int = ENV["KZ_UPLOAD_MAX_MB"] * 1024 * 1024
DATASET_MAX_BYTES: int = ENV["KZ_DATASET_MAX_MB"] * 1024 * 1024
ANALYSIS_MEMORY: int = ENV["KZ_ANALYSIS_MEMORY_MB"] * 1024 * 1024  # bytes
GROUND_HEIGHTS: tuple[float, float] | None = ENV["KZ_GROUND_HEIGHTS"]  # m above sea level
GAUGE_ZEROS = "twin.sensors.queries.zeros"  # what the analyses, which know no gauges, ask for heights
ANALYSIS_THREADS: int = ENV["KZ_ANALYSIS_THREADS"] or 1
ANALYSIS_SECONDS = 2700  # that one analysis may be expected to take, below the limit of a task

INSTALLED_APPS = [
    "tenants",
    "participation",
    "planning",
    "twin.indicators",
    "twin.catalogue",
    "twin.analysis",
    "twin.sensors",
    "twin.ogc",
    "twin.viewer",
    "twin.demo",
    "twin.portal",
    "twin.apps.TwinConfig",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "guardian",
    "rest_framework",
    "drf_spectacular",
    "leaflet",
    "django_altcha",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "tenants.apps.OperatorsConfig",  # django.contrib.admin, for operators alone
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.gis",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
]

MIDDLEWARE = [
    "twin.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "twin.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tenants.middleware.TokenMiddleware",
    "tenants.middleware.ScopeMiddleware",
    "twin.api.ErrorPages",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "twin.urls"
WSGI_APPLICATION = "twin.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates", BASE_DIR / "twin" / "usecases"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "tenants.context.page",
                "twin.demo.context.demo",
            ],
        },
    },
]
FORM_RENDERER = "tenants.rendering.KernRenderer"

# --- database: the app login serves, the owner login migrates (see ADR 0002)
_database = environ.Env.db_url_config(ENV["DATABASE_URL"] or "postgis://kz_app@/kreiszwilling")
_owner = environ.Env.db_url_config(ENV["OWNER_DATABASE_URL"] or "postgis://kz_owner@/kreiszwilling")
DATABASES = {
    "default": {
        **_database,
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 60,
        "TEST": {"TEMPLATE": "kz_template", "NAME": f"test_{_database['NAME']}"},
    }
}
APP_LOGIN: str = _database["USER"]
OWNER_LOGIN = {key: _owner[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}

# --- Redis: tasks on the database that the address names (else 0), cache on the one after it
REDIS_URL: str = ENV["REDIS_URL"] or "redis://localhost:6379"
CELERY_BROKER_URL, _cache = environment.redis_databases(REDIS_URL)
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": _cache}}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ROUTES = {
    "twin.analysis.tasks.take_turn": {"queue": "analyses"}
}  # workers of their own: one may compute for an hour
CELERY_TIMEZONE = "Europe/Berlin"
CELERY_TASK_SOFT_TIME_LIMIT = 3600  # seconds
CELERY_TASK_TIME_LIMIT = 3900
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 7200
}  # seconds; above the hard limit, or a long task runs twice
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

# --- people
AUTH_USER_MODEL = "tenants.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
GUARDIAN_RAISE_403 = False
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "work"
LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 12 * 3600  # seconds; a working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
ALLAUTH_TRUSTED_PROXY_COUNT = ENV["KZ_TRUSTED_PROXIES"]
ACCOUNT_ADAPTER = "tenants.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # signing up itself is closed, see the adapter
ACCOUNT_EMAIL_VERIFICATION = "none"  # the invitation's mail has proved the address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to strangers because somebody typed their address
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or second factor is told to its owner
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if ENV["KZ_HTTPS"] else "http"
ACCOUNT_RATE_LIMITS = {"login_failed": False}  # axes counts them, and keeps them over a restart
MFA_ADAPTER = "tenants.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # steps of 30 s; clocks of phones go wrong (RFC 6238, 5.2)
MFA_TOTP_ISSUER = "Kreiszwilling"
SOCIALACCOUNT_ADAPTER = "tenants.adapters.SocialAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "sso",
                "name": ENV["KZ_OIDC_NAME"],
                "client_id": ENV["KZ_OIDC_CLIENT_ID"],
                "secret": ENV["KZ_OIDC_CLIENT_SECRET"],
                "settings": {"server_url": ENV["KZ_OIDC_URL"]},
            }
        ]
        if ENV["KZ_OIDC_URL"]
        else [],
    }
}

# --- language and time
LANGUAGE_CODE = "de"
LANGUAGES = [("de", _("German")), ("en", _("English"))]
LOCALE_PATHS = [
    BASE_DIR / "locale",
    BASE_DIR / "locale" / "libraries",
]  # ours, and what libraries say otherwise
FORMAT_MODULE_PATH = "twin.formats"  # English, but not America's dates
TIME_ZONE = "Europe/Berlin"
USE_TZ = True

# --- files
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = (
    [("kz", BASE_DIR / "frontend" / "dist")] if (BASE_DIR / "frontend" / "dist").is_dir() else []
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "twin.staticfiles.StaticFiles"},
}
if ENV["KZ_FILES_URL"]:  # tenants/bucket.py
    STORAGES["private"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": ENV["KZ_FILES_URL"],
    }
MEDIA_ROOT = DATA_DIR / "media"  # public files of the portal (pictures, documents)
MEDIA_URL = "/media/"
PRIVATE_ROOT = DATA_DIR / "private"  # everything that belongs to a tenant; served through access.fetch alone
FILE_UPLOAD_HANDLERS = [
    "tenants.multipart.WholeUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

# --- mail
vars().update(environ.Env.email_url_config(ENV["KZ_EMAIL_URL"]))
EMAIL_FILE_PATH = (
    f"/{vars()['EMAIL_FILE_PATH']}" if vars()["EMAIL_FILE_PATH"] else DATA_DIR / "mail"
)  # filemail:///folder
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV["KZ_EMAIL_FROM"]

# --- security
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV["KZ_HTTPS"]
SECURE_HSTS_SECONDS = 31_536_000 if ENV["KZ_HTTPS"] else 0  # one year
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = ENV["KZ_HTTPS"]
TRUSTED_PROXIES: int = ENV["KZ_TRUSTED_PROXIES"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV["KZ_TRUSTED_PROXIES"] else None
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {  # Wagtail's admin has its own, named in twin/portal/door.py
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"]
        + ([f"{urlsplit(BASEMAP_URL).scheme}://{urlsplit(BASEMAP_URL).netloc}"] if BASEMAP_URL else []),
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
}

# --- libraries
WAGTAIL_SITE_NAME = "Kreiszwilling"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False  # would call home
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # likewise
WAGTAILADMIN_LOGIN_URL = LOGIN_URL
WAGTAILADMIN_EXTERNAL_LINK_CONVERSION = "none"  # would tell the titles of other towns' pages
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False  # /konto/ does that
WAGTAILIMAGES_IMAGE_MODEL = "portal.Picture"
WAGTAILDOCS_DOCUMENT_MODEL = "portal.Download"
WAGTAILDOCS_SERVE_METHOD = "direct"
WAGTAILDOCS_EXTENSIONS = ["pdf", "odt", "ods", "docx", "xlsx", "txt", "csv", "zip", "gml"]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "german"}
}
LEAFLET_CONFIG = {
    "TILES": [(_("Base map"), BASEMAP_URL, BASEMAP_ATTRIBUTION)] if BASEMAP_URL else [],
    "RESET_VIEW": False,
}
REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_SCHEMA_CLASS": "tenants.rest.Description",
    "EXCEPTION_HANDLER": "twin.api.handle",
    "URL_FORMAT_OVERRIDE": "f",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Kreiszwilling",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "PREPROCESSING_HOOKS": ["twin.openapi.ours"],
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": False,  # shapes say themselves what may be left out
    "ENUM_NAME_OVERRIDES": {
        "TenantKind": "tenants.models.TenantKind",
        "JobState": "tenants.models.JobState",
        "PlanState": "planning.models.PlanState",
        "StepKind": "planning.models.StepKind",
        "PhaseKind": "participation.models.PhaseKind",
        "DatasetKind": "twin.catalogue.models.DatasetKind",
        "RecordKind": "twin.catalogue.models.RecordKind",
        "SourceKind": "twin.catalogue.models.SourceKind",
        "VersionState": "twin.catalogue.models.VersionState",
        "MissingCode": "twin.indicators.models.CODES",
    },
    "AUTHENTICATION_WHITELIST": ["tenants.rest.ByToken"],
    "RENDERER_WHITELIST": ["rest_framework.renderers.JSONRenderer"],
}
ALTCHA_HMAC_KEY = f"altcha:{SECRET_KEY}"
AXES_VERBOSE = False
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [
    ["username", "ip_address"]
]  # a stranger can't lock somebody else out from another address
AXES_USERNAME_FORM_FIELD = "login"  # allauth's name for it
AXES_CLIENT_IP_CALLABLE = "tenants.adapters.client_ip"
AXES_LOCKOUT_CALLABLE = "tenants.adapters.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
SILENCED_SYSTEM_CHECKS = [
    "gis.W001",  # user-given SRS strings never reach GDAL; uploads are parsed with pyogrio and pyproj
    "security.W019",  # Wagtail shows a page's preview in a frame of our own site; others are refused by frame-ancestors
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": ENV["KZ_LOG_LEVEL"]},
    "loggers": {  # a line for each page, each search entry and each table written
        "pyogrio": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
        "wagtail": {"level": "WARNING"},
        "weasyprint": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}
