"""Letters by e-mail, through Django's mail. A demo writes them into files."""

from __future__ import annotations

import smtplib
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from maehia.message.channels.base import Channel, Letter, Outcome, State
from maehia.message.demo_mark import is_demo
from maehia.message.registry import LinkState

if TYPE_CHECKING:
    from maehia.message.actions.queue import Recipient

FILES = "django.core.mail.backends.filebased.EmailBackend"
SUBJECT = 120
REFUSED = range(500, 600)


class EmailChannel(Channel):
    key = "email"
    title_th = "อีเมล (SMTP)"
    title_en = "E-mail (SMTP)"
    help_th = "ใส่ที่อยู่เซิร์ฟเวอร์อีเมลของเทศบาลใน MAEHIA_EMAIL_URL และผู้ส่งใน MAEHIA_EMAIL_FROM"
    help_en = "Set the town's mail server in MAEHIA_EMAIL_URL and the sender in MAEHIA_EMAIL_FROM."

    def state(self) -> LinkState:
        if is_demo():
            return "fake"
        return "off" if settings.EMAIL_BACKEND == FILES else "live"

    def address(self, to: Recipient) -> str:
        return to.email

    def send(self, letter: Letter) -> Outcome:
        """The first line is the subject."""
        first, _, rest = letter.text.strip().partition("\n")
        mail = EmailMessage(first[:SUBJECT], rest.strip() or first, to=[letter.to], connection=_connection())
        mail.extra_headers["X-Maehia-Key"] = str(letter.retry_key)
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            return Outcome(State.PERMANENT if code in REFUSED else State.TEMPORARY, str(code), "recipient_refused")
        except smtplib.SMTPAuthenticationError as error:
            return Outcome(State.TECHNICAL, str(error.smtp_code), "refused_key")
        except (OSError, smtplib.SMTPException, ValueError) as error:
            kind = State.PERMANENT if isinstance(error, ValueError) else State.TEMPORARY
            return Outcome(kind, "", type(error).__name__)
        return Outcome(State.SENT, units=1)

    def test(self) -> str:
        try:
            with _connection():
                return ""
        except (OSError, smtplib.SMTPException) as error:
            return type(error).__name__


def _connection() -> Any:
    """A demo never reaches a mail server, whatever its settings say."""
    if is_demo() and settings.EMAIL_BACKEND != "django.core.mail.backends.locmem.EmailBackend":
        return get_connection(FILES, file_path=settings.MAEHIA_DATA / "mail")
    return get_connection()
