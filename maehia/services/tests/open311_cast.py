"""Client applications with a key, and short verbs of GeoReport v2 in both formats."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
from lxml import etree

from maehia.services.actions.api_keys import NewKey, make_api_key
from maehia.services.models import Service, ServiceVersion, TokenService
from maehia.services.tests import open311_schemas as schemas
from maehia.services.tests.case_cast import StreetCase
from maehia.services.tests.desk_cast import definition

BASE = "/open311/v2/"
SANDBOX = "/open311/test/v2/"
LAMP = {"service_code": "street_light", "lat": "18.7440", "long": "98.9510", "description": "ไฟหน้าวัดสมมติดับ"}
ASKED = {"fields": [
    {"id": "fault", "type": "choice", "required": True, "label": {"th": "อาการ", "en": "Fault"},
     "options": [{"value": "out", "label": {"th": "ดับ", "en": "Out"}},
                 {"value": "flicker", "label": {"th": "กะพริบ", "en": "Flickers"}}]},
    {"id": "signs", "type": "choices", "label": {"th": "เห็นอะไร", "en": "Signs"},
     "options": [{"value": "smoke", "label": {"th": "ควัน", "en": "Smoke"}},
                 {"value": "noise", "label": {"th": "เสียง", "en": "Noise"}}]},
]}  # fmt: skip


def publish(code: str, th: str, **more: Any) -> None:
    """One more category of reports."""
    data = definition(code, th, code.title(), "works", **more)
    service = Service.objects.create(code=code, kind="report", name_th=th, name_en=code.title(), state="published")
    at = ServiceVersion.objects.first().published_at
    version = ServiceVersion.objects.create(service=service, number=1, definition=data, state="published",
                                            made_by="system:test", made_at=at, published_at=at)  # fmt: skip
    Service.objects.filter(pk=code).update(current=version)


class Open311(StreetCase):
    """A town with a service that asks, one that answers by token, and an application with a key."""

    key: NewKey

    def setUp(self) -> None:
        super().setUp()
        with self.acting():
            publish("pole", "เสาไฟฟ้าชำรุด", form=ASKED, keywords=["เสา", "สายไฟ"])
            publish("slow", "เรื่องที่รับเป็นชุด")
            TokenService.objects.create(pk="slow")
        self.key = make_api_key("แอปสมมติ", "app@example.org", by="system:test", per_minute=1000)

    def get(self, path: str, code: int = 200, /, base: str = BASE, **query: Any) -> Any:
        """The body, read; XML as a tree, JSON as data. Type and form of the answer are checked on the way."""
        answer = self.client.get(base + path, query)
        return self.read(answer, path, code)

    def read(self, answer: Any, path: str, status: int) -> Any:
        assert answer.status_code == status, (path, answer.status_code, answer.content.decode()[:400])
        assert answer["Access-Control-Allow-Origin"] == "*"
        if path.endswith(".json"):
            assert answer["Content-Type"] == "application/json; charset=utf-8"
            data = json.loads(answer.content)
            if status != 200:
                jsonschema.validate(data, schemas.ERRORS)
                assert {row["code"] for row in data} == {status}
            return data
        assert answer["Content-Type"] == "text/xml; charset=utf-8"
        assert answer.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n')
        tree = etree.fromstring(answer.content)
        assert all(not node.attrib and not node.nsmap for node in tree.iter())
        if status != 200:
            assert (tree.tag, {node.text for node in tree.iterfind("error/code")}) == ("errors", {str(status)})
        return tree

    def post(self, status: int = 200, path: str = "requests.json", base: str = BASE, **fields: Any) -> Any:
        """A POST with the key; `headers` by name, None leaves a field out."""
        headers = fields.pop("headers", {})
        given = {"api_key": self.key.text, **LAMP, **fields}
        answer = self.client.post(base + path, {k: v for k, v in given.items() if v is not None}, headers=headers)
        return self.read(answer, path, status)

    def number(self, **fields: Any) -> str:
        return str(self.post(**fields)[0]["service_request_id"])

    def wrong(self, status: int = 400, **fields: Any) -> str:
        return " ".join(row["description"] for row in self.post(status, **fields))
