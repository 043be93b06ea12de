"""Two records side by side; what a person says holds until it is undone."""

from django.urls import reverse

from maehia.access.models import Read
from maehia.evidence.models import Link, PersonRecord, Verdict
from maehia.evidence.queries import address_ref
from maehia.intake import actions
from maehia.intake.models import ReviewItem
from maehia.intake.review import Pair, lay_out
from maehia.intake.tests.cast import NEXT_MONTH, IntakeCase
from maehia.intake.tests.makers import PEOPLE


class ReviewCase(IntakeCase):
    def setUp(self):
        super().setUp()
        self.applied(self.people_file())
        self.applied(self.people_file("water.xlsx"), "utility")
        self.log_in("nok")

    def ref(self, source, first):
        with self.acting():
            return PersonRecord.objects.current().get(source_id=source, first_name=first).ref

    def wait(self, *pairs, kind="person"):
        """Put pairs (ref, ref, p) into the queue."""
        with self.acting():
            lay_out(kind, [Pair(a, b, p, "doubt") for a, b, p in pairs])
        return list(ReviewItem.objects.filter(kind=kind).order_by("-p"))

    def one(self):
        (item,) = self.wait((self.ref("vhv", "สมชาย"), self.ref("utility", "มาลี"), 0.6))
        return item

    def two(self):
        somchai, malee, _bunmi = (self.ref("vhv", name) for name in ("สมชาย", "มาลี", "บุญมี"))
        return self.wait((somchai, self.ref("utility", "มาลี"), 0.8), (malee, self.ref("utility", "บุญมี"), 0.3))

    def page(self, item):
        return self.client.get(reverse("intake:pair", args=[item.pk]))

    def answer(self, item, answer, **more):
        return self.client.post(reverse("intake:decide", args=[item.pk]), {"answer": answer, **more})

    def key(self, ref):
        return Link.objects.get(kind="person", ref=ref, ended_run=None).key

    def relink(self):
        with self.acting():
            actions.relink()


class Queue(ReviewCase):
    def test_the_queue_names_lists_and_no_person(self):
        self.two()
        page = self.client.get(reverse("intake:review"))
        assert page.context["left"] == 2
        assert "สมชาย" not in page.content.decode()
        named = page.context["table"].rows[0]["pair"].text
        assert set(named.split(" ↔ ")) == {self.vhv.name_th, self.water.name_th}

    def test_what_somebody_waits_for_comes_first(self):
        likely, unlikely = self.two()
        ReviewItem.objects.filter(pk=unlikely.pk).update(weight=3, waits_on="ความช่วยเหลือในภาวะฉุกเฉิน")
        page = self.client.get(reverse("intake:review"))
        assert page.context["first"].pk == unlikely.pk != likely.pk

    def test_an_empty_queue_teaches(self):
        ReviewItem.objects.all().delete()
        assert "ไม่มีคู่ที่รอตรวจ" in self.client.get(reverse("intake:review")).content.decode()

    def test_only_reviewers_come_in(self):
        item = self.one()
        self.log_in("dao")
        assert self.client.get(reverse("intake:review")).status_code == 403
        assert self.page(item).status_code == 403
        assert self.answer(item, "same").status_code == 403


class Looking(ReviewCase):
    def test_differences_are_said_in_words(self):
        rows = {row.label: row.match for row in self.page(self.one()).context["found"].rows}
        assert rows["ชื่อและนามสกุล"] == "differ"
        assert rows["เลขประจำตัวประชาชน"] == "differ"

    def test_evidence_for_and_against_has_weights(self):
        found = self.page(self.one()).context["found"]
        assert found.against
        assert all(1 <= word.marks <= 3 for word in found.against)

    def test_both_lists_show_their_day_and_row(self):
        found = self.page(self.one()).context["found"]
        assert {side.source.as_of.isoformat() for side in found.sides} == {"2026-09-30"}
        assert "แถว" in found.a.source.where

    def test_looking_is_logged(self):
        self.page(self.one())
        with self.acting():
            assert Read.objects.filter(actor=self.nok.actor, purpose="intake.review", via="review").count() == 2

    def test_keys_stand_on_the_buttons(self):
        page = self.page(self.one()).content.decode()
        assert all(f'data-key="{key}"' in page for key in "snu")
        assert "intake/keys.js" in page

    def test_a_record_that_is_gone_is_told(self):
        (item,) = self.wait((self.ref("vhv", "สมชาย"), "vhv:no-longer-there", 0.7))
        assert "ไม่มีในบัญชีล่าสุดแล้ว" in self.page(item).content.decode()

    def test_an_address_written_otherwise_is_no_difference(self):
        from maehia.intake.pages.review import match_of

        assert match_of("address", "13/1 หมู่ที่ 1", "13/1 ม.1") == "alike"
        assert match_of("address", "13/1 หมู่ที่ 1", "13/1 ม.2") == "differ"
        assert match_of("name", "นาย สมชาย ใจดี", "สมชาย ใจดี") == "alike"

    def test_houses_are_compared_too(self):
        written = address_ref("", "123/4", 5, "")
        (item,) = self.wait((written, address_ref("", "123/4", None, ""), 0.5), kind="house")
        page = self.page(item)
        rows = {row.label: row.match for row in page.context["found"].rows}
        assert rows == {"บ้านเลขที่": "same", "หมู่ที่": "one"}
        assert "เป็นบ้านหลังเดียวกันหรือไม่" in page.content.decode()
        assert self.vhv.name_th in next(s for s in page.context["found"].sides if "หมู่ 5" in s.title).joined


class Ruling(ReviewCase):
    def test_an_answer_leads_to_the_next_pair(self):
        first, second = self.two()
        assert self.answer(first, "never").url == reverse("intake:pair", args=[second.pk])
        verdict = Verdict.objects.get()
        assert (verdict.same, verdict.by, bool(verdict.why)) == (False, self.nok.actor, True)

    def test_the_last_answer_leads_back_to_the_queue(self):
        assert self.answer(self.one(), "same").url == "/staff/intake/review/?kind=person"

    def test_a_reason_is_kept(self):
        self.answer(self.one(), "never", why="โทรถามเจ้าตัวแล้ว")
        assert Verdict.objects.get().why == "โทรถามเจ้าตัวแล้ว"

    def test_not_sure_puts_a_pair_behind(self):
        first, second = self.two()
        assert self.answer(first, "skip").url == reverse("intake:pair", args=[second.pk])
        assert self.client.get(reverse("intake:review")).context["first"].pk == second.pk
        assert not Verdict.objects.exists()

    def test_who_comes_second_is_told(self):
        item = self.one()
        self.answer(item, "same")
        answer = self.answer(item, "never")
        assert answer.status_code == 409
        assert "มีผู้วินิจฉัยคู่นี้ไปแล้ว" in answer.content.decode()

    def test_never_parts_people_in_this_run_and_the_next(self):
        a, b = self.ref("vhv", "สมชาย"), self.ref("utility", "สมชาย")
        assert self.key(a) == self.key(b)
        (item,) = self.wait((a, b, 0.9))
        self.answer(item, "never")
        for _ in range(2):
            self.relink()
            assert self.key(a) != self.key(b)
            assert not ReviewItem.objects.filter(verdict=None, ref_a=item.ref_a, ref_b=item.ref_b).exists()

    def test_same_joins_people_in_this_run_and_the_next(self):
        rows = [[9, "นาย", "สมศักดิ์", "ตั้งใจ", "", "", "1", "5"]]
        self.log_in("kanda")
        self.applied(self.people_file("more.xlsx", [*PEOPLE, *rows]), as_of=NEXT_MONTH)
        self.log_in("nok")
        a, b = self.ref("vhv", "สมศักดิ์"), self.ref("utility", "สมชาย")
        assert self.key(a) != self.key(b)
        (item,) = self.wait((a, b, 0.5))
        self.answer(item, "same")
        for _ in range(2):
            self.relink()
            assert self.key(a) == self.key(b)


class Undoing(ReviewCase):
    def test_undoing_asks_the_pair_again(self):
        item = self.one()
        self.answer(item, "same")
        verdict = Verdict.objects.get()
        answer = self.client.post(reverse("intake:undo", args=[verdict.pk]), {"why": "ดูผิดแถว"})
        assert answer.url == reverse("intake:decided")
        item.refresh_from_db()
        assert item.verdict_id is None
        assert self.client.get(reverse("intake:review")).context["left"] == 1

    def test_undoing_needs_a_reason(self):
        self.answer(self.one(), "same")
        verdict = Verdict.objects.get()
        assert self.client.post(reverse("intake:undo", args=[verdict.pk]), {"why": ""}).context["form"].errors
        verdict.refresh_from_db()
        assert verdict.undone_at is None

    def test_what_was_undone_stays_in_the_list_with_its_reason(self):
        self.answer(self.one(), "same")
        self.client.post(reverse("intake:undo", args=[Verdict.objects.get().pk]), {"why": "ดูผิดแถว"})
        page = self.client.get(reverse("intake:decided")).content.decode()
        assert "ดูผิดแถว" in page
        assert "นก ใจเย็น" in page

    def test_the_data_officer_brings_rulings_into_the_register(self):
        a, b = self.ref("vhv", "สมชาย"), self.ref("utility", "สมชาย")
        (item,) = self.wait((a, b, 0.9))
        self.answer(item, "never")
        assert self.client.post(reverse("intake:relink")).status_code == 403
        self.log_in("kanda")
        self.client.post(reverse("intake:relink"))
        assert self.client.get(reverse("intake:decided")).context["job"].running
        assert self.work().state == "done"
        assert self.key(a) != self.key(b)
