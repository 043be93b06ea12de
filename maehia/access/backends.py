"""Finding accounts: always under the purpose of log-in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend

from maehia.access.models import Account
from maehia.access.permissions import reading_accounts, rights_of


class AccountBackend(AuthenticationBackend):
    """allauth's log-in by name and password, inside the context that may see accounts."""

    def authenticate(self, request: Any, **credentials: Any) -> Any:
        with reading_accounts():
            return super().authenticate(request, **credentials)

    def get_user(self, user_id: Any) -> Account | None:
        """The account of a session with its rights of today, read in one go."""
        try:
            key = UUID(str(user_id))
        except ValueError:
            return None
        with reading_accounts(f"user:{key}"):
            account = Account.objects.filter(pk=key, is_active=True).first()
            if account is not None:
                rights_of(account)
            return account
