"""What the chat knows without any other room: greeting, the village asked once, leaving, and a last word."""

from __future__ import annotations

from maehia.city.models import Area
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.message.actions.queue import ACTOR, PURPOSE, address_index
from maehia.message.channels.line import api, objects
from maehia.message.inbound import Inbound, Talk
from maehia.message.models import LineFollower
from maehia.message.registry import inbound
from maehia.web.registry import town

MOO = "moo:"
SKIP = f"{MOO}-"
FOLLOW_ORDER, LAST = 10, 1000
CONTACT_WORDS = {"ติดต่อ", "ติดต่อเจ้าหน้าที่", "เบอร์โทร", "contact"}
HALL = "ศูนย์บริการของเทศบาล"
LINK_WORDS = {"ผูกบัญชี", "link account"}


def register() -> None:
    inbound.add("message.follow", follow, order=FOLLOW_ORDER)
    inbound.add("message.moo", choose_moo, order=FOLLOW_ORDER)
    inbound.add("message.link", link_account, order=FOLLOW_ORDER)
    inbound.add("message.contact", contact, order=FOLLOW_ORDER)
    inbound.add("message.fallback", last_word, order=LAST)


def follow(event: Inbound, talk: Talk) -> bool:
    """Somebody follows (greeted, asked for the village) or leaves (the channel is closed)."""
    if event.kind not in {"follow", "unfollow"}:
        return False
    leaving = event.kind == "unfollow"
    with acting(ACTOR, PURPOSE):
        mine = LineFollower.objects.filter(user_index=address_index(event.user))
        if leaving:
            mine.update(unfollowed_at=event.at, reply_token=None)
        else:
            mine.update(unfollowed_at=None, asked_moo_at=clock.now())
    if not leaving and not event.standby:
        talk.tell("line.greeting", {"town": town().name_th}, *choices())
    return True


def choices() -> list[dict[str, object]]:
    """The villages of the register as things to tap."""
    rows = places()[: objects.QUICK - 1]
    return [objects.tap(name, f"{MOO}{moo}") for moo, name in rows] + [objects.tap("ไม่ระบุ", SKIP)]


def places() -> list[tuple[str, str]]:
    """(moo, words) of every village; open data."""
    rows = Area.objects.filter(area_kind="moo").order_by("code").values_list("code", "name")
    found = {str(int(code[-2:])): name for code, name in rows if code[-2:].isdigit()}
    return [(moo, clip_name(moo, name)) for moo, name in found.items()]


def clip_name(moo: str, name: str) -> str:
    """Number and name ("ม.5 บ้านตัวอย่าง"): both are in use."""
    return f"ม.{moo} {name}".strip()


def choose_moo(event: Inbound, talk: Talk) -> bool:
    """The village, tapped once."""
    if event.kind != "postback" or not event.data.startswith(MOO):
        return False
    chosen = event.data.removeprefix(MOO)
    known = dict(places())
    if event.data != SKIP and chosen not in known:
        return False
    with acting(ACTOR, PURPOSE):
        moo = "" if event.data == SKIP else chosen
        LineFollower.objects.filter(user_index=address_index(event.user)).update(
            moo=moo, community=known.get(chosen, ""), asked_moo_at=clock.now()
        )
    talk.moo = moo
    talk.tell("line.moo_kept", {"place": known.get(chosen, "ทั้งเมือง")})
    return True


def link_account(event: Inbound, talk: Talk) -> bool:
    """The page inside LINE that ties the chat to an account, where the town has one."""
    liff = api.keys().liff
    if event.what != "text" or event.text.strip() not in LINK_WORDS or not liff:
        return False
    talk.tell("line.link", {"address": f"https://liff.line.me/{liff}"})
    return True


def contact(event: Inbound, talk: Talk) -> bool:
    """Who helps, by phone."""
    if event.what != "text" or event.text.strip().casefold() not in CONTACT_WORDS:
        return False
    lines = [f"{phone.label} {phone.number}" for phone in town().phones]
    talk.tell("line.contact", {"town": town().name_th, "phones": "\n".join(lines) or HALL})
    return True


def last_word(event: Inbound, talk: Talk) -> bool:
    """Nobody understood it: say so, and who helps. Stickers and the like get no answer."""
    if event.kind != "message" or event.what not in {"text", "image", "location", "file", "audio", "video"}:
        return event.kind not in {"message", "postback"}
    phones = town().phones
    talk.tell("line.fallback", {"phone": phones[0].number if phones else HALL})
    return True
