"""What the town says in the chat about cases. The town may give each its own wording."""

from __future__ import annotations

from maehia.message.registry import Template

TEXTS: tuple[tuple[str, str, str, str, str, tuple[str, ...]], ...] = (
    ("start", "เมื่อเริ่มแจ้งเรื่องในแชท", "A report is begun in the chat",
     "เกิดอะไรขึ้นคะ พิมพ์บอกสั้น ๆ หรือส่งรูปมาได้เลย", "What happened? Write a few words or send a photo.", ()),
    ("what", "เมื่อยังไม่รู้ว่าเกิดอะไร", "It is not said yet what happened",
     "ได้รับ{got}แล้วค่ะ เกิดอะไรขึ้นคะ พิมพ์บอกสั้น ๆ", "Got the {got}. What happened? Please write a few words.", ("got",)),
    ("where", "เมื่อยังไม่รู้ว่าเกิดที่ไหน", "It is not said yet where",
     "เกิดที่ไหนคะ แตะ “ส่งตำแหน่ง” เพื่อปักหมุด หรือพิมพ์ที่อยู่หรือจุดสังเกต",
     "Where is it? Tap “Send a place” to set a pin, or write an address or a landmark.", ()),
    ("category", "เมื่อให้เลือกประเภทเรื่อง", "The category is asked",
     "เป็นเรื่องประเภทไหนคะ แตะเลือกได้เลย", "What kind of problem is it? Tap one.", ()),
    ("same", "เมื่อมีเรื่องคล้ายกันอยู่แล้ว", "A similar case is open",
     "ใกล้จุดนี้มีเรื่องที่แจ้งไว้แล้ว: {service} เลขที่ {number} ({state}) ใช่เรื่องเดียวกันไหมคะ",
     "A case near this place is open already: {service}, number {number} ({state}). Is it the same?",
     ("service", "number", "state")),
    ("confirm", "เมื่อให้ยืนยันก่อนส่ง", "Before the report is sent",
     "เรื่อง: {service}\nรายละเอียด: {text}\nสถานที่: {place}\nรูป: {photos} รูป\n{seen}\nส่งเรื่องนี้เลยไหมคะ",
     "Problem: {service}\nDetails: {text}\nPlace: {place}\nPhotos: {photos}\n{seen}\nShall we send it?",
     ("service", "text", "place", "photos", "seen")),
    ("stopped", "เมื่อยกเลิกการแจ้ง", "The report was given up", "ยกเลิกแล้วค่ะ ยังไม่มีเรื่องใดถูกส่ง",
     "Given up; nothing was sent.", ()),
    ("refused", "เมื่อระบบรับไม่ได้", "Something was refused", "{what}\n{fix}", "{what}\n{fix}", ("what", "fix")),
    ("photo_bad", "เมื่ออ่านรูปไม่ได้", "A photo could not be read",
     "อ่านรูปนี้ไม่ได้ค่ะ ลองส่งใหม่ หรือพิมพ์บอกแทน", "This photo could not be read. Send it again, or write instead.", ()),
    ("urgent", "เมื่อดูเหมือนเหตุฉุกเฉิน", "It sounds like an emergency",
     "ถ้าเป็นเหตุฉุกเฉิน โทร {number} ({name}) ก่อนนะคะ", "In an emergency call {number} ({name}) first.",
     ("number", "name")),
    ("status", "เมื่อถามสถานะ", "The state was asked",
     "เลขที่ {number} {service}\nสถานะ: {state}\nกำหนด: {due}\n{note}",
     "{number} {service}\nState: {state}\nDue: {due}\n{note}", ("number", "service", "state", "due", "note")),
    ("unknown", "เมื่อไม่พบเรื่อง", "No case was found", "ไม่พบเรื่องเลขที่นี้ กรุณาตรวจเลขที่อีกครั้ง",
     "No case with this number was found. Please check it.", ()),
    ("none", "เมื่อยังไม่เคยแจ้ง", "Nothing was reported yet",
     "ยังไม่มีเรื่องที่แจ้งจากแชทนี้ พิมพ์ “แจ้งเรื่อง” หรือส่งรูปเพื่อเริ่ม",
     "Nothing was reported from this chat yet. Write “report” or send a photo to begin.", ()),
    ("rated", "เมื่อให้คะแนนแล้ว", "A case was rated", "ขอบคุณค่ะ บันทึกคะแนน {stars} ดาวของเรื่อง {number} แล้ว",
     "Thank you. {stars} stars for {number} are kept.", ("stars", "number")),
    ("again", "เมื่อขอให้แก้ไขอีกครั้ง", "Not fixed: the reason is asked",
     "ขออภัยที่ยังไม่เรียบร้อยค่ะ ช่วยส่งรูปหรือพิมพ์บอกว่ายังมีอะไรไม่เรียบร้อย",
     "Sorry it is not fixed. Send a photo or write what is still wrong.", ()),
    ("reopened", "เมื่อเปิดเรื่องอีกครั้ง", "A case was opened again",
     "เปิดเรื่อง {number} อีกครั้งแล้วค่ะ หน่วยงานได้รับแจ้งแล้ว", "{number} is open again; the unit has been told.", ("number",)),
    ("ask_answer", "เมื่อจะตอบเจ้าหน้าที่", "An answer is about to be written", "พิมพ์คำตอบถึงเจ้าหน้าที่ได้เลยค่ะ",
     "Please write your answer to the officer.", ()),
    ("answered", "เมื่อตอบเจ้าหน้าที่แล้ว", "An answer was kept", "ส่งคำตอบของเรื่อง {number} ถึงเจ้าหน้าที่แล้วค่ะ",
     "Your answer on {number} has gone to the officer.", ("number",)),
    ("counted", "เมื่อแจ้งร่วมแล้ว", "Somebody reported the same", "นับเสียงของคุณในเรื่อง {number} แล้ว จะแจ้งความคืบหน้าให้ทราบค่ะ",
     "You are counted for {number}; you will have its news.", ("number",)),
)  # fmt: skip


def templates() -> list[Template]:
    return [
        Template(f"chat.{key}", "chat", th, en, names, title_th, title_en)
        for key, title_th, title_en, th, en, names in TEXTS
    ]
