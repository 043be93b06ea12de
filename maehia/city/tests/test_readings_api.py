"""Posting readings: the key, the row with the fault, the same batch again."""

import json

from maehia.city.actions import make_reading_key, revoke_reading_key
from maehia.city.models import Observation, ReadingKey
from maehia.city.tests.cast import PageCase, text_of
from maehia.city.tests.test_readings_pages import make_stations
from maehia.kit.testing import AppTestCase

AT = "2026-11-18T09:00:00+07:00"
ROW = {"station": "AQ1", "quantity": "pm25", "at": AT, "value": 41.2}


class PostTests(AppTestCase):
    def setUp(self):
        make_stations()
        self.key = make_reading_key("ผู้ติดตั้งตัวอย่าง", [], by="test")

    def post(self, body, content_type="application/json", key=None, **headers):
        body = json.dumps(body) if not isinstance(body, str | bytes) else body
        shown = {"Authorization": f"Bearer {self.key.text if key is None else key}", **headers}
        return self.client.post("/api/readings/", body, content_type=content_type, headers=shown)

    def codes(self, answer):
        return [(p.get("row"), p["code"]) for p in answer.json()["problems"]]

    def test_good_readings_are_taken(self):
        answer = self.post([ROW, {**ROW, "at": "2026-11-18T08:00:00+07:00", "value": None}])
        assert answer.status_code == 200
        assert answer.json() == {"received": 2, "added": 2, "same": 0, "refused": 0, "problems": []}
        assert Observation.objects.get(value=41.2).origin == f"post:{self.key.row.pk}"

    def test_the_same_batch_again_changes_nothing(self):
        self.post({"readings": [ROW]})
        assert self.post({"readings": [ROW]}).json()["same"] == 1
        assert Observation.objects.count() == 1

    def test_a_body_nested_without_end_is_unreadable_not_a_fault(self):
        answer = self.post("[" * 200_000)
        assert (answer.status_code, self.codes(answer)) == (422, [(None, "unreadable")])

    def test_a_time_before_any_station_is_refused(self):
        answer = self.post([{**ROW, "at": "0001-01-01T00:00:00+07:00"}])
        assert self.codes(answer) == [(1, "old_time")]

    def test_csv_is_taken_too(self):
        body = f"station,quantity,at,value\nAQ1,pm25,{AT},41.2\nRN1,rain,{AT},\n"
        assert self.post(body, "text/csv").json()["added"] == 2

    def test_each_bad_row_is_named_and_the_good_ones_go_on(self):
        rows = [
            ROW, {**ROW, "station": "XX"}, {**ROW, "quantity": "gold"}, {**ROW, "at": "yesterday"},
            {**ROW, "at": "2026-11-18T09:00:00"}, {**ROW, "at": "2027-01-01T00:00:00+07:00"}, {**ROW, "value": "much"},
            {**ROW, "value": True}, {**ROW, "value": "1e999"},
        ]  # fmt: skip
        answer = self.post(rows)
        assert answer.status_code == 422
        assert answer.json()["added"] == 1
        assert self.codes(answer) == [
            (2, "unknown_station"), (3, "unknown_quantity"), (4, "bad_time"), (5, "naive_time"), (6, "future_time"),
            (7, "bad_value"), (8, "bad_value"), (9, "bad_value"),
        ]  # fmt: skip

    def test_no_key_a_wrong_key_and_a_revoked_key_are_refused(self):
        for key in ("", "mhr_wrong"):
            answer = self.post([ROW], key=key)
            assert (answer.status_code, self.codes(answer)) == (401, [(None, "bad_key")])
        revoke_reading_key(self.key.row.pk, by="test")
        assert self.post([ROW]).status_code == 401
        assert not Observation.objects.exists()

    def test_a_key_of_one_station_cannot_speak_for_another(self):
        self.key = make_reading_key("เฉพาะสถานีเดียว", ["RN1"], by="test")
        answer = self.post([ROW, {**ROW, "station": "RN1", "quantity": "rain", "value": 0}])
        assert (answer.status_code, self.codes(answer)) == (422, [(1, "station_not_yours")])

    def test_too_much_at_once_is_refused(self):
        answer = self.post([ROW] * 5001)
        assert (answer.status_code, self.codes(answer)) == (413, [(None, "too_large")])
        assert self.post(b" " * (2**20 + 1)).status_code == 413

    def test_another_type_is_refused(self):
        answer = self.post("<xml/>", "application/xml")
        assert (answer.status_code, self.codes(answer)) == (415, [(None, "unknown_type")])

    def test_what_cannot_be_read_is_refused_whole(self):
        for body, kind in (
            ("{", "application/json"), ("[1, 2]", "application/json"), ('[{"value": NaN}]', "application/json"),
            ("a,b\n1,2\n", "text/csv"), (b"\xff\xfe\x00", "text/csv"),
        ):  # fmt: skip
            answer = self.post(body, kind)
            assert (answer.status_code, self.codes(answer)) == (422, [(None, "unreadable")]), body

    def test_a_sender_in_a_hurry_is_asked_to_wait(self):
        for _ in range(120):
            assert self.post([]).status_code == 200
        answer = self.post([])
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "60"

    def test_guessing_keys_is_slowed_down(self):
        for _ in range(20):
            assert self.post([], key="mhr_guess").status_code == 401
        assert self.post([], key="mhr_guess").status_code == 429
        assert self.post([ROW]).status_code == 200  # a good key from the same place still works

    def test_get_is_not_a_way_in(self):
        assert self.client.get("/api/readings/").status_code == 405

    def test_only_a_hash_of_the_key_is_kept(self):
        row = ReadingKey.objects.get()
        assert self.key.text not in str(row.__dict__)
        assert len(row.key_hash) == 64


class KeyPageTests(PageCase):
    PATH = "/staff/readings/keys/"

    def setUp(self):
        super().setUp()
        make_stations()
        self.enter(self.admin)

    def test_a_key_is_shown_once(self):
        page = self.send(self.PATH, name="ผู้ติดตั้งตัวอย่าง", stations=["AQ1"]).content.decode()
        assert "mhr_" in page
        assert "คัดลอกกุญแจนี้ตอนนี้" in text_of(page)
        listed = self.page(self.PATH)
        assert "mhr_" not in listed
        assert "ผู้ติดตั้งตัวอย่าง" in text_of(listed)
        assert "สถานี AQ1" in text_of(listed)

    def test_the_same_form_twice_makes_one_key_and_hides_it(self):
        fields = {"name": "สองครั้ง", "idempotency_key": "same-key-1"}
        assert "mhr_" in self.client.post(self.PATH, fields).content.decode()
        again = self.client.post(self.PATH, fields).content.decode()
        assert "mhr_" not in again
        assert "กุญแจนี้แสดงไปแล้ว" in text_of(again)
        assert ReadingKey.objects.count() == 1

    def test_a_key_without_a_name_is_not_made(self):
        assert "มีข้อมูลที่ต้องแก้ไข" in text_of(self.send(self.PATH, name="").content.decode())
        assert not ReadingKey.objects.exists()

    def test_revoking_says_what_stays(self):
        self.send(self.PATH, name="ทดลอง")
        row = ReadingKey.objects.get()
        answer = self.client.post(f"{self.PATH}{row.pk}/revoke/", follow=True)
        assert "ค่าที่เคยส่งไว้ยังอยู่" in text_of(answer.content.decode())
        row.refresh_from_db()
        assert row.revoked_by == self.admin.actor

    def test_only_who_runs_the_town_manages_keys(self):
        self.enter(self.data)
        self.page(self.PATH, status=403)
        assert self.client.post(f"{self.PATH}1/revoke/").status_code == 403
