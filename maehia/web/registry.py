"""What rooms bring to every page. A room fills these in its AppConfig.ready(); the web room only reads them.

Lists (`menu`, `layers`, `stories`, `home_tiles`, `demo_roles`, `tasks`, `page_scripts`, `worker_scripts`,
`offline_pages`) refuse a key twice and a bad key.
Slots hold one function each: `town_profile`, `may`, `banners`, `unread`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from maehia.web.layers import LayerRegistry

KEY = re.compile(r"[a-z][a-z0-9_.-]{0,59}")


def in_language(th: str, en: str) -> str:
    """The Thai text, or the English one on English pages (Thai again where English is missing)."""
    return en if en and (get_language() or "th").startswith("en") else th


class Entry(Protocol):
    @property
    def key(self) -> str: ...


E = TypeVar("E", bound=Entry)
R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., Any])


class Registry(Generic[E]):
    """Entries by key, in the order of their `order` and then of arrival."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._entries: dict[str, E] = {}

    def add(self, entry: E) -> E:
        if not KEY.fullmatch(entry.key):
            raise ValueError(f"{self.what}: bad key {entry.key!r}")
        if entry.key in self._entries:
            raise ValueError(f"{self.what}: {entry.key!r} is registered twice")
        self._entries[entry.key] = entry
        return entry

    def remove(self, key: str) -> None:
        self._entries.pop(key, None)

    def get(self, key: str) -> E | None:
        return self._entries.get(key)

    def __iter__(self) -> Iterator[E]:
        return iter(sorted(self._entries.values(), key=lambda e: getattr(e, "order", 100)))

    def __len__(self) -> int:
        return len(self._entries)


class Slot(Generic[F]):
    """One function that a higher room provides; until then, the default."""

    def __init__(self, what: str, default: F) -> None:
        self.what, self.default = what, default
        self.call: F = default

    def provide(self, function: F) -> F:
        if self.call is not self.default and self.call is not function:
            raise ValueError(f"{self.what} is provided twice")
        self.call = function
        return function

    def clear(self) -> None:
        self.call = self.default


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of a menu. url: a URL name or a path. area: "public", "foot", "staff" or "me".

    permission "" = everyone there.
    thumb: also in the bottom bar on phones (at most four are shown). badge: number of things waiting, or None."""

    key: str
    title_th: str
    title_en: str
    url: str
    area: str = "staff"
    permission: str = ""
    icon: str = "dot"
    group_th: str = ""
    group_en: str = ""
    order: int = 100
    thumb: bool = False
    badge: Callable[[HttpRequest], int | None] | None = None

    @property
    def title(self) -> str:
        return in_language(self.title_th, self.title_en)

    @property
    def group(self) -> str:
        return in_language(self.group_th, self.group_en)

    @property
    def href(self) -> str:
        return resolve_url(self.url)


def resolve_url(url: str) -> str:
    """A path stays; a URL name is reversed (in the language of the page)."""
    return url if url.startswith(("/", "http", "#")) else reverse(url)


@dataclass(frozen=True, slots=True)
class HomeTile:
    """One door on the public home page."""

    key: str
    title_th: str
    title_en: str
    text_th: str
    text_en: str
    url: str
    icon: str = "dot"
    order: int = 100

    @property
    def title(self) -> str:
        return in_language(self.title_th, self.title_en)

    @property
    def text(self) -> str:
        return in_language(self.text_th, self.text_en)

    @property
    def href(self) -> str:
        return resolve_url(self.url)


@dataclass(frozen=True, slots=True)
class Story:
    """Three clicks that show what the system can do (demo town only). steps: (Thai, English) sentences."""

    key: str
    title_th: str
    title_en: str
    steps: Sequence[tuple[str, str]]
    url: str
    role: str = ""
    order: int = 100

    @property
    def title(self) -> str:
        return in_language(self.title_th, self.title_en)

    @property
    def step_texts(self) -> list[str]:
        return [in_language(th, en) for th, en in self.steps]

    @property
    def href(self) -> str:
        return resolve_url(self.url)


@dataclass(frozen=True, slots=True)
class DemoRole:
    """A button that enters the demo town as one role. url receives a POST with `role`= key."""

    key: str
    title_th: str
    title_en: str
    text_th: str
    text_en: str
    url: str
    icon: str = "person"
    order: int = 100

    @property
    def title(self) -> str:
        return in_language(self.title_th, self.title_en)

    @property
    def text(self) -> str:
        return in_language(self.text_th, self.text_en)

    @property
    def href(self) -> str:
        return resolve_url(self.url)


@dataclass(frozen=True, slots=True)
class Script:
    """A script of a room below static/ that every page loads as a module, or that the service worker loads first."""

    key: str
    path: str
    order: int = 100


@dataclass(frozen=True, slots=True)
class OfflinePage:
    """A public page that opens without a signal: kept as a visitor without a session gets it.

    url: name or path; a path with a star ("/report/*/tell/") means pages that are kept once they were visited.
    """

    key: str
    url: str
    order: int = 100


@dataclass(frozen=True, slots=True)
class TaskCount:
    """How many wait; late: how many are past their day; hint: one sentence ("เก่าที่สุด 3 วัน")."""

    count: int
    late: int = 0
    hint: str = ""


@dataclass(frozen=True, slots=True)
class TaskSource:
    """One line of "what must I do now?". count runs under the caller's own rights; 0 hides the line."""

    key: str
    title_th: str
    title_en: str
    url: str
    count: Callable[[HttpRequest], TaskCount | int]
    permission: str = ""
    order: int = 100

    @property
    def title(self) -> str:
        return in_language(self.title_th, self.title_en)


@dataclass(frozen=True, slots=True)
class Phone:
    """A number that helps. number: as dialled, any grouping."""

    label_th: str
    label_en: str
    number: str

    @property
    def label(self) -> str:
        return in_language(self.label_th, self.label_en)


@dataclass(frozen=True, slots=True)
class TownProfile:
    """Whose pages these are. bounds: west, south, east, north in degrees. demo: shows the invented-data banner."""

    name_th: str
    name_en: str
    slogan_th: str = ""
    slogan_en: str = ""
    logo_url: str = ""
    address_th: str = ""
    address_en: str = ""
    hours_th: str = ""
    hours_en: str = ""
    phones: Sequence[Phone] = ()
    bounds: tuple[float, float, float, float] | None = None
    demo: bool = False
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return in_language(self.name_th, self.name_en)

    @property
    def slogan(self) -> str:
        return in_language(self.slogan_th, self.slogan_en)

    @property
    def address(self) -> str:
        return in_language(self.address_th, self.address_en)

    @property
    def hours(self) -> str:
        return in_language(self.hours_th, self.hours_en)


@dataclass(frozen=True, slots=True)
class Banner:
    """A line above the header. kind: "exercise" (blue stripes), "live" (red) or "warn" (orange)."""

    kind: str
    text_th: str
    text_en: str
    url: str = ""

    @property
    def text(self) -> str:
        return in_language(self.text_th, self.text_en)


ENTER_CONSOLE = "staff.enter"  # the one permission that the shells themselves ask for
NO_TOWN = TownProfile("ยังไม่ได้ตั้งชื่อเมือง", "Town not named yet")


def _no_town() -> TownProfile:
    return NO_TOWN


def _only_open(request: HttpRequest, permission: str) -> bool:
    return permission == ""


def _no_banners(request: HttpRequest) -> Sequence[Banner]:
    return ()


def _no_notices(request: HttpRequest) -> int:
    return 0


menu: Registry[MenuEntry] = Registry("menu")
stories: Registry[Story] = Registry("stories")
home_tiles: Registry[HomeTile] = Registry("home_tiles")
public_tiles = home_tiles
demo_roles: Registry[DemoRole] = Registry("demo_roles")
tasks: Registry[TaskSource] = Registry("tasks")
page_scripts: Registry[Script] = Registry("page_scripts")
worker_scripts: Registry[Script] = Registry("worker_scripts")
offline_pages: Registry[OfflinePage] = Registry("offline_pages")
layers = LayerRegistry()

town_profile: Slot[Callable[[], TownProfile]] = Slot("town_profile", _no_town)
may: Slot[Callable[[HttpRequest, str], bool]] = Slot("may", _only_open)
banners: Slot[Callable[[HttpRequest], Sequence[Banner]]] = Slot("banners", _no_banners)
unread: Slot[Callable[[HttpRequest], int]] = Slot("unread", _no_notices)


def town() -> TownProfile:
    """Whose page this is. A page must still come out, and say what is wrong, when the database does not answer."""
    return calm(town_profile.call, NO_TOWN)


def calm(read: Callable[[], R], otherwise: R) -> R:
    """What stands around a page never takes the page down: `otherwise` when the database does not answer."""
    try:
        return read()
    except DatabaseError:
        return otherwise


def allowed(request: HttpRequest, permission: str) -> bool:
    """True where no permission is asked or the provided `may` grants it."""
    return permission == "" or may.call(request, permission)


def menu_for(request: HttpRequest, area: str) -> list[MenuEntry]:
    return [entry for entry in menu if entry.area == area and allowed(request, entry.permission)]
