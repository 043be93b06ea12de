"""A file of depths is taken at the page of the area, and keeps its depths."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import numpy as np

from maehia.emergency.models import Footprint
from maehia.emergency.tests.test_footprints_shapes import write_raster
from maehia.emergency.tests.test_incident_pages import PagesOfDesk


class TestRaster(PagesOfDesk):
    def test_a_raster_of_depths_is_a_footprint_that_keeps_them(self):
        with tempfile.TemporaryDirectory() as folder:
            file = io.BytesIO(write_raster(Path(folder) / "d.tif", np.full((20, 30), 0.6)).read_bytes())
        file.name = "น้ำ.TIF"
        answer = self.send(f"{self.here}area/", file=file, note="แบบจำลอง")
        assert answer.status_code == 302, answer.content.decode()[:1500]
        (row,) = self.rows(Footprint)
        assert (row.origin, bool(row.depth)) == ("raster", True)
