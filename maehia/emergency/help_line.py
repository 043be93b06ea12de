"""Asking for help in the LINE chat: one tap makes the request and gives its code; place and phone may follow.

The draft while it may be added to: {"sos": key of the request}.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from maehia.emergency.actions import help as actions
from maehia.emergency.queries import help as queries
from maehia.emergency.rules.help import show_code
from maehia.emergency.rules.help_data import needs
from maehia.emergency.rules.help_machine import HELP, OPEN, TOLD
from maehia.kit.acting import acting
from maehia.kit.crypto import blind_index
from maehia.message.actions import Inbound, Talk, address_index, place, tap
from maehia.message.registry import Template
from maehia.thai import clean_text, normalize_phone

ORDER = 20  # before the report of a street light
D = "sos:"
ASKS = {"sos", "help", "ช่วยด้วย", "ขอความช่วยเหลือ", "ต้องการความช่วยเหลือ", "ฉุกเฉิน", "ขอความช่วยเหลือฉุกเฉิน"}
SAFE = {"ปลอดภัย", "ฉันปลอดภัย", "ผมปลอดภัย", "หนูปลอดภัย", "เราปลอดภัย", "i am safe", "safe", "im safe", "i'm safe"}
END = {"จบ", "พอแล้ว", "ยกเลิก", "หยุด", "done", "stop", "cancel"}
WORDS = {"place": ("ส่งตำแหน่ง", "Send my place"), "safe": ("ฉันปลอดภัย", "I am safe"), "end": ("จบ", "Done"),
         "need": ("ต้องการความช่วยเหลือ", "I need help"), "status": ("ดูว่าถึงไหน", "How far is it")}  # fmt: skip
TEXTS = (
    ("sos.what", "เมื่อขอความช่วยเหลือในแชท", "Somebody asks for help in the chat",
     "ถ้าอันตรายถึงชีวิต โทร 1669 ก่อน\nต้องการอะไร แตะเลือก ระบบส่งถึงเจ้าหน้าที่ทันที",
     "If life is in danger call 1669 first.\nWhat do you need? One tap sends it to the staff at once.", ()),
    ("sos.kept", "เมื่อรับคำขอแล้ว", "A request was taken",
     "รับคำขอแล้ว: {need}\nรหัสของคุณ {code}\nส่งตำแหน่ง เบอร์โทร หรือพิมพ์บอกเพิ่มได้เลย",
     "We have your request: {need}\nYour code is {code}\nYou may send your place, a phone number or more words.",
     ("need", "code")),
    ("sos.more", "เมื่อบอกเพิ่ม", "More was told", "เพิ่มในคำขอ {code} แล้ว", "Added to request {code}.", ("code",)),
    ("sos.status", "เมื่อถามว่าถึงไหน", "How far a request is",
     "คำขอ {code}: {state}\n{told}", "Request {code}: {state}\n{told}",
     ("code", "state", "told")),
    ("sos.none", "เมื่อยังไม่มีคำขอ", "No request is open",
     "ยังไม่มีคำขอความช่วยเหลือจากแชทนี้", "No request for help from this chat.", ()),
    ("sos.safe", "เมื่อแจ้งว่าปลอดภัย", "Somebody says she is safe",
     "รับทราบแล้วว่าคุณปลอดภัย ถ้าต้องการความช่วยเหลือ แตะด้านล่างได้ทุกเมื่อ",
     "We know that you are safe. If you need help, tap below at any time.", ()),
    ("sos.end", "เมื่อจบการบอกเพิ่ม", "Nothing more is told",
     "คำขอ {code} อยู่กับเจ้าหน้าที่แล้ว", "The staff have request {code}.",
     ("code",)),
)  # fmt: skip


def templates() -> list[Template]:
    return [
        Template(key, "chat", th, en, names, title_th, title_en) for key, title_th, title_en, th, en, names in TEXTS
    ]


def word(key: str, lang: str) -> str:
    return WORDS[key][lang == "en"]


def asking(user: str) -> Any:
    """The context of who writes: equal for the same chat, tells nobody the LINE id."""
    return acting(f"device:line-{(address_index(user) or b'').hex()}", "emergency.help")


def told(event: Inbound, talk: Talk, **more: Any) -> actions.Ask:
    """What the chat itself tells of who asks."""
    moo = int(talk.moo) if talk.moo.isdigit() else None
    return actions.Ask(channel="line", lang=talk.lang, line_user=event.user, moo=moo, written_at=event.at, **more)


def handle(event: Inbound, talk: Talk) -> bool:
    """The handler of the chat: True when this was about help or safety."""
    if event.kind == "postback" and event.data.startswith(D):
        return _tapped(event, talk)
    if event.kind != "message":
        return False
    said = clean_text(event.text).casefold() if event.what == "text" else ""
    if said in ASKS:
        return _ask(talk)
    if said in SAFE:
        return _safe(event, talk)
    return _more(event, talk, said) if talk.draft.get("sos") else False


def _ask(talk: Talk) -> bool:
    kinds = [tap(kind.name(talk.lang)[:20], f"{D}need:{key}") for key, kind in needs().items()]
    talk.tell("sos.what", {}, *kinds, tap(word("safe", talk.lang), f"{D}safe"))
    return True


def _tapped(event: Inbound, talk: Talk) -> bool:
    what, _, value = event.data.removeprefix(D).partition(":")
    if what == "need" and value in needs():
        return _make(event, talk, value)
    taps = {"ask": lambda: _ask(talk), "safe": lambda: _safe(event, talk), "status": lambda: _status(event, talk),
            "end": lambda: _end(talk)}  # fmt: skip
    return taps[what]() if what in taps else False


def _make(event: Inbound, talk: Talk, need: str) -> bool:
    """One tap is a request: nobody has to answer another question before help can start."""
    with asking(event.user):
        row = actions.ask(told(event, talk, needs=(need,)))
    talk.draft.clear()
    talk.draft["sos"] = str(row.pk)
    values = {"need": needs()[need].name(talk.lang), "code": show_code(row.code)}
    talk.tell("sos.kept", values, place(word("place", talk.lang)), tap(word("status", talk.lang), f"{D}status"),
              tap(word("end", talk.lang), f"{D}end"))  # fmt: skip
    return True


def _more(event: Inbound, talk: Talk, said: str) -> bool:
    """A place, a phone number or words while the request is still in hand."""
    if said in END:
        return _end(talk)
    point = (event.lon, event.lat) if event.lon is not None and event.lat is not None else None
    if event.what not in ("text", "location") or (event.what == "location" and point is None):
        return False
    phone = normalize_phone(said) or ""
    note = event.address if event.what == "location" else "" if phone else event.text
    with asking(event.user):
        row = actions.add(UUID(talk.draft["sos"]), note=note, point=point, phone=phone)
    talk.tell("sos.more", {"code": show_code(row.code)}, place(word("place", talk.lang)),
              tap(word("end", talk.lang), f"{D}end"))  # fmt: skip
    return True


def _end(talk: Talk) -> bool:
    key = talk.draft.pop("sos", "")
    with acting("system:public", "emergency.help"):
        row = queries.by_key(UUID(key)) if key else None
    if row is None:
        talk.tell("sos.none", {}, tap(word("need", talk.lang), f"{D}ask"))
    else:
        talk.tell("sos.end", {"code": show_code(row.code)}, tap(word("status", talk.lang), f"{D}status"))
    return True


def _status(event: Inbound, talk: Talk) -> bool:
    """How far her newest open request is; the chat itself is the key."""
    with asking(event.user):
        row = queries.newest_of_chat(blind_index("line", event.user))
        found = queries.status_of(row) if row else None
    if found is None:
        talk.tell("sos.none", {}, tap(word("need", talk.lang), f"{D}ask"))
        return True
    english = talk.lang == "en"
    state = HELP.states[found.state]
    values = {
        "code": show_code(found.code),
        "state": state.en if english else state.th,
        "told": TOLD[found.state][english],
    }
    quick = [tap(word("status", talk.lang), f"{D}status")] if found.state in OPEN else []
    talk.tell("sos.status", values, *quick, tap(word("safe", talk.lang), f"{D}safe"))
    return True


def _safe(event: Inbound, talk: Talk) -> bool:
    with asking(event.user):
        actions.safe(told(event, talk))
    talk.draft.pop("sos", None)
    talk.tell("sos.safe", {}, tap(word("need", talk.lang), f"{D}ask"))
    return True
