"""The demo's LINE account: invented followers in every village, one text that was sent to some of them."""

from __future__ import annotations

import random
from datetime import timedelta

from maehia.kit.acting import acting
from maehia.kit.clock import now
from maehia.message.actions import address_index, broadcast, send_all
from maehia.message.models import LineFollower
from maehia.message.queries import demo_line_user, villages
from maehia.services import demo

FOLLOWERS, LEFT, ENGLISH = 90, 6, 9
KNOWN = 0.9  # share of those who have said where they live
TEXT = "พรุ่งนี้ 9.00–12.00 น. ซ่อมท่อประปาหน้าวัด (ข่าวสมมติ) น้ำอาจไหลเบา กรุณาสำรองน้ำไว้ใช้"
TEXT_EN = "Tomorrow 9:00 to 12:00 a water pipe is mended by the temple (invented news). Please keep some water."


def load(seed: int) -> int:
    """Followers, and a send to one village, taken by the fake platform. Returns how many follow."""
    chance = random.Random(f"{seed} line")
    places = [moo for moo, _ in villages()]
    with acting(demo.ACTOR, demo.PURPOSE):
        LineFollower.objects.bulk_create(
            [_follower(n, chance, places) for n in range(FOLLOWERS)], ignore_conflicts=True
        )
        if places:
            broadcast(TEXT, TEXT_EN, places[:1], by=demo.ACTOR)
    send_all()
    return FOLLOWERS


def _follower(number: int, chance: random.Random, places: list[str]) -> LineFollower:
    """One of them; some have not said where they live, some have left."""
    user = demo_line_user(f"follower {number}")
    since = now() - timedelta(days=chance.randint(1, 700), minutes=chance.randint(0, 1400))
    moo = places[number % len(places)] if places and (number < len(places) or chance.random() < KNOWN) else ""
    return LineFollower(
        line_user=user, user_index=address_index(user), moo=moo, followed_at=since, asked_moo_at=since,
        lang="en" if number % ENGLISH == 1 else "th", unfollowed_at=now() if number >= FOLLOWERS - LEFT else None,
    )  # fmt: skip


demo.add("line", load, order=60)
