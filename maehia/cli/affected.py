"""`maehia affected FOOTPRINT.geojson --purpose P --as LOGIN`: who and what is inside, by priority.

Refused without the right. Purpose emergency.affected: where an incident that is being fought gives the account the
right, inside its current footprint and the file. Purpose break_glass or break_glass.s26, with --reason: opens a broken
glass for the file's area.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maehia.base import Problem, ProblemError
from maehia.cli import boot

if TYPE_CHECKING:
    from maehia.access.models import Account
    from maehia.emergency.models import Incident
    from maehia.emergency.queries.affected import Affected

GLASS = ("break_glass", "break_glass.s26")
LIVE, EXERCISE = "live", "exercise"


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("affected", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, metavar="FOOTPRINT.geojson", help="polygons, longitude and latitude")
    parser.add_argument("--purpose", required=True, choices=("emergency.affected", *GLASS), metavar="P",
                        help="emergency.affected, break_glass or break_glass.s26")  # fmt: skip
    parser.add_argument("--as", required=True, dest="login", metavar="LOGIN", help="the account that asks; it is told")
    parser.add_argument("--incident", metavar="NUMBER", default="", help="which incident, when there are several")
    parser.add_argument("--reason", metavar="TEXT", default="", help="why the glass is broken, at least ten letters")
    parser.add_argument("--hazard", metavar="KIND", default="flood", help="whose points order a broken glass's list")
    parser.add_argument("--format", choices=("csv", "json"), default="csv")
    parser.add_argument("--limit", type=int, default=0, metavar="N", help="at most so many households (default: all)")


def run(args: argparse.Namespace) -> int:
    if not args.file.is_file():
        raise ProblemError(Problem("file_missing", "ไม่พบไฟล์", str(args.file), "ตรวจชื่อไฟล์และโฟลเดอร์"))
    if args.limit < 0:
        raise ProblemError(Problem("bad_limit", "--limit ต้องเป็นจำนวนเต็มบวก", str(args.limit), "ใส่ 1 ขึ้นไป หรือไม่ใส่เลย"))
    boot.django()
    from maehia.cli.affected_print import write

    write(sys.stdout, args.format, find(args))
    return 0


def find(args: argparse.Namespace) -> Affected:
    """The list that the account may see. Raises ProblemError with what to do instead."""
    area, account = _area(args.file), _account(args.login)
    if args.purpose in GLASS:
        return _through_glass(account, area, args)
    incident = _incident(account, args.incident)
    return _inside(account, incident, area, args.limit)


def _area(file: Path) -> Any:
    """The file's polygons as GEOS, checked against the town."""
    from maehia.emergency.actions.footprints import geos, town_outline
    from maehia.emergency.rules.footprints import check, read_geojson
    from maehia.kit.acting import acting

    polygons = read_geojson(file.read_bytes())
    with acting("system:emergency", "emergency.resolve"):
        check(polygons, town_outline())
    return geos(polygons)


def _account(login: str) -> Account:
    from maehia.access.models import Account
    from maehia.kit.acting import acting

    with acting("system:login", "system.login"):
        found = Account.objects.filter(login=login, is_active=True).first()
    if found is None:
        raise ProblemError(Problem("no_account", f"ไม่มีบัญชี {login} ที่ใช้งานอยู่", "--as", "ใส่ชื่อบัญชีของผู้ที่ขอดู"))
    return found


def _incident(account: Account, number: str) -> Incident:
    """The one named, else the only one that opens people to the account: live before exercise."""
    from maehia.emergency.actions import grants
    from maehia.emergency.queries.incidents import find as by_number
    from maehia.emergency.queries.incidents import live_ones, mode_of
    from maehia.kit.acting import acting

    if number:
        with acting(account.actor, "emergency.field", mode=mode_of(number)):
            named = by_number(number)
        if named is None:
            raise ProblemError(Problem("no_incident", f"ไม่พบเหตุการณ์ {number}", "--incident", "ตรวจเลขที่เหตุการณ์"))
        return named
    for mode in (LIVE, EXERCISE):
        with acting(account.actor, "emergency.field", mode=mode):
            open_ones = [by_number(row.number) for row in live_ones() if grants.may_see(account, row)]
            found = [row for row in open_ones if row is not None and row.footprint is not None]
        if len(found) > 1:
            numbers = ", ".join(row.number for row in found)
            raise ProblemError(Problem("several_incidents", f"มีหลายเหตุการณ์: {numbers}", "", "ระบุ --incident NUMBER"))
        if found:
            return found[0]
    raise ProblemError(Problem("no_right", f"ไม่มีเหตุการณ์ที่กำลังดำเนินอยู่ซึ่งบัญชี {account.login} ได้รับมอบหมาย", "",
                               "ให้ผู้อำนวยการมอบหมายก่อน หรือใช้ --purpose break_glass.s26 --reason เหตุผล"))  # fmt: skip


def _inside(account: Account, incident: Incident, area: Any, limit: int) -> Affected:
    """The people of the current footprint whose house stands in the file's area too."""
    from maehia.emergency.actions import grants
    from maehia.emergency.queries.affected import Affected, Only, affected, things_in

    with grants.affected(account, incident):
        assert incident.footprint is not None  # noqa: S101 (grants refuse an incident without one)
        rows: list[Any] = []
        after, found = None, None
        while found is None or (after is not None and (not limit or len(rows) < limit)):
            found = affected(incident.footprint, after=after, only=Only(area=area), via=_via())
            rows, after = [*rows, *found.rows], found.after
        kept = tuple(rows[:limit] if limit else rows)
        counts = _counts(kept) | things_in(area.intersection(incident.footprint.geom))
        return Affected(counts, kept, snapshot=found.snapshot)


def _through_glass(account: Account, area: Any, args: argparse.Namespace) -> Affected:
    """A broken glass for the area, as on the page for it: supervisor and DPO are told, another reviews it."""
    from maehia.access.actions import Ask, break_glass
    from maehia.access.queries import grounds
    from maehia.emergency.queries.affected import Affected, in_area, things_in
    from maehia.emergency.rules.priority import weights_for
    from maehia.kit import clock
    from maehia.kit.acting import Scope, acting

    ground = next(ground for ground in grounds().values() if ground.purpose == args.purpose)
    glass = break_glass(account, Ask(ground.key, args.reason, area=area, incident_no=args.incident,
                                     cannot_consent=ground.cannot_consent))  # fmt: skip
    try:
        weights = weights_for(args.hazard, clock.today())
    except LookupError as error:
        raise ProblemError(
            Problem("unknown_hazard", f"ไม่มีประเภทภัย {args.hazard}", "--hazard", "ใช้ flood, haze, fire")
        ) from error
    with acting(account.actor, args.purpose, scope=Scope.grant(glass.grant)):
        found = in_area(area, weights, limit=args.limit or 10_000, via=_via())
        return Affected(found.counts | things_in(area), found.rows)


def _via() -> str:
    return f"cli:{boot.os_user()}"


def _counts(rows: tuple[Any, ...]) -> dict[str, int]:
    return {"people": sum(row.people for row in rows), "households": len(rows),
            "houses": len({row.house_key for row in rows})}  # fmt: skip
