"""What higher rooms bring to the messages (templates, inbound handlers, links), and what they bring to every page.

templates.add(Template("services.received", "receipt", "รับเรื่อง {number}", "Received: {number}", ("number",)))
inbound.add("services.report", handle, order=50)
connections.add(Connection("traffy", "Traffy Fondue", "Traffy Fondue", state, test, help_th, help_en))
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from maehia.base import Problem, ProblemError
from maehia.message.rules import placeholders_of
from maehia.web import registry as web
from maehia.web.body_limit import allow
from maehia.web.registry import in_language

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from maehia.message.inbound import Inbound, Talk


@dataclass(frozen=True, slots=True)
class Template:
    """A text of the town for one event. kind "state": several about one case within minutes go out together.

    placeholders: names that a sender fills; a text may use no other. title_th, title_en: when it is sent.
    """

    key: str
    kind: str
    th: str
    en: str
    placeholders: tuple[str, ...] = ()
    title_th: str = ""
    title_en: str = ""

    def __post_init__(self) -> None:
        stray = (placeholders_of(self.th) | placeholders_of(self.en)) - set(self.placeholders)
        if stray:
            raise ValueError(f"template {self.key}: undeclared placeholders {sorted(stray)}")

    @property
    def title(self) -> str:
        return in_language(self.title_th, self.title_en) or self.key


class Templates:
    """Templates by key. The same key with another text is refused."""

    def __init__(self) -> None:
        self._entries: dict[str, Template] = {}

    def add(self, template: Template) -> Template:
        if self._entries.setdefault(template.key, template) != template:
            raise ValueError(f"template {template.key} is registered twice")
        return template

    def get(self, key: str) -> Template:
        """Raises ProblemError unknown_template."""
        if key not in self._entries:
            raise ProblemError(Problem("unknown_template", "ไม่มีแบบข้อความนี้ในระบบ", key))
        return self._entries[key]

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[Template]:
        return iter(sorted(self._entries.values(), key=lambda t: t.key))


Handler = Callable[["Inbound", "Talk"], bool]


class InboundHandlers:
    """Who may answer an event of the chat, in order; the first that returns True has answered."""

    def __init__(self) -> None:
        self._entries: dict[str, tuple[int, Handler]] = {}

    def add(self, key: str, handler: Handler, order: int = 100) -> None:
        if key in self._entries and self._entries[key][1] is not handler:
            raise ValueError(f"inbound handler {key} is registered twice")
        self._entries[key] = (order, handler)

    def remove(self, key: str) -> None:
        self._entries.pop(key, None)

    def __iter__(self) -> Iterator[tuple[str, Handler]]:
        rows = sorted(self._entries.items(), key=lambda row: row[1][0])
        return iter([(key, handler) for key, (_, handler) in rows])


Items = Callable[["UUID", str], Sequence[Mapping[str, Any]]]


class QuickReplies:
    """What can be tapped under a text when it goes by LINE: template key -> items(about, lang)."""

    def __init__(self) -> None:
        self._entries: dict[str, Items] = {}

    def add(self, template: str, items: Items) -> None:
        if self._entries.setdefault(template, items) is not items:
            raise ValueError(f"quick replies of {template} are registered twice")

    def of(self, template: str, about: UUID | None, lang: str) -> Sequence[Mapping[str, Any]]:
        items = self._entries.get(template)
        return items(about, lang) if items and about else ()


LinkState = Literal["live", "fake", "off"]


@dataclass(frozen=True, slots=True)
class Connection:
    """A link to another system. state runs per page; test returns "" when the link works, else what is wrong."""

    key: str
    title_th: str
    title_en: str
    state: Callable[[], LinkState]
    test: Callable[[], str] | None = None
    help_th: str = ""
    help_en: str = ""
    order: int = 100
    names: tuple[str, ...] = field(default=())

    @property
    def title(self) -> str:
        return in_language(self.title_th, self.title_en)

    @property
    def help(self) -> str:
        return in_language(self.help_th, self.help_en)


templates = Templates()
inbound = InboundHandlers()
quick = QuickReplies()
connections: web.Registry[Connection] = web.Registry("connections")


def register() -> None:
    """Called once at start."""
    from maehia.message import chat, texts
    from maehia.message.channels import EVERY

    allow("/demo/line/say/", PHOTO_BYTES, visitors=True)
    texts.register()
    chat.register()
    for order, channel in enumerate(EVERY.values()):
        connections.add(channel.connection(order))
    for entry in MENU:
        web.menu.add(entry)
    web.tasks.add(TROUBLED)
    web.stories.add(CHAT)


def _troubled(_request: HttpRequest) -> int:
    from maehia.message.queries import troubled_count

    return troubled_count()


PHOTO_BYTES = 9 * 2**20  # of the demo's phone: a photo of 8 MB and a form around it
GROUP: dict[str, Any] = {"group_th": "ข้อความถึงประชาชน", "group_en": "Messages"}
MENU = (
    web.MenuEntry("messages", "ข้อความที่ส่ง", "Messages sent", "message:list", permission="message.manage",
                  icon="bell", order=60, **GROUP),
    web.MenuEntry("broadcast", "ส่งข้อความถึงหลายคน", "Send to many", "message:broadcast", permission="message.send",
                  icon="people", order=61, **GROUP),
    web.MenuEntry("templates", "แบบข้อความ", "Texts", "message:templates", permission="message.manage",
                  icon="file", order=62, **GROUP),
    web.MenuEntry("connections", "การเชื่อมต่อระบบอื่น", "Connections", "message:connections",
                  permission="message.manage", icon="link", order=63, **GROUP),
    web.MenuEntry("my-messages", "ข้อความถึงฉัน", "My messages", "message:mine", area="me", permission="services.mine",
                  icon="bell", order=40),
)  # fmt: skip
TROUBLED = web.TaskSource(
    "message.troubled", "ข้อความที่ส่งไม่ถึงผู้รับ", "Messages that did not arrive", "message:list", _troubled,
    permission="message.manage", order=70,
)  # fmt: skip
CHAT = web.Story(
    "line-chat", "แจ้งเรื่องในแชท LINE", "Report inside the LINE chat",
    (
        ("กดติดตาม แล้วแตะเลือกหมู่บ้าน", "Follow the town, then tap a village"),
        ("พิมพ์ว่า “ไฟถนนหน้าบ้านดับ” ส่งรูป และเลือกสถานที่", "Write that a street light is out, send a photo, choose a place"),
        ("แตะประเภทเรื่องแล้วส่ง ได้เลขที่เรื่องทันที", "Tap the kind and send it: the number comes at once"),
    ),
    "message:phone", order=50,
)  # fmt: skip
