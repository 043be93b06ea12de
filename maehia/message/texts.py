"""The texts that the messages themselves need. Every room registers its own."""

from __future__ import annotations

from maehia.message.registry import Template, templates

OWN = (
    Template(
        "line.greeting", "chat",
        "สวัสดีค่ะ ขอบคุณที่ติดตาม {town}\nที่นี่คุณแจ้งปัญหา ดูสถานะเรื่อง และรับข่าวของหมู่บ้านได้\nคุณอยู่หมู่หรือชุมชนไหนคะ (แตะเลือกครั้งเดียว)",
        "Hello, and thank you for following {town}.\nHere you can report a problem, see the state of a case and get "
        "news of your village.\nWhich village (moo) do you live in? (one tap)",
        ("town",), "เมื่อมีผู้ติดตามใหม่ใน LINE", "When somebody follows on LINE",
    ),
    Template(
        "line.moo_kept", "chat", "บันทึกแล้วค่ะ: {place}\nเทศบาลจะส่งเฉพาะข่าวที่เกี่ยวกับพื้นที่ของคุณ",
        "Noted: {place}.\nYou will only get news that concerns your area.",
        ("place",), "เมื่อเลือกหมู่แล้ว", "When the village was chosen",
    ),
    Template(
        "line.link", "chat", "เปิดลิงก์นี้ใน LINE เพื่อผูกแชทกับบัญชีของคุณ\n{address}",
        "Open this link inside LINE to tie this chat to your account.\n{address}",
        ("address",), "เมื่อขอผูกบัญชีใน LINE", "When somebody asks to link the account",
    ),
    Template(
        "line.contact", "chat", "ติดต่อ {town}\n{phones}", "Contact {town}\n{phones}",
        ("town", "phones"), "เมื่อขอเบอร์ติดต่อใน LINE", "When somebody asks for the phone numbers",
    ),
    Template(
        "line.fallback", "chat",
        "ขออภัยค่ะ ระบบยังไม่เข้าใจข้อความนี้\nถ้าต้องการคุยกับเจ้าหน้าที่ โทร {phone}",
        "Sorry, this message was not understood.\nTo speak with an officer, call {phone}.",
        ("phone",), "เมื่อไม่เข้าใจข้อความใน LINE", "When a LINE message is not understood",
    ),
    Template(
        "line.sorry", "chat",
        "ขออภัยค่ะ ระบบขัดข้องชั่วคราว เรื่องของคุณยังไม่ถูกบันทึก เจ้าหน้าที่ได้รับแจ้งแล้ว กรุณาลองส่งอีกครั้งในอีกสักครู่",
        "Sorry, something went wrong and your message was not recorded. The staff have been told. "
        "Please try again shortly.",
        (), "เมื่อระบบขัดข้อง", "When something went wrong",
    ),
    Template(
        "message.broadcast", "news", "{town}\n{text}", "{town}\n{text}",
        ("town", "text"), "ข้อความที่เจ้าหน้าที่ส่งถึงหลายคน", "A text sent to many",
    ),
    Template(
        "message.test", "test", "{town}: ทดสอบการส่งข้อความ", "{town}: a test message",
        ("town",), "ทดสอบช่องทาง", "Test of a channel",
    ),
)  # fmt: skip


def register() -> None:
    for template in OWN:
        templates.add(template)
