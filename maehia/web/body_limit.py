"""How much a request may bring, before anything is read: Django itself puts a body of any size on the disk first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

WORDS = "ข้อมูลที่ส่งมาใหญ่เกินกว่าที่ระบบรับ / The request is too large".encode()


class BodyLimit:
    """Answers 413 to a body beyond `most` bytes, or beyond what `larger` allows to paths with such an end.

    The larger ones are for whoever brings a session; others have nothing to upload there.
    """

    def __init__(self, app: App, most: int, larger: Mapping[str, int]) -> None:
        self.app, self.most, self.larger = app, most, larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit, headers = self.limit_of(scope), dict(scope["headers"])
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > limit:
            await refuse(send)
            return
        came, refused, started = 0, False, False

        async def counted() -> Message:
            nonlocal came, refused
            message = await receive()
            came += len(message.get("body", b""))
            if came > limit:  # chunks without a length: the application hears that the visitor has gone
                refused = True
                return {"type": "http.disconnect"}
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        await self.app(scope, counted, noted)
        if refused and not started:
            await refuse(send)

    def limit_of(self, scope: Scope) -> int:
        cookies = dict(scope["headers"]).get(b"cookie", b"")
        if b"sessionid=" not in cookies:
            return self.most
        return next((size for end, size in self.larger.items() if scope["path"].endswith(end)), self.most)


async def refuse(send: Send) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"connection", b"close"),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": WORDS})
