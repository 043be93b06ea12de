"""What every channel is: where it reaches somebody, whether it is live, what it costs, and sending one letter."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

import httpx

from maehia.message.models import Message
from maehia.message.registry import Connection, LinkState

if TYPE_CHECKING:
    from maehia.message.actions.queue import Recipient

State = Message.State
TIMEOUT = httpx.Timeout(10.0, connect=5.0)
TOO_MANY, CONFLICT, UNAUTHORISED = 429, 409, (401, 403)


@dataclass(frozen=True, slots=True)
class Letter:
    """One text for one address. objects: LINE messages instead of the plain text; reply_token: answers for free."""

    to: str
    text: str
    lang: str
    retry_key: UUID
    objects: tuple[dict[str, Any], ...] = ()
    reply_token: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a letter. units: what the provider counts. error: a code or class, never what was written."""

    state: str
    code: str = ""
    error: str = ""
    units: int = 0

    @property
    def ok(self) -> bool:
        return self.state in {State.SENT, State.DELIVERED}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider answered over HTTP; status 0 = nothing came."""

    status: int
    body: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    text: str = ""


class Channel:
    """A folder of `channels/` has one of these. Nothing here opens a database transaction."""

    key: ClassVar[str]
    title_th: ClassVar[str]
    title_en: ClassVar[str]
    help_th: ClassVar[str] = ""
    help_en: ClassVar[str] = ""

    def state(self) -> LinkState:
        """live, fake (a demo without keys) or off."""
        raise NotImplementedError

    def address(self, to: Recipient) -> str:
        """Where this channel reaches the recipient; "" when it does not."""
        raise NotImplementedError

    def units(self, text: str) -> int:
        """What a text counts against the quota."""
        return 1

    def send(self, letter: Letter) -> Outcome:
        """Hand the letter to the provider, once. Never raises for what a provider does."""
        raise NotImplementedError

    def test(self) -> str:
        """ "" when the link works, else what is wrong, in a code."""
        return ""

    def connection(self, order: int) -> Connection:
        return Connection(
            self.key, self.title_th, self.title_en, self.state, self.test, self.help_th, self.help_en, order
        )


def ask(client: httpx.Client, method: str, url: str, **options: Any) -> Answer:
    """One call; a time-out or a broken line is an answer with status 0. The error never holds what was sent."""
    try:
        response = client.request(method, url, **options)
    except httpx.HTTPError as error:
        return Answer(0, error=type(error).__name__)
    return Answer(response.status_code, _json(response), text=response.text[:2000])


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        found = response.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def outcome_of(answer: Answer, units: int) -> Outcome:
    """Status codes as delivery states: what passes may pass later, what is refused stays refused."""
    if 200 <= answer.status < 300:
        return Outcome(State.SENT, str(answer.status), units=units)
    if answer.status == CONFLICT:  # the provider has this retry key already: it was sent before
        return Outcome(State.SENT, str(answer.status))
    if answer.status in {0, TOO_MANY} or answer.status >= 500:
        return Outcome(State.TEMPORARY, str(answer.status or ""), answer.error)
    if answer.status in UNAUTHORISED:
        return Outcome(State.TECHNICAL, str(answer.status), "refused_key")
    return Outcome(State.PERMANENT, str(answer.status), "refused")
