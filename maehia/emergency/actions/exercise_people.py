"""The people of an exercise: invented, of mode exercise, in the houses of the real town. They come the way of all
people: as records of a list of the town's own, projected into the register; an exercise sees nobody else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from maehia.base import BANGKOK
from maehia.city.actions import refresh
from maehia.city.models import House
from maehia.demo import names
from maehia.demo.dice import Dice
from maehia.emergency.models import Exercise
from maehia.evidence.actions import Batch, LinkChange, commit_delivery, save_links, save_source
from maehia.evidence.actions.deliveries import open_internal
from maehia.evidence.queries import address_ref
from maehia.kit.acting import acting
from maehia.kit.clock import now

SOURCE, PURPOSE, ACTOR = "own:exercise", "emergency.script", "system:exercise"
NEEDS = ("bedridden", "oxygen", "wheelchair", "deaf", "blind", "pregnant", "chronic")
AGES = ((34, 3), (61, 2), (8, 2), (72, 2), (3, 1), (84, 1))  # years, weight of each generation in a household


def make_people(exercise: Exercise, area: Any, *, seed: int = 1, houses: int = 400) -> int:
    """Fill houses inside an area (GEOS, EPSG:4326) with invented people; the ones of before go. Returns how many.

    Opens contexts of its own. The same seed and houses give the same names.
    """
    with acting(ACTOR, PURPOSE, mode="exercise"):
        chosen = _houses_in(area, houses)
        people, needs, keys = _invent(chosen, Dice(seed, "exercise"), f"{exercise.incident.number}")
        _source()
        day = now().astimezone(BANGKOK).date()
        delivery = open_internal(SOURCE, f"{exercise.incident.number}", day)
        commit_delivery(delivery, [Batch("person", people), Batch("need", needs)])
        save_links(LinkChange("person", keys, {}, mode="exercise"))
        save_links(LinkChange("house", _addresses(chosen), {}, mode="exercise"))
        refresh()
        Exercise.objects.filter(pk=exercise.pk).update(people=len(people))
    exercise.people = len(people)
    return len(people)


def _houses_in(area: Any, most: int) -> list[House]:
    return list(House.objects.filter(geom__intersects=area).exclude(house_no="").order_by("key")[:most])


def _addresses(houses: Sequence[House]) -> dict[str, UUID]:
    return {ref: house.key for house in houses if (ref := _ref(house))}


def _ref(house: House) -> str:
    """A reference of its own for each house, so that an address of the living town is never led elsewhere."""
    return address_ref("", _number(house), house.moo, "") or ""


def _number(house: House) -> str:
    return f"EX{house.key.hex}"


def _source() -> None:
    save_source(SOURCE, {
        "name_th": "ผู้คนสมมติของการฝึกซ้อม (ข้อมูลสมมติ)", "name_en": "Invented people of an exercise", "kind": "person",
        "household_kind": "actual", "legal_basis": "ไม่ใช่ข้อมูลของบุคคลจริง", "legal_section": "-",
    })  # fmt: skip


def _invent(
    houses: Sequence[House], dice: Dice, number: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, UUID]]:
    """(person rows, need rows, key of each ref)."""
    people: list[dict[str, Any]] = []
    needs: list[dict[str, Any]] = []
    keys: dict[str, UUID] = {}
    for house in houses:
        surname = names.last_name(dice)
        for birth, sex in _members(dice):
            ref = f"{SOURCE}:{number}:{len(people) + 1}"
            keys[ref] = uuid4()
            people.append({
                "ref": ref, "row_no": len(people) + 1, "sheet": number, "role": "resident",
                "title": _title(sex, birth), "first_name": names.first_name(dice, sex, birth.year),
                "last_name": surname,
                "birth": birth, "birth_precision": "day", "sex": sex, "house_no": _number(house), "moo": house.moo,
                "household_no": _number(house), "relation": "ผู้อาศัย",
            })  # fmt: skip
            if kind := _need(dice, birth):
                needs.append({"ref": f"{ref}:need", "row_no": len(needs) + 1, "sheet": number, "person_ref": ref,
                              "need_kind": kind, "level": "", "ground": "s26_5_a"})  # fmt: skip
    return people, needs, keys


def _members(dice: Dice) -> Iterator[tuple[date, str]]:
    year = now().astimezone(BANGKOK).year
    ages = [age for age, weight in AGES for _ in range(weight)]
    for _ in range(dice.between(1, 5)):
        age = dice.pick(ages) + dice.between(-2, 2)
        yield date(year - max(age, 1), dice.between(1, 12), dice.between(1, 28)), "M" if dice.chance(0.49) else "F"


def _title(sex: str, birth: date) -> str:
    child = now().astimezone(BANGKOK).year - birth.year < 15
    return ("ด.ช." if child else "นาย") if sex == "M" else ("ด.ญ." if child else "นาง")


def _need(dice: Dice, birth: date) -> str:
    """Elders often need help to leave, others seldom."""
    age = now().astimezone(BANGKOK).year - birth.year
    if age < 2:
        return "infant"
    return dice.pick(NEEDS) if dice.chance(0.3 if age >= 70 else 0.03) else ""
