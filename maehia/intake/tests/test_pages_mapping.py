"""The officer says what columns mean: once, and again when the layout changes."""

from django.urls import reverse

from maehia.evidence.models import HouseRecord, Source
from maehia.intake.tests.cast import NEXT_MONTH, IntakeCase
from maehia.intake.tests.makers import PEOPLE, PEOPLE_HEAD, text_file, workbook


class Confirming(IntakeCase):
    def asked(self):
        """A file whose headings say nothing."""
        head = ["ก", "ข", "ค", "ง"]
        rows = [[p[2], p[3], p[6], p[7]] for p in PEOPLE]
        self.send(workbook(self.folder / "odd.xlsx", [head, *rows]))
        self.work()
        return self.delivery()

    def page(self, found):
        return self.client.get(reverse("intake:mapping", args=[found.pk]))

    def test_a_file_nobody_understands_waits_for_the_officer(self):
        found = self.asked()
        assert found.state == "parsed"
        page = self.client.get(reverse("intake:delivery", args=[found.pk])).content.decode()
        assert "ตรวจความหมายของคอลัมน์" in page
        assert "/apply/" not in page

    def test_an_unconfirmed_file_is_never_applied(self):
        found = self.asked()
        self.client.post(reverse("intake:apply", args=[found.pk]))
        assert self.delivery().state == "parsed"

    def test_what_the_officer_says_is_used_and_remembered(self):
        found = self.asked()
        self.confirm(found, first_name="ก", last_name="ข", house_no="ค", moo="ง")
        self.work()
        assert self.delivery().state == "previewed"
        assert Source.objects.get(key="vhv").mapping["fields"]["first_name"] == "ก"

    def test_samples_never_show_a_person_whole(self):
        self.send(self.people_file())
        self.work()
        page = self.page(self.delivery()).content.decode()
        assert "สมชาย" not in page
        assert "3100600445635" not in page
        assert "31xxxxxxxxx35" in page

    def test_a_closed_delivery_cannot_be_mapped_again(self):
        found = self.applied(self.people_file())
        assert self.page(found).status_code == 302

    def test_who_may_not_send_may_not_say_what_columns_mean(self):
        found = self.asked()
        self.log_in("nok")
        assert self.page(found).status_code == 403


class Changed(IntakeCase):
    def test_a_renamed_and_a_missing_column_are_asked_about(self):
        self.applied(self.people_file())
        head = [{"บ้านเลขที่": "บ้านเลขที่ (ทร.14)"}.get(name, name) for name in PEOPLE_HEAD[:-1]]
        self.send(workbook(self.folder / "new.xlsx", [head, *[row[:-1] for row in PEOPLE]]), as_of=NEXT_MONTH)
        self.work()
        found = self.delivery()
        page = self.client.get(reverse("intake:mapping", args=[found.pk]))
        told = {change["title"]: change["text"] for change in page.context["layout"]}
        assert found.state == "parsed"
        assert "บ้านเลขที่ (ทร.14)" in told["ชื่อคอลัมน์เปลี่ยน"]
        assert "หมู่ที่" in told["คอลัมน์หายไป"]

    def test_a_new_column_is_asked_about(self):
        self.applied(self.people_file())
        rows = [[*PEOPLE_HEAD, "สีที่ชอบ"], *[[*row, "ฟ้า"] for row in PEOPLE]]
        self.send(workbook(self.folder / "wide.xlsx", rows), as_of=NEXT_MONTH)
        self.work()
        page = self.client.get(reverse("intake:mapping", args=[self.delivery().pk]))
        assert [change["title"] for change in page.context["layout"]] == ["คอลัมน์ใหม่"]

    def test_another_list_under_the_same_name_is_asked_about_once_and_proposed_anew(self):
        self.applied(self.people_file())
        head = ["ชื่อ - สกุล", "เลขบัตร ปชช.", "ที่อยู่"]
        rows = [[f"{p[1]}{p[2]} {p[3]}", p[4], f"{p[6]} ม.{p[7]}"] for p in PEOPLE]
        self.send(workbook(self.folder / "other.xlsx", [head, *rows]), as_of=NEXT_MONTH)
        self.work()
        page = self.client.get(reverse("intake:mapping", args=[self.delivery().pk]))
        assert [change["title"] for change in page.context["layout"]] == ["ไฟล์นี้ไม่เหมือนรอบก่อน"]
        assert page.context["form"]["full_name"].value() == "ชื่อ - สกุล"

    def test_the_same_layout_asks_nothing(self):
        self.applied(self.people_file())
        self.send(self.people_file("next.xlsx", PEOPLE[:2]), as_of=NEXT_MONTH)
        self.work()
        assert self.delivery().state == "previewed"


class Coordinates(IntakeCase):
    def test_metres_without_a_name_are_asked_about_and_the_answer_is_used(self):
        rows = [[f"{n}/1", 5, 494_000 + n * 40, 2_070_000 + n * 40] for n in range(1, 9)]
        self.send(text_file(self.folder / "utm.csv", [["บ้านเลขที่", "หมู่ที่", "X", "Y"], *rows]), "houses")
        self.work()
        found = self.delivery()
        page = self.client.get(reverse("intake:mapping", args=[found.pk]))
        question = page.context["questions"][0]
        assert "EPSG:32647" in [key for key, _ in question["options"]]
        assert self.confirm(found, ask_crs="").context["form"].errors["ask_crs"]
        self.confirm(found, ask_crs="EPSG:32647")
        self.work()
        found = self.delivery()
        assert (found.state, found.mapping["crs"]) == ("previewed", "EPSG:32647")

    def test_the_answer_holds_for_next_month(self):
        self.applied_in_metres("utm.csv", 0, ask_crs="EPSG:32647")
        found = self.applied_in_metres("next.csv", 1)
        assert (found.mapping["crs"], found.counts["problems"]) == ("EPSG:32647", {})
        with self.acting():
            assert HouseRecord.objects.current().filter(geom=None).count() == 0

    def applied_in_metres(self, name, shift, **answers):
        rows = [[f"{n}/1", 5, 494_000 + n * 40 + shift, 2_070_000 + n * 40] for n in range(1, 9)]
        path = text_file(self.folder / name, [["บ้านเลขที่", "หมู่ที่", "X", "Y"], *rows])
        self.send(path, "houses", NEXT_MONTH)
        self.work()
        if answers:
            self.confirm(self.delivery(), **answers)
            self.work()
        self.client.post(reverse("intake:apply", args=[self.delivery().pk]))
        self.work()
        return self.delivery()
