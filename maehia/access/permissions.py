"""One store of rights: django-rules predicates over the roles that an account has today.

@require("intake.review")
def queue(request): ...

with acting_as(request.user, "intake.review"):
    ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from typing import Any

import rules as django_rules
import yaml
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase

from maehia.access import purposes
from maehia.access.models import Account, Assignment, BreakGlass
from maehia.access.rules import is_overdue, join_areas
from maehia.base import Problem, ProblemError
from maehia.kit import clock
from maehia.kit.acting import Context, Scope, acting, current

rules: Any = django_rules  # the library has no types
FILE = Path(__file__).resolve().parent / "data" / "roles.yaml"
OWN = frozenset({"me.data", "services.mine"})
# What an account keeps while the review of a broken glass is overdue: its own notices and its own data.
KEPT_WHEN_BLOCKED = frozenset({"staff.enter", "me.data"})


@dataclass(frozen=True, slots=True)
class Rights:
    """What an account may do today. areas: purpose -> moo codes, None = the whole town."""

    roles: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    areas: dict[str, frozenset[str] | None] | None = None
    blocked: bool = False

    @property
    def purposes(self) -> frozenset[str]:
        return frozenset(self.areas or {})


NO_RIGHTS = Rights()


@cache
def catalogue() -> dict[str, dict[str, Any]]:
    """Every permission: key -> {th, en, roles}."""
    return {entry["key"]: entry for entry in yaml.safe_load(FILE.read_text(encoding="utf-8"))["permissions"]}


@cache
def role_names() -> dict[str, dict[str, str]]:
    """Roles of setup: key -> {th, en}."""
    return {entry["key"]: entry for entry in yaml.safe_load(FILE.read_text(encoding="utf-8"))["roles"]}


def can(account: Any, permission: str, obj: object = None) -> bool:
    """Whether the account may do this (to this object). Raises KeyError for a permission nobody declared."""
    if permission not in catalogue():
        raise KeyError(f"permission {permission} is not in access/data/roles.yaml")
    if not getattr(account, "is_authenticated", False) or not account.is_active:
        return False
    return bool(rules.has_perm(permission, account, obj))


def needs_factor(account: Any) -> bool:
    """Whether an account may do anything beyond seeing its own data, whatever its role is called."""
    return bool(rights_of(account).permissions - OWN)


def restrict(permission: str, predicate: Callable[..., bool]) -> None:
    """Let a room add a condition on the object: `restrict("services.close", is_own_case)`."""
    rules.set_perm(permission, holds(permission) & rules.predicate(predicate))


def holds(permission: str) -> Any:
    """The predicate "one of the account's roles of today carries this permission"."""

    def check(account: Account) -> bool:
        return permission in rights_of(account).permissions

    return rules.predicate(check, name=f"holds {permission}")


def declare_all() -> None:
    """Give django-rules every permission of the catalogue. Called at start."""
    for key in catalogue():
        if not rules.perm_exists(key):
            rules.add_perm(key, holds(key))


def require(permission: str) -> Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]:
    """A view decorator: visitors log in first, others without the permission get 403."""

    def decorate(view: Callable[..., Any]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not can(request.user, permission):
                raise PermissionDenied(permission)
            return view(request, *args, **kwargs)  # type: ignore[no-any-return]

        return checked

    return decorate


def may(request: HttpRequest, permission: str) -> bool:
    """For menus and layers: whether the one who asks holds a permission."""
    return permission == "" or can(getattr(request, "user", None), permission)


def rights_of(account: Account) -> Rights:
    """Today's rights, read once per account object."""
    found: Rights | None = getattr(account, "_maehia_rights", None)
    if found is None:
        found = account._maehia_rights = load_rights(account)  # type: ignore[attr-defined]
    return found


def purposes_of(account: Account) -> frozenset[str]:
    """The purposes that the account's roles of today carry."""
    return rights_of(account).purposes


def load_rights(account: Account) -> Rights:
    """Read the rights of today from the database."""
    if not account.is_active:
        return NO_RIGHTS
    today = clock.today()
    with reading_accounts(account.actor):
        rows = list(
            Assignment.objects.filter(account_id=account.pk, starts_on__lte=today)
            .filter(Q(ends_on=None) | Q(ends_on__gte=today))
            .select_related("role")
        )
        blocked = _is_blocked(account)
    areas: dict[str, list[list[str]]] = {}
    for row in rows:
        for purpose in row.role.purposes:
            areas.setdefault(purpose, []).append(row.moos)
    permissions = frozenset(p for row in rows for p in row.role.permissions)
    if blocked:
        permissions &= KEPT_WHEN_BLOCKED
        areas = {key: moos for key, moos in areas.items() if key.startswith("me.")}
    return Rights(
        roles=frozenset(row.role_id for row in rows),
        permissions=permissions,
        areas={key: join_areas(moos) for key, moos in areas.items()},
        blocked=blocked,
    )


def _is_blocked(account: Account) -> bool:
    now = clock.now()
    open_reviews = BreakGlass.objects.filter(actor=account.actor, reviewed_at=None)
    return any(is_overdue(due, None, now) for due in open_reviews.values_list("review_due", flat=True))


@contextmanager
def reading_accounts(actor: str = "system:login") -> Iterator[Context | None]:
    """The context at hand when there is one (every purpose of staff reads accounts), else that of log-in."""
    with nullcontext(current()) if current() else acting(actor, "system.login") as context:
        yield context


def scope_for(account: Account, purpose: str) -> Scope | None:
    """How far a purpose reaches for this account. Raises ProblemError when the account does not have it."""
    areas = rights_of(account).areas or {}
    info = purposes.published().get(purpose)
    if info is None or purpose not in areas:
        raise _not_yours(purpose)
    if info.scope == "subject":
        if account.person_key is None:
            raise ProblemError(
                Problem(
                    "no_person",
                    "บัญชีนี้ยังไม่ได้ยืนยันว่าเป็นบุคคลใดในทะเบียน",
                    fix="ยืนยันตัวตนที่ศูนย์บริการหรือด้วย ThaID",
                )
            )
        return Scope.subject(account.person_key)
    moos = areas[purpose]
    return None if moos is None else Scope.area(moos)


@contextmanager
def acting_as(account: Account, purpose: str, *, mode: str = "live") -> Iterator[Context]:
    """`acting()` for an account, with the area that its roles give to the purpose.

    Raises ProblemError "purpose_not_yours" when none of its roles carries the purpose.
    """
    with acting(account.actor, purpose, mode=mode, scope=scope_for(account, purpose)) as context:
        yield context


def _not_yours(purpose: str) -> ProblemError:
    info = purposes.published().get(purpose)
    return ProblemError(
        Problem(
            "purpose_not_yours",
            "บทบาทของคุณไม่ได้รับอนุญาตให้เปิดข้อมูลตามวัตถุประสงค์นี้",
            info.th if info else purpose,
            "ติดต่อผู้ดูแลระบบถ้าหน้าที่ของคุณเปลี่ยนไป",
        )
    )
