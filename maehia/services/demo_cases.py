"""Two years of invented cases in the demo's tables, with their histories, clocks, photos and merges.

1,900 cases are written in a few statements; a few dozen of the last hours go through the verbs, so that they send
their messages like any other.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont
from PIL import ImageFont

from maehia.base import BANGKOK
from maehia.demo.cases import Planned, Step, make_cases
from maehia.demo.dice import Dice
from maehia.demo.pictures import picture
from maehia.forms.actions import attach, release
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.kit.series import BUDDHIST, next_numbers
from maehia.services import actions, demo
from maehia.services.actions.opening import SERIES
from maehia.services.demo_book import Book, begin_story, doer, new_case, office, own_cases, reporter, timed
from maehia.services.demo_register import fill_units, read_register
from maehia.services.demo_story import Story, happen, merged
from maehia.services.models import (
    Case,
    CaseDetail,
    CaseEvent,
    CaseLink,
    CaseSecret,
    ClockPause,
    Party,
    RoutingVersion,
)

BATCH = 1000
FONT, LETTERS = "web/vendor/sarabun-5.3.0/sarabun-thai-600-normal.woff2", 44
VARIANTS = 3  # drawings of one kind
RECENT = timedelta(hours=20)
NOW_CASES = 30
BREATH = timedelta(seconds=40)  # between two lines of one case
ON_ITS_WAY = "ส่งเจ้าหน้าที่ออกดูหน้างานแล้ว"


def _rule(key: str, unit: str, *conditions: tuple[str, str, object]) -> dict[str, object]:
    return {
        "key": key,
        "unit": unit,
        "conditions": [{"fact": f, "operator": o, "value": v} for f, o, v in conditions],
    }


ROUTING = [
    _rule("flood-now", "disaster", ("service", "is", "flood_street"), ("urgent", "is", True)),
    _rule("fire-after-hours", "disaster", ("service", "is", "burning"), ("hour", "at_least", 17)),
    _rule("waste-in-canal", "works", ("service", "is", "waste_dump"), ("text", "has", "คลอง")),
]


def load_units(seed: int) -> int:
    """Officers in their units, and routing rules to look at."""
    with acting(demo.ACTOR, demo.PURPOSE):
        if not RoutingVersion.objects.exists():
            moment = clock.now()
            RoutingVersion.objects.create(rules=ROUTING, state="published", note="ตัวอย่าง", made_by=demo.ACTOR,
                                          made_at=moment, published_at=moment)  # fmt: skip
        return fill_units()


def load_past(seed: int) -> int:
    """Two years of cases until some hours ago; how many. None when cases stand there already."""
    with acting(demo.ACTOR, demo.PURPOSE):
        if Case.objects.exists():
            return 0
        until = clock.now() - RECENT
        plan = make_cases(seed, until)
        stories = tell(Book(seed, until, read_register(until.date()), own_cases(plan)), plan)
        store(stories)
        attach_photos(seed, stories)
        return len(stories)


def load_recent(seed: int) -> int:
    """What came in within the last hours, through the verbs; how many."""
    with acting(demo.ACTOR, demo.PURPOSE):
        book = Book(seed, clock.now(), read_register(clock.today()))
        if Case.objects.filter(pk=book.key("now", 0)).exists():
            return 0
        plan = [p for p in make_cases(seed + 1, book.until) if p.kind == "report" and p.twin_of is None]
        opened = [_open_now(book, planned, n) for n, planned in enumerate(plan[-NOW_CASES:])]
        for n, case in enumerate(opened[: NOW_CASES // 2]):
            by = book.register.actor_of(case.unit_id)
            actions.move(case.pk, "accepted", by=by)
            if n % 2 and not case.is_confidential:
                actions.move(case.pk, "in_progress", by=by, note=ON_ITS_WAY)
        return len(opened)


def _open_now(book: Book, planned: Planned, n: int) -> Case:
    at = book.until - RECENT * (1 - n / NOW_CASES)
    new = new_case(book, replace(planned, received=at), n)
    return actions.open_case(new, by=reporter(book, planned, n), case_id=book.key("now", n)).case


demo.add("units", load_units, order=10)
demo.add("cases", load_past, order=20)
demo.add("cases-today", load_recent, order=25)


def tell(book: Book, plan: Sequence[Planned]) -> list[Story]:
    """The stories of a plan, in the order of receipt."""
    order = sorted(range(len(plan)), key=lambda n: plan[n].received)
    numbers = dict(zip(order, _numbers([plan[n] for n in order]), strict=True))
    twins: dict[int, list[int]] = {}
    for n, planned in enumerate(plan):
        if planned.twin_of is not None:
            twins.setdefault(planned.twin_of, []).append(n)
    stories: dict[int, Story] = {}
    for n, planned in enumerate(plan):
        if planned.twin_of is None:
            begun = {m: begin_story(book, plan[m], m, numbers[m]) for m in (n, *twins.get(n, ()))}
            _go_on(book, n, planned, begun)
            stories |= begun
    return [stories[n] for n in order]


def _numbers(plan: Sequence[Planned]) -> Iterator[str]:
    """Numbers of the series, by the year of receipt."""
    years = [planned.received.astimezone(BANGKOK).year + BUDDHIST for planned in plan]
    given = {year: iter(next_numbers(SERIES["report"], years.count(year), year)) for year in dict.fromkeys(years)}
    return (f"{year}-{next(given[year]):06d}" for year in years)


def _go_on(book: Book, n: int, planned: Planned, begun: dict[int, Story]) -> None:
    """What happens to a case, and to those that repeat it, in the order of time."""
    story, dice = begun[n], Dice(book.seed, f"story-{n}")
    happening: list[tuple[datetime, Step | Story]] = list(timed(planned, story, dice))
    happening += [(_seen(child, dice), child) for m, child in begun.items() if m != n]
    for at, what in sorted(happening, key=lambda row: row[0]):
        if at > book.until:
            return
        if isinstance(what, Step):
            happen(story, what, max(at, story.last_at + BREATH), doer(book, what, story, n))
        else:
            _settle(what, story, max(at, story.last_at + BREATH), book.register.actor("counter"))


def _seen(child: Story, dice: Dice) -> datetime:
    """When an officer sees that it is the same."""
    return office(child.case.received_at + timedelta(hours=dice.spread(0.3, 6)), dice)


def _settle(child: Story, parent: Story, at: datetime, by: str) -> None:
    """Merge it; when the first report is closed already, answer it with that one."""
    if not merged(child, parent, at, by):
        note = f"จุดนี้ดำเนินการแล้วตามเรื่องเลขที่ {parent.case.number}"
        happen(child, Step(0, "state", to="accepted"), at, by)
        happen(child, Step(0, "state", to="fixed", note=note), at + BREATH, by)


def store(stories: Iterable[Story]) -> None:
    """Write the rows of all stories, cases before what hangs on them."""
    told = list(stories)
    Case.objects.bulk_create([story.case for story in told], BATCH)
    CaseDetail.objects.bulk_create([story.detail for story in told], BATCH)
    CaseSecret.objects.bulk_create([story.secret for story in told], BATCH)
    CaseEvent.objects.bulk_create([row for story in told for row in story.events], BATCH)
    Party.objects.bulk_create([row for story in told for row in story.parties], BATCH)
    ClockPause.objects.bulk_create([row for story in told for row in story.pauses], BATCH)
    CaseLink.objects.bulk_create([row for story in told for row in story.links], BATCH)


def attach_photos(seed: int, stories: Iterable[Story]) -> int:
    """Draw and attach the photos of the stories, released where their history says so; how many."""
    font, drawn, count = _font(), dict[tuple[str, int, bool], bytes](), 0
    for story in stories:
        for photo in story.pictures:
            what = (story.case.service_id, photo.id.int % VARIANTS, photo.role == "after")
            if what not in drawn:
                drawn[what] = picture(what[0], seed + what[1], font, after=what[2])
            with clock.at(photo.at):
                row = attach(story.case.pk, photo.role, io.BytesIO(drawn[what]), "ภาพสมมติ.jpg", id=photo.id)
            if photo.released_at:
                with clock.at(photo.released_at):
                    release(row)
            count += 1
    return count


def _font() -> ImageFont.FreeTypeFont:
    """Sarabun as Pillow reads it: the web font, unpacked."""
    font, file = TTFont(finders.find(FONT)), io.BytesIO()
    font.flavor = None
    font.save(file)
    file.seek(0)
    return ImageFont.truetype(file, LETTERS)
