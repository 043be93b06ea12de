"""What GeoReport v2 answers to a GET, in both formats (O01 to O04, O11 to O18, O23, O24)."""

from __future__ import annotations

import csv
import io
import re
import time
from datetime import timedelta

import jsonschema
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree

from maehia.forms import actions as forms
from maehia.kit.acting import acting
from maehia.kit.testing import NOW
from maehia.services import actions
from maehia.services.models import Case, Service
from maehia.services.tests import open311_schemas as schemas
from maehia.services.tests.desk_cast import PLACE, lay
from maehia.services.tests.open311_cast import BASE, SANDBOX, Open311
from maehia.services.tests.photo_cast import attach_photo

DAY = timedelta(days=1)


class Catalogue(Open311):
    def test_discovery_has_every_field_and_its_formats_work_on_each_endpoint(self) -> None:
        found = self.get("discovery.json")
        jsonschema.validate(found, schemas.DISCOVERY)
        assert [endpoint["type"] for endpoint in found["endpoints"]] == ["production", "test"]
        assert [endpoint["url"].partition("/open311")[2] for endpoint in found["endpoints"]] == ["/v2/", "/test/v2/"]
        tree = self.get("discovery.xml")
        assert [node.text for node in tree.iterfind("endpoints/endpoint[1]/formats/format")] == [
            "text/xml", "application/json"]  # fmt: skip
        for base in (BASE, SANDBOX):
            for path in ("services", "requests", "services/pole"):
                for suffix in ("xml", "json"):
                    self.get(f"{path}.{suffix}", base=base)

    def test_services_are_the_public_ones_with_their_thai_names(self) -> None:
        found = self.get("services.json")
        jsonschema.validate(found, schemas.SERVICES)
        by_code = {row["service_code"]: row for row in found}
        assert set(by_code) == {"street_light", "smoke", "pole", "slow"}
        assert by_code["street_light"]["service_name"] == "ไฟถนนดับ"
        assert (by_code["pole"]["metadata"], by_code["street_light"]["metadata"]) == (True, False)
        assert (by_code["pole"]["keywords"], by_code["slow"]["type"]) == ("เสา,สายไฟ", "batch")
        tree = self.get("services.xml")
        assert tree.xpath("string(service[service_code='street_light']/service_name)") == "ไฟถนนดับ"
        assert self.get("services.json", lang="en")[0]["service_name"].isascii()

    def test_one_service_is_still_an_array(self) -> None:
        Service.objects.exclude(pk="street_light").update(state="retired")
        assert [row["service_code"] for row in self.get("services.json")] == ["street_light"]
        assert len(self.get("services.xml").findall("service")) == 1

    def test_a_definition_is_one_object_with_values_for_lists(self) -> None:
        found = self.get("services/pole.json")
        jsonschema.validate(found, schemas.DEFINITION)
        assert found["attributes"][0]["values"] == [{"key": "out", "name": "ดับ"}, {"key": "flicker", "name": "กะพริบ"}]
        assert self.get("services/street_light.json") == {"service_code": "street_light", "attributes": []}
        tree = self.get("services/pole.xml", lang="en")
        assert tree.findtext("attributes/attribute/values/value/name") == "Out"

    def test_an_unknown_or_confidential_service_is_not_found(self) -> None:
        for code in ("nothing", "staff_conduct"):
            assert "service_code" in self.get(f"services/{code}.json", 404)[0]["description"]
            self.get(f"services/{code}.xml", 404)


class Lists(Open311):
    def numbers(self, **query: str) -> list[str]:
        found = self.get("requests.json", **query)
        jsonschema.validate(found, schemas.REQUESTS)
        tree = self.get("requests.xml", **query)
        assert [node.text for node in tree.iterfind("request/service_request_id")] == [
            row["service_request_id"] for row in found]  # fmt: skip
        return [row["service_request_id"] for row in found]

    def arrange(self, words: str = "ไฟดับ", **more: object) -> Case:
        with self.acting():
            return lay(words, **more)

    def test_nothing_found_is_an_empty_array_and_an_empty_element(self) -> None:
        assert self.get("requests.json") == []
        assert self.client.get(BASE + "requests.xml").content.endswith(b"<service_requests></service_requests>")

    def test_ids_override_filters_that_contradict_them(self) -> None:
        old = self.arrange(received_at=NOW - 400 * DAY)
        new = self.arrange()
        found = self.numbers(service_request_id=f"{old.number},{new.number}", status="closed", start_date="nonsense")
        assert sorted(found) == sorted([old.number, new.number])

    def test_the_window_is_90_days_to_the_second(self) -> None:
        edge = self.arrange(received_at=NOW - 90 * DAY)
        self.arrange(received_at=NOW - 90 * DAY - timedelta(seconds=1))
        new = self.arrange()
        assert self.numbers() == [new.number, edge.number]
        assert self.numbers(start_date=(NOW - 90 * DAY).isoformat()) == [new.number, edge.number]
        assert "90" in self.get("requests.json", 400, start_date="2026-01-01", end_date="2026-04-02")[0]["description"]
        self.get("requests.xml", 400, start_date="2026-01-01", end_date="2026-04-02")

    def test_statuses_join_and_fixed_is_none(self) -> None:
        is_open = self.arrange()
        closed = self.arrange(state="fixed", state_type="fixed", closed_at=NOW)
        assert self.numbers(status="open") == [is_open.number]
        assert self.numbers(status="closed") == [closed.number]
        assert set(self.numbers(status="open,closed")) == {is_open.number, closed.number}
        assert "status" in self.get("requests.json", 400, status="fixed")[0]["description"]

    def test_services_boxes_and_times_of_change_narrow_the_list(self) -> None:
        lamp = self.arrange(updated_at=NOW - DAY)
        smoke = self.arrange(service="smoke")
        assert self.numbers(service_code="smoke,nothing") == [smoke.number]
        assert self.numbers(updated_after=(NOW - timedelta(hours=1)).isoformat()) == [smoke.number]
        assert self.numbers(updated_before=(NOW - timedelta(hours=1)).isoformat()) == [lamp.number]
        assert self.numbers(bbox="98.94,18.74,98.96,18.75") != []
        assert self.numbers(bbox="98.0,18.0,98.1,18.1") == []

    def test_a_closed_case_is_as_old_as_its_closing_also_after_work_in_the_office(self) -> None:
        case = self.arrange()
        with acting(self.works.actor, "services.desk"):
            attach_photo(case.pk, "after")
            actions.move(case.pk, "in_progress", by=self.works.actor)
            actions.move(case.pk, "fixed", by=self.works.actor, note="เปลี่ยนหลอดแล้ว")
        with self.acting():
            Case.objects.filter(pk=case.pk).update(closed_at=NOW - DAY)
        with acting(self.works.actor, "services.desk"):
            actions.add_note(case.pk, "เบิกหลอดจากคลัง", by=self.works.actor)
        (row,) = self.get(f"requests/{case.number}.json")
        assert (row["status"], row["status_notes"]) == ("closed", "เปลี่ยนหลอดแล้ว")
        assert row["updated_datetime"] == "2026-11-17T10:00:00+07:00"

    def test_a_case_that_was_closed_unfixed_says_so(self) -> None:
        case = self.arrange(state="not_ours", state_type="closed", closed_at=NOW, last_note="ถนนของกรมทางหลวง")
        (row,) = self.get(f"requests/{case.number}.json")
        assert row["status_notes"] == "ไม่อยู่ในอำนาจหน้าที่: ถนนของกรมทางหลวง"
        assert self.get(f"requests/{case.number}.json", lang="en")[0]["status_notes"].startswith("Not our duty")

    def test_one_request_is_an_array_of_one_with_everything_that_may_be_known(self) -> None:
        case = self.arrange(public_text="ไฟดับ <b>ทั้งซอย</b>", public_address="หมู่ 5")
        found = self.get(f"requests/{case.number}.json")
        jsonschema.validate(found, schemas.ONE_REQUEST)
        assert (found[0]["description"], found[0]["agency_responsible"]) == ("ไฟดับ <b>ทั้งซอย</b>", "กองช่าง")
        assert (found[0]["lat"], found[0]["long"]) == (PLACE.y, PLACE.x)
        assert found[0]["requested_datetime"] == "2026-11-18T10:00:00+07:00"
        assert self.get(f"requests/{case.number}.xml").findtext("request/description") == "ไฟดับ <b>ทั้งซอย</b>"

    def test_unknown_hidden_and_sealed_are_the_same_bytes(self) -> None:
        hidden = self.arrange(state="moderated", state_type="hidden")
        sealed = self.arrange(service="staff_conduct")
        for suffix in ("xml", "json"):
            bodies = {self.client.get(f"{BASE}requests/{number}.{suffix}").content
                      for number in ("2569-999999", hidden.number, sealed.number, "x" * 900, "๙")}  # fmt: skip
            assert len(bodies) == 1
        self.get(f"requests/{hidden.number}.json", 404)
        assert self.numbers(service_request_id=f"{hidden.number},{sealed.number}") == []
        assert self.numbers() == []

    def test_every_date_has_the_offset_and_no_year_is_buddhist(self) -> None:
        self.arrange()
        for path in ("discovery.json", "requests.json", "requests.xml"):
            body = self.client.get(BASE + path).content.decode()
            dates = re.findall(r"\d{4}-\d\d-\d\dT[^\"<]*", body)
            assert dates
            assert all(re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00", date) for date in dates)

    def test_an_empty_parameter_is_an_absent_one_at_every_endpoint(self) -> None:
        self.arrange()
        names = ("jurisdiction_id", "service_request_id", "service_code", "start_date", "end_date", "status", "page",
                 "page_size", "updated_after", "updated_before", "bbox", "extensions", "lang", "never_heard_of")  # fmt: skip
        for path in ("discovery.json", "services.xml", "services/pole.json", "requests.json"):
            plain = self.client.get(BASE + path).content
            for name in names:
                assert self.client.get(BASE + path, {name: ""}).content == plain, (path, name)

    def test_another_town_is_not_found(self) -> None:
        assert "jurisdiction_id" in self.get("services.json", 404, jurisdiction_id="elsewhere")[0]["description"]

    def test_a_released_photo_is_shown_and_others_are_not(self) -> None:
        case = self.arrange()
        with acting(self.works.actor, "services.desk"):
            photo = attach_photo(case.pk, "photo")
        assert self.get("requests.json")[0]["media_url"] is None
        with acting(self.works.actor, "services.desk"):
            forms.release(photo)
        url = self.get("requests.json")[0]["media_url"]
        assert url.startswith("http://testserver/")
        assert str(photo.pk) in url

    def test_extensions_tell_the_public_history_only(self) -> None:
        case = self.arrange()
        with acting(self.works.actor, "services.desk"):
            actions.move(case.pk, "accepted", by=self.works.actor, note="รับเรื่องแล้ว", internal="ลับภายใน")
        (row,) = self.get("requests.json", extensions="true")
        assert [note["description"] for note in row["notes"]] == ["รับเรื่องแล้ว"]
        assert row["extended_attributes"]["state"] == "accepted"
        tree = self.get("requests.xml", extensions="true")
        assert tree.findtext("request/notes/note/type") == "state"
        (update,) = self.get("servicerequestupdates.json")
        assert (update["service_request_id"], update["status"]) == (case.number, "INVESTIGATING")


class Files(Open311):
    def test_the_open_data_file_has_the_rows_of_the_list_and_its_header(self) -> None:
        with self.acting():
            cases = [
                lay(public_text='=1+1, "ซอย"\nสอง'),
                lay(received_at=NOW - 500 * DAY),
                lay(service="staff_conduct"),
            ]
        answer = self.client.get(BASE + "bulk.csv")
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        body = b"".join(answer.streaming_content).decode()
        assert body.splitlines()[0] == (
            "service_request_id,requested_datetime,updated_datetime,closed_date,status_description,status_notes,source,"
            "service_name,service_subtype,description,agency_responsible,address,lat,long"
        )
        rows = list(csv.DictReader(io.StringIO(body)))
        assert [row["service_request_id"] for row in rows] == [cases[1].number, cases[0].number]
        assert rows[1]["description"] == '\'=1+1, "ซอย"\nสอง'
        package = self.client.get(BASE + "datapackage.json").json()
        assert [field["name"] for field in package["resources"][0]["schema"]["fields"]] == list(rows[0])


class Cost(Open311):
    def test_statements_do_not_grow_with_the_rows_and_a_thousand_are_quick(self) -> None:
        counts = []
        for wanted in (1, 100, 1000):
            self.fill(wanted)
            with CaptureQueriesContext(connection) as asked:
                started = time.perf_counter()
                body = self.client.get(BASE + "requests.json").content
                took = time.perf_counter() - started
            assert body.count(b"service_request_id") == wanted
            counts.append(len(asked))
        assert len(set(counts)) == 1
        assert took < 1.5  # ten times the promise: this machine may be busy
        self.fill(1001)
        assert self.client.get(BASE + "requests.json").content.count(b"service_request_id") == 1000
        assert len(etree.fromstring(self.client.get(BASE + "requests.xml").content)) == 1000

    def fill(self, wanted: int) -> None:
        """Rows beside one that is laid."""
        with self.acting():
            first = Case.objects.first() or lay()
            missing = wanted - Case.objects.count()
            Case.objects.bulk_create([
                Case(number=f"2569-9{wanted:04d}{n:04d}", kind="report", service_id=first.service_id, workflow_version="1",
                     definition_id=first.definition_id, channel="web", state="submitted", state_type="open", unit_id="works",
                     is_public=True, public_point=PLACE, received_at=NOW - timedelta(minutes=n), recorded_at=NOW,
                     updated_at=NOW)
                for n in range(missing)
            ])  # fmt: skip
