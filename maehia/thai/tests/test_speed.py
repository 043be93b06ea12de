"""The readers are fast enough to clean a town in a second."""

import random
import time
from datetime import date

import pytest

from maehia import thai
from maehia.thai.dates import MONTHS_SHORT

ROWS = 20_000
# About 0.8 s of one core when written; the bound leaves room for slower machines.
SECONDS = 4.0


def _rows(chooser: random.Random) -> list[tuple[str, str, str, str, str, str]]:
    """Invented rows that are all different, so that no cache helps."""
    letters = "กขคงจชดตนบปพมยรลวสหอ"

    def word() -> str:
        return "".join(chooser.choices(letters, k=4)) + "ี่" + chooser.choice(letters)

    titles = ("นาย", "นาง", "น.ส.", "ด.ช.", "ว่าที่ ร.ต.หญิง ", "")
    return [
        (
            f"{chooser.choice(titles)}{word()} {word()}",
            f"{chooser.randint(1, 999)}/{chooser.randint(1, 99)} ม.{chooser.randint(1, 10)} ต.แม่เหียะ อ.เมือง",
            f"{chooser.randint(1, 28)} {chooser.choice(MONTHS_SHORT)} {chooser.randint(2470, 2569)}",
            f"{chooser.randrange(10**12, 10**13)}",
            f"08{chooser.randint(0, 9)}-{chooser.randrange(10**7):07d}",
            f"5001-{chooser.randrange(10**6):06d}-{chooser.randint(0, 9)}",
        )
        for _ in range(ROWS)
    ]


@pytest.mark.slow
def test_twenty_thousand_rows_are_read_in_seconds() -> None:
    rows = _rows(random.Random(50))
    today = date(2026, 11, 21)
    started = time.process_time()
    for full, address, birth, number, phone, house in rows:
        name = thai.parse_name(full)
        thai.sound_key(name.first)
        thai.sound_key(name.last)
        thai.parse_address(address)
        thai.parse_birth(birth, today)
        thai.is_national_id(number)
        thai.normalize_phone(phone)
        thai.normalize_house_code(house)
    assert time.process_time() - started < SECONDS
