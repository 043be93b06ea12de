"""What is compared, as data: fields, their levels of agreement from best to worst, and the blocking keys.

The same SQL conditions go into Splink (training, and the proof that weights agree) and into the compiled
query of the frozen model. Columns end in _l and _r; comparisons are of the score table (`score.py`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Level:
    """One level of agreement. tf: column whose own frequency (at least tf_floor) replaces the chance u.
    scaled: u is given per unit of the match prior (slips inside one town grow rarer with its size)."""

    key: str
    sql: str
    th: str
    tf: str | None = None
    tf_floor: float = 0.0
    scaled: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field; `null` says when nothing can be compared; the last level is everything else."""

    key: str
    null: str
    levels: tuple[Level, ...]
    th: str

    def level(self, gamma: int) -> Level | None:
        """The level of a Splink gamma value (levels count down to 0; -1 = not comparable)."""
        return None if gamma < 0 else self.levels[len(self.levels) - 1 - gamma]


_SWAPPED = "coalesce(fc_l = lc_r AND lc_l = fc_r, false)"
_TYPO_FLOOR = 3e-4


def _name(key: str, what: str, null: str, *extra: Level) -> Comparison:
    """A first or family name: `f`/`l` code of the folded name, `fk`/`lk` of its sound, `fx`/`lx` its bones."""
    k, text, bones = f"{key}k", f"{key}c", f"{key}x"
    return Comparison(
        "first" if key == "f" else "last",
        null,
        (
            Level("same", f"{key}_l = {key}_r", f"{what}ตรงกัน", tf=key),
            Level("script", f"latin_l <> latin_r AND {bones}_l = {bones}_r", f"{what}อ่านตรงกัน (ไทย/อังกฤษ)"),
            Level("other_script", "latin_l <> latin_r", f"{what}เขียนคนละอักษร"),
            Level("typo", f"damerau_levenshtein({text}_l, {text}_r) <= 1", f"{what}ต่างกันหนึ่งตัวอักษร",
                  tf=k, tf_floor=_TYPO_FLOOR),
            Level("sound", f"{k}_l = {k}_r AND jaro_winkler_similarity({text}_l, {text}_r) >= 0.7",
                  f"{what}ออกเสียงเหมือนกัน", tf=k, tf_floor=_TYPO_FLOOR),
            Level("close", f"jaro_winkler_similarity({text}_l, {text}_r) >= 0.88", f"{what}ใกล้เคียงกัน"),
            *extra,
            Level("differ", "ELSE", f"{what}ต่างกัน"),
        ),
        what,
    )  # fmt: skip


_DIGITS = "damerau_levenshtein({0}_l, {0}_r) <= 1"
_BORN = "(birth_l::VARCHAR)", "(birth_r::VARCHAR)"
_BOTH_DAYS = "birth_ok_l AND birth_ok_r"
COMPARISONS = (
    _name("f", "ชื่อ", "f_l IS NULL OR f_r IS NULL", Level("swapped", _SWAPPED, "ชื่อกับนามสกุลสลับที่กัน")),
    # One name only on both sides (highland people, migrants) is a likeness too. Women change their family
    # name by marriage and divorce far more often than men change theirs.
    _name(
        "l",
        "นามสกุล",
        f"(l_l IS NULL) <> (l_r IS NULL) OR f_l IS NULL OR f_r IS NULL OR {_SWAPPED}",
        Level("none", "l_l IS NULL AND l_r IS NULL", "ไม่มีนามสกุลทั้งคู่"),
        Level("woman_differs", "coalesce(sex_l, sex_r) = 'F'", "นามสกุลต่างกัน (หญิง อาจสมรสหรือหย่า)"),
    ),
    Comparison(
        "nid",
        "nid_l IS NULL OR nid_r IS NULL",
        (
            Level("same", "nid_l = nid_r AND nid_ok_l", "เลขประจำตัวประชาชนตรงกัน", scaled=True),
            Level("same_bad", "nid_l = nid_r", "เลขประจำตัวตรงกันแต่หลักตรวจสอบผิด", scaled=True),
            Level("near", _DIGITS.format("nid"), "เลขประจำตัวต่างกันหลักเดียว", scaled=True),
            Level("differ", "ELSE", "เลขประจำตัวต่างกัน"),
        ),
        "เลขประจำตัวประชาชน",
    ),
    Comparison(
        "birth",
        "birth_l IS NULL OR birth_r IS NULL",
        (
            Level("same", f"birth_l = birth_r AND {_BOTH_DAYS}", "วันเกิดตรงกัน"),
            Level("near", f"{_BOTH_DAYS} AND damerau_levenshtein({_BORN[0]}, {_BORN[1]}) <= 1",
                  "วันเกิดต่างกันหนึ่งหลัก"),
            Level("swapped", f"{_BOTH_DAYS} AND birth_l // 10000 = birth_r // 10000 AND birth_l % 100 = "
                  "birth_r // 100 % 100 AND birth_r % 100 = birth_l // 100 % 100", "วันและเดือนเกิดสลับกัน"),
            Level("month", f"NOT ({_BOTH_DAYS}) AND birth_l // 100 = birth_r // 100 AND birth_l % 10000 <> 101 "
                  "AND birth_r % 10000 <> 101", "เดือนและปีเกิดตรงกัน"),
            Level("year", f"NOT ({_BOTH_DAYS}) AND birth_l // 10000 = birth_r // 10000", "ปีเกิดตรงกัน"),
            Level("two_digits", f"{_BOTH_DAYS} AND hamming({_BORN[0]}, {_BORN[1]}) <= 2", "วันเกิดต่างกันสองหลัก"),
            Level("next_year", f"NOT ({_BOTH_DAYS}) AND abs(birth_l // 10000 - birth_r // 10000) <= 1",
                  "ปีเกิดต่างกันหนึ่งปี"),
            Level("differ", "ELSE", "วันเกิดต่างกัน"),
        ),
        "วันเกิด",
    ),
    Comparison(
        "house",
        "(hn_l IS NULL OR hn_r IS NULL) AND (hc_l IS NULL OR hc_r IS NULL)",
        (
            Level("same", "hk_l = hk_r OR hc_l = hc_r", "บ้านเดียวกัน", tf="house"),
            Level("same_number", "hn_l = hn_r AND (moo_l IS NULL OR moo_r IS NULL)",
                  "บ้านเลขที่ตรงกัน ไม่ทราบหมู่", tf="hn"),
            Level("near", f"moo_l = moo_r AND {_DIGITS.format('hn')}", "หมู่เดียวกัน บ้านเลขที่ต่างกันหลักเดียว"),
            Level("same_moo", "moo_l = moo_r", "หมู่เดียวกัน คนละบ้าน"),
            Level("differ", "ELSE", "คนละบ้าน"),
        ),
        "บ้าน",
    ),
    Comparison(
        "phone",
        "phone_l IS NULL OR phone_r IS NULL",
        (
            Level("same", "phone_l = phone_r", "เบอร์โทรศัพท์ตรงกัน", tf="phone"),
            Level("near", _DIGITS.format("phone"), "เบอร์โทรศัพท์ต่างกันหลักเดียว"),
            Level("differ", "ELSE", "เบอร์โทรศัพท์ต่างกัน"),
        ),
        "เบอร์โทรศัพท์",
    ),
    Comparison(
        "sex",
        "sex_l IS NULL OR sex_r IS NULL",
        (Level("same", "sex_l = sex_r", "เพศตรงกัน"), Level("differ", "ELSE", "เพศต่างกัน")),
        "เพศ",
    ),
    Comparison(
        "age",
        "(birth_l IS NOT NULL AND birth_r IS NOT NULL) OR (NOT aged_l) OR (NOT aged_r)",
        (
            Level("fits", "born_lo_l <= born_hi_r + 366 AND born_lo_r <= born_hi_l + 366", "อายุเข้ากันได้"),
            Level("clash", "ELSE", "อายุขัดกัน (คำนำหน้าชื่อกับวันเกิด)"),
        ),
        "อายุ",
    ),
)  # fmt: skip
TF_COLUMNS = ("f", "fk", "l", "lk", "house", "hn", "phone")


@dataclass(frozen=True, slots=True)
class Block:
    """Records that share `columns` are compared, unless more than `cap` of them do.

    mixed: only keys under which both Thai and Latin names stand.
    """

    columns: tuple[str, ...]
    cap: int
    mixed: bool = False


BLOCKS = (
    Block(("nid",), 60),
    Block(("phone",), 40),
    Block(("nk",), 60),
    Block(("f",), 20),
    Block(("xk",), 40, mixed=True),
    Block(("hk", "fx"), 40, mixed=True),
    Block(("birth_day", "fx"), 40, mixed=True),
    Block(("f", "l", "birth_year"), 60),
    Block(("f", "l", "moo"), 60),
    Block(("f", "l", "hn"), 60),
    Block(("hk", "lk"), 60),
    Block(("hk", "fk"), 60),
    Block(("hc", "lk"), 60),
    Block(("hc", "fk"), 60),
    Block(("hn", "lk"), 30),
    Block(("hn", "fk"), 30),
    Block(("birth_day", "fk"), 60),
    Block(("birth_day", "lk"), 60),
    Block(("fk", "l3"), 30),
    Block(("f3", "lk"), 30),
)
