"""The page of a person and of a household: everything the purpose shows, and nothing it does not."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext, ngettext

from maehia.city import words
from maehia.city.models import HouseholdMember, Need, Residence, Tie
from maehia.city.queries.access import may_show, shown_fields
from maehia.city.queries.entities import Value
from maehia.city.queries.history import contradictions_of
from maehia.city.queries.labels import Ref, house_label, refs_of_things
from maehia.city.queries.people import HouseholdView, PersonView, household_view, person_view
from maehia.city.views.chips import Chips
from maehia.city.views.pages import Group, Item, Page, decided, differing, rows_of, url_of


def person_page(request: HttpRequest, key: uuid.UUID) -> Page | None:
    view = person_view(key)
    if view is None:
        return None
    things = refs_of_things((tie.about_kind, tie.about_key) for tie in view.ties)
    texts = [v.origin for v in view.values] + [o for part in origins_beside(view) for o in part]
    chips = Chips(request, texts)
    page = Page("person", view.key, view.name or gettext("ไม่ทราบชื่อ"), house_label(view.house), tags=tags(view))
    page.rows = rows_of(request, "person", view.values, chips, view.person)
    page.groups = [
        needs(view.needs, chips), *households(view), residences(view.residences, chips), ties(view.ties, things, chips),
    ]  # fmt: skip
    page.differing = differing("person", contradictions_of("person", view.key), chips)
    page.decided = decided(request, "person", view.key)
    if view.hidden:
        named = ", ".join(words.field_word(name) for name in view.hidden)
        page.notes.append(gettext("วัตถุประสงค์นี้ไม่เปิด: %(fields)s") % {"fields": named})
    return page


def origins_beside(view: PersonView) -> list[list[str]]:
    rows: Sequence[Any] = [*view.residences, *view.ties, *view.needs]
    return [list(row.sources.values()) for row in rows]


def tags(view: PersonView) -> list[tuple[str, str]]:
    """States that matter before anything else is read."""
    found = []
    if view.person.died and may_show("person", "died"):
        found.append(("wait", gettext("เสียชีวิตแล้ว")))
    if may_show("person", "registered"):
        found.append(
            ("done", gettext("มีชื่อในทะเบียนราษฎร")) if view.person.registered else ("work", gettext("ไม่มีชื่อในทะเบียนราษฎร"))
        )
    return found


def needs(found: Sequence[Need], chips: Chips) -> Group:
    """What a person needs. Under a purpose without section-26 data the whole group is left out."""
    if not shown_fields("need"):
        return Group("", "heart", [])
    items = []
    for need in found:
        ground = (
            gettext("ฐานกฎหมาย: %(ground)s") % {"ground": words.choice(words.GROUND, need.ground)}
            if need.ground
            else ""
        )
        parts = [need.level, need.note or "", ground]
        items.append(
            Item(words.choice(words.NEED, need.need_kind), detail=" · ".join(p for p in parts if p),
                 sources=chips.of(need.sources.get("need_kind", "")))
        )  # fmt: skip
    return Group(
        gettext("ความต้องการพิเศษ"), "heart", items, gettext("ไม่มีความต้องการพิเศษในบัญชีใด"),
        gettext("ข้อมูลอ่อนไหวตามมาตรา 26 ใช้เฉพาะงานดูแลเท่านั้น"),
    )  # fmt: skip


def households(view: PersonView) -> list[Group]:
    """One group per household, named by its sense, with everybody in it."""
    groups = []
    for own in view.households:
        household = own.household
        members = view.members.get(household.pk, [own])
        title = words.choice(words.HOUSEHOLD, household.kind)
        items = [member_item(member, herself=view.key) for member in members]
        where = " · ".join(p for p in (house_label(household.house), household.number) if p)
        groups.append(Group(title, "people", items, note=where))
    return groups


def member_item(member: HouseholdMember, herself: uuid.UUID | None = None) -> Item:
    own = member.person_id == herself
    born = member.person.birth
    year = words.show_day(born, "year") if born and may_show("person", "birth") else ""
    relation = member.relation if may_show("household", "relation") else ""
    detail = " · ".join(p for p in (relation, gettext("เกิด %(day)s") % {"day": year} if year else "") if p)
    url = "" if own else url_of("person", member.person_id)
    return Item(member.person.full_name, url, detail, gettext("คนนี้") if own else "")


def residences(found: Sequence[Residence], chips: Chips) -> Group:
    items = []
    for home in found:
        kind = words.choice(words.RESIDENCE, home.kind)
        span = span_words(home.valid_from, home.valid_to)
        detail = " · ".join(p for p in (kind, home.status, span) if p)
        items.append(
            Item(house_label(home.house), url_of("house", home.house_id), detail,
                 gettext("ย้ายออกแล้ว") if home.valid_to else "", "wait", sources=chips.of(home.sources.get("house", "")))
        )  # fmt: skip
    empty = gettext("ไม่มีบัญชีใดบอกที่อยู่ของบุคคลนี้") if may_show("person", "house") else ""
    return Group(gettext("ที่อยู่"), "house", items, empty)


def span_words(start: Any, end: Any) -> str:
    if start and end:
        return gettext("%(start)s ถึง %(end)s") % {"start": words.show_day(start), "end": words.show_day(end)}
    if start:
        return gettext("ตั้งแต่ %(start)s") % {"start": words.show_day(start)}
    return gettext("ถึง %(end)s") % {"end": words.show_day(end)} if end else ""


def ties(found: Sequence[Tie], things: dict[tuple[str, uuid.UUID], Ref], chips: Chips) -> Group:
    """What binds the person to things: owner of a parcel, keeper of a pet, customer of a house."""
    items = []
    for tie in found:
        thing = things.get((tie.about_kind, tie.about_key)) if tie.about_key else None
        label = thing.label if thing else tie.benefit or tie.account_no or words.kind_word(tie.about_kind or "house")
        parts = [
            words.choice(words.ROLE, tie.role), words.kind_word(thing.kind) if thing else "", tie.account_no,
            tie.benefit if thing else "", f"{tie.amount_baht:,.2f} ฿" if tie.amount_baht is not None else "",
        ]  # fmt: skip
        url = url_of(thing.kind, thing.key) if thing else ""
        items.append(
            Item(label, url, " · ".join(p for p in parts if p), sources=chips.of(tie.sources.get("about", "")))
        )  # fmt: skip
    return Group(gettext("สิ่งที่เกี่ยวข้อง"), "link", items)


def household_page(request: HttpRequest, key: uuid.UUID) -> Page | None:
    view = household_view(key)
    if view is None:
        return None
    household = view.household
    chips = Chips(request, household.sources.values())
    title = words.choice(words.HOUSEHOLD, household.kind)
    page = Page("household", household.pk, title, house_label(household.house))
    page.rows = rows_of(request, "household", household_values(view), chips, household)
    count = ngettext("%(n)s คน", "%(n)s คน", len(view.members)) % {"n": len(view.members)}
    page.groups = [
        Group(gettext("สมาชิก"), "people", [member_item(m) for m in view.members], gettext("ไม่มีสมาชิกในเขตที่คุณดูได้"), count)
    ]  # fmt: skip
    if household.house:
        house = Item(house_label(household.house), url_of("house", household.house_id), household.house.village)
        page.groups.append(Group(gettext("บ้าน"), "house", [house]))
    return page


def household_values(view: HouseholdView) -> list[Value]:
    row = view.household
    origin = row.sources.get("number", "")
    return [Value("number", row.number, origin), Value("moo", row.moo, "")]
