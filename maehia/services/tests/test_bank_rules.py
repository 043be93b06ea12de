"""Codes that banks scan, and files that banks send."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia.base import ProblemError
from maehia.services.rules.bank import Layout, Owed, read_bank_file, reconcile
from maehia.services.rules.bill_qr import bill_payment, parse, with_crc

BILLER = "099400012345600"  # invented
# Made by promptparse 1.6.0 (npm), billPayment(); the amount stands after the country there and here.
ORACLE = [
    ("2569000123", "WASTE01", Decimal("240.50"), "00020101021230640016A0000006770101120115099400012345600021025690001230307WASTE0153037645802TH5406240.506304E291"),
    ("2569000123", "", Decimal("1200"), "00020101021230530016A00000067701011201150994000123456000210256900012353037645802TH54071200.00630471C5"),
    ("2569000123", "INV9", None, "00020101021130610016A0000006770101120115099400012345600021025690001230304INV953037645802TH6304C075"),
]  # fmt: skip


@pytest.mark.parametrize(("ref1", "ref2", "amount", "code"), ORACLE)
def test_a_code_is_the_one_that_another_library_makes(ref1, ref2, amount, code):
    assert bill_payment(BILLER, ref1, ref2, amount) == code


references = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=20)
amounts = st.decimals("0.01", "9999999.99", places=2)


@given(references, references, amounts)
def test_what_is_written_is_read_back(ref1, ref2, amount):
    found = parse(bill_payment(BILLER, ref1, ref2, amount))
    assert (found["30.01"], found["30.02"], found["30.03"]) == (BILLER, ref1, ref2)
    assert Decimal(found["54"]) == amount
    assert (found["53"], found["58"]) == ("764", "TH")


@given(st.integers(0, 80), st.sampled_from("0123456789ABC"))
def test_one_wrong_letter_is_noticed(at, letter):
    code = bill_payment(BILLER, "2569000123", "WASTE01", Decimal("240.50"))
    broken = code[:at] + letter + code[at + 1 :]
    if broken != code:
        with pytest.raises(ProblemError):
            parse(broken)


@pytest.mark.parametrize(("biller", "ref1", "ref2", "amount", "code"), [
    ("0994000123456", "A1", "", Decimal(1), "bad_biller"),
    (BILLER, "", "", Decimal(1), "bad_reference"),
    (BILLER, "ก1", "", Decimal(1), "bad_reference"),
    (BILLER, "A" * 21, "", Decimal(1), "bad_reference"),
    (BILLER, "A1", "b", Decimal(1), "bad_reference"),
    (BILLER, "A1", "", Decimal(0), "bad_amount"),
    (BILLER, "A1", "", Decimal("-1"), "bad_amount"),
    (BILLER, "A1", "", Decimal("1.005"), "bad_amount"),
    (BILLER, "A1", "", Decimal("NaN"), "bad_amount"),
])  # fmt: skip
def test_what_no_bank_would_take_is_refused(biller, ref1, ref2, amount, code):
    with pytest.raises(ProblemError) as caught:
        bill_payment(biller, ref1, ref2, amount)
    assert caught.value.problem.code == code


def test_a_truncated_tag_is_no_code():
    with pytest.raises(ProblemError):
        parse(with_crc("000201" + "3099A"))


LAYOUT = Layout("sample", "ธนาคารตัวอย่าง", ("Payment Date", "วันที่"), ("Time",), ("Amount", "จำนวนเงิน"),
                ("Ref1", "Reference 1"), ("Ref2",), ("Txn ID",), ("Payer",))  # fmt: skip
HEAD = "Payment Date,Time,Payer,Ref1,Ref2,Amount,Txn ID\n"


def lines_of(text: str, encoding: str = "utf-8"):
    return read_bank_file((HEAD + text).encode(encoding), LAYOUT)


def test_a_file_is_read_past_its_title_rows_in_both_encodings_and_both_eras():
    title = "ธนาคารตัวอย่าง\nรายงาน\n"
    for encoding in ("utf-8-sig", "cp874"):
        raw = (title + HEAD + '18/11/2569,09:05,นางมาลี,2569-000123,WASTE 01,"1,240.50",T1\n').encode(encoding)
        (line,) = read_bank_file(raw, LAYOUT).lines
        assert (line.amount, line.ref1, line.ref2) == (Decimal("1240.50"), "2569000123", "WASTE01")
        assert line.paid_at.isoformat() == "2026-11-18T09:05:00+07:00"


def test_a_bad_row_is_named_and_the_good_ones_go_on():
    read = lines_of("18/11/2026,09:05,ก,R1,A,100,T1\n99/99/2026,09:05,ข,R2,B,100,T2\n18/11/2026,,ค,R3,C,-5,T3\n"
                    "18/11/2026,,ง,R4,D,abc,T4\n\n18/11/2026,23:59,จ,R5,E,7,T5\n")  # fmt: skip
    assert [line.ref1 for line in read.lines] == ["R1", "R5"]
    assert [(p.code, p.where) for p in read.problems] == [
        ("bank_date", "แถว 3"), ("bank_amount", "แถว 4"), ("bank_amount", "แถว 5")]  # fmt: skip


@pytest.mark.parametrize("raw", [b"", b"\x81\xff\xfe", b"a;b;c\n1;2;3\n", b"Payment Date,Ref1\n"])
def test_a_file_of_another_kind_is_refused_with_a_reason(raw):
    read = read_bank_file(raw, LAYOUT)
    assert read.lines == ()
    assert len(read.problems) == 1


OWED = {("R1", "A"): Owed("i1", Decimal("100"), "open"), ("R2", "B"): Owed("i2", Decimal("50"), "paid"),
        ("R3", "C"): Owed("i3", Decimal("70"), "cancelled")}  # fmt: skip


def test_each_line_gets_its_verdict():
    read = lines_of("18/11/2026,,,R1,A,99.99,T0\n18/11/2026,,,R1,A,100,T1\n18/11/2026,,,R1,A,100,T2\n"
                    "18/11/2026,,,R2,B,50,T3\n18/11/2026,,,R3,C,70,T4\n18/11/2026,,,R9,,5,T5\n18/11/2026,,,R1,A,100,T1\n")  # fmt: skip
    found = reconcile(read.lines, OWED, seen=["T9"])
    assert [m.verdict for m in found] == [
        "wrong_amount", "pays", "paid_already", "paid_already", "cancelled", "unknown_reference", "came_before"]  # fmt: skip
    assert {m.verdict for m in reconcile(read.lines, OWED, seen=[line.transaction for line in read.lines])} == {
        "came_before"
    }


@given(
    st.lists(
        st.tuples(st.sampled_from(["R1", "R2", "R3", "R9"]), st.sampled_from(["99.99", "100", "50"]), st.integers(0, 5))
    )
)
def test_nothing_is_paid_twice_whatever_the_file_holds(rows):
    refs = {"R1": "A", "R2": "B", "R3": "C", "R9": ""}
    text = "".join(f"18/11/2026,,,{ref},{refs[ref]},{amount},T{n}\n" for ref, amount, n in rows)
    paid = [m.owed for m in reconcile(lines_of(text).lines, OWED, seen=[]) if m.verdict == "pays"]
    assert len(paid) == len(set(paid)) <= 1


def test_without_the_banks_own_number_a_second_equal_line_is_a_second_payment_and_a_second_reading_is_none():
    text = "Payment Date,Ref1,Ref2,Amount\n18/11/2026,R1,A,100\n18/11/2026,R1,A,100\n"
    lines = read_bank_file(text.encode(), LAYOUT).lines
    assert [m.verdict for m in reconcile(lines, OWED, seen=[])] == ["pays", "paid_already"]
    again = read_bank_file(text.encode(), LAYOUT).lines
    assert {m.verdict for m in reconcile(again, OWED, [line.transaction for line in lines])} == {"came_before"}
