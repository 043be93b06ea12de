"""A photo drawn for a test, and how it comes to a case."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

from PIL import Image

from maehia.forms import actions as forms


def jpeg(colour: str = "darkorange", size: tuple[int, int] = (120, 90)) -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG")
    file.seek(0)
    file.name = "photo.jpg"
    return file


def attach_photo(about: UUID, role: str, **more: Any) -> Any:
    """Inside the caller's context."""
    return forms.attach(about, role, jpeg(), "photo.jpg", **more)
