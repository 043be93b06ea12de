"""One delivery on its page: before, after, refused, withdrawn; its problems and its changes."""

import csv
import io

from django.urls import reverse

from maehia.access.models import Read
from maehia.evidence.models import Delivery
from maehia.intake.models import ProblemRow
from maehia.intake.tests.cast import AS_OF, NEXT_MONTH, IntakeCase
from maehia.intake.tests.makers import PEOPLE, SOMCHAI, layer, text_file
from maehia.kit.jobs import Job

MOVED = [[1, "นาย", "สมชาย", "ใจดี", SOMCHAI, "13 เม.ย. 2492", "200", "5"], PEOPLE[1]]
FAULTY = [*PEOPLE, [4, "นาย", "ดี", "เกินวัน", "", "30 ก.พ. 2540", "1", "5"]]


class Before(IntakeCase):
    def page(self, found, part=""):
        return self.client.get(reverse("intake:delivery", args=[found.pk]) + part)

    def test_the_page_says_what_would_change_and_offers_to_do_it(self):
        page = self.page(self.looked_at(self.people_file()))
        assert page.context["total"] == {"new": 3, "changed": 0, "gone": 0}
        assert "ถ้านำเข้า จะเพิ่ม 3 รายการ แก้ 0 รายการ และสิ้นสุด 0 รายการ" in page.content.decode()
        assert "/apply/" in page.content.decode()

    def test_who_may_not_apply_sees_numbers_and_no_button(self):
        found = self.looked_at(self.people_file())
        self.log_in("nok")
        page = self.page(found)
        assert page.status_code == 200
        assert "/apply/" not in page.content.decode()
        assert self.client.post(reverse("intake:apply", args=[found.pk])).status_code == 403
        assert self.page(found, "changes/").status_code == 403

    def test_problems_stand_by_kind_with_the_way_to_fix_them(self):
        found = self.looked_at(self.people_file(rows=FAULTY))
        rows = {row["what"].text: row for row in self.page(found).context["groups"].rows}
        day = rows["ไม่มีวันนี้ในปฏิทิน"]
        assert (day["count"], day["severity"].text) == (1, "ไม่รับค่านี้ แถวนำเข้า")
        assert day["fix"]

    def test_problems_are_listed_and_filtered(self):
        found = self.looked_at(self.people_file(rows=FAULTY))
        every = self.page(found, "problems/").context["table"].rows
        some = self.page(found, "problems/?code=no_such_day").context["table"].rows
        assert (len(some), len(every)) == (1, 1)
        assert "แถว 7" in some[0]["where"]
        assert "วันเกิด" in some[0]["where"]

    def test_the_csv_runs_in_no_spreadsheet(self):
        found = self.looked_at(self.people_file())
        ProblemRow.objects.create(
            delivery=found, sheet="=1+1", row=7, column="@SUM(A1)", code="unreadable_date", what="+cmd|' /C calc'!A0",
            fix="-2+3", severity="warning", value="=HYPERLINK(1)",
        )  # fmt: skip
        answer = self.page(found, "problems.csv")
        body = b"".join(answer.streaming_content).decode("utf-8-sig")
        head, line = csv.reader(io.StringIO(body))
        assert head[0] == "แผ่น"
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert [line[i][0] for i in (0, 2, 4, 5, 7)] == ["'"] * 5

    def test_before_and_after_are_masked_logged_and_under_a_purpose(self):
        self.applied(self.people_file())
        found = self.looked_at(self.people_file("next.xlsx", MOVED), as_of=NEXT_MONTH)
        page = self.page(found, "changes/")
        rows = page.context["groups"][0].table.rows
        assert ("บ้านเลขที่", "123/4", "200") in [(row["field"], row["before"], row["after"]) for row in rows]
        assert SOMCHAI not in page.content.decode()
        with self.acting():
            read = Read.objects.get(via="intake")
        assert (read.actor, read.purpose) == (self.kanda.actor, "intake.apply")

    def test_next_month_shows_only_what_changed(self):
        self.applied(self.people_file())
        found = self.looked_at(self.people_file("next.xlsx", MOVED), as_of=NEXT_MONTH)
        person = next(row for row in found.counts["difference"] if row["kind"] == "person")
        assert (person["new"], person["changed"], person["gone"], person["same"]) == (0, 1, 1, 1)
        page = self.page(found)
        assert page.context["kinds"][0]["fields"] == [("บ้านเลขที่", 1)]

    def test_a_file_that_is_not_wanted_is_closed(self):
        found = self.looked_at(self.people_file())
        self.client.post(reverse("intake:refuse", args=[found.pk]))
        assert self.delivery().state == "refused"
        assert "เลือกไม่ใช้ไฟล์นี้" in self.page(found).content.decode()

    def test_two_clicks_on_apply_are_one_job(self):
        found = self.looked_at(self.people_file())
        for _ in range(2):
            self.client.post(reverse("intake:apply", args=[found.pk]))
        assert Job.objects.filter(name="intake.apply").count() == 1

    def test_progress_asks_for_the_page_again_when_the_work_has_ended(self):
        self.send(self.people_file())
        url = reverse("intake:delivery-progress", args=[self.delivery().pk])
        assert "รอคิว" in self.client.get(url).content.decode()
        self.work()
        assert self.client.get(url)["HX-Refresh"] == "true"


class Refused(IntakeCase):
    def test_a_truncated_workbook_says_why_and_how_to_fix(self):
        path = self.people_file()
        path.write_bytes(path.read_bytes()[:900])
        self.send(path)
        self.work()
        found = self.delivery()
        page = self.client.get(reverse("intake:delivery", args=[found.pk])).content.decode()
        assert found.state == "refused"
        assert found.counts["refused"]["what"] in page
        assert "วิธีแก้" in page
        assert "/staff/intake/deliver/?source=vhv" in page

    def test_a_refused_file_may_be_sent_again_when_mended(self):
        path = self.people_file()
        whole = path.read_bytes()
        path.write_bytes(whole[:900])
        self.send(path)
        self.work()
        path.write_bytes(whole)
        assert self.looked_at(path).state == "previewed"


class After(IntakeCase):
    def test_the_page_says_what_changed_in_the_register_and_who_did_it(self):
        found = self.applied(self.people_file())
        page = self.client.get(reverse("intake:delivery", args=[found.pk]))
        assert {row["what"]: row["new"] for row in page.context["register"].rows}["บุคคล"] == 3
        last = page.context["steps"][-1]
        assert "กานดา ข้อมูลดี" in last.by
        assert "เพิ่ม 3" in last.text

    def test_withdrawing_asks_for_a_reason(self):
        found = self.applied(self.people_file())
        url = reverse("intake:withdraw", args=[found.pk])
        assert "จะกลับมามีค่าเดิม" in self.client.get(url).content.decode()
        assert self.client.post(url, {"why": ""}).context["form"].errors
        assert self.delivery().state == "committed"

    def test_the_clerk_may_withdraw_and_the_page_says_why_it_was_done(self):
        found = self.applied(self.people_file())
        self.log_in("prasit")
        self.client.post(reverse("intake:withdraw", args=[found.pk]), {"why": "ส่งผิดเดือน"})
        self.work()
        page = self.client.get(reverse("intake:delivery", args=[found.pk]))
        assert self.delivery().state == "withdrawn"
        assert "ส่งผิดเดือน" in page.content.decode()
        assert {row["what"]: row["gone"] for row in page.context["register"].rows}["บุคคล"] == 3

    def test_an_older_file_is_not_put_over_a_newer_one(self):
        self.applied(self.people_file("next.xlsx", MOVED), as_of=NEXT_MONTH)
        found = self.looked_at(self.people_file(), as_of=AS_OF)
        self.client.post(reverse("intake:apply", args=[found.pk]))
        assert self.work().problem["code"] == "older_than_latest"
        page = self.client.get(reverse("intake:delivery", args=[found.pk])).content.decode()
        assert "เก่ากว่าไฟล์ที่นำเข้าแล้ว" in page
        assert Delivery.objects.get(pk=found.pk).state == "previewed"


class Repairs(IntakeCase):
    HEAD = ("บ้านเลขที่", "หมู่ที่", "ลองจิจูด", "ละติจูด")

    def swapped(self):
        rows = [[f"{n}/1", n, 18.73 + n / 1000, 98.94 + n / 1000] for n in range(1, 9)]
        return text_file(self.folder / "points.csv", [self.HEAD, *rows])

    def test_swapped_points_are_offered_for_repair_and_mended_when_confirmed(self):
        found = self.looked_at(self.swapped(), "houses")
        page = self.client.get(reverse("intake:delivery", args=[found.pk]))
        assert "ซ่อมให้ได้ ถ้าคุณยืนยัน" in page.content.decode()
        name = found.counts["repairs"][0]["name"]
        self.client.post(reverse("intake:repair", args=[found.pk]), {"repair": [name]})
        self.work()
        found = self.delivery()
        assert found.mapping["repairs"] == [name]
        assert "lat_lon_swapped" not in found.counts["problems"]

    def test_a_repair_that_nobody_offered_is_not_taken(self):
        found = self.looked_at(self.people_file())
        self.client.post(reverse("intake:repair", args=[found.pk]), {"repair": ["drop_everything"]})
        assert self.delivery().mapping["repairs"] == []

    def test_a_map_with_points_of_a_foreign_name_is_still_read(self):
        import shapely

        path = layer(self.folder / "houses.geojson", [shapely.Point(98.94, 18.73)], {"บ้านเลขที่": ["1/1"], "หมู่ที่": [5]})
        assert self.looked_at(path, "houses").state == "previewed"
