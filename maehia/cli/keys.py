"""`maehia keys`: which keys hold how many cells; --rotate makes a new key and encrypts everything anew with it."""

from __future__ import annotations

import argparse
from typing import Any

from maehia.base import Problem, ProblemError
from maehia.cli import boot, state

RINGS = {"main": "บัตรประชาชน โทรศัพท์ และเรื่องส่วนบุคคล", "s26": "สุขภาพและความพิการ", "files": "ไฟล์ที่ส่งเข้ามา"}
INDEX = "index"


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("keys", description=__doc__)
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument("--show", action="store_true", help="every ring, its keys, and what each still holds (default)")
    asked.add_argument("--rotate", metavar="RING", choices=(*RINGS, INDEX), help=f"a new key for {', '.join(RINGS)}")


def run(args: argparse.Namespace) -> int:
    if args.rotate == INDEX:
        raise ProblemError(
            Problem(
                "index_stays",
                "กุญแจ index เปลี่ยนด้วยคำสั่งนี้ไม่ได้ เพราะดัชนีค้นหาสร้างจากข้อความเดิมซึ่งดัชนีเองไม่มี",
                fix="ถ้ากุญแจนี้รั่ว ให้ติดต่อผู้พัฒนา; main, s26, files เปลี่ยนได้ตามปกติ",
            )
        )
    if args.rotate and (server := state.running()):
        raise ProblemError(
            Problem(
                "still_serving",
                f"ยังให้บริการอยู่ที่ {server.url} โปรแกรมที่เปิดอยู่ยังเขียนด้วยกุญแจเดิม",
                fix="รัน make stop ก่อน แล้วลองใหม่",
            )
        )
    boot.django("worker")
    if args.rotate:
        rotate(args.rotate)
    for ring in (args.rotate,) if args.rotate else RINGS:
        show(ring)
    return 0


def rotate(ring: str) -> None:
    """A new key, everything encrypted with it. A run that was stopped is finished by the next one."""
    from maehia.kit.crypto import keyring
    from maehia.kit.crypto.rotation import rotate as encrypt_anew

    changed = encrypt_anew(ring, new_key=not unfinished(ring))
    for column, count in changed.items():
        if count:
            print(f"  {column}: {count:,}")
    print(f"เข้ารหัส {RINGS[ring]} ด้วยกุญแจรุ่น {keyring().current(ring)[0]} แล้ว {sum(changed.values()):,} รายการ")


def unfinished(ring: str) -> bool:
    """Whether older keys than the newest still hold something: then the newest is taken on, none is made."""
    from maehia.kit.crypto import keyring

    used = in_use(ring)
    return bool(used.keys() - {keyring().current(ring)[0]})


def in_use(ring: str) -> dict[int, int]:
    """Cells by version of the key; of ring "files" the wrapped keys of delivery files."""
    from maehia.kit.acting import acting
    from maehia.kit.crypto import files, key_version
    from maehia.kit.crypto.rotation import ACTOR, PURPOSE, versions_in_use
    from maehia.kit.models import FileKey

    if ring != files.RING:
        return versions_in_use(ring)
    found: dict[int, int] = {}
    with acting(ACTOR, PURPOSE):
        for wrapped in FileKey.objects.filter(wrapped__isnull=False).values_list("wrapped", flat=True).iterator():
            version = key_version(bytes(wrapped or b""))
            found[version] = found.get(version, 0) + 1
    return found


def show(ring: str) -> None:
    from maehia.kit.crypto import keyring

    versions, used = keyring().versions(ring), in_use(ring)
    print(f"{ring}: {RINGS[ring]}" + ("" if versions else " (ยังไม่มีกุญแจ จะสร้างเมื่อใช้ครั้งแรก)"))
    for version in versions:
        print(f"  {ring}-{version:04d}.key  {used.get(version, 0):,} รายการ{_advice(version, versions, used)}")


def _advice(version: int, versions: list[int], used: dict[int, int]) -> str:
    if version == versions[-1]:
        return " ← ใช้อยู่ (current)"
    if version in used:
        return " ยังใช้อ่านข้อมูลเก่า ห้ามลบ (still needed)"
    return " ไม่มีข้อมูลใดใช้แล้ว ลบไฟล์ได้เมื่อสำรองข้อมูลใหม่แล้ว (may be destroyed after a new backup)"
