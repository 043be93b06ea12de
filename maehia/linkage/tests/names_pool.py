"""Pools of invented Thai and foreign names, small or large, for the truth town. No real person's data."""

from __future__ import annotations

from random import Random

MALE = (
    "สมชาย สมศักดิ์ ประเสริฐ วิชัย สุรชัย ประสิทธิ์ บุญมี คำปัน อินถา สุพจน์ ณรงค์ ธนพล กิตติพงษ์ ชัยวัฒน์ ศุภชัย อดิศักดิ์ "
    "พงศกร ธีรพงศ์ ภูวดล รัฐพล เกรียงไกร วีระ สมพร มานพ จำรัส ทองสุข ปรีชา ไพโรจน์ เฉลิมพล อนุชา นพดล วรวุฒิ ศราวุธ ปิยะ "
    "กฤษณะ พิพัฒน์ ธวัชชัย อภิสิทธิ์ เอกชัย สิทธิชัย ชาญณรงค์ มงคล ดวงดี สุริยา จักรพันธ์ ปฏิภาณ ภาคภูมิ ณัฐพล พีรพัฒน์ คมสันต์"
).split()
FEMALE = (
    "สมหญิง สมศรี บัวผัน จันทร์เพ็ญ วิไล สุภาพร ประภา ศิริพร สุนีย์ อรทัย พรทิพย์ กัลยา นงลักษณ์ พิมพ์ใจ ดวงใจ คำแก้ว แสงเดือน "
    "บุญเรือน ทองใบ ฟองจันทร์ กนกวรรณ ณัฐธิดา ปาริชาติ รุ่งนภา สุกัญญา วราภรณ์ เพ็ญศรี จินตนา มาลี ลำดวน อัมพร นิภา ชญานิศ "
    "ธัญชนก พัชรินทร์ ปวีณา อุไรวรรณ เยาวลักษณ์ สายฝน น้ำฝน กาญจนา ชลธิชา ภัทรวดี วันเพ็ญ อำไพ บุษบา ศศิธร หทัยรัตน์ ยุพิน ลัดดา"
).split()
HEADS = "ชัย ธน ณัฐ ศิริ กิตติ ภูมิ วร พง อภิ สุร จิร ปิย รัตน ธีร นว พิมพ์ กมล เบญจ ชุติ ศุภ อนันต วิทย ทิพ มณี ชล".split()
MALE_TAILS = "พงษ์ ชัย วัฒน์ ศักดิ์ พล เดช ภัทร กร วุฒิ นันท์ ดล ยุทธ".split()
FEMALE_TAILS = "พร วรรณ ดา ธิดา ลักษณ์ นันท์ กานต์ ณี รัตน์ มาศ ภา ญา".split()
SUR_HEADS = (
    "ใจ แก้ว คำ บุญ ทอง ศรี วงศ์ สุข จันทร์ อินทร์ ปัญญา ชัย มูล ต๊ะ ไชย กาวิ สิงห์ ธรรม ยอด เมือง พรหม เรือน แสน นันท์ ดวง "
    "อุ่น สม ศิริ รัตน์ เพชร ปิน ตา หล้า กันทา วัง โพธิ์ ขันธ์ เทพ สุริย ลือ"
).split()
SUR_TAILS = (
    "ดี มา เรือน งาม วงศ์ คำ ใส สุข ยา ชัย ปัน ลือ แสง ตา กุล พันธุ์ มูล ใจ แก้ว ทอง ศรี เมือง รัตน์ สิทธิ์ วรรณ โชติ เจริญ "
    "ประเสริฐ ไพศาล วิเศษ สวัสดิ์ มณี ธรรม บุตร ชมภู อินทร์ นาค ขัติ"
).split()
FOREIGN_FIRST = (
    "JOHN จอห์น PETER ปีเตอร์ HANS ฮันส์ MARIE มารี LI ลี่ SAI ทราย NANG นาง AYE เอ KHIN คิน DAVID เดวิด ANNA แอนนา "
    "YUKI ยูกิ PAUL พอล SU ซู MOE โม TUN ทุน JEAN ฌอง MARK มาร์ค EVA อีวา OLE โอเล่ SOFIA โซเฟีย ROBERT โรเบิร์ต"
).split()
FOREIGN_LAST = (
    "SMITH สมิธ MÜLLER มุลเลอร์ WONG หว่อง LIN ลิน MAUNG หม่อง KHAM คำ TANAKA ทานากะ DUBOIS ดูบัวส์ HANSEN ฮันเซ่น "
    "BROWN บราวน์ HTUN ทุน SAN ซาน NAING ไนง์ JONES โจนส์ LEE ลี ROSSI รอสซี่ COOPER คูเปอร์ NOVAK โนวัค"
).split()
SINGLE = "อาโผ่ หมี่จู ซอคำ หลาวลาย มนอิ่ง ปี๊เงิน ยี่ติ๊บ ทุนออ จายแสง หอมคำ แสงละ คำยวน นางส่วย อิ่งส่วย บัวลู่ จะอือ นาโพ อาแว".split()
VILLAGES = "ร่มโพธิ์ สวนทอง เอื้องคำ ริมห้วย ดอยงาม ศิริวัฒนา".split()


class Names:
    """Weighted pools: `size` 1 = about 100 first and 150 family names, 3 = hundreds and thousands."""

    def __init__(self, rng: Random, size: int) -> None:
        self._rng = rng
        made_m = [h + t for h in HEADS for t in MALE_TAILS]
        made_f = [h + t for h in HEADS for t in FEMALE_TAILS]
        sur = [h + t for h in SUR_HEADS for t in SUR_TAILS if h != t]
        sur3 = [h + m + t for h in SUR_HEADS for m in ("", "ณ", "วัฒ") for t in SUR_TAILS if m and h != t]
        for pool in (made_m, made_f, sur, sur3):
            rng.shuffle(pool)
        extra = (0, 60, 400)[size - 1]
        self.male = MALE + made_m[:extra]
        self.female = FEMALE + made_f[:extra]
        self.last = (sur[:150], sur[:700], sur + sur3)[size - 1]
        self.skew = rng.choice((1.0, 1.2, 1.5))

    def _pick(self, pool: list[str]) -> str:
        return pool[int(len(pool) * self._rng.random() ** self.skew)]

    def first(self, sex: str) -> str:
        return self._pick(self.male if sex == "M" else self.female)

    def family(self) -> str:
        return self._pick(self.last)

    def foreign(self) -> tuple[str, str, str, str]:
        """First and last in Latin letters, then both in Thai; or one Thai name alone."""
        if self._rng.random() < 0.4:
            name = self._rng.choice(SINGLE) + (self._rng.choice(SINGLE) if self._rng.random() < 0.5 else "")
            return name, "", name, ""
        first, last = (2 * self._rng.randrange(len(pool) // 2) for pool in (FOREIGN_FIRST, FOREIGN_LAST))
        return FOREIGN_FIRST[first], FOREIGN_LAST[last], FOREIGN_FIRST[first + 1], FOREIGN_LAST[last + 1]
