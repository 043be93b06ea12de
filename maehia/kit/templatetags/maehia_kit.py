"""Tags of kit: the hidden fields that make a form safe to send twice."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from maehia.kit import idempotency

register = template.Library()


@register.simple_tag(takes_context=True)
def idempotency_key(context: template.Context) -> SafeString:
    """Hidden fields: a fresh key, kept when the form comes back with errors; a signed device for visitors."""
    request = context.get("request")
    posted = request.POST if request is not None else {}
    key = posted.get(idempotency.KEY_FIELD) or idempotency.new_key()
    user = getattr(request, "user", None)
    field = format_html('<input type="hidden" name="{}" value="{}">', idempotency.KEY_FIELD, key)
    if user is not None and user.is_authenticated:
        return field
    device = posted.get(idempotency.DEVICE_FIELD) or idempotency.new_device()
    return field + format_html('<input type="hidden" name="{}" value="{}">', idempotency.DEVICE_FIELD, device)
