"""What everybody sees: one filter for list, counts, map and file; and nothing of what is private."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

from maehia.access.actions import assign, create_account
from maehia.city.tests.cast import P_JAIDEE, P_MALEE
from maehia.forms import queries as forms
from maehia.kit import clock
from maehia.kit.idempotency import new_device, new_key
from maehia.kit.testing import NOW
from maehia.services import actions
from maehia.services.models import Case
from maehia.services.tests.case_cast import OTHER_DEVICE
from maehia.services.tests.citizen_cast import CitizenCase, text_of, without_addresses
from maehia.services.tests.desk_cast import SINCE
from maehia.web import registry as web


class PublicCase(CitizenCase):
    """Two lamps (one fixed), a road, a noise that is not public, a complaint that is sealed."""

    def setUp(self) -> None:
        super().setUp()
        self.lamp = self.file()
        self.done = self.file(contact=actions.Contact())
        self.road = self.file(service="road", asset_key=None, point=(98.9552, 18.7481), description="หลุมใหญ่")
        self.noise = self.file(service="noise", asset_key=None, description="เพื่อนบ้านเสียงดัง")
        self.sealed = self.file(service="corruption", asset_key=None, point=None, description="เรียกเงิน")
        self.fix(self.done)

    def rows(self, **query) -> list[dict[str, str]]:
        answer = self.client.get("/cases/cases.csv", query)
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    def points(self, **query) -> list[dict]:
        return json.loads(self.client.get("/cases/points.geojson", query).content)["features"]


class FilterTests(PublicCase):
    def test_list_count_map_and_file_say_the_same_for_every_filter(self):
        for query, expected in (
            ({}, 3), ({"state": "open"}, 2), ({"state": "fixed"}, 1), ({"what": "light"}, 2), ({"what": "streets"}, 3),
            ({"moo": "5"}, 3), ({"moo": "9"}, 0), ({"q": self.road.number}, 1), ({"state": "late"}, 0), ({"what": "x"}, 0),
            ({"since": "2569-01-01"}, 0), ({"since": "2026-11-18"}, 3), ({"q": "หลุมใหญ่"}, 0),
        ):  # fmt: skip
            page = self.page("/cases/", **query)
            assert f"พบ {expected} เรื่อง" in page, query
            assert page.count('class="case-row"') == len(self.rows(**query)) == len(self.points(**query)) == expected

    def test_every_chip_counts_what_its_link_shows(self):
        page = self.page("/cases/")
        chips = dict(zip(("", "open", "late", "fixed", "closed"), counts_of(page), strict=True))
        for state, count in chips.items():
            assert len(self.rows(state=state)) == count

    def test_a_count_changes_when_one_row_changes(self):
        with self.acting():
            Case.objects.filter(pk=self.lamp.pk).update(is_public=False)
        assert "พบ 2 เรื่อง" in self.page("/cases/")
        with clock.at(NOW + timedelta(days=60)):
            assert len(self.rows(state="late")) == len(self.points(state="late")) == 1

    def test_released_words_can_be_searched_and_others_cannot(self):
        assert self.rows(q="สามคืน") == []
        with self.acting():
            actions.release_text(self.lamp.pk, "ไฟดับสามคืน", by="user:x")
        assert [row["number"] for row in self.rows(q="สามคืน")] == [self.lamp.number]

    def test_pages_hold_twenty_and_the_rest_follows(self):
        for _ in range(20):
            self.file(service="road", asset_key=None)
        assert self.page("/cases/").count('class="case-row"') == 20
        assert self.page("/cases/", page=2).count('class="case-row"') == 3
        assert "page=2" in self.page("/cases/")

    def test_a_cell_cannot_start_a_formula(self):
        with self.acting():
            actions.release_text(self.lamp.pk, "=HYPERLINK(1)", by="user:x")
        assert [r["text"] for r in self.rows(q="HYPERLINK")] == ["'=HYPERLINK(1)"]

    def test_strange_questions_are_answered_with_nothing_and_no_error(self):
        for query in (
            {"moo": "x'"},
            {"since": "x"},
            {"page": "x"},
            {"page": "999"},
            {"state": "';--"},
            {"q": "%_\\'\"\x00"},
        ):
            assert self.client.get("/cases/", query).status_code in (200, 400)
            self.client.get("/cases/map/", query)


class CaseTests(PublicCase):
    def test_a_private_a_sealed_a_hidden_and_an_unknown_number_get_the_same_404(self):
        with self.acting():
            Case.objects.filter(pk=self.road.pk).update(state="moderated", state_type="hidden")
        numbers = [self.noise.number, self.sealed.number, self.road.number, "2569-999999", "x"]
        answers = [self.client.get(f"/cases/{number}/") for number in numbers]
        assert {a.status_code for a in answers} == {404}
        assert len({without_addresses(a.content.decode()) for a in answers}) == 1
        joined = [self.join(number).status_code for number in numbers]
        assert set(joined) == {404}

    def join(self, number: str, **fields):
        keys = {"idempotency_key": new_key(), "idempotency_device": new_device()}
        return self.client.post(f"/cases/{number}/me-too/", {**keys, **fields})

    def test_words_and_photos_wait_for_an_officer(self):
        page = self.page(f"/cases/{self.lamp.number}/")
        assert "ไฟหน้าวัดดับ" not in page
        assert "ยังไม่เผยแพร่" in page
        with self.acting():
            actions.release_text(self.lamp.pk, "ไฟหน้าวัดดับ", by="user:x")
        assert "ไฟหน้าวัดดับ" in self.page(f"/cases/{self.lamp.number}/")

    def test_an_after_photo_is_public_once_released(self):
        path = f"/cases/{self.done.number}/"
        assert '<img src="/files/' not in self.page(path)
        with self.acting("services.desk") as context:
            actions.release_photo(self.done.pk, forms.attachments(self.done.pk)[0].pk, by=context.actor)
        page = self.page(path)
        assert page.count('<img src="/files/') == 1
        url = "/files/" + page.split('<img src="/files/')[1].split('"')[0]
        assert self.client.get(url).headers["Content-Type"] == "image/jpeg"

    def test_a_blurred_category_shows_the_middle_of_its_square(self):
        case = self.file(service="burning", asset_key=None, point=(98.95123, 18.74123))
        (found,) = self.points(what="burning")
        assert found["properties"]["id"] == case.number
        lon, lat = found["geometry"]["coordinates"]
        assert (lon, lat) != (98.95123, 18.74123)
        assert abs(lon - 98.95123) < 0.0005
        assert "ช่อง 50 เมตร" in text_of(self.page(f"/cases/{case.number}/"))

    def test_me_too_counts_once_per_device_and_not_on_a_closed_case(self):
        device = new_device()
        self.join(self.lamp.number, idempotency_device=device)
        self.join(self.lamp.number, idempotency_device=device)
        self.join(self.lamp.number)
        self.join(self.done.number)
        assert self.fresh(self.lamp).me_too == 2
        assert self.fresh(self.done).me_too == 0

    def test_a_bad_phone_is_said_and_nothing_is_counted(self):
        answer = self.join(self.lamp.number, phone="12")
        assert answer.status_code == 422
        assert "อ่านเบอร์โทรศัพท์นี้ไม่ออก" in answer.content.decode()
        assert self.fresh(self.lamp).me_too == 0


class LayerTests(PublicCase):
    def test_the_layer_of_open_cases_is_on_every_public_map(self):
        assert web.layers.get("services-cases") is not None
        tile = self.client.get("/tiles/services-cases/12/3173/1830")
        assert tile.status_code == 200
        assert "public" in tile.headers["Cache-Control"]
        assert self.lamp.number.encode() in tile.content
        for hidden in (self.done, self.noise, self.sealed):
            assert hidden.number.encode() not in tile.content

    def test_the_list_of_the_citys_map_reads_it_as_a_visitor(self):
        shown = self.page("/map/list/", layer="services-cases")
        assert self.lamp.number in shown
        assert self.noise.number not in shown

    def test_the_home_page_has_the_doors(self):
        page = self.page("/")
        assert all(path in page for path in ('href="/report/"', 'href="/follow/"', 'href="/cases/"'))


class MineTests(PublicCase):
    def setUp(self) -> None:
        super().setUp()
        with self.acting():
            self.malee = self.citizen("malee", "มาลี สุขใจดี", P_MALEE)
            self.jaidee = self.citizen("jaidee", "ใจดี (สมมติ)", P_JAIDEE)

    def citizen(self, login: str, name: str, person):
        account = create_account(login, name, person_key=person)
        assign(account, "citizen", starts_on=SINCE)
        return account

    def test_a_citizen_finds_what_she_told_and_nobody_elses(self):
        self.enter(self.malee)
        assert "ยังไม่มีเรื่องของคุณ" in self.page("/me/cases/")
        self.report(description="ไฟหน้าบ้านมาลี")
        with self.acting():
            mine = Case.objects.get(person_key=P_MALEE)
        page = self.page("/me/cases/")
        assert mine.number in page
        assert self.lamp.number not in page
        assert f"/follow/{actions.secret_of(mine.pk)}/" in page
        self.enter(self.jaidee)
        assert mine.number not in self.page("/me/cases/")

    def test_her_name_is_there_already_when_she_reports(self):
        self.enter(self.malee)
        page = self.page("/report/light/tell/")
        assert 'value="มาลี สุขใจดี"' in page
        assert "ออกจากระบบก่อนแจ้ง" in page

    def test_a_question_that_waits_for_her_is_said_in_the_list(self):
        self.enter(self.malee)
        self.report()
        with self.acting():
            mine = Case.objects.get(person_key=P_MALEE)
            actions.move(mine.pk, "waiting_citizen", by=self.works.actor, question="ต้นไหนคะ")
        assert "รอคำตอบของคุณ" in self.page("/me/cases/")

    def test_a_visitor_logs_in_first_and_an_account_without_a_person_is_told_how(self):
        assert "/accounts/login/" in self.client.get("/me/cases/").headers["Location"]
        self.enter(self.works)
        assert "ยังไม่ได้ผูกกับบุคคล" in self.page("/me/cases/")

    def test_a_case_for_another_person_stays_hers(self):
        new = actions.NewCase(
            service="road", channel="counter", description="หลุม", address="หน้าตลาด", person_key=P_JAIDEE
        )
        case = actions.file_case(new, by=OTHER_DEVICE).case
        self.enter(self.jaidee)
        assert case.number in self.page("/me/cases/")


def counts_of(page: str) -> list[int]:
    """The figures on the chips, in order."""
    chips = page.split('class="chips"')[1].split("</ul>", maxsplit=1)[0]
    return [int(part.split("<")[0]) for part in chips.split('class="count">')[1:]]
