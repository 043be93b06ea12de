"""Surnames: tens of thousands built from word parts, Chinese clans, and names of foreigners."""

import numpy as np

from bench.second.words import words

_HEADS = words(
    "ใจ คำ แก้ว ปัญญา อินต๊ะ บุญ ทอง จันทร์ ศรี สุข วงศ์ พรหม แสน เมือง ไชย กัน ปิน ตา มูล กอง ธรรม เรือน "
    "ดวง หน่อ ปัน สาย ชัย นันท์ วัง ยอด ดอน ป่า นา ห้วย เขื่อน ฟอง ก้อน เตชะ สิทธิ มณี รัตน กิตติ พิพัฒน์ "
    "ประ สม วิริยะ สุวรรณ อภิ ธนะ เจริญ ศักดิ์ เกียรติ อุดม มหา สุรินทร์ บัว พันธุ์ โพธิ์ ทิพย์ อารีย์ "
    "ชื่น แสง เพชร นิล เทพ จักร กาญจน์ ไพร สวัสดิ์ ลือ หอม กาบ ขันธ์ เครือ งาม จิต ชุ่ม ญาณ ฐิติ ณรงค์ ถา"
)
_MIDDLES = words(
    "คำ แก้ว วงค์ ใจ นวล ธิ กุล ศรี มา ปัญ สุข บุญ นนท์ แสง ทิพ อิน ยา หล้า รัตน์ พง ชล ดี วร ภา ลา พรหม "
    "จันทร์ ทอง ไชย กัน พิ สาย งาม หอม เพ็ญ ยอด วัน ราช เกียรติ ภูมิ ชาญ ไพ"
)
_TAILS = words(
    "คำ ใจ แก้ว วงค์ วงศ์ มา ดี สุข ปัญญา เรือน มูล ตา ศรี แสง เมือง หล้า ยศ กุล พันธ์ รัตน์ ทอง มงคล "
    "สกุล ชัย กิจ เจริญ ทรัพย์ สิน ผล พร รักษ์ ภักดี นนท์ วัฒน์ พงษ์ พงศ์ ศักดิ์ เดช ฤทธิ์ ชาติ โรจน์ "
    "เลิศ งาม นวล คำแสน คำปัน ใจดี ใจคำ ยืน ยา ธรรม บุญเรือง สว่าง ไพศาล อุดม สมบัติ พิทักษ์ ประเสริฐ "
    "สุวรรณ ธานี นคร บุตร เขตต์ กาศ จักร ขาว เขียว แดง ลังกา สาร วัง นา ต๊ะ ปวน เป็ง กันทา ก๋อง จันทร์ "
    "อินทร์ วิชัย ถาวร สถิตย์ วานิช"
)
_CHINESE = [f"แซ่{w}" for w in words("ลี้ ลิ้ม ตั้ง แต้ อึ้ง เฮ้ง โง้ว ฉั่ว เตียว หยาง จาง ว่าง หลี่ โจว ซ้ง ท้าว ย่าง เล้า")]

NONE, _FIRST_FREE = 0, 1 + len(_CHINESE)
CHINESE = range(1, _FIRST_FREE)

_FOREIGN_GIVEN = {
    0: "JOHN=จอห์น PETER=ปีเตอร์ MARTIN=มาร์ติน DAVID=เดวิด THOMAS=โทมัส ERIK=เอริค HANS=ฮันส์ MARK=มาร์ค "
    "PAUL=พอล KENJI=เคนจิ WEI=เหว่ย ROBERT=โรเบิร์ต LARS=ลาร์ส ALAN=อลัน STEFAN=สเตฟาน RAJ=ราช MIN=มิน "
    "OSCAR=ออสการ์ BRUNO=บรูโน่ SIMON=ไซมอน",
    1: "ANNA=แอนนา MARIA=มาเรีย SARAH=ซาร่าห์ LINDA=ลินดา YUKI=ยูกิ EMMA=เอ็มม่า MEI=เหม่ย KAREN=คาเรน "
    "SOFIA=โซเฟีย INGRID=อิงกริด JULIA=จูเลีย NORA=นอร่า CLARA=คลาร่า HELEN=เฮเลน RITA=ริต้า SU=ซู",
}
_FOREIGN_FAMILY = (
    "SMITH=สมิธ MILLER=มิลเลอร์ JENSEN=เจนเซ่น TANAKA=ทานากะ WALKER=วอล์คเกอร์ BAUER=บาวเออร์ MORGAN=มอร์แกน "
    "NOVAK=โนวัค CHEN=เฉิน KUMAR=กุมาร BERG=เบิร์ก COOPER=คูเปอร์ LINDGREN=ลินด์เกรน ROSSI=รอสซี่ DUBOIS=ดูบัวส์ "
    "HARRIS=แฮร์ริส SATO=ซาโต้ VOGEL=โวเกล BAKER=เบเกอร์ FISCHER=ฟิสเชอร์ LARSEN=ลาร์เซ่น WOOD=วู้ด KING=คิง ZHANG=จาง"
)


def surname_texts(count: int, rng: np.random.Generator) -> np.ndarray:
    """`count` texts: row 0 empty, then the Chinese clans, then built surnames.

    The two-part names come first, as old local names are short. All differ up to about 290,000; in a
    town of more families some bear the surname of another.
    """
    free = max(count - _FIRST_FREE, 0)
    built = sorted({a + b for a in _HEADS for b in _TAILS if a != b})
    rng.shuffle(built)
    if len(built) < free:
        built += _long_names(free - len(built), rng, set(built))
    reused = (built[i % len(built)] for i in range(free))
    return np.array(["", *_CHINESE, *reused][:count], dtype=object)


def _long_names(count: int, rng: np.random.Generator, taken: set[str]) -> list[str]:
    """Up to `count` three-part names."""
    long = sorted({a + m + b for a in _HEADS for m in _MIDDLES for b in _TAILS if a != m != b} - taken)
    return [long[i] for i in rng.choice(len(long), min(count, len(long)), replace=False)]


def first_free_surname() -> int:
    """Row number of the first surname that is not a shared Chinese clan."""
    return _FIRST_FREE


def _pairs(block: str) -> list[tuple[str, str]]:
    return [(a, b) for a, b in (item.split("=") for item in block.split())]


def foreign_given(sex: int) -> list[tuple[str, str]]:
    """(Latin, Thai spelling) of foreign given names."""
    return _pairs(_FOREIGN_GIVEN[sex])


def foreign_family() -> list[tuple[str, str]]:
    """(Latin, Thai spelling) of foreign family names."""
    return _pairs(_FOREIGN_FAMILY)


MONK_NAMES = [
    a + b
    for a in words("ฐิต ปัญญา สุทธิ ธัมม จันท เตช กิตติ ชุติ ขันติ อัคค ปภัส สิริ")
    for b in words("ธัมโม วโร ปัญโญ จิตโต สีโล โชโต ญาโณ คุโณ มโน ธโร")
]
NICKNAMES = words(
    "แดง ดำ เล็ก ใหญ่ หนู อ้วน ต้อม เปิ้ล บอย แอน นุ้ย ตุ๊ก หน่อย ต่าย โอ๋ เอ บี ก้อย กบ ปู นก หนึ่ง สอง "
    "น้อย ตู่ ต้น ปอนด์ มิ้นท์ พลอย ฝน แนน อุ๊ จุ๋ม แจ๋ว เจี๊ยบ ป้อม โต้ง โหน่ง เก่ง แมว หมู ไก่ เป็ด "
    "กุ้ง ปลา เมย์ เบียร์ ไอซ์ แบงค์ กอล์ฟ เกม ฟิล์ม ออม อิ๋ว ต๋อง คำ แก้ว อิน จอย ตาล ตาม นิด เหมียว "
    "จิ๊บ โจ้ เอ็ม ปาน"
)
