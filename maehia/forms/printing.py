"""WeasyPrint behind one function. Loaded when the first document is made: it is large."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher

FONTS = Path(__file__).resolve().parent.parent / "web" / "static" / "web" / "vendor" / "sarabun-5.3.0"


class Outside(FatalURLFetchingError):  # type: ignore[misc]
    """A document asked for something that is not ours: it is not printed at all."""


class OnlyFonts(URLFetcher):  # type: ignore[misc]
    """Lets a document load our own font files, and pictures that stand in the text itself."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"file", "data"}, allow_redirects=False)

    def fetch(self, url: str, headers: Any = None) -> Any:
        path = Path(url.removeprefix("file://"))
        ours = url.startswith("file://") and path.parent == FONTS and path.suffix == ".woff2"
        if not (ours or url.startswith("data:image/")):
            raise Outside(f"a document loads nothing from outside: {url[:80]}")
        return super().fetch(url, headers)


def write_pdf(text: str) -> bytes:
    return bytes(HTML(string=text, url_fetcher=OnlyFonts(), base_url=FONTS.as_uri()).write_pdf())
