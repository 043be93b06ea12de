"""Addresses as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia import thai
from maehia.thai.address import Address


@pytest.mark.parametrize(
    "text",
    [
        "123/4 ม.5",
        "123/4ม.5",
        "123/4 ม5",
        "123/4 ม. 5",
        "๑๒๓/๔ หมู่ ๕",
        "123-4 หมู่5",
        "123/4 หมู่ที่ 5",
        "123/4 หมู่ ที่ 5",
        "123 / 4 หมู่ที่5",
        "เลขที่ 123/4 หมู่ 5",
        "บ้านเลขที่ 123/4 หมู่ที่ 5",
        "บ้านเลขที่123/4 หมู่.5",
        "ม.5 123/4",
        "หมู่ 5 เลขที่ 123/4",
        "123/4 Moo 5",
        "123/4 moo.5",
        "0123/4 ม.05",
        "123/4, ม.5",
    ],
)
def test_house_number_and_moo_in_many_shapes(text: str) -> None:
    assert thai.parse_address(text) == Address(house_no="123/4", moo=5)


@pytest.mark.parametrize(
    "text",
    [
        "22/56 ม.บ.ร่มโพธิ์",
        "22/56 ม.บ. ร่มโพธิ์",
        "22/56 ม. บ. ร่มโพธิ์",
        "22/56 มบ ร่มโพธิ์",
        "22/56 ม.ร่มโพธิ์",
        "22/56 หมู่บ้านร่มโพธิ์",
        "22/56 หมู่บ้าน ร่มโพธิ์",
        "22/56หมู่บ้านร่มโพธิ์",
        "22/56 บ้านร่มโพธิ์",
        "หมู่บ้านร่มโพธิ์ 22/56",
        "หมู่บ้านร่มโพธิ์ เลขที่ 22/56",
    ],
)
def test_an_estate_is_not_a_moo(text: str) -> None:
    assert thai.parse_address(text) == Address(house_no="22/56", village="ร่มโพธิ์")


def test_estate_and_moo_together() -> None:
    expected = Address(house_no="22/56", moo=3, village="ร่มโพธิ์ 2")
    assert thai.parse_address("22/56 ม.บ.ร่มโพธิ์ 2 ม.3") == expected
    assert thai.parse_address("22/56 ม.3 ม.บ.ร่มโพธิ์ 2") == expected


@pytest.mark.parametrize(
    "text",
    [
        "123/4 ม.5 ต.แม่เหียะ อ.เมือง จ.เชียงใหม่ 50100",
        "123/4 หมู่ที่ 5 ตำบลแม่เหียะ อำเภอเมืองเชียงใหม่ จังหวัดเชียงใหม่ 50100",
        "123/4ม.5ต.แม่เหียะอ.เมืองจ.เชียงใหม่50100",
        "123/4 หมู่5ตำบลแม่เหียะอำเภอเมืองจังหวัดเชียงใหม่ 50100",
        "123/4 ม.5 แม่เหียะ เมือง เชียงใหม่ 50100",
        "123/4 ม.5 ต.แม่เหียะ อ.เมืองฯ จ.ชม. 50100",
        "123/4 ม.5 ต. แม่เหียะ อ. เมือง จ. เชียงใหม่ รหัสไปรษณีย์ 50100",
        "๑๒๓/๔ ม.๕ ต.แม่เหียะ อ.เมือง จ.เชียงใหม่ ๕๐๑๐๐",
    ],
)
def test_a_whole_address(text: str) -> None:
    assert thai.parse_address(text) == Address(
        house_no="123/4", moo=5, tambon="แม่เหียะ", district="เมืองเชียงใหม่", province="เชียงใหม่", postcode="50100"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9 ซ.3/1 ถ.เชียงใหม่-หางดง ม.5", Address("9", 5, soi="3/1", road="เชียงใหม่-หางดง")),
        ("9 ซอยวัดดอน 2 ถนนคันคลอง", Address("9", soi="วัดดอน 2", road="คันคลอง")),
        (
            "99/9 แขวงลาดยาว เขตจตุจักร กทม. 10900",
            Address("99/9", tambon="ลาดยาว", district="จตุจักร", province="กรุงเทพมหานคร", postcode="10900"),
        ),
        ("1 ถ.กรุงเทพกรีฑา", Address("1", road="กรุงเทพกรีฑา")),
        ("1 เขตพระนคร กรุงเทพฯ", Address("1", district="พระนคร", province="กรุงเทพมหานคร")),
        ("55 หมู่ 5 บ้านดอน", Address("55", 5, village="ดอน")),
        ("55 หมู่บ้านบ้านสวน", Address("55", village="บ้านสวน")),
        ("55 ม.5 (หลังวัด)", Address("55", 5, rest="หลังวัด")),
        ("ห้อง 12 อาคารเอ", Address(rest="ห้อง 12 อาคารเอ")),
        ("123ก ม.2", Address("123ก", 2)),
        ("123 ก ม.2", Address("123ก", 2)),
        ("12/3a ม.2", Address("12/3A", 2)),
        ("12/3/4 ม.2", Address("12/3/4", 2)),
        ("ม.5", Address(moo=5)),
        ("5 ม.123", Address("5", rest="123")),
        ("5 ม.0", Address("5", rest="0")),
        ("ต.แม่เหียะ", Address(tambon="แม่เหียะ")),
        ("-", Address()),
        ("ไม่มีบ้านเลขที่", Address(rest="ไม่มี")),
        ("0 ม.1", Address(moo=1)),
        ("10000", Address("10000")),
        ("9 ม.3 ต.บ้านใหม่ อ.ปากเกร็ด", Address("9", 3, tambon="บ้านใหม่", district="ปากเกร็ด")),
        ("9 ม.3 ตำบล บ้านใหม่ อ. บ้านหมี่", Address("9", 3, tambon="บ้านใหม่", district="บ้านหมี่")),
        ("9 ม.3 ต.ถนนขาด", Address("9", 3, tambon="ถนนขาด")),
        ("9 ม.3 บ้านดอน ต.บ้านกลาง", Address("9", 3, village="ดอน", tambon="บ้านกลาง")),
        (
            "9 ม.3 บ้านกลาง สันป่าตอง เชียงใหม่",
            Address("9", 3, tambon="บ้านกลาง", district="สันป่าตอง", province="เชียงใหม่"),
        ),
        (
            "9 ม.3 บ้านดอน แม่เหียะ เมือง เชียงใหม่",
            Address("9", 3, village="ดอน", tambon="แม่เหียะ", district="เมืองเชียงใหม่", province="เชียงใหม่"),
        ),
        (
            "9 ลาดยาว จตุจักร กรุงเทพฯ",
            Address("9", tambon="ลาดยาว", district="จตุจักร", province="กรุงเทพมหานคร"),
        ),
        ("9 หลังวัด ต.สุเทพ จ.เชียงใหม่", Address("9", tambon="สุเทพ", province="เชียงใหม่", rest="หลังวัด")),
        ("9 ถ.คันคลอง 50100", Address("9", road="คันคลอง", postcode="50100")),
    ],
)
def test_parts_go_to_their_place_and_the_rest_is_kept(text: str, expected: Address) -> None:
    assert thai.parse_address(text) == expected


def test_nothing_is_an_empty_address() -> None:
    assert thai.parse_address(None) == thai.parse_address("") == Address()


def test_the_district_of_a_capital_needs_its_province_for_the_full_name() -> None:
    assert thai.parse_address("อ.เมือง").district == "เมือง"
    assert thai.parse_address("อ.เมือง จ.ลำพูน").district == "เมืองลำพูน"
    assert thai.parse_address("อ.หางดง จ.เชียงใหม่").district == "หางดง"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("123-4", "123/4"),
        ("๑๒๓/๔", "123/4"),
        ("123 / 4", "123/4"),
        ("0123/04", "123/4"),
        ("บ้านเลขที่ 9", "9"),
        ("เลขที่9", "9"),
        ("12/3a", "12/3A"),
        ("9 ก", "9ก"),
        ("100", "100"),
        ("10/10", "10/10"),
    ],
)
def test_a_house_number_has_one_form(text: str, number: str) -> None:
    assert thai.normalize_house_no(text) == number


@pytest.mark.parametrize("text", [None, "", "-", "0", "00/0", "ไม่มี", "ก"])
def test_without_a_number_there_is_none(text: str | None) -> None:
    assert thai.normalize_house_no(text) is None


@pytest.mark.parametrize("text", ["12-May", "2026-05-12 00:00:00", "2026-05-12", "12-พ.ค.", "12-เม.ย.", "May-12"])
def test_a_house_number_that_excel_made_a_date_is_refused(text: str) -> None:
    assert thai.looks_like_excel_date(text)
    assert thai.normalize_house_no(text) is None


@pytest.mark.parametrize("text", [None, "", "12/5", "12-5", "123-4", "12-ก", "1234-56"])
def test_a_house_number_with_a_dash_is_no_date(text: str | None) -> None:
    assert not thai.looks_like_excel_date(text)


def test_an_address_is_written_in_full() -> None:
    address = thai.parse_address("๑๒๓/๔ ม.๕ ม.บ.ร่มโพธิ์ ซ.2 ถ.คันคลอง ต.แม่เหียะ อ.เมือง จ.ชม. 50100")
    assert thai.format_address(address) == (
        "123/4 หมู่ที่ 5 หมู่บ้านร่มโพธิ์ ซอย2 ถนนคันคลอง ตำบลแม่เหียะ อำเภอเมืองเชียงใหม่ จังหวัดเชียงใหม่ 50100"
    )
    assert thai.parse_address(thai.format_address(address)) == address


def test_bangkok_has_its_own_words() -> None:
    address = Address("99/9", tambon="ลาดยาว", district="จตุจักร", province="กรุงเทพมหานคร", postcode="10900")
    assert thai.format_address(address) == "99/9 แขวงลาดยาว เขตจตุจักร กรุงเทพมหานคร 10900"
    assert thai.parse_address(thai.format_address(address)) == address


numbers = st.builds(
    lambda a, b: str(a) if b is None else f"{a}/{b}", st.integers(1, 9999), st.none() | st.integers(1, 999)
)


@given(
    numbers,
    st.integers(1, 99),
    st.sampled_from(["{} ม.{}", "{}ม.{}", "{} หมู่ {}", "เลขที่ {} หมู่ที่ {}", "{} ม.{} ต.แม่เหียะ"]),
)
def test_number_and_moo_come_back_from_every_writing(number: str, moo: int, shape: str) -> None:
    for text in (shape.format(number, moo), thai.to_thai(shape.format(number, moo))):
        address = thai.parse_address(text)
        assert (address.house_no, address.moo) == (number, moo)


words = st.sampled_from(["แม่เหียะ", "หางดง", "สุเทพ", "ป่าแดด", "ท่าศาลา"])


@given(
    st.builds(
        Address,
        house_no=numbers,
        moo=st.none() | st.integers(1, 99),
        village=st.none() | st.sampled_from(["ร่มโพธิ์", "สวนดอก 2", "ดอน"]),
        soi=st.none() | st.sampled_from(["5", "3/1", "วัดดอน"]),
        road=st.none() | st.sampled_from(["คันคลอง", "เชียงใหม่-หางดง"]),
        tambon=st.none() | words,
        district=st.none() | words,
        province=st.none() | st.sampled_from(["เชียงใหม่", "ลำพูน", "เลย"]),
        postcode=st.none() | st.sampled_from(["50100", "10900"]),
    )
)
def test_a_written_address_is_read_back(address: Address) -> None:
    assert thai.parse_address(thai.format_address(address)) == address


@given(numbers)
def test_a_clean_house_number_stays_as_it_is(number: str) -> None:
    assert thai.normalize_house_no(number) == number


@given(st.text(max_size=60))
def test_any_text_gives_an_address_in_bounds(text: str) -> None:
    address = thai.parse_address(text)
    assert address.moo is None or 1 <= address.moo <= 99
    assert address.postcode is None or len(address.postcode) >= 1
    for part in (address.village, address.soi, address.road, address.tambon, address.district, address.rest):
        assert part is None or part.strip() == part != ""
