"""มาลี reports a lamp with a photo; นก works on cases; somebody else has another link."""

from __future__ import annotations

import io
import tempfile
import uuid
import zlib
from datetime import date
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from maehia.access.actions import assign, create_account
from maehia.access.middleware import MFA_SESSION
from maehia.access.models import Account
from maehia.forms.actions import attach
from maehia.forms.models import Attachment
from maehia.kit.acting import Scope, acting
from maehia.kit.testing import AppTestCase

CASE, OTHER, MALEE = (uuid.UUID(int=n) for n in (101, 102, 1))


def picture(size: tuple[int, int] = (400, 300)) -> io.BytesIO:
    """Stripes of one pixel, so that a blurred part is told from a sharp one."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for x in range(0, size[0], 8):
        draw.rectangle((x, 0, x + 3, size[1]), fill="black")
    target = io.BytesIO()
    image.save(target, "JPEG", quality=95)
    target.seek(0)
    return target


def pdf_of(*objects: bytes, tail: bytes = b"") -> bytes:
    """A small PDF with a true table of contents; object 1 is its root."""
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, tail, len(body))
    return body + table + end


ROOT = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
PLAIN_PDF = pdf_of(ROOT, PAGES, PAGE)


def packed(content: bytes, kind: bytes = b"/Type /ObjStm /N 1 /First 4") -> bytes:
    data = zlib.compress(content)
    return b"<< %s /Filter /FlateDecode /Length %d >>\nstream\n" % (kind, len(data)) + data + b"\nendstream"


class Files:
    """Files go to a folder of the test. `officer` may release, `planner` may not."""

    client: Any
    acting: Any
    settings: Any

    def setUp(self) -> None:
        super().setUp()  # type: ignore[misc]
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))  # type: ignore[attr-defined]
        self.enterContext(self.settings(FILES_DIR=self.folder))  # type: ignore[attr-defined]
        with self.acting():
            self.officer = self.make_account("officer", "officer", "นก ใจเย็น")
            self.clerk = self.make_account("clerk", "clerk", "ประสิทธิ์ ปลัดดี")
            self.planner = self.make_account("planner", "planner", "วางแผน ดีงาม")

    def make_account(self, login: str, role: str, name: str) -> Account:
        account = create_account(login, name)
        assign(account, role, starts_on=date(2026, 1, 1))
        return account

    def enter(self, account: Account) -> None:
        with self.acting("system.demo"):
            self.client.force_login(account)
        session = self.client.session
        session[MFA_SESSION] = str(account.pk)
        session.save()

    def reporting(self, about: uuid.UUID = CASE) -> Any:
        """As somebody who files a case: sees that one only."""
        return acting("device:malee", "services.report", scope=Scope.subject(about))

    def link(self, about: uuid.UUID = CASE) -> Any:
        return acting("device:malee", "services.link", scope=Scope.subject(about))

    def desk(self) -> Any:
        return acting(self.officer.actor, "services.desk")

    def visitor(self) -> Any:
        return acting("system:public", "services.public")

    def photo(self, about: uuid.UUID = CASE, **more: Any) -> Attachment:
        with self.reporting(about):
            return attach(about, "photo", picture(), "IMG_1.jpg", **more)

    def on_disk(self) -> list[Path]:
        return sorted(self.folder.rglob("*.mhf"))


class FilesCase(Files, AppTestCase):
    """Files through actions and the test client."""
