"""The shapes of GeoReport v2 in JSON, written from its text: what every answer is held to."""

from __future__ import annotations

from typing import Any

TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
MAYBE: dict[str, Any] = {"type": ["string", "null"]}
MOMENT: dict[str, Any] = {"type": "string", "pattern": r"^(19|2[0-3])\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00$"}


def exactly(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object", "properties": required | (optional or {}), "required": sorted(required),
        "additionalProperties": False,
    }  # fmt: skip


def many(item: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": item, **more}


ERRORS = many(exactly({"code": {"type": "integer"}, "description": TEXT}), minItems=1)
DISCOVERY = exactly({
    "changeset": MOMENT, "contact": TEXT, "key_service": TEXT,
    "endpoints": many(exactly({
        "specification": {"const": "http://wiki.open311.org/GeoReport_v2"}, "url": {"type": "string", "format": "uri"},
        "changeset": MOMENT, "type": {"enum": ["production", "test"]},
        "formats": {"const": ["text/xml", "application/json"]},
    }), minItems=1),
})  # fmt: skip
SERVICES = many(exactly({
    "service_code": TEXT, "service_name": TEXT, "description": MAYBE, "metadata": {"type": "boolean"},
    "type": {"enum": ["realtime", "batch", "blackbox"]}, "keywords": MAYBE, "group": MAYBE,
}))  # fmt: skip
_QUESTION = {
    "variable": {"type": "boolean"}, "code": TEXT, "required": {"type": "boolean"}, "datatype_description": MAYBE,
    "order": {"type": "integer", "minimum": 1}, "description": TEXT,
}  # fmt: skip
ATTRIBUTE = {"oneOf": [
    exactly(_QUESTION | {"datatype": {"enum": ["string", "number", "datetime", "text"]}}),
    exactly(_QUESTION | {"datatype": {"enum": ["singlevaluelist", "multivaluelist"]},
                         "values": many(exactly({"key": TEXT, "name": TEXT}))}),
]}  # fmt: skip
DEFINITION = exactly({"service_code": TEXT, "attributes": many(ATTRIBUTE)})
_NOTICE = {"service_notice": MAYBE, "account_id": MAYBE}
POSTED = many(exactly({"service_request_id": TEXT}, _NOTICE), minItems=1, maxItems=1)
POSTED_BATCH = many(exactly({"token": TEXT}, _NOTICE), minItems=1, maxItems=1)
TOKEN = many(exactly({"service_request_id": MAYBE, "token": TEXT}), minItems=1, maxItems=1)
REQUEST = exactly(
    {
        "service_request_id": TEXT, "status": {"enum": ["open", "closed"]}, "service_name": TEXT, "service_code": TEXT,
        "description": MAYBE, "requested_datetime": MOMENT, "updated_datetime": MOMENT, "address": MAYBE,
        "address_id": MAYBE, "zipcode": MAYBE, "lat": {"type": ["number", "null"]}, "long": {"type": ["number", "null"]},
        "media_url": MAYBE,
    },
    {"status_notes": MAYBE, "agency_responsible": MAYBE, "service_notice": MAYBE,
     "expected_datetime": {"oneOf": [MOMENT, {"type": "null"}]}},
)  # fmt: skip
REQUESTS = many(REQUEST)
ONE_REQUEST = many(REQUEST, minItems=1, maxItems=1)
