"""What allauth may do here: no sign-up, no stored identity beyond an HMAC, second factors encrypted."""

from __future__ import annotations

import base64
import re
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from maehia.access.permissions import can, needs_factor
from maehia.kit import demo
from maehia.kit.crypto import blind_index, decrypt, encrypt

MFA_COLUMN = "mfa_authenticator.data"
SUBJECT = re.compile(r"[0-9a-f]{32}")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by the town, not by visitors."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return landing(request)


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """From an identity provider we keep which provider and an HMAC of the subject. Nothing else."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        """The last step before allauth looks for the account: from here on the subject is an HMAC."""
        account = sociallogin.account
        if not SUBJECT.fullmatch(account.uid):
            account.uid = subject_index(account.provider, account.uid)
        account.extra_data = {}
        sociallogin.email_addresses = []
        sociallogin.token = None
        return sociallogin.user


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors lie encrypted in the database."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(encrypt(text, MFA_COLUMN)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(base64.b64decode(encrypted_text), MFA_COLUMN)

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Officers keep a second factor; a lost one is replaced by an administrator."""
        return demo.is_demo() or not needs_factor(authenticator.user)

    def get_totp_label(self, user: Any) -> str:
        return str(user.login)

    def get_totp_issuer(self) -> str:
        return "Maehia"


def subject_index(provider: str, subject: str) -> str:
    """The only form in which a provider's subject (ThaID: a national ID) is kept: 32 hex digits."""
    return blind_index("subject", f"{provider}:{subject}").hex()


def landing(request: HttpRequest) -> str:
    """Where somebody goes after log-in: staff to the console, citizens to their own data."""
    return reverse("staff-home") if can(request.user, "staff.enter") else "/me/"
