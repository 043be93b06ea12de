"""Given names by sex and generation: stems and endings that name fashions really combine.

Each pool is the cross product of its stems and endings (plus short single names), so every name
is a common word pattern and no name belongs to a certain person. A pool is kept in spelling order:
a neighbour in the pool is a name that begins alike, which is how siblings and twins are named.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np

MALE, FEMALE = 0, 1
# First birth year of each name fashion.
GENERATION_STARTS = (1945, 1970, 1995)

_RECIPES: dict[tuple[int, int], tuple[str, str, str]] = {
    (MALE, 0): (
        "บุญ คำ แก้ว ทอง จันทร์ อินทร์ สี ใจ แสง พรหม เมือง ศรี ดวง นวล ปวน หล้า มูล ตา",
        "มา ปัน ตัน มี ยืน หลง เรือน สุข ดี แสน ลือ ต่อ เมือง ทา ตา คำ ยงค์ ชื่น หมั้น ปวน เลิศ",
        "ปัน ตา มูล แสน หมื่น สม อ้าย ต๋า หลาน จู เป็ง หนิ้ว ถา โต๊ะ เสาร์ พุธ ชุ่ม เหมย ก๋อง หวัน ผัด",
    ),
    (FEMALE, 0): (
        "บัว คำ แก้ว จันทร์ นวล ทอง ศรี บุญ ดวง อุ่น ฟอง แสง สม ใบ พวง เฮือน ต่อม เกี๋ยง",
        "ผัน แปง ปิน ดี มา ใส เรือน เขียว หล้า ลอย ตุ้ม จีน คำ นวล ไหล ผาย จันทร์ ศรี ทิพย์ หอม มูล",
        "ตุ้ย ป้อ เขียว อุ้ย ปี๋ เอ้ย ฟอง จีน ใส ผ่อง แดง ขาว เตียม บาง พลอย หล้า ขันแก้ว เที่ยง เหลี่ยม",
    ),
    (MALE, 1): (
        "สม วิ ประ สุร อนุ ชัย บุญ มา ศักดิ์ เกียรติ ณรงค์ วร ธีร พิ นิ สุวิ อดุ เจริญ",
        "ชาย ชัย ศักดิ์ พงษ์ เดช สิทธิ์ วัฒน์ โรจน์ พล ชาติ ยุทธ พันธ์ ฤทธิ์ รัตน์ กิจ ชิต วุฒิ ณุ",
        "มานพ สนั่น ถนอม จำรัส เสถียร ไพโรจน์ ทวี อุดม สุรินทร์ ดำรง ไสว ชูชีพ เฉลิม อำนวย สวัสดิ์ จรูญ นพดล",
    ),
    (FEMALE, 1): (
        "สม สุ ศรี พร วิ อุ ประ นิ จิ บุญ รัช อร ลำ ทิพ เพ็ญ นง ยุพ มา",
        "พร ศรี จิตร ลักษณ์ ภา รัตน์ วรรณ ณี ดา ใจ ทิพย์ นันท์ มาศ มล กุล วดี รีย์ พินท์",
        "สายหยุด ละเอียด ประนอม ถวิล ทองใบ สำเนียง จำเนียร มาลี ดวงใจ อำไพ สังวาลย์ วันเพ็ญ กัลยา อัมพร จงกล",
    ),
    (MALE, 2): (
        "ณัฐ ธน กิตติ พงศ์ วุฒิ ชัย อภิ ศุภ ปิย วร สุร จักร ธีร นนท พิพัฒน์ รัฐ เกียรติ ภาณุ สิทธิ",
        "พล พงษ์ ชัย วัฒน์ ศักดิ์ กร เดช พันธ์ ชาติ ยุทธ พจน์ นันท์ ภัทร กฤต วิทย์ สิทธิ์ ฤทธิ์ ภูมิ",
        "อาทิตย์ วันชัย เอกชัย ปรีชา ศราวุธ นิรันดร์ ทศพร มงคล ดนัย ตะวัน อัษฎา คมสัน สันติ จิรายุ ภูวดล อิทธิ",
    ),
    (FEMALE, 2): (
        "ศิริ สุ กนก พร จิรา ณัฐ ชุติ ปิย รัตน นิภา กาญจน์ วรรณ อร ธิดา เบญจ พัช ปวีณ์ วิไล มณี",
        "พร วรรณ รัตน์ ลักษณ์ กาญจน์ ทิพย์ นภา มาศ ดา ชนก มล วดี ภา นันท์ กุล ลดา ธิดา นาถ",
        "อารี นฤมล จันจิรา เกศินี ดารุณี รุ่งทิวา สายฝน อัญชลี หทัย น้ำฝน กัญญา ชลธิชา มยุรี ปาริชาติ วาสนา",
    ),
    (MALE, 3): (
        "ธนา ภูริ กันต ปุณณ ชยา พีร จิร ณัฏฐ อัคร รชา นรา ติณณ ปภา ภัทร คุณา สิร ชิษณุ ธีรา เตชิ",
        "กร ภัทร วิชญ์ พัฒน์ ธร พงศ์ ดนัย นนท์ วัฒน์ ภพ เทพ ชิต ธัช พล นันท์ เมศ วินท์ ดล",
        "ภูผา ตะวัน ธันวา สิงหา ปัณณ์ ต้นกล้า ไออุ่น กวิน ภาคิน อชิระ คณิน ธาม วายุ ปกป้อง ก้องภพ นาวา ตุลา",
    ),
    (FEMALE, 3): (
        "กัญญา พิมพ์ ณัฏฐ ธัญ ปุณย ชนิ ภัทร พิชญ อริ สิริ ญาณิ วริ กมล จิดา เปมิ ปาณิ ลลิ ชญา รมิ",
        "ณัฐ ชนก กานต์ ณิชา วดี ลภัส พร รัตน์ ดา ภา นันท์ ชญา มล สรา กร ธร วีร์ ญา",
        "ใบบัว น้ำหนึ่ง ข้าวหอม มีนา เมษา อิงฟ้า ลลนา ปลายฟ้า ฟ้าใส พราว ขวัญข้าว อันนา นับดาว ญาดา ปิ่น",
    ),
}

_SHAN = (
    "จาย อ้าย ลุง หลาว แสง ซอ ยี่ สาม หนุ่ม ปี๊ คำ ทุน เครือ",
    "ทุน คำ หาญ เงิน หลู่ ออ มู เฮิง ติ๊บ ลาย อ่อง ซ่วย ทิ ละ",
)
_SHAN_WOMEN = (
    "นาง แสง อิ่ง คำ เอ้ย มน ป้า เมย หมวย โอ๊ด ยิ้ง บัว",
    "คำ หอม ออ อู อิ่ง นุ ลู่ ยวน มาด เงิน ส่วย เต็ง เวย ละ",
)


@dataclass(frozen=True)
class GivenNames:
    """All given names in one table; a pool is a slice of it with weights that add to 1."""

    text: np.ndarray
    starts: dict[tuple[int, int], int]
    weights: dict[tuple[int, int], np.ndarray]

    def draw(self, rng: np.random.Generator, sex: int, generation: int, count: int) -> np.ndarray:
        """`count` row numbers of `text`, common names often and rare ones seldom."""
        pool = self.weights[sex, generation]
        return self.starts[sex, generation] + rng.choice(len(pool), size=count, p=pool)

    def neighbour(self, rng: np.random.Generator, names: np.ndarray) -> np.ndarray:
        """Names one to three places away in spelling order (begin alike), never the same."""
        step = rng.integers(1, 4, len(names)) * rng.choice([-1, 1], len(names))
        edges = np.fromiter(self.starts.values(), int)
        same_pool = np.searchsorted(edges, names + step, "right") == np.searchsorted(edges, names, "right")
        inside = same_pool & (names + step < len(self.text))
        return np.where(inside, names + step, names - step)


def _words(stems: str, endings: str, singles: str = "") -> list[str]:
    made = {a + b for a, b in product(stems.split(), endings.split()) if a != b}
    return sorted(made | set(singles.split()))


def _skewed(count: int, rng: np.random.Generator) -> np.ndarray:
    """Weights like name counts: the first ten names cover about a fifth of the people."""
    weight = 1.0 / (np.arange(count) + 6.0) ** 0.85
    return rng.permutation(weight / weight.sum())


STATELESS_POOL = 4  # generation number of the single-word names


def load_given() -> GivenNames:
    """The pools, the same for every seed (a town differs by who draws, not by the fashion)."""
    rng = np.random.default_rng(20_230_601)
    recipes = {key: _words(*recipe) for key, recipe in _RECIPES.items()}
    recipes[MALE, STATELESS_POOL] = _words(*_SHAN)
    recipes[FEMALE, STATELESS_POOL] = _words(*_SHAN_WOMEN)
    text: list[str] = []
    starts: dict[tuple[int, int], int] = {}
    for key, words in recipes.items():
        starts[key] = len(text)
        text.extend(words)
    weights = {key: _skewed(len(words), rng) for key, words in recipes.items()}
    return GivenNames(np.array(text, dtype=object), starts, weights)


def generation_of(birth_year: np.ndarray) -> np.ndarray:
    """0..3, the name fashion of a birth year."""
    return np.searchsorted(GENERATION_STARTS, birth_year, side="right")
