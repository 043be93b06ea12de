"""What the town decides about alerts, changed in the browser: a new row each time, so that it can be undone."""

from __future__ import annotations

from typing import Any

from maehia.emergency.actions.incidents import refused
from maehia.emergency.models import AlertSetting
from maehia.emergency.queries.alerts_settings import entries, setting
from maehia.kit.clock import now


def set_setting(key: str, typed: Any, *, by: str, reason: str = "") -> AlertSetting:
    """A new value from now on. typed: text of a form, or the value. Raises ProblemError unknown_setting,
    setting_value, nothing_changed."""
    entry = entries().get(key)
    if entry is None:
        raise refused("unknown_setting", "ไม่มีการตั้งค่านี้", key)
    value = valued(entry, typed)
    if value == setting(key):
        raise refused("nothing_changed", "ไม่มีอะไรเปลี่ยน", key)
    return AlertSetting.objects.create(key=key, value=value, reason=reason.strip()[:300], by=by, at=now())


def valued(entry: dict[str, Any], typed: Any) -> Any:
    """The value of what was typed. Raises ProblemError setting_value."""
    if entry["kind"] == "flag":
        return typed is True or str(typed).lower() in ("1", "true", "on", "yes")
    if entry["kind"] == "text":
        return str(typed).strip()[:200]
    try:
        number = int(str(typed).strip())
    except ValueError:
        number = entry["least"] - 1
    if not entry["least"] <= number <= entry["most"]:
        raise refused("setting_value", f"ต้องเป็นเลข {entry['least']} ถึง {entry['most']}", entry["key"])
    return number


def undo_setting(row: AlertSetting, *, by: str) -> AlertSetting:
    """Put back what stood before a row. Raises ProblemError nothing_changed."""
    before = AlertSetting.objects.filter(key=row.key, at__lte=row.at, id__lt=row.pk).order_by("-at", "-id").first()
    return set_setting(row.key, before.value if before else entries()[row.key]["value"], by=by, reason="ย้อนกลับ")
