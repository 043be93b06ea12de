"""Whether the settings let access do its work: a town must not serve with log-in half wired."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Error, Warning, register
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

WANTED = {
    "AUTH_USER_MODEL": "access.Account",
    "ACCOUNT_ADAPTER": "maehia.access.adapters.AccountAdapter",
    "SOCIALACCOUNT_ADAPTER": "maehia.access.adapters.SocialAccountAdapter",
    "MFA_ADAPTER": "maehia.access.adapters.MFAAdapter",
    "ACCOUNT_USER_MODEL_USERNAME_FIELD": "login",
}
BACKEND = "maehia.access.backends.AccountBackend"
MIDDLEWARE = "maehia.access.middleware.AccessMiddleware"
ALLAUTH = "allauth.account.middleware.AccountMiddleware"


@register()
def log_in_is_wired(**_: Any) -> list[Error | Warning]:
    """E001 a setting, E002 the backend, E003 the middleware; W001 the pages of log-in lack the town's shell."""
    found: list[Error | Warning] = [
        Error(f"{name} must be {value!r}", id="access.E001")
        for name, value in WANTED.items()
        if getattr(settings, name, None) != value
    ]
    if settings.AUTHENTICATION_BACKENDS != [BACKEND]:
        found.append(Error(f"AUTHENTICATION_BACKENDS must be [{BACKEND!r}]", id="access.E002"))
    order = [name for name in settings.MIDDLEWARE if name in {ALLAUTH, MIDDLEWARE}]
    if order != [ALLAUTH, MIDDLEWARE]:
        found.append(Error(f"{MIDDLEWARE} must follow {ALLAUTH}, each once", id="access.E003"))
    if not _has_shell():
        found.append(
            Warning(
                "the pages of log-in do not wear the town's shell",
                hint="put the rooms before 'allauth' in INSTALLED_APPS, or access/templates into TEMPLATES DIRS",
                id="access.W001",
            )
        )
    return found


def _has_shell() -> bool:
    try:
        layout: Any = get_template("allauth/layouts/base.html")
    except TemplateDoesNotExist:
        return False
    return "/access/templates/" in str(layout.origin)
