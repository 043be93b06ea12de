"""Alerts of the tests: one flash flood in an invented moo, and the steps that bring it out."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib.gis.geos import MultiPolygon, Polygon
from django.test import override_settings

from maehia.access.models import Account
from maehia.city.models import Town
from maehia.emergency.actions import alerts, alerts_release
from maehia.emergency.actions.alerts import NewAlert, Words
from maehia.emergency.models import Alert
from maehia.emergency.tests.cast import Watch
from maehia.kit.acting import acting
from maehia.kit.testing import NOW
from maehia.web import prerendered

SQUARE = Polygon(((98.95, 18.74), (98.97, 18.74), (98.97, 18.725), (98.95, 18.725), (98.95, 18.74)), srid=4326)
THAI = Words("น้ำป่าเข้าหมู่ 4 ให้อพยพทันที", "น้ำล้นลำห้วยเข้าบ้านเรือน", "ไปศูนย์พักพิง\nปิดไฟฟ้าก่อนออกจากบ้าน\nห้ามลุยน้ำไหล", "หมู่ 4")
ENGLISH = Words("Flash flood in Moo 4: leave now", "Water has entered homes.", "Go to the shelter.", "Moo 4")


def flash_flood(**changes: Any) -> NewAlert:
    values: dict[str, Any] = {
        "event": "flash_flood", "urgency": "Immediate", "severity": "Severe", "certainty": "Observed",
        "expires": NOW + timedelta(hours=6), "th": THAI, "en": ENGLISH, "responses": ("Evacuate",),
        "geom": MultiPolygon(SQUARE, srid=4326),
    }  # fmt: skip
    return NewAlert(**{**values, **changes})


def make_town() -> Town:
    outline = Polygon(((98.9, 18.68), (99.0, 18.68), (99.0, 18.78), (98.9, 18.78), (98.9, 18.68)), srid=4326)
    values = {"name_th": "เทศบาลเมืองตัวอย่าง", "name_en": "Sample Town", "lao_type": "thesaban_mueang", "tambon_codes": ["500109"],
              "district_code": "5001", "province_code": "50", "website": "https://www.sample.go.th",
              "phones": [{"label": "แจ้งเหตุ", "number": "053 000 199"}], "outline": MultiPolygon(outline, srid=4326)}  # fmt: skip
    return Town.objects.update_or_create(id=1, defaults=values)[0]


class Warned(Watch):
    """Mixed in: a town with an outline, its own folder of files, and short words for the steps."""

    def setUp(self) -> None:
        super().setUp()
        self.folder = Path(tempfile.mkdtemp())
        self._kept = override_settings(
            MAEHIA_DATA=self.folder, KEYS_DIR=self.folder / "keys", SITE_URL="https://sample.go.th"
        )
        self._kept.enable()
        prerendered.cabinet.shelves.clear()
        with self.acting():
            make_town()

    def tearDown(self) -> None:
        self._kept.disable()
        prerendered.cabinet.shelves.clear()
        shutil.rmtree(self.folder)
        super().tearDown()  # type: ignore[misc]

    def by(self, account: Account, mode: str = "live") -> Any:
        return acting(account.actor, "emergency.command", mode=mode)

    def waiting(self, mode: str = "live", incident: Any = None, **changes: Any) -> Alert:
        """Written and submitted by ดวงใจ, who has the watch."""
        with self.by(self.duty, mode):
            made = alerts.draft(flash_flood(**changes), incident=incident)
            return alerts.submit(made.pk)

    def approved(self, mode: str = "live", incident: Any = None, **changes: Any) -> Alert:
        row = self.waiting(mode, incident, **changes)
        return self.approve(row, mode)

    def approve(self, row: Alert, mode: str = "live") -> Alert:
        with self.by(self.commander, mode):
            return alerts_release.approve(row.pk, self.commander, sha256=row.sha256)

    def out(self, mode: str = "live", incident: Any = None, **changes: Any) -> Alert:
        """Published by วิชัย."""
        return self.publish(self.approved(mode, incident, **changes), mode)

    def publish(self, row: Alert, mode: str = "live") -> Alert:
        with self.by(self.commander, mode):
            return alerts_release.publish(row.pk)

    def through(self, row: Alert, mode: str = "live") -> Alert:
        """A draft through all its steps."""
        with self.by(self.duty, mode):
            row = alerts.submit(row.pk)
        return self.publish(self.approve(row, mode), mode)
