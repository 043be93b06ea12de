"""Photos from strangers' phones: looked at, drawn anew, and nothing else of them kept.

A file is never stored as it came. It is decoded within limits and encoded again, so that neither EXIF (place, phone,
time) nor anything hidden behind the picture survives. Only the kinds that phones make are read; what a file says of
itself (name, content type) is not believed.
"""

from __future__ import annotations

import hashlib
import io
import threading
import warnings
from dataclasses import dataclass
from typing import IO

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from maehia.base import Problem, ProblemError

MOST_BYTES = 12 * 2**20  # the one limit of a photo: shown on the form, kept by server and phone
MOST_PIXELS = 80_000_000  # beyond what phones save by themselves a file is a bomb, not a photo
LEAST_SIDE = 16
KINDS = ("JPEG", "PNG", "WEBP")
LONG_SIDE, SMALL_SIDE = 1920, 480
QUALITY, SMALL_QUALITY = 82, 70
WHOLE = threading.Lock()
FIX = "ใช้ภาพถ่ายจากกล้องหรือคลังภาพ (JPEG, PNG หรือ WebP) ขนาดไม่เกิน 12 MB"


@dataclass(frozen=True, slots=True)
class Photo:
    """A clean photo. jpeg, small: encoded bytes without any metadata, long side at most 1,920 and 480 pixels.

    width, height: of jpeg. sha256: of jpeg, hex. received_sha256: of the file as it came, to know the same again.
    """

    jpeg: bytes
    small: bytes
    width: int
    height: int
    sha256: str
    received_sha256: str


def read_photo(stream: IO[bytes], name: str = "") -> Photo:
    """A clean photo from an uploaded file.

    Raises ProblemError: photo_empty, photo_too_large, photo_kind (no photo, whatever its name says),
    photo_too_many_pixels, photo_too_small, photo_broken.
    """
    raw = stream.read(MOST_BYTES + 1)
    if not raw:
        raise _refused("photo_empty", "ไฟล์ภาพว่างเปล่า", name)
    if len(raw) > MOST_BYTES:
        raise _refused("photo_too_large", "ไฟล์ภาพใหญ่กว่า 12 MB", name)
    return encode(_decoded(raw, name), hashlib.sha256(raw).hexdigest())


def encode(picture: Image.Image, received_sha256: str) -> Photo:
    """The photo of RGB pixels."""
    jpeg = _encoded(picture, LONG_SIDE, QUALITY)
    small = _encoded(picture, SMALL_SIDE, SMALL_QUALITY)
    width, height = _fit(picture.size, LONG_SIDE)
    return Photo(jpeg, small, width, height, hashlib.sha256(jpeg).hexdigest(), received_sha256)


def _refused(code: str, what: str, name: str) -> ProblemError:
    return ProblemError(Problem(code, what, where=name, fix=FIX))


def _decoded(raw: bytes, name: str) -> Image.Image:
    """Upright RGB pixels, no larger than twice what is kept."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(raw), formats=KINDS)
            _check_size(picture, name)
            picture.draft("RGB", (2 * LONG_SIDE, 2 * LONG_SIDE))  # a JPEG is decoded at a fraction of its size
            _load_whole(picture)
            return _flat(ImageOps.exif_transpose(picture))
    except UnidentifiedImageError as error:
        raise _refused("photo_kind", "ไฟล์นี้ไม่ใช่ภาพถ่าย", name) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _refused("photo_too_many_pixels", "ภาพมีจำนวนจุดมากเกินไป", name) from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, MemoryError) as error:
        raise _refused("photo_broken", "เปิดภาพนี้ไม่ได้ ไฟล์อาจเสียหาย", name) from error


def _load_whole(picture: Image.Image) -> None:
    """Decode; half a file is an error. The switch is the process's, and the PDF writer turns it the other way."""
    with WHOLE:
        before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            picture.load()
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


def _check_size(picture: Image.Image, name: str) -> None:
    """What the header promises, before a pixel is decoded."""
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise _refused("photo_too_many_pixels", "ภาพมีจำนวนจุดมากเกินไป", name)
    if min(width, height) < LEAST_SIDE:
        raise _refused("photo_too_small", "ภาพเล็กเกินกว่าจะมองเห็นสิ่งใด", name)


def _flat(picture: Image.Image) -> Image.Image:
    """RGB on white: a transparent part would turn black."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(picture, mask=picture.convert("RGBA").getchannel("A"))
        return ground
    return picture.convert("RGB")


def _fit(size: tuple[int, int], long_side: int) -> tuple[int, int]:
    factor = min(1.0, long_side / max(size))
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def _encoded(picture: Image.Image, long_side: int, quality: int) -> bytes:
    """JPEG of the pixels alone: a new image carries no EXIF, no colour profile, no comment."""
    drawn = picture.resize(_fit(picture.size, long_side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    clean = Image.frombytes("RGB", drawn.size, drawn.tobytes())
    target = io.BytesIO()
    clean.save(target, "JPEG", quality=quality, optimize=True, progressive=True)
    return target.getvalue()
