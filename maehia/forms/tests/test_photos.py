"""Photos: drawn anew without where and when, and nothing that only calls itself a photo."""

import io
import struct
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from maehia.base import ProblemError
from maehia.forms.photos import MOST_BYTES, Photo, read_photo


def picture(size=(640, 480), mode="RGB", colour="seagreen", kind="JPEG", **options) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size, colour).save(target, kind, **options)
    return target.getvalue()


def clean(raw: bytes, name="ภาพ.jpg") -> Photo:
    return read_photo(io.BytesIO(raw), name)


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def refused(raw: bytes) -> str:
    with pytest.raises(ProblemError) as caught:
        clean(raw)
    return caught.value.problem.code


def with_place() -> bytes:
    """A photo that says where and on which phone it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker-SECRET"
    exif[0x0112] = 6  # to be turned by a quarter
    exif.get_ifd(0x8825)[2] = (18.0, 44.0, 30.0)
    return picture((400, 300), exif=exif, comment=b"hidden-comment")


class TestClean:
    def test_place_phone_and_comment_are_gone(self):
        raw, made = with_place(), clean(with_place())
        assert b"PhoneMaker-SECRET" in raw
        for encoded in (made.jpeg, made.small):
            assert b"SECRET" not in encoded
            assert b"Exif" not in encoded
            assert b"hidden-comment" not in encoded
            assert not Image.open(io.BytesIO(encoded)).getexif()

    def test_a_picture_held_upright_stays_upright(self):
        assert (clean(with_place()).width, clean(with_place()).height) == (300, 400)

    def test_what_is_kept_fits_a_phone_line(self):
        made = clean(picture((6000, 4000)))
        assert (made.width, made.height) == (1920, 1280)
        assert max(Image.open(io.BytesIO(made.small)).size) == 480

    def test_a_small_picture_is_not_blown_up(self):
        assert (clean(picture((100, 50))).width, clean(picture((100, 50))).height) == (100, 50)

    def test_what_was_transparent_is_white(self):
        made = clean(picture(mode="RGBA", colour=(0, 0, 0, 0), kind="PNG"))
        assert Image.open(io.BytesIO(made.jpeg)).getpixel((5, 5)) == (255, 255, 255)

    @pytest.mark.parametrize(("mode", "colour", "kind"), [
        ("L", 90, "JPEG"), ("CMYK", (0, 90, 90, 0), "JPEG"), ("P", 3, "PNG"), ("1", 1, "PNG"), ("I;16", 900, "PNG"),
        ("RGB", "navy", "WEBP"), ("LA", (90, 90), "PNG"),
    ])  # fmt: skip
    def test_every_mode_that_a_phone_or_scanner_makes_is_read(self, mode, colour, kind):
        made = clean(picture(mode=mode, colour=colour, kind=kind))
        assert Image.open(io.BytesIO(made.jpeg)).mode == "RGB"

    def test_the_same_file_is_known_again(self):
        raw = picture()
        assert clean(raw) == clean(raw)
        assert clean(raw).received_sha256 != clean(picture(colour="red")).received_sha256


class TestRefused:
    def test_200_megabytes_are_not_even_read_to_the_end(self):
        class Endless(io.RawIOBase):
            given = 0

            def readable(self):
                return True

            def read(self, size=-1):
                assert 0 < size <= MOST_BYTES + 1
                self.given += size
                return b"\xff" * size

        stream = Endless()
        with pytest.raises(ProblemError) as caught:
            read_photo(stream)
        assert caught.value.problem.code == "photo_too_large"
        assert stream.given == MOST_BYTES + 1

    def test_a_program_that_calls_itself_a_photo(self):
        assert refused(b"MZ\x90\x00" + b"\x00" * 500) == "photo_kind"

    def test_a_drawing_with_a_script(self):
        svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
        assert refused(svg) == "photo_kind"

    def test_a_photo_with_a_page_behind_it_loses_the_page(self):
        made = clean(picture() + b"<script>alert(1)</script>")
        assert b"script" not in made.jpeg + made.small

    @pytest.mark.parametrize("side", [9_000, 12_000, 60_000])
    def test_a_bomb_is_refused_by_its_header(self, side):
        header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
        pixels = zlib.compress(bytes(1000))
        raw = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
        assert len(raw) < 100
        assert refused(raw) == "photo_too_many_pixels"

    @pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP", "ICO", "PDF"])
    def test_kinds_that_no_phone_camera_makes(self, kind):
        assert refused(picture(kind=kind)) == "photo_kind"

    @pytest.mark.parametrize("others", [False, True])
    def test_half_a_photo_whatever_others_made_of_the_library(self, monkeypatch, others):
        monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", others)
        assert refused(picture((900, 900), quality=95)[:3000]) == "photo_broken"

    def test_nothing(self):
        assert refused(b"") == "photo_empty"

    def test_a_dot(self):
        assert refused(picture((1, 1))) == "photo_too_small"

    def test_the_sentence_says_which_file_and_what_to_do(self):
        with pytest.raises(ProblemError) as caught:
            clean(b"MZ", "แจ้งเหตุ.jpg.exe")
        assert str(caught.value).startswith("แจ้งเหตุ.jpg.exe: ไฟล์นี้ไม่ใช่ภาพถ่าย")
        assert "12 MB" in caught.value.problem.fix


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 4000), st.binary(min_size=1, max_size=40))
def test_damaged_bytes_give_a_clean_photo_or_a_sentence(position, noise):
    raw = bytearray(picture((64, 64)))
    at = position % len(raw)
    raw[at : at + len(noise)] = noise
    made = None
    with suppress(ProblemError):
        made = clean(bytes(raw))
    assert made is None or Image.open(io.BytesIO(made.jpeg)).format == "JPEG"
