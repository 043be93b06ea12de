"""Vector tiles of registered layers, from PostGIS, under the right rights."""

from __future__ import annotations

import gzip
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import RequestFactory

from maehia.kit.acting import NoPurpose, current
from maehia.kit.testing import AppTestCase
from maehia.web import registry, tiles
from maehia.web.layers import MapLayer
from maehia.web.tests.cast import OnlyWeb

MIDDLE = (12, 3173, 1831)  # the tile around 98.94 E, 18.73 N
# One invented point per number, in a row going east; nothing of a real place.
SQL = "SELECT n AS id, ST_SetSRID(ST_MakePoint(98.90 + n / 100.0, 18.73), 4326) AS geom, 'จุด ' || n AS name FROM generate_series(1, 5) n"
POINTS = MapLayer(
    "sample-points", "จุดตัวอย่าง", "Sample points", "point", source="สมมติ", licence="CC0", quality="สมมติ",
    sql=SQL, properties=("name",), cache_seconds=60,
)  # fmt: skip


class TileTest(OnlyWeb, AppTestCase):
    def setUp(self):
        super().setUp()
        registry.layers.add(POINTS)

    def ask(self, layer: MapLayer = POINTS, place: tuple[int, int, int] = MIDDLE, user: object = None, **headers: str):
        request = RequestFactory().get("/tiles/", headers=headers)
        request.user = user or SimpleNamespace(is_authenticated=False)
        registry.layers.remove(layer.key)
        registry.layers.add(layer)
        return tiles.mvt_response(request, layer.key, *place)

    def test_a_tile_holds_the_features_and_their_properties(self):
        answer = self.ask()
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/vnd.mapbox-vector-tile"
        assert b"sample-points" in answer.content
        assert "จุด 4".encode() in answer.content

    def test_the_answer_names_only_listed_columns(self):
        layer = replace(POINTS, properties=())
        assert "จุด".encode() not in self.ask(layer).content

    def test_an_empty_place_is_an_empty_tile(self):
        answer = self.ask(place=(12, 0, 0))
        assert (answer.status_code, answer.content) == (200, b"")

    def test_the_same_tile_is_not_sent_twice(self):
        tag = self.ask()["ETag"]
        again = self.ask(**{"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")

    def test_a_large_tile_is_packed_where_the_browser_takes_it(self):
        many = replace(POINTS, sql=SQL.replace("(1, 5)", "(1, 900)").replace("100.0", "20000.0"))
        packed = self.ask(many, **{"Accept-Encoding": "gzip, br"})
        plain = self.ask(many)
        assert packed["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.content) == plain.content
        assert "Content-Encoding" not in plain

    def test_open_layers_may_be_kept_by_caches(self):
        assert self.ask()["Cache-Control"] == "public, max-age=60"

    def test_an_unknown_layer_or_place_is_not_found(self):
        for place in ((12, 4096, 0), (12, 0, 4096), (21, 0, 0)):
            with pytest.raises(Http404):
                self.ask(place=place)
        with pytest.raises(Http404):
            tiles.mvt_response(RequestFactory().get("/"), "nowhere", *MIDDLE)

    def test_a_layer_of_geojson_has_no_tiles(self):
        with pytest.raises(Http404):
            self.ask(replace(POINTS, sql="", geojson_url="/x/"))

    def test_a_layer_asks_for_its_permission(self):
        with pytest.raises(PermissionDenied):
            self.ask(replace(POINTS, permission="see.secrets"))
        answer = self.ask(replace(POINTS, key="other", permission="see.map"))
        assert answer["Cache-Control"] == "private, no-store"

    def test_personal_layers_need_a_person_and_run_under_their_purpose(self):
        seen = replace(
            POINTS,
            klass="personal",
            permission="see.map",
            purpose="test.everything",
            sql=SQL.replace(
                "'จุด ' || n", "current_setting('maehia.actor') || ' ' || current_setting('maehia.purpose')"
            ),
        )
        with pytest.raises(PermissionDenied):
            self.ask(seen)
        anong = SimpleNamespace(is_authenticated=True, pk="5f0c", actor="user:5f0c")
        answer = self.ask(seen, user=anong)
        assert b"user:5f0c test.everything" in answer.content
        assert answer["Cache-Control"] == "private, no-store"
        assert current() is None

    def test_an_unknown_purpose_gives_nothing(self):
        layer = replace(POINTS, klass="personal", permission="see.map", purpose="no.such.purpose")
        with pytest.raises(NoPurpose):
            self.ask(layer, user=SimpleNamespace(is_authenticated=True, pk="5f0c"))

    def test_a_percent_sign_in_the_sql_is_doubled_by_its_author(self):
        layer = replace(POINTS, sql=SQL + " WHERE 'a' LIKE '%%'")
        assert "จุด 4".encode() in self.ask(layer).content
