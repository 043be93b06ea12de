"""The lines that readiness itself brings: roster, things, shelters, stations, limits, call trees, numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext

from maehia.access.models import Account
from maehia.base import BANGKOK
from maehia.city.queries import readings
from maehia.emergency.models import Exercise
from maehia.emergency.queries import calltree, relief, review, thresholds
from maehia.emergency.queries import readiness as queries
from maehia.emergency.queries.readiness_checks import Line
from maehia.emergency.rules.roster import Hole
from maehia.emergency.rules.thresholds import UNKNOWN
from maehia.emergency.views.readiness_parts import state_words
from maehia.thai import collation_key
from maehia.web.formats import show_date, show_datetime, show_number, show_since
from maehia.web.registry import in_language

SOON = timedelta(hours=24)
DRILL_DAYS = 365


def roster(moment: datetime) -> Sequence[Line]:
    """One line a need that has holes in the next seven days; those with a hole in the next 24 hours first."""
    url, who = reverse("emergency:roster"), gettext("หัวหน้างานป้องกันฯ")
    by_need: dict[str, list[Hole]] = {}
    for hole in queries.open_holes(moment, moment + queries.HORIZON):
        by_need.setdefault(hole.need.key, []).append(hole)
    lines = [Line("late" if holes[0].starts_at < moment + SOON else "work", hole_words(holes), who,
                  gettext("ใส่คนเข้าเวร"), url) for holes in by_need.values()]  # fmt: skip
    if not queries.needs(moment.astimezone(BANGKOK).date()):
        lines.append(Line("wait", gettext("ยังไม่ได้กำหนดว่าต้องมีใครอยู่เวรเมื่อใด"), who, gettext("กำหนดเวรที่ต้องมี"),
                          reverse("emergency:roster_needs")))  # fmt: skip
    return lines


def hole_words(holes: Sequence[Hole]) -> str:
    """The first hole of a need, and how many follow."""
    first = holes[0]
    told = gettext("%(need)s: %(start)s ถึง %(end)s มี %(have)d จาก %(least)d คน") % {
        "need": first.need.name, "start": show_datetime(first.starts_at), "end": show_datetime(first.ends_at),
        "have": first.have, "least": first.need.least,
    }  # fmt: skip
    return f"{told} {gettext('และอีก %(n)d ช่วง') % {'n': len(holes) - 1}}" if len(holes) > 1 else told


def shelters(moment: datetime) -> Sequence[Line]:
    """Shelters that nobody looked at for half a year, and those that could not open tonight."""
    url, lines = reverse("emergency:readiness_shelters"), []
    for one in queries.shelters():
        if one.check is None or moment - one.check.at > timedelta(days=queries.SHELTER_DAYS):
            last = show_date(one.check.at) if one.check else gettext("ไม่เคยตรวจ")
            what = gettext("%(name)s: ตรวจล่าสุด %(last)s") % {"name": one.name, "last": last}
            lines.append(Line("wait", what, gettext("กองสวัสดิการสังคม"), gettext("ไปตรวจและบันทึกผล"), url))
        elif not one.check.fit:
            what = gettext("%(name)s: ยังเปิดไม่ได้ ขาด %(lacks)s") % {"name": one.name, "lacks": one.check.lacks}
            lines.append(Line("late", what, gettext("กองสวัสดิการสังคม"), gettext("แก้ไขแล้วตรวจอีกครั้ง"), url))
    return sorted(lines, key=lambda line: line.state)


def things(moment: datetime) -> Sequence[Line]:
    """Fewer fit for use than needed, and what nobody has looked at in its time."""
    lines = []
    held = queries.resources()
    names = queries.account_names([one.resource.keeper for one in held if one.resource.keeper])
    for one in held:
        row, url = one.resource, reverse("emergency:resource", args=[one.resource.pk])
        who = queries.name_of(row.keeper, names) if row.keeper else gettext("กองช่าง")
        label = f"{row.name} {row.code}".strip()
        if one.count < row.least:
            what = gettext("%(name)s: ใช้ได้ %(have)s จากที่ต้องมี %(least)s %(unit)s (%(state)s)") % {
                "name": label, "have": show_number(one.count), "least": show_number(row.least), "unit": row.unit,
                "state": state_words(one.state),
            }  # fmt: skip
            lines.append(Line("late", what, who, gettext("ซ่อม เติม หรือยืมจากที่อื่น"), url))
        elif one.checked_at is None or moment - one.checked_at > timedelta(days=row.check_days):
            last = show_date(one.checked_at) if one.checked_at else gettext("ไม่เคยตรวจ")
            what = gettext("%(name)s: ตรวจสภาพล่าสุด %(last)s") % {"name": label, "last": last}
            lines.append(Line("work", what, who, gettext("ลองเดินเครื่องแล้วบันทึก"), url))
    return sorted(lines, key=lambda line: (line.state, collation_key(line.what)))


def numbers(moment: datetime) -> Sequence[Line]:
    """Numbers that are not known, and those that nobody has rung for half a year."""
    url, who = reverse("emergency:readiness_numbers"), gettext("เวรศูนย์สั่งการ")
    held = queries.numbers()
    unknown = [gettext("ยังไม่ทราบหมายเลข %(name)s") % {"name": one.name_th} for one in held if not one.phone]
    lines = [Line("work", what, who, gettext("หาหมายเลขแล้วบันทึก"), url) for what in unknown]
    old = moment.date() - timedelta(days=queries.NUMBER_DAYS)
    silent = [one for one in held if one.phone and (one.checked_on is None or one.checked_on < old)]
    if silent:
        what = gettext("หมายเลขภายนอก %(n)d หมายเลขยังไม่มีใครโทรตรวจใน 6 เดือน") % {"n": len(silent)}
        lines.append(Line("wait", what, who, gettext("โทรตรวจทีละหมายเลข"), url))
    return lines


def stations(moment: datetime) -> Sequence[Line]:
    """Stations whose value is not known now, and limits that therefore say nothing."""
    url, who = reverse("city:public_readings"), gettext("ผู้ดูแลสถานีวัด")
    lines = []
    for one in readings.latest(moment):
        if not one.is_known:
            what = gettext("%(name)s: %(quantity)s ไม่ทราบค่า ล่าสุด %(since)s") % {
                "name": one.station.name or one.station.code, "quantity": one.quantity.name_th,
                "since": show_since(one.at, moment),
            }  # fmt: skip
            lines.append(Line("late", what, who, gettext("ตรวจเครื่องวัดและสัญญาณ"), url))
    mute = [gettext("%(name)s: ไม่เคยส่งค่า") % {"name": row.name or row.code} for row in readings.silent_stations()]
    return lines + [Line("wait", what, who, gettext("ตรวจการติดตั้ง"), url) for what in mute]


def limits(moment: datetime) -> Sequence[Line]:
    """What was reached and nobody answered; limits that are blind now; and the town that has set none."""
    url, who = reverse("emergency:crossings"), gettext("เวรศูนย์สั่งการ")
    names = thresholds.station_names()
    lines = [Line("late", gettext("%(name)s ที่ %(station)s ถึงเกณฑ์ %(since)s ยังไม่มีผู้ตอบ") % {
        "name": one.threshold.name_th, "station": names.get(one.station) or one.station,
        "since": show_since(one.at, moment)}, who, gettext("ตรวจแล้วเปิดเหตุหรือบอกเหตุผล"), url)
        for one in thresholds.crossings()]  # fmt: skip
    held = thresholds.standings(moment)
    blind = sum(one.state == UNKNOWN for one in held)
    if blind:
        what = gettext("เกณฑ์ %(n)d จุดไม่ทราบสถานะ เพราะไม่มีค่าใหม่") % {"n": blind}
        lines.append(Line("wait", what, who, gettext("ดูว่าจุดใดและเฝ้าด้วยวิธีอื่น"), reverse("emergency:thresholds")))
    if not held:
        lines.append(Line("work", gettext("ยังไม่มีเกณฑ์เตือนที่ใช้อยู่กับสถานีใด"), gettext("หัวหน้างานป้องกันฯ"),
                          gettext("ตั้งเกณฑ์"), reverse("emergency:thresholds")))  # fmt: skip
    return lines


def call_trees(moment: datetime) -> Sequence[Line]:
    """A town without a call tree, posts without a deputy, trees that were not tried for half a year."""
    who, held = gettext("หัวหน้างานป้องกันฯ"), calltree.trees()
    if not held:
        return [
            Line(
                "work", gettext("ยังไม่มีผังการเรียกคน"), who, gettext("ทำผังว่าใครโทรหาใคร"), reverse("emergency:call_trees")
            )
        ]
    last = {run.tree_id: run.started_at for run in reversed(calltree.last_runs(200))}
    lines = []
    for tree in held:
        url = reverse("emergency:call_tree", args=[tree.pk])
        alone = [post.name for post in calltree.tree_posts(tree) if len(post.people.all()) < 2]
        if alone:
            what = gettext("%(tree)s: ไม่มีผู้แทน %(posts)s") % {"tree": tree.name, "posts": ", ".join(alone[:3])}
            lines.append(Line("work", what, who, gettext("เพิ่มผู้แทน"), url))
        if tree.pk not in last or moment - last[tree.pk] > timedelta(days=180):
            what = gettext("%(tree)s: ไม่ได้ลองเรียกใน 6 เดือน") % {"tree": tree.name}
            lines.append(Line("wait", what, who, gettext("ลองเรียกเป็นการซ้อม"), url))
    return lines


def stock(moment: datetime) -> Sequence[Line]:
    """Goods of which all shelves together hold less than their least."""
    url, who = reverse("emergency:incidents"), gettext("เจ้าหน้าที่พัสดุ")
    return [
        Line("work", gettext("%(name)s: มี %(have)s จากที่ต้องมี %(least)s %(unit)s") % {
            "name": in_language(low.item.name_th, low.item.name_en), "have": show_number(low.on_hand.normalize()),
            "least": show_number(low.item.least.normalize()), "unit": low.item.unit}, who, gettext("จัดหาเพิ่ม"), url)
        for low in relief.below_least()
    ]  # fmt: skip


def corrections(moment: datetime) -> Sequence[Line]:
    """Corrections of reviews, of incidents and of exercises, that are past their day."""
    held = review.overdue(moment.astimezone(BANGKOK).date())
    names = dict(Account.objects.filter(pk__in=[one.owner for one in held]).values_list("pk", "display_name"))
    return [
        Line("late", gettext("%(text)s: เกินกำหนด %(due)s") % {"text": one.text[:120], "due": show_date(one.due)},
             names.get(one.owner, ""), gettext("ทำให้เสร็จและแนบหลักฐาน"), reverse("emergency:corrections"))
        for one in held
    ]  # fmt: skip


def drills(moment: datetime) -> Sequence[Line]:
    """A year without an exercise that was played to its end, and exercises past the day they were planned for."""
    url, who = reverse("emergency:exercises"), gettext("ปลัดเทศบาล")
    today = moment.astimezone(BANGKOK).date()
    late = (
        Exercise.objects.filter(planned_on__lt=today, ended_at=None).select_related("incident").order_by("planned_on")
    )
    lines = [Line("late", gettext("%(name)s: กำหนดซ้อม %(day)s ยังไม่ได้ซ้อม") % {
        "name": one.incident.name, "day": show_date(one.planned_on)}, who, gettext("ซ้อมหรือเลื่อนวัน"), url)
        for one in late]  # fmt: skip
    last = Exercise.objects.exclude(ended_at=None).order_by("-ended_at").values_list("ended_at", flat=True).first()
    if last is None or moment - last > timedelta(days=DRILL_DAYS):
        when = show_date(last) if last else gettext("ไม่เคยซ้อม")
        lines.append(Line("work", gettext("ฝึกซ้อมครั้งล่าสุด: %(when)s") % {"when": when}, who, gettext("จัดการฝึกซ้อม"), url))
    return lines


BOTH = ("live", "exercise")
CHECKS = (
    ("limits", limits, "เกณฑ์เตือน", "Limits", 10, ("live",)),
    ("roster", roster, "เวร 7 วันข้างหน้า", "On call, next 7 days", 20, ("live",)),
    ("stations", stations, "สถานีวัด", "Stations", 30, ("live",)),
    ("things", things, "รถ เรือ เครื่องมือ", "Vehicles, boats, tools", 40, ("live",)),
    ("stock", stock, "สิ่งของบรรเทาทุกข์", "Relief goods", 45, ("live",)),
    ("shelters", shelters, "ศูนย์พักพิง", "Shelters", 50, ("live",)),
    ("call_trees", call_trees, "ผังการเรียกคน", "Call trees", 60, ("live",)),
    ("numbers", numbers, "หมายเลขภายนอก", "Outside numbers", 70, ("live",)),
    ("drills", drills, "การฝึกซ้อม", "Exercises", 80, ("exercise",)),
    ("corrections", corrections, "การแก้ไขหลังการทบทวน", "Corrections after reviews", 90, BOTH),
)
