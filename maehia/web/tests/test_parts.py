"""Parts, tokens and vendored files."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from lxml import html

from maehia.web import maps, registry, sample_maps, samples
from maehia.web.layers import LayerRegistry, MapLayer
from maehia.web.registry import Slot
from maehia.web.templatetags import maehia_web

ROOM = Path(maps.__file__).parent
PARTS = sorted((ROOM / "templates/web/parts").glob("*.html"))
VENDOR = ROOM / "static/web/vendor"


@pytest.mark.parametrize("part", PARTS, ids=lambda p: p.stem)
def test_every_part_declares_its_inputs(part):
    assert re.search(r"\{# (Inputs:|Made by)", part.read_text("utf-8"))


def test_the_style_guide_shows_every_part():
    shells = {
        "account",
        "banners",
        "bell",
        "footer",
        "language_switch",
        "menu",
        "menu_groups",
        "town",
        "flash",
        "form",
        "status_tag",
        "go",
        "page_head",
    }
    seen = (ROOM / "templates/web/styleguide.html").read_text("utf-8")
    inner = "".join(p.read_text("utf-8") for p in PARTS)
    for part in PARTS:
        name = part.stem
        assert (
            f"parts/{name}.html" in seen
            or f"parts/{name}.html" in inner
            or name in shells
            or name in ("map", "source_chip")
        )


@pytest.mark.parametrize("state", ["open", "work", "done", "late", "wait"])
def test_a_state_always_has_an_icon_and_a_word(state):
    tag = maehia_web.status(state, "กำลังดำเนินการ")
    assert f"#{state}" in tag
    assert "กำลังดำเนินการ" in tag


def test_an_unknown_state_waits():
    assert "tag-wait" in maehia_web.status("odd", "ไม่ทราบ")


def test_an_icon_without_words_is_hidden_from_readers():
    assert 'aria-hidden="true"' in maehia_web.icon("home")
    assert 'aria-label="บ้าน"' in maehia_web.icon("home", "บ้าน")


def test_a_field_ties_hint_and_error_to_its_box():
    page = html.fromstring(render_to_string("web/parts/field.html", {"field": samples.form(True)["national_id"]}))
    box = page.xpath("//input")[0]
    for name in box.get("aria-describedby").split():
        assert page.xpath(f"//*[@id='{name}']"), name
    assert box.get("aria-invalid") == "true"
    assert page.xpath("//label/@for") == [box.get("id")]


def test_the_error_summary_leads_to_each_field():
    form = samples.form(True)
    page = html.fromstring(render_to_string("web/parts/error_summary.html", {"form": form}))
    ids = set(html.fromstring(str(form.as_div())).xpath("//@id"))
    for href in page.xpath("//a/@href"):
        assert href[1:] in ids


def test_no_errors_no_summary():
    assert render_to_string("web/parts/error_summary.html", {"form": samples.form(False)}).strip() == ""


def test_a_source_is_one_click_away():
    page = html.fromstring(render_to_string("web/parts/source_chip.html", {"source": samples.CIVIL}))
    assert "มาจาก: ทะเบียนราษฎร" in page.xpath("//summary")[0].text_content()
    assert "31 ต.ค. 2569" in page.text_content()
    assert page.xpath("//a/@href") == ["#source"]


def test_running_work_asks_again_and_ended_work_does_not():
    running = render_to_string("web/parts/progress.html", {"job": samples.running("/p/")})
    assert 'hx-get="/p/progress/"' not in running
    assert 'hx-get="/p/' in running
    assert "เหลือราว" in running
    for job in samples.ended():
        assert "hx-get" not in render_to_string("web/parts/progress.html", {"job": job})


def test_a_failed_job_says_what_and_how():
    page = render_to_string("web/parts/progress.html", {"job": samples.ended()[1]})
    assert "3.1E+12" in page
    assert "จัดรูปแบบคอลัมน์เป็นข้อความ" in page


def test_values_are_escaped_everywhere():
    evil = "<script>alert(1)</script>"
    page = render_to_string("web/parts/dl.html", {"rows": [samples.Term(evil, evil, note=evil)]})
    assert "<script" not in page


class TestMap:
    @pytest.fixture(autouse=True)
    def own_registry(self, monkeypatch, settings):
        settings.ROOT_URLCONF = "maehia.web.tests.urls"
        self.layers = LayerRegistry()
        monkeypatch.setattr(registry, "layers", self.layers)
        monkeypatch.setattr(registry, "may", Slot("may", lambda request, permission: permission == "see.map"))

    def add(self, key, role="thematic", **more):
        said = {"source": "สมมติ", "licence": "CC0", "quality": "สมมติ"}
        self.layers.add(MapLayer(key, key, key, "point", sql="SELECT 1", role=role, **said, **more))

    def figure(self, **options):
        return maps.map_figure(RequestFactory().get("/"), bounds=sample_maps.BOUNDS, **options)

    def test_base_layers_are_always_there_and_others_when_asked(self):
        self.add("roads", "base")
        self.add("houses")
        self.add("parcels")
        assert [layer["key"] for layer in self.figure(layers="houses")["config"]["layers"]] == ["roads", "houses"]

    def test_layers_one_may_not_see_are_left_out(self):
        self.add("needs", permission="see.needs")
        self.add("houses", permission="see.map")
        assert [layer["key"] for layer in self.figure(layers="needs,houses")["config"]["layers"]] == ["houses"]

    def test_at_most_one_thematic_and_one_overlay_start_switched_on(self):
        for key, role in (("a", "thematic"), ("b", "thematic"), ("c", "overlay"), ("d", "overlay")):
            self.add(key, role)
        on = [layer["key"] for layer in self.figure(layers=["a", "b", "c", "d"])["config"]["layers"] if layer["on"]]
        assert on == ["a", "c"]
        chosen = [layer["key"] for layer in self.figure(layers="a,b,c,d", on="b")["config"]["layers"] if layer["on"]]
        assert chosen == ["b"]

    def test_tiles_are_asked_by_template(self):
        self.add("houses")
        assert self.figure(layers="houses")["config"]["layers"][0]["url"].endswith("/tiles/houses/{z}/{x}/{y}")

    def test_without_script_there_is_a_picture_and_a_list(self):
        page = html.fromstring(
            render_to_string("web/parts/map.html", self.figure(places=sample_maps.PLACES, title="ที่พักพิง"))
        )
        assert page.xpath("//*[local-name()='svg'][@role='img']")
        assert [a.text for a in page.xpath("//ul[@class='map-list']//a")] == [p.title for p in sample_maps.PLACES]
        assert len(page.xpath("//button[@data-show]")) == 2

    def test_two_maps_on_a_page_have_their_own_ids(self):
        assert self.figure()["id"] != self.figure()["id"]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def tokens(dark: bool) -> dict[str, str]:
    """Colours of one scheme, dark over light."""
    css = (ROOM / "static/web/css/tokens.css").read_text("utf-8")
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", css.split("@media (prefers-color-scheme: dark)")[0]))
    if dark:
        found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", css.split('[data-theme="dark"] {')[1].split("}")[0]))
    return found


PAIRS = [
    ("ink", "paper"), ("ink", "quiet"), ("ink-soft", "paper"), ("ink-soft", "quiet"), ("link", "paper"), ("link", "quiet"),
    ("accent", "paper"), ("on-accent", "accent"), ("accent-strong", "accent-soft"), ("late", "paper"), ("demo-ink", "demo"),
    *[(f"{state}", f"{state}-soft") for state in ("open", "work", "done", "late", "wait")],
    ("live-ink", "live"), ("exercise-ink", "exercise"), ("exercise-ink", "exercise-2"),
    *[(f"h{i}-ink", f"h{i}") for i in range(1, 6)],
    *[("aqi-ink", f"aqi{i}") for i in range(1, 6)],
    *[(f"c{i}", "paper") for i in range(1, 7)],
]  # fmt: skip


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS, ids=lambda v: v)
def test_words_stand_out_from_their_ground(text, ground, dark):
    found = tokens(dark)
    least = 3.0 if text.startswith("c") else 4.5
    assert contrast(found[text], found[ground]) >= least


def test_both_dark_schemes_are_the_same():
    css = (ROOM / "static/web/css/tokens.css").read_text("utf-8")
    by_choice = css.split('[data-theme="dark"] {')[1].split("}")[0].split()
    by_system = css.split(':not([data-theme="light"]) {')[1].split("}")[0].split()
    assert by_choice == by_system


def test_colours_are_chosen_in_one_file_only():
    for file in (ROOM / "static/web/css").glob("*.css"):
        if file.name not in ("tokens.css", "print.css"):
            found = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", file.read_text("utf-8"))) - {"#fff"}
            assert found == set(), file.name


def test_every_token_that_is_used_is_defined():
    files = "".join(
        f.read_text("utf-8")
        for f in (ROOM / "static/web").rglob("*.*")
        if f.suffix in (".css", ".js") and "vendor" not in f.parts
    )
    defined = set(re.findall(r"--([\w-]+):", files))
    used = set(re.findall(r"var\(--([\w-]+)", files)) | set(re.findall(r'css\("--([\w-]+)"\)', files))
    assert used <= defined


def test_vendored_files_are_the_listed_ones():
    rows = re.findall(r"\| (\S+) \| ([0-9a-f]{64}) \|", (VENDOR / "VENDOR.md").read_text("utf-8"))
    assert {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name, _ in rows} == dict(rows)
    code = {str(f.relative_to(VENDOR)) for f in VENDOR.rglob("*") if f.suffix in (".js", ".mjs", ".css", ".woff2")}
    assert code == {name for name, _ in rows}


def test_every_vendored_part_brings_its_licence():
    for folder in (f for f in VENDOR.iterdir() if f.is_dir()):
        assert any(f.stem in ("LICENSE", "OFL") for f in folder.iterdir()), folder.name
