"""Files of any length, sent a piece at a time: flat memory, and no transaction open while somebody reads slowly."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from uuid import UUID

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse

Last = tuple[datetime, UUID]
Piece = Callable[[Last | None], tuple[bytes, Last | None]]  # the next bytes, and behind which row; None at the end


def stream(request: HttpRequest, name: str, first: str, piece: Piece) -> StreamingHttpResponse:
    """A CSV download. piece opens its own context each time."""
    made = _later(first, piece) if isinstance(request, ASGIRequest) else _now(first, piece)
    response = StreamingHttpResponse(made, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _now(first: str, piece: Piece) -> Iterator[bytes]:
    yield first.encode()
    last: Last | None = None
    while True:
        part, last = piece(last)
        yield part
        if last is None:
            return


async def _later(first: str, piece: Piece) -> AsyncIterator[bytes]:
    """For the server, which would gather a plain iterator in memory."""
    yield first.encode()
    last: Last | None = None
    while True:
        part, last = await sync_to_async(piece)(last)
        yield part
        if last is None:
            return
