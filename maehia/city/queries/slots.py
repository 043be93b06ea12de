"""What the register answers to access: who lives in an area, who is kin, what a rescuer sees, one's own data.

Each runs inside the context that access has opened; the policies decide what it may see.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext

from maehia.access.registry import MinimalPerson
from maehia.city.models import House, Person
from maehia.city.queries.access import shown_fields
from maehia.city.queries.decisions import source_of
from maehia.city.queries.history import refs_of
from maehia.city.queries.labels import house_label
from maehia.city.queries.origins import Origin, origins
from maehia.city.queries.people import person_view
from maehia.city.words import HOUSEHOLD, NEED, NOTHING, RESIDENCE, ROLE, choice, field_word, kind_word, show
from maehia.evidence.models import Source
from maehia.thai import collation_key, format_phone
from maehia.web.registry import in_language
from maehia.web.values import Source as Chip
from maehia.web.values import Term

MOST = 5001  # one more than a broken glass may open, so that access sees the excess and refuses the area


def area_keys(area: Any) -> list[UUID]:
    """Keys of the living people whose house stands inside a geometry (EPSG:4326): all, or one more than MOST.

    Never cut at MOST itself: the one who asks must be able to refuse an area that is too large."""
    houses = list(House.objects.filter(geom__intersects=area).values_list("key", flat=True))
    people = Person.objects.filter(house__in=houses, died=None).order_by("key")
    return list(people.values_list("key", flat=True)[: MOST + 1])


def kin(own: UUID, keys: Sequence[UUID]) -> list[UUID]:
    """Those of the keys who bear the surname of `own` or are to be found at the same house."""
    me = Person.objects.filter(key=own).only("last_name", "house").first()
    if me is None:
        return []
    close = Q(house=me.house_id) if me.house_id else Q()
    if me.last_name:
        close |= Q(last_name=me.last_name)
    return list(Person.objects.filter(close, key__in=keys).values_list("key", flat=True)) if close else []


def minimal(fields: frozenset[str]) -> list[MinimalPerson]:
    """The people of the grant at hand, as a rescuer needs them: only the fields that the purpose names."""
    people = Person.objects.select_related("house").prefetch_related(*(["needs"] if shown_fields("need") else []))
    found = [_minimal(person, fields) for person in people.order_by("key")[:MOST]]
    return sorted(found, key=lambda p: collation_key(p.name))


def _minimal(person: Person, fields: frozenset[str]) -> MinimalPerson:
    named = {"first_name", "last_name"} <= fields
    needs = list(person.needs.all()) if shown_fields("need") else []
    return MinimalPerson(
        key=person.key,
        name=person.full_name if named else "",
        phone=(format_phone(person.phone) or person.phone) if "phone" in fields and person.phone else "",
        place=house_label(person.house) if "house" in fields else "",
        needs=[choice(NEED, need.need_kind) for need in needs],
    )


def own_data(own: UUID, fields: frozenset[str]) -> list[Term]:
    """What the register holds of the reader herself, in rows, and the lists that know her. Under me.data."""
    view = person_view(own, via="own")
    if view is None:
        return []
    rows: list[tuple[str, str, str]] = [
        (
            field_word(v.field),
            show(v.field, v.value, view.person.birth_precision if v.field == "birth" else ""),
            v.origin,
        )
        for v in view.values
        if v.field in fields
    ]
    rows += [(choice(RESIDENCE, home.kind), house_label(home.house), _first(home.sources)) for home in view.residences]
    rows += [(choice(HOUSEHOLD, m.household.kind), m.relation or NOTHING, _first(m.sources)) for m in view.households]
    rows += [(choice(ROLE, tie.role), _tie_words(tie), _first(tie.sources)) for tie in view.ties]
    rows += [(gettext("ความต้องการพิเศษ"), choice(NEED, need.need_kind), _first(need.sources)) for need in view.needs]
    rows.append((gettext("บัญชีที่มีชื่อคุณ"), ", ".join(_lists(own)) or NOTHING, ""))
    found = origins(origin for _, _, origin in rows)
    return [Term(label, value, _sources(found.get(origin))) for label, value, origin in rows]


def _lists(own: UUID) -> list[str]:
    """Names of the lists that know this person, in Thai order."""
    keys = {source_of(ref) for ref in refs_of("person", own)}
    names = [in_language(s.name_th, s.name_en) for s in Source.objects.filter(key__in=keys)]
    return sorted(names, key=collation_key)


def _first(sources: dict[str, str]) -> str:
    return next(iter(sources.values()), "")


def _tie_words(tie: Any) -> str:
    parts = [kind_word(tie.about_kind) if tie.about_kind else "", tie.account_no, tie.benefit]
    return " ".join(part for part in parts if part) or NOTHING


def _sources(origin: Origin | None) -> list[Chip]:
    """The list and its day; a citizen is shown neither file names nor who corrected a value."""
    if origin is None or origin.kind == "hidden":
        return []
    if origin.kind == "correction":
        return [Chip(gettext("แก้ไขโดยเจ้าหน้าที่"), origin.as_of)]
    return [Chip(in_language(origin.name_th, origin.name_en), origin.as_of)]
