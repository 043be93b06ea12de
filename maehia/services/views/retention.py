"""What tonight's run erases and by which rule, before it does."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maehia.access.permissions import acting_as, require
from maehia.services.actions.retention import BATCH, due_tonight
from maehia.services.models import Service, Tombstone
from maehia.services.views.staff_parts import plain_crumbs, state_words
from maehia.web import registry as web

SHOWN = 200


@never_cache
@require_safe
@require("services.manage")
def retention(request: HttpRequest) -> HttpResponse:
    """By rule, then each case; and what earlier nights erased."""
    with acting_as(request.user, "services.manage"):  # type: ignore[arg-type]
        due = due_tonight()
        names = {s.code: web.in_language(s.name_th, s.name_en) for s in Service.objects.all()}
        rows = [{"one": one, "service": names.get(one.service, one.service), "state": state_words("report", one.state),
                 "rule": rule_words(one.rule)} for one in due[:SHOWN]]  # fmt: skip
        context = {
            "count": len(due), "full": len(due) == BATCH, "rows": rows,
            "rules": [(rule_words(rule), n) for rule, n in Counter(one.rule for one in due).most_common()],
            "past": [(rule_words(t["rule"]), t) for t in past()], "crumbs": plain_crumbs((gettext("การลบตามอายุ"), "")),
        }  # fmt: skip
        return render(request, "services/retention.html", context)


def past() -> list[dict[str, object]]:
    """The last nights: when, by which rule, how many."""
    from django.db.models import Count, Max

    rows = Tombstone.objects.values("batch", "rule").annotate(n=Count("id"), at=Max("erased_at")).order_by("-at")
    return list(rows[:20])


def rule_words(rule: str) -> str:
    """anonymise.5y -> ครบ 5 ปีหลังปิดเรื่อง: ลบข้อมูลบุคคล."""
    action, _, span = rule.partition(".")
    n = "".join(ch for ch in span if ch.isdigit())
    if action == "draft":
        return gettext("ร่างที่ไม่ได้ส่งเกิน %(n)s วัน") % {"n": n}
    words = {"anonymise": gettext("ลบข้อมูลบุคคล"), "delete": gettext("ลบทั้งเรื่อง")}.get(action, action)
    return gettext("ครบ %(n)s ปีหลังปิดเรื่อง: %(what)s") % {"n": n, "what": words}
