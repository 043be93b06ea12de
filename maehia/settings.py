"""Settings of the town's system: one file, read from the environment, loud when something is wrong.

Every variable is described in maehia/cli/env.py and listed in .env.example (a test compares them).
"""

from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from maehia.cli import cluster, env, places

env.refuse_unknown()
BASE_DIR = places.REPO
PACKAGE_DIR = Path(__file__).resolve().parent
MAEHIA_DATA = places.data_dir()
KEYS_DIR = MAEHIA_DATA / "keys"
FILES_DIR = MAEHIA_DATA / "files"

HOST = env.text("MAEHIA_HOST", "127.0.0.1")
PORT = env.number("MAEHIA_PORT", 8000, 1, 65535)
LOOPBACK = HOST in {"127.0.0.1", "::1", "localhost"}
BEHIND_PROXY = env.flag("MAEHIA_BEHIND_PROXY")
HTTPS = BEHIND_PROXY or not LOOPBACK

DEBUG = env.flag("MAEHIA_DEBUG")
if DEBUG and HTTPS:
    raise env.SettingError("MAEHIA_DEBUG=1 is refused beyond loopback: tracebacks show personal data")
SECRET_KEY = (
    env.text("MAEHIA_SECRET_KEY", "") or (MAEHIA_DATA.exists() and places.secret("session-key", make=True)) or "unset"
)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *env.words("MAEHIA_HOSTS")]
_NAMES = env.words("MAEHIA_HOSTS")
SITE_URL = f"https://{_NAMES[0]}" if _NAMES else f"{'https' if HTTPS else 'http'}://{HOST}:{PORT}"  # in messages
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in env.words("MAEHIA_HOSTS")]


ROOMS = [
    "maehia.kit", "maehia.web", "maehia.access", "maehia.evidence", "maehia.city", "maehia.intake", "maehia.message",
    "maehia.forms", "maehia.services", "maehia.emergency",
]  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.gis",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "rules.apps.AutodiscoverRulesConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    *ROOMS,
    "maehia.cli",
]


MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "maehia.web.middleware.CspMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "maehia.web.middleware.StaffLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "maehia.access.middleware.AccessMiddleware",
    "maehia.web.middleware.ProblemMiddleware",
]
ROOT_URLCONF = "maehia.urls"
ASGI_APPLICATION = "maehia.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE_DIR / "access" / "templates"],  # before allauth: log-in in the town's own shell
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "maehia.web.context.page",
            ]
        },
    }
]


def _from_url(name: str) -> dict[str, Any]:
    parts = urlsplit(env.text(name))
    if parts.scheme not in {"postgres", "postgresql", "postgis"} or not parts.path.strip("/"):
        raise env.SettingError(f"{name} must look like postgres://user:password@host:5432/name")
    return {
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": parts.port or "",
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def _from_cluster(role: str) -> dict[str, Any]:
    found = cluster.load()
    if found is None:  # a command that needs no database, or one that is about to make it
        return {"NAME": cluster.NAME, "USER": role, "HOST": str(MAEHIA_DATA / "run")}
    dsn = found.dsn(role)
    return {
        "NAME": dsn["dbname"],
        "USER": role,
        "PASSWORD": dsn["password"],
        "HOST": dsn["host"],
        "PORT": dsn["port"],
    }


def database(role: str, variable: str) -> dict[str, Any]:
    """One database alias: the private cluster, or the server that DATABASE_URL names."""
    outside = env.text("DATABASE_URL", "")
    made = _from_url(variable) if outside else _from_cluster(role)
    options = {"connect_timeout": 10, "application_name": role, **made.pop("OPTIONS", {})}
    return {"ENGINE": "django.contrib.gis.db.backends.postgis", "OPTIONS": options, "CONN_MAX_AGE": 0, **made}


DB_ROLE = env.choice("MAEHIA_DB_ROLE", "app", ("app", "worker"))
DATABASES = {
    "default": database(f"maehia_{DB_ROLE}", "DATABASE_URL" if DB_ROLE == "app" else "DATABASE_URL_WORKER"),
    "owner": database("maehia_owner", "DATABASE_URL_OWNER"),
}
DB_POOL = env.number("MAEHIA_DB_POOL", 0, 0, 50)
if DB_POOL:
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": DB_POOL, "timeout": 20}
# Tests make, migrate and clean the database as the owner; the code under test connects as maehia_app.
TEST_NAME = env.text("MAEHIA_TEST_DB", f"test_{DATABASES['owner']['NAME']}")
DATABASES["default"]["TEST"] = {"MIRROR": "owner"}
DATABASES["owner"]["TEST"] = {"NAME": TEST_NAME, "DEPENDENCIES": []}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "th"
LANGUAGES = [("th", _("ไทย")), ("en", _("อังกฤษ"))]
USE_I18N = True
TIME_ZONE = "Asia/Bangkok"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = MAEHIA_DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if (STATIC_ROOT / "staticfiles.json").exists()
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not (STATIC_ROOT / "staticfiles.json").exists()

AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = ["maehia.access.backends.AccountBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
# Behind a proxy every visitor has its address: without this, one guesser would lock log-in for the whole town.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
ACCOUNT_ADAPTER = "maehia.access.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "maehia.access.adapters.SocialAccountAdapter"
MFA_ADAPTER = "maehia.access.adapters.MFAAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_QUERY_EMAIL = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "maehia.web.errors.csrf_failure"
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 30 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
if BEHIND_PROXY:
    MIDDLEWARE.insert(0, "maehia.web.middleware.ProxyAddressMiddleware")
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
# An upload lies plain until it is sealed: in a folder of our own (0700, never in a backup), not in the machine's.
FILE_UPLOAD_TEMP_DIR = None
with suppress(OSError):
    if FILES_DIR.is_dir():
        (FILES_DIR / "tmp").mkdir(mode=0o700, exist_ok=True)
        FILE_UPLOAD_TEMP_DIR = FILES_DIR / "tmp"
# In files, so that the web processes count failed log-ins together; expired ones are culled, never backed up.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": MAEHIA_DATA / "cache" / "web",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}


def _mail() -> dict[str, Any]:
    url = env.text("MAEHIA_EMAIL_URL", "")
    if not url:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": MAEHIA_DATA / "mail",
        }
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise env.SettingError("MAEHIA_EMAIL_URL must look like smtps://user:password@host:465")
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


globals().update(_mail())
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("MAEHIA_EMAIL_FROM", "webmaster@localhost")

# Keys of the channels. Without them a demo talks to local fakes, and a town's link is off.
LINE = {
    "secret": env.text("MAEHIA_LINE_CHANNEL_SECRET", ""),
    "secret_before": env.text("MAEHIA_LINE_CHANNEL_SECRET_BEFORE", ""),
    "token": env.text("MAEHIA_LINE_ACCESS_TOKEN", ""),
    "bot": env.text("MAEHIA_LINE_BOT_USER", ""),
    "login_channel": env.text("MAEHIA_LINE_LOGIN_CHANNEL", ""),
    "liff": env.text("MAEHIA_LINE_LIFF", ""),
}
SMS_GATEWAY = env.text("MAEHIA_SMS_GATEWAY", "")
TRAFFY = {
    "url": env.text("MAEHIA_TRAFFY_URL", ""),
    "user": env.text("MAEHIA_TRAFFY_USER", ""),
    "password": env.text("MAEHIA_TRAFFY_PASSWORD", ""),
    "hook_secret": env.text("MAEHIA_TRAFFY_HOOK_SECRET", ""),
}

LOG_LEVEL = env.choice("MAEHIA_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django.db.backends": {"level": "INFO"},  # statements carry names; never below INFO
        "django.request": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},  # addresses of calls may carry a phone number
        "numexpr": {"level": "WARNING"},  # says at import how many threads it has
        "weasyprint": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},
    },
}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PGHISTORY_DEFAULT_TRACKERS = None
SILENCED_SYSTEM_CHECKS = [
    "security.W008",  # the TLS port is the only one that is open; nothing to redirect
    "gis.W001",  # Debian 12's GDAL; no outside text reaches GeoDjango's GDAL, files are read by pyogrio's own
]
