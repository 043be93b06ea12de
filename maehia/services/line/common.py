"""What the parts of the chat share: who acts, words in his language, things to tap."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from maehia.base import ProblemError
from maehia.kit.acting import Context, Scope, acting
from maehia.message.actions import Talk, address_index, tap
from maehia.services import workflow
from maehia.services.models import Case

WORDS: Mapping[str, tuple[str, str]] = {
    "report": ("แจ้งเรื่อง", "Report"),
    "mine": ("เรื่องของฉัน", "My cases"),
    "place": ("ส่งตำแหน่ง", "Send a place"),
    "camera": ("ถ่ายรูป", "Take a photo"),
    "send": ("ส่งเรื่อง", "Send"),
    "stop": ("ยกเลิก", "Give up"),
    "other": ("เรื่องอื่น", "Something else"),
    "change": ("เปลี่ยนประเภท", "Change the kind"),
    "same": ("ใช่ แจ้งด้วย", "Yes, me too"),
    "new": ("ไม่ใช่ เรื่องใหม่", "No, a new one"),
    "again": ("ยังไม่เรียบร้อย", "Still broken"),
    "answer": ("ตอบ", "Answer"),
    "status": ("ดูสถานะ", "See the state"),
    "stars": ("ดาว", "stars"),
    "photo": ("รูป", "photo"),
    "pin": ("ตำแหน่ง", "place"),
    "pinned": ("ตามหมุดที่ส่ง", "as pinned"),
    "public": ("ชื่อและช่องทางติดต่อของคุณไม่ถูกเผยแพร่", "Your name and contact are never published"),
    "sealed": ("เรื่องนี้เป็นความลับ เห็นเฉพาะผู้มีหน้าที่", "This stays confidential, seen only by those in charge"),
    "no_due": ("ยังไม่กำหนด", "not set"),
    "no_note": ("ยังไม่มีข้อความจากเจ้าหน้าที่", "No note from an officer yet"),
}


def word(key: str, lang: str) -> str:
    return WORDS[key][1 if lang == "en" else 0]


def actor_of(user: str) -> str:
    """The one who writes, in histories and policies: equal for the same chat, tells nobody the LINE id."""
    return f"device:line-{(address_index(user) or b'').hex()}"


def own(user: str, case_id: UUID, purpose: str = "services.link") -> AbstractContextManager[Context]:
    """The context of somebody who sees this one case."""
    return acting(actor_of(user), purpose, scope=Scope.subject(case_id))


def button(key: str, data: str, lang: str) -> dict[str, Any]:
    return tap(word(key, lang), data)


def state_word(case: Case, lang: str) -> str:
    state = workflow.state(case.kind, case.state)
    return state.en if lang == "en" else state.th


def service_name(case: Case, lang: str) -> str:
    return (case.service.name_en if lang == "en" else "") or case.service.name_th


def say_problem(talk: Talk, error: ProblemError, *quick: Mapping[str, Any]) -> None:
    """What was refused and what to do, in the chat."""
    problem = error.problem
    talk.tell("chat.refused", {"what": problem.what, "fix": problem.fix or problem.where or "–"}, *quick)


def uuid_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
