"""The pages of shelters: what each who works there sees and does, through the forms."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

from maehia.city.tests.cast import text_of
from maehia.emergency.actions import shelters, stays
from maehia.emergency.actions.readiness import check_shelter
from maehia.emergency.actions.stays_sync import prepare_desk, waiting
from maehia.emergency.models import Shelter, ShelterDesk, ShelterOverride, ShelterSite, Stay
from maehia.emergency.tests.shelters_cast import BOONMA, HOUSEHOLD, MALEE, SCHOOL, Shelters, guest
from maehia.kit.idempotency import new_key
from maehia.kit.testing import NOW, AppTestCase


class TestPages(Shelters, AppTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.at = f"/staff/emergency/{self.incident.number}/shelters/"
        self.temple_at = f"{self.at}{self.temple.pk}/"
        self.enter(self.counter)

    def stays(self) -> list[Stay]:
        with self.shelter_desk():
            return list(Stay.objects.order_by("recorded_at", "in_at"))

    def test_the_list_says_how_full_each_is(self):
        with self.shelter_desk():
            for number in range(3):
                stays.check_in(self.school.pk, guest(number))
        page = self.page(self.at)
        assert "เหตุจริง" in page
        told = text_of(page)
        assert "โรงเรียนบ้านดอน (สมมติ) เต็ม 3 / 3 คน · ไม่มีที่ว่าง" in told
        assert "วัดป่า (สมมติ) เปิดรับ 0 / 10 คน · ว่าง 10 ที่" in told

    def test_who_only_sees_emergencies_sees_counts_and_no_names(self):
        with self.shelter_desk():
            stay = stays.check_in(self.temple.pk, guest(1))
        self.enter(self.finance)
        assert "วัดป่า" in self.page(self.at)
        assert "ผู้พักพิงสมมติ" not in self.page(self.temple_at)
        for path in (f"{self.temple_at}people/", f"{self.temple_at}in/", f"{self.at}stay/{stay.pk}/",
                     f"{self.temple_at}sheets/register/", f"{self.temple_at}queue/"):  # fmt: skip
            self.page(path, 403)

    def test_a_household_of_the_register_is_proposed_and_comes_in_at_once(self):
        self.people()
        hits = self.page(f"{self.temple_at}in/", q="มาลี")
        assert f"?person={MALEE}" in hits
        page = text_of(self.page(f"{self.temple_at}in/", person=str(MALEE)))
        assert "นางมาลี สุขใจดี" in page
        assert "นายบุญมา สุขใจดี" in page
        answer = self.send(f"{self.temple_at}together/", person=[str(MALEE), str(BOONMA)], household=str(HOUSEHOLD),
                           overnight="1")  # fmt: skip
        assert answer.status_code == 302
        rows = self.stays()
        assert {(row.person_key, row.household_key) for row in rows} == {(MALEE, HOUSEHOLD), (BOONMA, HOUSEHOLD)}
        assert len({row.party for row in rows}) == 1
        again = text_of(self.page(f"{self.temple_at}in/", person=str(MALEE)))
        assert "พักอยู่ที่ วัดป่า (สมมติ) แล้ว" in again

    def test_without_a_name_she_gets_a_band_that_opens_her_page(self):
        self.send(f"{self.temple_at}in/", sex="f", overnight="1", instance=str(uuid.uuid4()))
        row = self.stays()[0]
        assert (row.band, row.name) == ("000001-8", None)
        answer = self.client.get(f"{self.temple_at}people/", {"band": "๐๐๐๐๐๑๘"})
        assert answer["Location"].endswith(f"/stay/{row.pk}/")
        assert "หมายเลขสายรัดข้อมือไม่ถูกต้อง" in self.page(f"{self.temple_at}people/", 404, band="1")
        self.people()
        found = self.page(f"{self.at}stay/{row.pk}/", q="มาลี")
        assert str(MALEE) in found
        self.send(f"{self.at}stay/{row.pk}/do/identify/", person_key=str(MALEE))
        assert self.stays()[0].person_key == MALEE

    def test_the_same_form_ten_times_is_one_stay_and_another_body_is_refused(self):
        form = {"idempotency_key": new_key(), "name": "ส่งสิบครั้ง", "instance": str(uuid.uuid4()), "overnight": "1"}
        codes = [self.client.post(f"{self.temple_at}in/", form).status_code for _ in range(10)]
        assert codes == [302] * 10
        assert len(self.stays()) == 1
        assert self.client.post(f"{self.temple_at}in/", {**form, "name": "คนอื่น"}).status_code == 409
        assert self.client.post(f"{self.temple_at}in/", {"name": "ไม่มีหมายเลข"}).status_code == 400

    def test_a_full_shelter_says_so_and_keeps_what_was_typed(self):
        at = f"{self.at}{self.school.pk}/in/"
        for number in range(3):
            self.send(at, name=f"คน {number}", overnight="1")
        answer = self.send(at, name="คนที่สี่", overnight="1")
        told = answer.content.decode()
        assert answer.status_code == 422
        assert "ศูนย์พักพิงนี้เต็มแล้ว" in told
        assert 'value="คนที่สี่"' in told
        wrong = self.send(f"{self.temple_at}in/", national_id="1101700230709").content.decode()
        assert "ตัวเลขหลักที่ 13 ไม่ตรง" in wrong

    def test_out_away_back_and_moved_with_the_family(self):
        with self.shelter_desk():
            pair = stays.check_in_together(self.temple.pk, [guest(1), guest(2)], at=NOW - timedelta(hours=1))
        at = f"{self.at}stay/{pair[0].pk}/"
        assert "ผู้พักพิงสมมติ 2" in self.page(at)
        for verb, state in (("away", "temporarily_out"), ("back", "checked_in")):
            self.send(f"{at}do/{verb}/")
            with self.shelter_desk():
                assert Stay.objects.get(pk=pair[0].pk).state == state
        answer = self.send(f"{at}do/transfer/", to=str(self.school.pk), **{"with": [str(pair[1].pk)]})
        with self.shelter_desk():
            assert (self.load(self.temple), self.load(self.school)) == ((0, 0), (2, 2))
            new = Stay.objects.get(came_from=pair[0].pk)
        assert answer["Location"].endswith(f"/stay/{new.pk}/")
        assert "ย้ายมาจาก วัดป่า (สมมติ)" in text_of(self.page(f"{self.at}stay/{new.pk}/"))
        refused = self.send(f"{self.at}stay/{new.pk}/do/out/", how="")
        assert refused.status_code == 422
        self.send(f"{self.at}stay/{new.pk}/do/out/", how="home")
        assert self.send(f"{self.at}stay/{new.pk}/do/away/").status_code == 422
        assert self.send(f"{self.at}stay/{new.pk}/do/dance/").status_code == 404

    def test_more_than_it_holds_only_by_who_may(self):
        at = f"{self.at}{self.school.pk}/more/more/"
        assert self.send(at, places="2", reason="ฝนตก").status_code == 403
        self.enter(self.clerk)
        assert self.send(at, places="2", reason="").status_code == 422
        assert self.send(at, places="2", reason="ทางไปวัดขาด").status_code == 302
        with self.command():
            row = ShelterOverride.objects.get()
        assert row.by_name == self.clerk.display_name
        assert "ทางไปวัดขาด" in self.page(f"{self.at}{self.school.pk}/")
        self.send(f"{self.at}{self.school.pk}/more/end-more/", override=row.pk)
        assert "สิ้นสุดแล้ว" in self.page(f"{self.at}{self.school.pk}/")

    def test_a_place_becomes_a_shelter_as_it_was_prepared(self):
        with self.shelter_desk():
            shelters.close(self.school.pk)
        self.enter(self.duty)
        assert self.send(f"/staff/emergency/sites/{SCHOOL}/", capacity_night="40", pets="no").status_code == 302
        assert "ยังไม่เคยตรวจ" in text_of(self.page("/staff/emergency/sites/"))
        with self.command():
            check_shelter(SCHOOL, fit=True)
        told = text_of(self.page("/staff/emergency/sites/"))
        assert "โรงเรียนบ้านดอน (สมมติ) พร้อม กลางคืน 40 คน ตรวจเมื่อ" in told
        assert self.send(f"{self.at}plan/", place=str(SCHOOL), open="1").status_code == 302
        assert self.send(f"{self.at}plan/", place=str(SCHOOL)).status_code == 422
        assert self.send(f"{self.at}plan/", place="x", capacity_night="0").status_code == 422
        with self.shelter_desk():
            row = Shelter.objects.get(place_key=SCHOOL, state="open")
            assert row.capacity_night == ShelterSite.objects.get().capacity_night == 40

    def test_facts_states_bands_and_the_count_by_hand(self):
        facts = {"capacity_night": "12", "capacity_day": "20", "pets": "inside", "area_m2": "35", "version": "2",
                 "facilities": ["kitchen"]}  # fmt: skip
        assert self.send(f"{self.temple_at}facts/", **facts).status_code == 302
        told = text_of(self.page(self.temple_at))
        assert "กลางคืน 12 คน กลางวัน 20 คน" in told
        assert "ได้ 10 คน ความจุที่ตั้งไว้เกินเกณฑ์" in told
        assert "ยังไม่ได้ยืนยันกับแหล่งหลัก" in told
        assert self.send(f"{self.temple_at}facts/", **facts).status_code == 422
        self.send(f"{self.temple_at}do/bands/", count="3")
        with self.shelter_desk():
            run = self.temple.bands.get()
        printed = self.page(f"{self.temple_at}bands/{run.pk}/")
        assert printed.count("<svg") >= 3
        assert "000003-4" in printed
        self.page(f"{self.temple_at}bands/999/", 404)
        self.send(f"{self.temple_at}do/night/")
        assert "นับเอง" in self.page(self.temple_at)
        self.send(f"{self.temple_at}do/closing/")
        assert self.send(f"{self.temple_at}do/planned/").status_code == 403
        self.send(f"{self.temple_at}do/closed/")
        assert "ปิดแล้ว" in text_of(self.page(self.temple_at))

    def test_sheets_are_printed_and_downloaded_with_who_took_them(self):
        with self.shelter_desk():
            stays.check_in(self.temple.pk, stays.Guest("=cmd()", sex="f", age=9))
        for key in ("daily", "summary"):
            assert "ข้อมูลส่วนบุคคล" not in self.page(f"{self.temple_at}sheets/{key}/")
        assert f"พิมพ์โดย {self.counter.display_name}" in self.page(f"{self.temple_at}sheets/register/")
        answer = self.client.get(f"{self.temple_at}sheets/register/", {"as": "csv", "day": "2026-11-18"})
        text = answer.content.decode("utf-8-sig")
        assert f"พิมพ์โดย {self.counter.display_name}" in text
        assert "'=cmd()" in text
        assert "no-store" in answer["Cache-Control"]
        self.page(f"{self.temple_at}sheets/other/", 404)

    def test_a_desk_takes_the_list_along_and_hands_over_what_it_wrote(self):
        with self.shelter_desk():
            stays.check_in(self.temple.pk, guest(1, band="0000018"))
        answer = self.send(f"{self.temple_at}desk/", name="แท็บเล็ต 1")
        with self.shelter_desk():
            desk = ShelterDesk.objects.get()
        own = f"{self.temple_at}desk/{desk.pk}/"
        assert answer["Location"] == f"/shelter-desk/#{own}"
        told = self.client.get(own).json()
        assert (told["key"], told["free"], [one["band"] for one in told["people"]]) == (desk.key, 9, ["000001-8"])
        assert len(set(told["bands"])) == 200
        event = {"id": str(uuid.uuid4()), "stay": str(uuid.uuid4()), "kind": "in", "at": NOW.isoformat(),
                 "guest": {"name": "คนโต๊ะ"}}  # fmt: skip
        body = {"clock": NOW.isoformat(), "events": [event, {"id": "?"}]}
        for _ in range(2):
            states = [one["state"] for one in self.post(told["sync"], body).json()["answers"]]
            assert states == ["applied", "refused"]
        assert len(self.stays()) == 2
        for wrong in ({}, {"clock": "x", "events": []}, {"clock": NOW.isoformat(), "events": [1]}, [1]):
            assert self.post(told["sync"], wrong).status_code == 422
        assert self.post(f"{self.temple_at}desk/{uuid.uuid4()}/sync/", body).status_code == 404
        self.enter(self.finance)
        assert self.client.get(own).status_code == 403

    def post(self, path, body):
        return self.client.post(path, json.dumps(body), content_type="application/json")

    def test_what_waits_is_decided_on_its_page(self):
        with self.shelter_desk():
            desk = prepare_desk(self.temple.pk, self.counter, "แท็บเล็ต 1")
        rows = [{"id": str(uuid.uuid4()), "stay": str(uuid.uuid4()), "kind": "in", "at": NOW.isoformat(),
                 "guest": {"name": f"คน {n}", "band": "0000018"}} for n in range(2)]  # fmt: skip
        self.post(f"{self.temple_at}desk/{desk.pk}/sync/", {"clock": NOW.isoformat(), "events": rows})
        assert "สายรัดหมายเลขนี้มีผู้ใช้อยู่" in self.page(f"{self.temple_at}queue/")
        with self.shelter_desk():
            event = waiting(self.temple.pk)[0]
        at = f"{self.temple_at}queue/{event.pk}/"
        assert self.send(at, how="drop").status_code == 422
        assert self.send(at, how="band").status_code == 302
        assert "ไม่มีรายการรอตัดสิน" in self.page(f"{self.temple_at}queue/")
        assert self.send(f"{self.at}{self.school.pk}/queue/{event.pk}/", how="drop").status_code == 404
        assert len(self.stays()) == 2

    def test_the_page_of_the_desk_holds_no_data_and_asks_for_no_log_in(self):
        self.client.logout()
        page = self.page("/shelter-desk/")
        assert "วัดป่า" not in page
        assert "/shelter-desk/" in self.client.get("/sw.js").content.decode()

    def test_an_exercise_is_never_the_same_page(self):
        with self.command("exercise"):
            drill = self.flood("exercise")
        page = self.page(f"/staff/emergency/{drill.number}/shelters/")
        assert "การฝึกซ้อม ไม่ใช่เหตุจริง" in page
        self.page(f"/staff/emergency/{drill.number}/shelters/{self.temple.pk}/", 404)
