"""Goods are given to households: each entitlement of a round once, to whoever comes for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from maehia.base import ProblemError
from maehia.emergency.actions.incidents import refused
from maehia.emergency.actions.relief_posting import Transfer, Why, lock_shelves, pick, post, side, write_log
from maehia.emergency.models import Distribution, Entitlement, Incident, Item, StockPlace
from maehia.emergency.models.given import PROOFS
from maehia.emergency.rules.stock import quantity
from maehia.kit.acting import required
from maehia.kit.clock import now


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who takes the goods. proof: signature, photo or otp. proxy_why: why she comes for another household."""

    name: str
    proof: str
    proxy_why: str = ""


def set_entitlement(
    incident: Incident, code: str, name: str, contents: Sequence[dict[str, Any]], *, rounds: int = 1
) -> Entitlement:
    """What a household may be given. contents: [{item: code, qty}]. The same code again changes it.

    Raises ProblemError nothing_moves, no_item, bad_quantity.
    """
    if not contents:
        raise refused("nothing_moves", "ชุดสิ่งของยังว่างอยู่", "contents", "เพิ่มอย่างน้อยหนึ่งรายการ")
    known = set(Item.objects.filter(code__in=[c["item"] for c in contents]).values_list("code", flat=True))
    if missing := [c["item"] for c in contents if c["item"] not in known]:
        raise refused("no_item", "ไม่มีสิ่งของนี้ในรายการ", missing[0], "เพิ่มสิ่งของก่อน")
    rows = [{"item": c["item"], "qty": str(quantity(c["qty"]))} for c in contents]
    return Entitlement.objects.update_or_create(
        incident=incident, code=code, defaults={"name_th": name.strip()[:120], "contents": rows, "rounds": rounds}
    )[0]


def distribute(
    entitlement: Entitlement, household: UUID, place: StockPlace, receiver: Receiver, *, round_no: int = 1
) -> Distribution:
    """Give a household what it is entitled to, from a shelf. Inside a purpose that writes `relief`.

    Raises ProblemError given_already, no_round, no_receiver, no_proof, too_little.
    """
    _check(entitlement, receiver, round_no)
    try:
        with transaction.atomic():
            return _give(entitlement, household, place, receiver, round_no)
    except IntegrityError as error:
        if "emergency_distribution_once" in str(error):
            raise already() from error
        raise


def already() -> ProblemError:
    return refused("given_already", "ครัวเรือนนี้รับสิ่งของชุดนี้ในรอบนี้ไปแล้ว", "household", "ตรวจรายการที่รับไปแล้ว")


def _check(entitlement: Entitlement, receiver: Receiver, round_no: int) -> None:
    if not 1 <= round_no <= entitlement.rounds:
        raise refused("no_round", f"ชุดนี้แจก {entitlement.rounds} รอบ", "round", "เลือกรอบที่มี")
    if not receiver.name.strip():
        raise refused("no_receiver", "ยังไม่ได้ระบุชื่อผู้รับ", "receiver", "กรอกชื่อผู้รับ")
    if receiver.proof not in dict(PROOFS):
        raise refused("no_proof", "ยังไม่มีหลักฐานการรับ", "proof", "เลือกลายมือชื่อ ภาพถ่าย หรือรหัส")


def _give(
    entitlement: Entitlement, household: UUID, place: StockPlace, receiver: Receiver, round_no: int
) -> Distribution:
    taken = Distribution.objects.filter(entitlement=entitlement, household_key=household, round=round_no)
    items = _items(entitlement)
    lock_shelves((place.pk, item.pk) for item, _ in items)
    if taken.exists():
        raise already()
    out = side("beneficiary")
    moved = [Transfer(item, lot, place, out, some) for item, qty in items for lot, some in pick(place, item, qty)]
    move = post(Why("distribute", entitlement.incident, entitlement.name_th), moved)
    made = Distribution.objects.create(
        incident=entitlement.incident, household_key=household, entitlement=entitlement, round=round_no,
        receiver=receiver.name.strip(), is_proxy=bool(receiver.proxy_why.strip()),
        proxy_why=receiver.proxy_why.strip() or None, proof=receiver.proof, move=move, by=required().actor, at=now(),
    )  # fmt: skip
    write_log(move, moved, f"แจก{entitlement.name_th} รอบ {round_no}")
    return made


def _items(entitlement: Entitlement) -> list[tuple[Item, Any]]:
    known = {item.code: item for item in Item.objects.filter(code__in=[c["item"] for c in entitlement.contents])}
    return [(known[c["item"]], quantity(c["qty"])) for c in entitlement.contents]
