"""What may be wrong with a call, said in both languages and with the name of the parameter."""

from __future__ import annotations


class Fault(Exception):
    """A call that is refused: the HTTP status and one description each of what is wrong. retry_after: seconds."""

    def __init__(self, status: int, *descriptions: str, retry_after: int = 0) -> None:
        super().__init__(status, *descriptions)
        self.status, self.descriptions, self.retry_after = status, descriptions, retry_after

    def body(self) -> list[dict[str, object]]:
        return [{"code": self.status, "description": words} for words in self.descriptions]


def about(name: str, th: str, en: str) -> str:
    """The description of what is wrong with a parameter."""
    return f"{name}: {th} ({en})"


def bad(name: str, th: str, en: str) -> Fault:
    return Fault(400, about(name, th, en))


def no_request() -> Fault:
    """The same bytes for what does not exist and for what is not shown to the public."""
    return Fault(404, about("service_request_id", "ไม่พบเรื่องนี้", "no such request"))


def no_service() -> Fault:
    return Fault(404, about("service_code", "ไม่มีประเภทเรื่องนี้", "no such service"))


def no_token() -> Fault:
    return Fault(404, about("token", "ไม่พบรหัสติดตามนี้", "no such token"))


def other_town() -> Fault:
    return Fault(404, about("jurisdiction_id", "ไม่ใช่ท้องถิ่นนี้", "another town"))


def no_format() -> Fault:
    return Fault(404, about("format", "ใช้ .xml หรือ .json", "ask for .xml or .json"))


def no_page() -> Fault:
    return Fault(404, "ไม่มีที่อยู่นี้ ดู discovery.xml (no such address, see discovery.xml)")


def no_key() -> Fault:
    return Fault(403, about("api_key", "ไม่มีกุญแจหรือกุญแจใช้ไม่ได้", "missing or not valid"))


def other_body() -> Fault:
    words = about("Idempotency-Key", "เคยใช้กับข้อมูลอื่นแล้ว", "was used before with another body; take a new one")
    return Fault(409, words)


def our_fault() -> Fault:
    return Fault(500, "ระบบขัดข้อง เรื่องนี้ยังไม่ถูกบันทึก กรุณาลองใหม่ (our fault, nothing was saved, please try again)")


def wrong_method(allowed: str) -> Fault:
    return Fault(400, f"ใช้ {allowed} กับที่อยู่นี้ (use {allowed} here)")


def too_often(seconds: int) -> Fault:
    words = f"มีการเรียกถี่เกินไป รอ {seconds} วินาที (too many calls, wait {seconds} seconds)"
    return Fault(429, words, retry_after=seconds)
