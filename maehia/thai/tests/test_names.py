"""Names taken apart: titles, ranks, monks, foreigners, single names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia import thai
from maehia.thai.data import load_yaml
from maehia.thai.names import PersonName


@pytest.mark.parametrize(
    ("full", "title", "sex", "adult"),
    [
        ("นายสมชาย ใจดี", "นาย", "M", True),
        ("นาย สมชาย  ใจดี", "นาย", "M", True),
        ("นางสมชาย ใจดี", "นาง", "F", True),
        ("นางสาวสมชาย ใจดี", "นางสาว", "F", True),
        ("น.ส.สมชาย ใจดี", "นางสาว", "F", True),
        ("น.ส. สมชาย ใจดี", "นางสาว", "F", True),
        ("นส.สมชาย ใจดี", "นางสาว", "F", True),
        ("นส สมชาย ใจดี", "นางสาว", "F", True),
        ("น.สสมชาย ใจดี", "นางสาว", "F", True),
        ("นาง สาว สมชาย ใจดี", "นางสาว", "F", True),
        ("ด.ช.สมชาย ใจดี", "เด็กชาย", "M", False),
        ("ด.ชสมชาย ใจดี", "เด็กชาย", "M", False),
        ("เด็กชายสมชาย ใจดี", "เด็กชาย", "M", False),
        ("ด.ญ. สมชาย ใจดี", "เด็กหญิง", "F", False),
        ("เด็กหญิงสมชาย ใจดี", "เด็กหญิง", "F", False),
        ("คุณสมชาย ใจดี", "คุณ", None, None),
        ("ร.ต.สมชาย ใจดี", "ร้อยตรี", None, True),
        ("ร.ต.หญิงสมชาย ใจดี", "ร้อยตรีหญิง", "F", True),
        ("ร.ต.(หญิง) สมชาย ใจดี", "ร้อยตรีหญิง", "F", True),
        ("ว่าที่ ร.ต.หญิง สมชาย ใจดี", "ว่าที่ร้อยตรีหญิง", "F", True),
        ("ว่าที่ร.ต.หญิงสมชาย ใจดี", "ว่าที่ร้อยตรีหญิง", "F", True),
        ("ว่าที่ ร.ต.สมชาย ใจดี", "ว่าที่ร้อยตรี", None, True),
        ("ว่าที่ร้อยตรี สมชาย ใจดี", "ว่าที่ร้อยตรี", None, True),
        ("พ.ต.อ.สมชาย ใจดี", "พันตำรวจเอก", None, True),
        ("พ.ต.ท. หญิง สมชาย ใจดี", "พันตำรวจโทหญิง", "F", True),
        ("พันตำรวจเอกสมชาย ใจดี", "พันตำรวจเอก", None, True),
        ("พล.ต.อ.สมชาย ใจดี", "พลตำรวจเอก", None, True),
        ("พล.ต.สมชาย ใจดี", "พลตรี", None, True),
        ("จ.ส.อ.สมชาย ใจดี", "จ่าสิบเอก", None, True),
        ("พ.อ.อ.สมชาย ใจดี", "พันจ่าอากาศเอก", None, True),
        ("พ.อ.(พิเศษ) สมชาย ใจดี", "พันเอก", None, True),
        ("พลฯ สมชาย ใจดี", "พลทหาร", "M", True),
        ("พลทหารสมชาย ใจดี", "พลทหาร", "M", True),
        ("ดร.สมชาย ใจดี", "ดร.", None, True),
        ("ดร สมชาย ใจดี", "ดร.", None, True),
        ("ผศ.ดร.สมชาย ใจดี", "ผู้ช่วยศาสตราจารย์ ดร.", None, True),
        ("พ.ต.อ. นาย สมชาย ใจดี", "พันตำรวจเอก นาย", "M", True),
        ("นพ.สมชาย ใจดี", "นายแพทย์", "M", True),
        ("พญ.สมชาย ใจดี", "แพทย์หญิง", "F", True),
        ("ม.ร.ว.สมชาย ใจดี", "หม่อมราชวงศ์", None, None),
        ("ม.ล.สมชาย ใจดี", "หม่อมหลวง", None, None),
        ("คุณหญิงสมชาย ใจดี", "คุณหญิง", "F", True),
        ("พระสมชาย ใจดี", "พระ", "M", True),
        ("พระมหาสมชาย ใจดี", "พระมหา", "M", True),
        ("พระครูปลัดสมชาย ใจดี", "พระครูปลัด", "M", True),
        ("สามเณรสมชาย ใจดี", "สามเณร", "M", None),
        ("แม่ชีสมชาย ใจดี", "แม่ชี", "F", None),
        ("พ่ออุ๊ยสมชาย ใจดี", "พ่ออุ๊ย", "M", True),
        ("Mr. สมชาย ใจดี", "Mr.", "M", None),
        ("MRS.สมชาย ใจดี", "Mrs.", "F", True),
        ("Miss สมชาย ใจดี", "Miss", "F", None),
        ("สมชาย ใจดี", "", None, None),
    ],
)
def test_a_title_is_taken_off_and_tells_what_it_proves(
    full: str, title: str, sex: str | None, adult: bool | None
) -> None:
    note = "พิเศษ" if "พิเศษ" in full else ""
    assert thai.parse_name(full) == PersonName(title, "สมชาย", "ใจดี", sex, adult, note)


@pytest.mark.parametrize(
    "full",
    [
        "นายิกา ใจดี",
        "ดรุณี ใจดี",
        "นพ สุขใจ",
        "พล ใจดี",
        "แม่น ใจดี",
        "สอ ใจดี",
        "คุณวุฒิ ใจดี",
        "คุณากร ใจดี",
        "พลวัต ใจดี",
        "อาทิตย์ ใจดี",
        "ศศิธร ใจดี",
        "ดา ใจดี",
        "Missy Elliot",
        "Drew Smith",
    ],
)
def test_a_name_that_begins_like_a_title_stays_whole(full: str) -> None:
    name = thai.parse_name(full)
    assert name.title == ""
    assert f"{name.first} {name.last}" == full


@pytest.mark.parametrize("first", ["พร", "พิมพ์", "พัชริดา", "ตุ๊กตา", "อ้อย", "สมร", "ลดา", "สาวิตรี"])
def test_the_dot_of_a_title_does_not_eat_the_first_letter_of_the_name(first: str) -> None:
    """น.ส.พร is not น.สพ. + ร, and ร.ต.อ้อย is not ร.ต.อ. + ้อย."""
    for title in ("น.ส.", "ด.ญ.", "ร.ต. ", "ส.ต."):
        assert thai.parse_name(f"{title}{first} ใจดี").first == first


@pytest.mark.parametrize(
    ("full", "first", "last"),
    [
        ("นายจาย -", "จาย", ""),
        ("จายแสง", "จายแสง", ""),
        ("นางหมวย ไม่มีนามสกุล", "หมวย", ""),
        ("นายอ่อง (ไม่มีชื่อสกุล)", "อ่อง", ""),
        ("นายมิน โซ อ่อง", "มิน", "โซ อ่อง"),
        ("สมชาย ณ เชียงใหม่", "สมชาย", "ณ เชียงใหม่"),
        ("Mr. JOHN PAUL SMITH", "JOHN PAUL", "SMITH"),
        ("SMITH, JOHN", "JOHN", "SMITH"),
        ("MISS AYE", "AYE", ""),
        ("สมชาย.ใจดี", "สมชาย.ใจดี", ""),
        ("  ", "", ""),
        ("-", "", ""),
        ("นาย", "", ""),
    ],
)
def test_single_and_foreign_names(full: str, first: str, last: str) -> None:
    name = thai.parse_name(full)
    assert (name.first, name.last) == (first, last)


def test_what_stands_in_brackets_is_kept_as_a_note() -> None:
    name = thai.parse_name("นางสมร (สมใจ) ใจดี [เสียชีวิต")
    assert (name.first, name.last, name.note) == ("สมร", "ใจดี", "สมใจ เสียชีวิต")


@pytest.mark.parametrize(
    ("full", "note"),
    [("นายสมชาย ใจดี กับพวก", "กับพวก"), ("นายสมชาย ใจดี และคณะ", "และคณะ"), ("ร.ต.สมชาย ใจดี ร.น.", "ร.น.")],
)
def test_what_follows_a_name_is_no_part_of_it(full: str, note: str) -> None:
    name = thai.parse_name(full)
    assert (name.first, name.last, name.note) == ("สมชาย", "ใจดี", note)


@pytest.mark.parametrize(
    "cell",
    [
        "นายสมชาย ใจดี และ นางสมร ใจดี",
        "นายสมชาย ใจดีและนางสมร ใจดี",
        "นายสมชาย ใจดี, นางสมร ใจดี",
        "นายสมชาย ใจดี/นางสมร ใจดี",
        "นายสมชาย ใจดี กับ นางสมร ใจดี",
    ],
)
def test_a_cell_of_two_owners_holds_two_names(cell: str) -> None:
    assert thai.split_persons(cell) == ("นายสมชาย ใจดี", "นางสมร ใจดี")


@pytest.mark.parametrize(
    "cell", ["นายสมชาย ใจดี", "นายสมชาย ใจดี กับพวก", "SMITH, JOHN", "บริษัท ก และ ข จำกัด", "กาญจนาและ"]
)
def test_a_cell_of_one_owner_is_not_split(cell: str) -> None:
    assert thai.split_persons(cell) == (cell,)


def test_an_empty_cell_holds_nobody() -> None:
    assert thai.split_persons(None) == thai.split_persons(" / ") == ()


ORGANISATIONS = "บริษัท ตัวอย่าง จำกัด|หจก.ตัวอย่าง|วัดตัวอย่าง|โรงเรียนตัวอย่าง|เทศบาลเมืองตัวอย่าง|Example Co., Ltd.|ร้านตัวอย่าง"


@pytest.mark.parametrize("name", ORGANISATIONS.split("|"))
def test_an_organisation_is_no_person(name: str) -> None:
    assert thai.is_organisation(name)


@pytest.mark.parametrize("name", ["นายสมชาย ใจดี", "กรมิษฐ์ ใจดี", "สมร วัดบุญเลี้ยง", "นางธนาคาร ใจดี", "", None])
def test_a_person_is_no_organisation(name: str | None) -> None:
    assert not thai.is_organisation(name)


def test_a_name_is_cleaned_before_it_is_read() -> None:
    assert thai.parse_name("นางเเก้วตา\u200b ใจด\u0e35\u0e35").first == "แก้วตา"
    assert thai.parse_name("นางเเก้วตา\u200b ใจดี").last == "ใจดี"


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("น.ส.", "นางสาว"),
        ("นส.", "นางสาว"),
        ("นส", "นางสาว"),
        ("น.ส", "นางสาว"),
        (" นางสาว ", "นางสาว"),
        ("ด.ช", "เด็กชาย"),
        ("MR", "Mr."),
        ("mrs", "Mrs."),
        ("ว่าที่ ร.ต.หญิง", "ว่าที่ร้อยตรีหญิง"),
        ("ส.อ.", "สิบเอก"),
        ("ศ.ดร.", "ศาสตราจารย์ ดร."),
        ("นายสมชาย", "นาย"),
        ("", ""),
        ("-", ""),
    ],
)
def test_a_title_alone_gets_its_full_form(written: str, title: str) -> None:
    assert thai.parse_title(written).text == title


def test_an_unknown_title_comes_back_and_proves_nothing() -> None:
    assert thai.parse_title("ท่านเจ้าเมือง") == thai.Title("ท่านเจ้าเมือง", None, None)
    assert thai.parse_title(None) == thai.Title("")


def _spellings() -> list[tuple[str, str | None, bool | None]]:
    return [
        (spelling.strip(), group.get("sex"), group.get("adult"))
        for group in load_yaml("titles.yaml")["groups"]
        for line in group["titles"]
        for spelling in line.split("|")
    ]


@pytest.mark.parametrize(("spelling", "sex", "adult"), _spellings())
def test_every_spelling_of_the_data_file_is_found_before_a_name(
    spelling: str, sex: str | None, adult: bool | None
) -> None:
    name = thai.parse_name(f"{spelling} สมชาย ใจดี")
    if "(" not in spelling:
        assert (name.first, name.last) == ("สมชาย", "ใจดี")
        assert (name.sex, name.adult) == (sex, adult)
        assert name.title


def test_no_ordinary_first_name_is_taken_for_a_title() -> None:
    from pythainlp.corpus import thai_female_names, thai_male_names

    names = sorted(thai_male_names() | thai_female_names())
    wrong = [name for name in names if thai.parse_name(f"{name} ใจดี").title]
    assert len(names) > 11_000
    assert set(wrong) <= {"นาย", "นายณัฐ", "คุณดร"}  # these read as title and name to people too


@pytest.mark.parametrize("title", ["นาย", "นาง", "น.ส.", "ด.ช.", "ร.ต.หญิง", "พ.ต.อ.", "ว่าที่ ร.ต. "])
def test_every_ordinary_first_name_survives_a_title_joined_to_it(title: str) -> None:
    from pythainlp.corpus import thai_female_names, thai_male_names

    names = [thai.clean_text(name) for name in sorted(thai_male_names() | thai_female_names())[::7]]
    names = [name for name in names if name == name.strip(".-") and not name.startswith("นาย")]
    lost = [name for name in names if thai.parse_name(f"{title}{name} ใจดี").first != name]
    if title == "นาง":
        lost = [name for name in lost if not name.startswith("สาว")]  # นาง + สาวดี is นางสาวดี
    assert lost == []


@given(st.text(max_size=40))
def test_reading_a_name_loses_no_letter(full: str) -> None:
    name = thai.parse_name(full)
    assert name.first == name.first.strip()
    again = thai.parse_name(f"{name.first} {name.last}")
    assert set(again.first + again.last) <= set(full) | set(thai.clean_text(full)) | {" "}


def test_names_are_compared_without_spaces_dots_and_capitals() -> None:
    assert thai.name_key("สม ศรี") == thai.name_key("สมศรี")
    assert thai.name_key("O'Neil-Smith") == thai.name_key("ONEIL SMITH")
    assert thai.name_key(None) == ""
