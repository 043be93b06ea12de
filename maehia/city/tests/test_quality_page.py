"""The quality page: totals, fresh lists, what each keeper should look at."""

from maehia.city.exports import safe_cell
from maehia.city.tests.cast import PageCase, text_of

PATH = "/staff/register/quality/"


def test_a_cell_that_would_run_as_a_formula_is_disarmed():
    assert safe_cell("=1+1") == "'=1+1"
    assert safe_cell("@x") == "'@x"
    assert safe_cell(-5) == -5
    assert safe_cell(None) == ""
    assert safe_cell("มาลี") == "มาลี"


class QualityTests(PageCase):
    def setUp(self):
        super().setUp()
        self.enter(self.data)

    def test_it_says_what_is_known_of_people(self):
        shown = text_of(self.page(PATH))
        assert "มีเลขประจำตัวประชาชน 100 % 3 จาก 3 คน" in shown
        assert "มีเบอร์โทรศัพท์ 33.3 %" in shown
        assert "บุคคล 3" in shown

    def test_a_list_that_differs_is_counted_and_handed_back(self):
        page = self.page(PATH)
        assert "บัญชีที่บอกไม่ตรงกับทะเบียน" in text_of(page)
        assert 'href="fix/vhv.csv"' in page
        assert 'href="fix/civil.csv"' not in page

    def test_the_fix_list_names_rows_and_tells_no_value(self):
        answer = self.client.get(f"{PATH}fix/vhv.csv")
        text = answer.content.decode("utf-8-sig")
        assert text.splitlines()[1].startswith("vhv-2026-05-01.xlsx,แผ่น1,1,ชื่อ,")
        assert "มาลี" not in text
        assert "มะลิ" not in text

    def test_an_unknown_list_is_404(self):
        self.page(f"{PATH}fix/nothing.csv", status=404)

    def test_a_late_list_is_marked(self):
        assert "ช้ากว่ากำหนด" not in text_of(self.page(PATH))
        with self.acting():
            from maehia.evidence.models import Source

            Source.objects.filter(pk="vhv").update(fresh_days=30)
        assert "ช้ากว่ากำหนด 171 วัน" in text_of(self.page(PATH))

    def test_totals_are_no_read_of_a_person(self):
        from maehia.city.tests.cast import P_MALEE

        self.page(PATH)
        assert self.reads_of(P_MALEE) == []

    def test_who_may_not_see_totals_gets_403_and_the_planner_gets_no_fix_list_of_rows(self):
        self.enter(self.counter)
        self.page(PATH, status=403)
        self.page(f"{PATH}fix/vhv.csv", status=403)

    def test_in_english_it_is_english(self):
        shown = text_of(self.page(f"/en{PATH}"))
        assert "Have a national ID 100 % 3 of 3 people" in shown
        assert "Rows that differ from the register" in shown
