"""The demo's pages. All of them are 404 in a real town."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from maehia.access.permissions import require
from maehia.access.views.demo import enter
from maehia.cli.demo_pages import kept
from maehia.cli.demo_pages.stories import BY_KEY, TALES, Tale
from maehia.cli.demo_pages.words import ABOUT_EN, CLASS_EN, FATE
from maehia.cli.demo_score import totals
from maehia.demo.dirt_classes import CLASSES
from maehia.kit.demo import is_demo
from maehia.web.formats import show_number
from maehia.web.registry import in_language
from maehia.web.table import Cell, Column, Table
from maehia.web.values import Tile

View = Callable[..., HttpResponseBase]
FATES = ("cleaned", "linked", "reported")


def demo_only(view: View) -> View:
    """404 unless the database carries the demo mark."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_demo():
            raise Http404
        return view(request, *args, **kwargs)

    return checked


@require_safe
@never_cache
@demo_only
def files(request: HttpRequest) -> HttpResponse:
    """The files to try, with what intake should say of each."""
    columns = (Column("name", _("ไฟล์")), Column("about", _("สิ่งที่จะเห็น")), Column("size", _("ขนาด (KB)"), numeric=True))
    rows = [
        {
            "name": Cell(one.name, reverse("demo-file", args=[one.name])),
            "about": in_language(one.about, ABOUT_EN.get(one.name, "")),
            "size": max(1, one.size // 1024),
        }
        for one in kept.files_to_try()
    ]
    table = Table(_("ไฟล์ให้ลอง"), columns, rows, hide_caption=True, empty_title=_("ไม่พบไฟล์ให้ลองบนเครื่องนี้"))
    return render(request, "cli/demo_files.html", {"table": table})


@require_safe
@demo_only
def file(request: HttpRequest, name: str) -> FileResponse:
    """One file to try; only names of the manifest are known."""
    path = kept.path_to_try(name)
    if path is None:
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/octet-stream")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@demo_only
def story(request: HttpRequest, key: str) -> HttpResponseBase:
    """A story and its doors. A door enters as its role and opens its address."""
    tale = BY_KEY.get(key)
    if tale is None:
        raise Http404
    if request.method == "POST":
        return go(request, tale)
    after = TALES[(TALES.index(tale) + 1) % len(TALES)]
    return render(request, "cli/demo_story.html", {"tale": tale, "after": after})


def go(request: HttpRequest, tale: Tale) -> HttpResponseBase:
    """Enter through the demo's own door, then go where the story begins."""
    door = next((door for door in tale.doors if door.role == request.POST.get("role")), None)
    if door is None:
        raise Http404
    entered = enter(request)
    examples = kept.read().get("examples", {})
    try:
        return redirect(door.url.format(**examples)) if all(examples.values()) else entered
    except KeyError:
        return entered


@require_safe
@never_cache
@demo_only
def reset(request: HttpRequest) -> HttpResponse:
    """How to start again. The role that serves pages cannot empty tables, so a command does it."""
    return render(request, "cli/demo_reset.html")


@require_safe
@never_cache
@demo_only
@require("intake.view")
def score(request: HttpRequest) -> HttpResponse:
    """Found and missed per class of dirt, and how well people were put together."""
    found = kept.read().get("score")
    if found is None:
        return render(request, "cli/demo_score.html", {"tables": []})
    context = {
        "tiles": tiles(found), "tables": [table_of(fate, found) for fate in FATES], "left": not_asked(found),
        "made_at": parse_datetime(found["made_at"]),
    }  # fmt: skip
    return render(request, "cli/demo_score.html", context)


def tiles(found: dict[str, Any]) -> list[Tile]:
    """The numbers on top: what was found, what was missed, and the linkage of the seven lists."""
    total, linkage = totals(found), found["linkage"]
    judged = total["found"] + total["missed"]
    return [
        Tile(
            _("พบหรือแก้ได้"),
            percent(total["found"], judged),
            source=_("จาก %(n)s จุดที่ตัดสินได้") % {"n": show_number(judged)},
        ),
        Tile(
            _("พลาด"), total["missed"], _("จุด"), source=_("ตัดสินไม่ได้อีก %(n)s จุด") % {"n": show_number(total["untold"])}
        ),
        Tile(_("จับคู่ได้ครบ"), f"{linkage['recall'] * 100:.2f}%", source=_of(linkage["right"], linkage["true"])),
        Tile(_("จับคู่ถูก"), f"{linkage['precision'] * 100:.2f}%", source=_of(linkage["right"], linkage["made"])),
        Tile("F1", f"{linkage['f1']:.4f}", source=_("คู่แถวของคนเดียวกันในเจ็ดบัญชี")),
    ]


def _of(part: int, whole: int) -> str:
    return _("%(part)s จาก %(whole)s คู่") % {"part": show_number(part), "whole": show_number(whole)}


def percent(part: int, whole: int) -> str:
    """A share that never rounds up to all of it."""
    if not whole or part == whole:
        return "100%" if whole else "–"
    return f"{min(part / whole * 100, 99.99):.2f}%"


def table_of(fate: str, found: dict[str, Any]) -> Table:
    """The classes that share a fate, the worst first."""
    columns = (
        Column("kind", _("ความสกปรก")),
        Column("planted", _("ใส่ไว้"), numeric=True),
        Column("found", _("พบ"), numeric=True),
        Column("missed", _("พลาด"), numeric=True),
        Column("untold", _("ตัดสินไม่ได้"), numeric=True),
        Column("share", _("ร้อยละ")),
    )
    classes = [(kind, tally) for kind, tally in found["classes"].items() if CLASSES[kind].fate == fate]
    classes.sort(
        key=lambda pair: (pair[1]["found"] / max(1, pair[1]["found"] + pair[1]["missed"]), -pair[1]["planted"])
    )
    counted = ("planted", "found", "missed", "untold")
    rows = [
        {"kind": label(kind), **{name: tally[name] for name in counted}, "share": share(tally)}
        for kind, tally in classes
    ]
    sums = {name: sum(tally[name] for _kind, tally in classes) for name in counted}
    total = {"kind": _("รวม"), **sums, "share": share(sums)}
    return Table(str(FATE[fate]), columns, rows, totals=total, id=f"score-{fate}")


def share(tally: dict[str, Any]) -> str:
    return percent(tally["found"], tally["found"] + tally["missed"])


def label(kind: str) -> str:
    return in_language(CLASSES[kind].words, CLASS_EN[kind])


def not_asked(found: dict[str, Any]) -> list[str]:
    """Classes that ask for nothing: the cell is simply empty."""
    return [label(kind) for kind in found["classes"] if CLASSES[kind].fate == "none"]
