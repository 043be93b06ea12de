"""A street that writes on LINE: มาลี follows the town's account, ใจดี does not."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.contrib.gis.geos import Polygon
from django.test import Client

from maehia.city.models import Area, Town
from maehia.kit import clock
from maehia.kit.testing import EXTRA_KEPT
from maehia.message import demo_mark, terms
from maehia.message.actions import work_on_new
from maehia.message.actions.queue import Recipient, address_index
from maehia.message.channels import sms
from maehia.message.channels.line import api
from maehia.message.fakes import line as fake
from maehia.message.fakes.sms import GATEWAY, Gateway
from maehia.message.models import LineFollower
from maehia.message.registry import Template, inbound, templates

EXTRA_KEPT |= {"access_role", "access_roleevent"}
MALEE, JAIDEE = fake.user_id("malee"), fake.user_id("jaidee")
SECRET = "a-channel-secret-of-this-test"
KEYS = {"secret": SECRET, "secret_before": "", "token": "a-token", "bot": "", "login_channel": "165", "liff": ""}
SMS = json.dumps({**GATEWAY, "url": "https://sms.example/send"})
FIXED = "test.fixed"
templates.add(Template(FIXED, "state", "เรื่อง {number} เสร็จแล้ว", "Case {number} is done", ("number",), "เสร็จ", "Done"))
templates.add(Template("test.word", "word", "คำ {word}", "Word {word}", ("word",)))


class Providers:
    """Fakes of LINE and SMS in place of the real ones, and a town with two villages. Mixed into test cases."""

    villages = True  # the street of another cast has its own
    handlers = "message."  # the beginning of the keys of those who answer in the chat

    def setUp(self) -> None:
        super().setUp()  # type: ignore[misc]
        terms.forget()
        demo_mark.forget()
        self.line = fake.Platform(api.Keys((SECRET,), KEYS["token"], "", "165"))
        self.sms = Gateway()
        for context in (api.through(self.line), sms.through(self.sms), self.settings(LINE=KEYS, SMS_GATEWAY=SMS)):
            context.__enter__()
            self.addCleanup(context.__exit__, None, None, None)
        self.addCleanup(terms.forget)
        kept = {key: entry for key, entry in inbound._entries.items() if key.startswith(self.handlers)}
        patcher = patch.object(inbound, "_entries", kept)
        patcher.start()
        self.addCleanup(patcher.stop)
        with self.acting():
            Town.objects.create(
                name_th="เทศบาลเมืองตัวอย่าง", lao_type="tm", district_code="5001", province_code="50",
                phones=[{"label": "ศูนย์บริการ", "number": "053-000-000"}],
            )  # fmt: skip
            if self.villages:
                square = Polygon.from_bbox((98.9, 18.7, 98.95, 18.75))
                for number, name in ((2, "บ้านดอน"), (5, "บ้านป่าจี้")):
                    Area.objects.create(
                        key=uuid.UUID(int=number), code=f"5001{number:04d}", area_kind="moo", name=name, geom=square
                    )

    def follow(self, user: str = MALEE, **more: Any) -> LineFollower:
        with self.acting():
            return LineFollower.objects.create(
                line_user=user, user_index=address_index(user), followed_at=clock.now(), **more
            )

    def hook(self, *events: Mapping[str, Any], secret: str = SECRET, work: bool = True, **headers: str) -> Any:
        """Deliver a webhook as LINE does and let the worker work on it."""
        raw, signature = fake.webhook(events, secret)
        answer = Client(enforce_csrf_checks=True).post(
            "/hooks/line/", raw, "application/json", headers={"x-line-signature": signature, **headers}
        )
        if work:
            work_on_new()
        return answer

    def write(self, text: str, user: str = MALEE) -> list[dict[str, Any]]:
        """Write into the chat; what was answered."""
        return self.turn(fake.event(user, "message", message={"type": "text", "id": "1", "text": text}))

    def turn(self, event: Mapping[str, Any]) -> list[dict[str, Any]]:
        before = len(self.line.bubbles)
        assert self.hook(event).status_code == 200
        return self.line.bubbles[before:]

    def pushes(self) -> Sequence[Any]:
        return [call for call in self.line.calls if call[0].endswith("/push")]


MALEE_BY_LINE = Recipient(line_user=MALEE)


@contextmanager
def a_term(key: str, value: Any) -> Iterator[None]:
    """A term with another value, for a block."""
    entry = terms.defaults()[key]
    before, entry["value"] = entry["value"], value
    try:
        yield
    finally:
        entry["value"] = before
