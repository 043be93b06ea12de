"""What GeoReport v2 does with a POST (O05 to O10, O16, O21, O22, O15 of the sandbox)."""

from __future__ import annotations

import io
import uuid
from typing import Any
from unittest.mock import patch

import jsonschema
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from maehia.city.models import Place
from maehia.forms.models import Attachment
from maehia.kit.crypto import blind_index
from maehia.services.actions.api_keys import make_api_key, revoke_api_key
from maehia.services.api import callers
from maehia.services.models import Case, CaseDetail, CaseEvent, Party
from maehia.services.tests import open311_schemas as schemas
from maehia.services.tests.case_cast import OUTSIDE
from maehia.services.tests.desk_cast import PLACE
from maehia.services.tests.open311_cast import BASE, LAMP, SANDBOX, Open311
from maehia.services.tests.photo_cast import jpeg

SECRETS = {"first_name": "สมปอง", "last_name": "ลับเฉพาะ", "phone": "0819998877", "email": "somppong@example.org",
           "device_id": "device-4711", "account_id": "account-4712"}  # fmt: skip


class Filing(Open311):
    def test_a_report_becomes_a_case_that_can_be_read_again(self) -> None:
        found = self.post()
        jsonschema.validate(found, schemas.POSTED)
        number = found[0]["service_request_id"]
        assert self.get(f"requests/{number}.json")[0]["status"] == "open"
        with self.acting():
            case = Case.objects.get(number=number)
            assert (case.channel, case.origin, case.unit_id) == ("open311", f"open311:{self.key.row.pk}", "works")
            assert CaseDetail.objects.get(pk=case.pk).description == LAMP["description"]
        tree = self.post(path="requests.xml")
        assert [node.tag for node in tree[0]] == ["service_request_id", "service_notice", "account_id"]

    def test_without_a_key_or_with_a_wrong_one_nothing_is_filed(self) -> None:
        for key in (None, "", "mhk_wrong", "\ufeff"):
            for path in ("requests.json", "requests.xml"):
                self.post(403, path=path, api_key=key)
        revoke_api_key(self.key.row.pk, by="system:test")
        self.post(403)
        with self.acting():
            assert Case.objects.count() == 0

    def test_each_of_the_three_locations_passes(self) -> None:
        place = uuid.uuid4()
        Place.objects.create(key=place, name="วัดสมมติ", geom=PLACE)
        assert self.number()
        assert self.number(lat=None, long=None, address_string="หน้าตลาด")
        number = self.number(lat=None, long=None, address_id=str(place))
        assert self.get(f"requests/{number}.json")[0]["lat"] == PLACE.y
        for code in ("nowhere", str(uuid.uuid4())):
            assert "address_id" in self.wrong(lat=None, long=None, address_id=code)

    def test_a_wrong_location_names_its_parameter(self) -> None:
        assert "lat" in self.wrong(lat=None, long=None)
        assert self.wrong(long=None).startswith("long")
        for text in ("NaN", "inf", "-inf", "98.951"):
            assert self.wrong(lat=text).startswith("lat"), text
        assert "lat" in self.wrong(lat=str(OUTSIDE[1]), long=str(OUTSIDE[0]))
        assert "อบต.ข้างเคียง" in self.wrong(lat=str(OUTSIDE[1]), long=str(OUTSIDE[0]))
        self.post(400, path="requests.xml", lat="NaN")

    def test_questions_are_held_to_the_form_of_the_service(self) -> None:
        assert "attribute[fault]" in self.wrong(service_code="pole")
        assert "attribute[fault]" in self.wrong(service_code="pole", **{"attribute[fault]": "melted"})
        assert "attribute[nothing]" in self.wrong(
            service_code="pole", **{"attribute[fault]": "out", "attribute[nothing]": "1"}
        )
        number = self.number(
            service_code="pole", **{"attribute[fault][]": "out", "attribute[signs][]": ["smoke", "noise"]}
        )
        with self.acting():
            answers = CaseDetail.objects.get(case__number=number).answers
        assert answers == {"fault": "out", "signs": ["smoke", "noise"]}

    def test_4000_characters_pass_4001_do_not_and_markup_stays_text(self) -> None:
        self.number(description="ก" * 4000)
        assert "description" in self.wrong(description="ก" * 4001)
        number = self.number(description="<script>alert(1)</script>")
        with self.acting():
            Case.objects.filter(number=number).update(public_text="<script>alert(1)</script>")
        assert b"<script" not in self.client.get(f"{BASE}requests/{number}.xml").content

    def test_an_absent_service_is_400_and_an_unknown_one_404(self) -> None:
        assert "service_code" in self.wrong(service_code=None)
        assert "service_code" in self.wrong(service_code="")
        for code in ("nothing", "staff_conduct"):
            assert "service_code" in self.wrong(404, service_code=code)

    def test_a_batch_service_gives_a_token_that_leads_to_the_number(self) -> None:
        found = self.post(service_code="slow")
        jsonschema.validate(found, schemas.POSTED_BATCH)
        token = found[0]["token"]
        resolved = self.get(f"tokens/{token}.json")
        jsonschema.validate(resolved, schemas.TOKEN)
        assert self.get(f"requests/{resolved[0]['service_request_id']}.json")[0]["service_code"] == "slow"
        assert self.get(f"tokens/{token}.xml").findtext("request/token") == token
        for wrong in ("0" * 32, token[:-1], "๙", "x" * 5000):
            self.get(f"tokens/{wrong}.json", 404)
        self.get(f"tokens/{token}.json", 404, base=SANDBOX)

    def test_a_photo_comes_in_clean_and_unreleased(self) -> None:
        number = self.number(media=SimpleUploadedFile("a.jpg", jpeg().read(), "image/jpeg"))
        with self.acting():
            case = Case.objects.get(number=number)
            assert Attachment.objects.get(about=case.pk).released_at is None
        assert self.get(f"requests/{number}.json")[0]["media_url"] is None

    def test_what_is_no_photo_is_refused_and_nothing_stays(self) -> None:
        svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
        for name, content in (("a.jpg", b"MZ\x90\x00"), ("a.svg", svg), ("a.jpg", b"")):
            words = self.wrong(media=SimpleUploadedFile(name, content or b"\x00", "image/jpeg"))
            assert words.startswith("media"), words
        with self.acting():
            assert Case.objects.count() == Attachment.objects.count() == 0

    def test_six_photos_are_too_many(self) -> None:
        photos = [SimpleUploadedFile(f"{n}.jpg", jpeg().read(), "image/jpeg") for n in range(6)]
        assert self.wrong(media=photos).startswith("media")

    def test_a_letter_that_no_database_keeps_is_dropped_or_not_found(self) -> None:
        number = self.number(service_code="pole", description="ก\x00ข", **{"attribute[fault]": "out\x00"})
        with self.acting():
            assert CaseDetail.objects.get(case__number=number).description == "กข"
        for path in ("services/%00.json", "requests/2569%00.json", "tokens/%00.json", "%00.json"):
            self.read(self.client.get(BASE + path), path, 404)

    def test_a_media_url_is_noted_for_the_officer_and_not_shown(self) -> None:
        number = self.number(media_url="https://example.org/photo.jpg")
        assert self.get(f"requests/{number}.json")[0]["media_url"] is None
        with self.acting():
            note = CaseEvent.objects.get(case__number=number, kind="note")
        assert (note.is_public, note.note) == (False, "media_url: https://example.org/photo.jpg")


class Privacy(Open311):
    def test_no_byte_of_the_public_answers_tells_who_reported(self) -> None:
        photo = io.BytesIO()
        picture = Image.new("RGB", (64, 64), "navy")
        exif = Image.Exif()
        exif[0x010E] = "GPS-18.7441"
        picture.save(photo, "JPEG", exif=exif)
        number = self.number(**SECRETS, media=SimpleUploadedFile("ลับเฉพาะ.jpg", photo.getvalue(), "image/jpeg"))
        with self.acting():
            party = Party.objects.get(case__number=number)
            assert party.name == "สมปอง ลับเฉพาะ"
            assert bytes(party.phone_index) == blind_index("phone", SECRETS["phone"])
        seen = b""
        for path in (
            "requests.json",
            "requests.xml",
            f"requests/{number}.json",
            "bulk.csv",
            "servicerequestupdates.json",
        ):
            answer = self.client.get(BASE + path, {"extensions": "true"})
            seen += b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert number.encode() in seen
        for secret in (*SECRETS.values(), self.key.text, LAMP["description"], "GPS"):
            assert secret.encode() not in seen, secret

    def test_a_blurred_service_shows_no_exact_point(self) -> None:
        number = self.number(service_code="smoke")
        row = self.get(f"requests/{number}.json")[0]
        assert (row["lat"], row["long"]) != (18.744, 98.951)


class Repeating(Open311):
    def test_the_same_key_twice_is_one_case_and_another_body_409(self) -> None:
        headers = {"Idempotency-Key": "phone-4711-1"}
        first, second = self.number(headers=headers), self.number(headers=headers)
        assert first == second
        assert "Idempotency-Key" in self.wrong(409, headers=headers, description="อย่างอื่น")
        self.post(409, path="requests.xml", headers=headers, description="อย่างอื่น")
        with self.acting():
            assert Case.objects.count() == 1

    def test_a_token_is_repeated_too_and_a_refused_call_leaves_the_key_unused(self) -> None:
        headers = {"Idempotency-Key": "phone-4711-2"}
        self.wrong(headers=headers, lat="x")
        fields = {"service_code": "slow", "headers": headers}
        assert self.post(**fields) == self.post(**fields)

    def test_two_applications_may_use_the_same_name(self) -> None:
        headers = {"Idempotency-Key": "phone-4711-3"}
        other = make_api_key("อีกแอป", "other@example.org", by="system:test")
        assert self.number(headers=headers) != self.number(headers=headers, api_key=other.text)


class Limits(Open311):
    def test_a_flood_of_calls_is_429_with_a_time_to_wait(self) -> None:
        slow = make_api_key("แอปช้า", "slow@example.org", by="system:test", per_minute=2)
        for _ in range(2):
            self.number(api_key=slow.text)
        answer = self.client.post(BASE + "requests.xml", LAMP | {"api_key": slow.text})
        self.read(answer, "requests.xml", 429)
        assert answer["Retry-After"] == "60"
        with patch.object(callers, "READS_PER_MINUTE", 1):
            self.get("services.json")
            self.get("services.json", 429)

    def test_who_guesses_keys_is_stopped(self) -> None:
        with patch.object(callers, "WRONG_KEYS_PER_MINUTE", 1):
            self.post(403, api_key="mhk_1")
            self.post(429, api_key="mhk_2")


class Sandbox(Open311):
    def test_the_sandbox_is_read_by_itself_and_live_never_shows_it(self) -> None:
        number = self.number(base=SANDBOX)
        assert self.get(f"requests/{number}.json", base=SANDBOX)[0]["service_request_id"] == number
        self.get(f"requests/{number}.json", 404)
        assert self.get("requests.json") == []
        trial = make_api_key("แอปทดลอง", "try@example.org", by="system:test", mode="exercise")
        other = self.number(api_key=trial.text)
        assert {row["service_request_id"] for row in self.get("requests.json", base=SANDBOX)} == {number, other}
        live = self.number()
        self.get(f"requests/{live}.json", 404, base=SANDBOX)


class NeverHtml(Open311):
    def test_unknown_addresses_and_formats_answer_with_the_error_body(self) -> None:
        for path in ("services", "services.html", "requests/1.txt", "services.xml/", "", "nothing.xml", "tokens.xml",
                     "requests/a/b.xml", "discovery/x.xml"):  # fmt: skip
            self.get(path, 404)
        self.get("nothing.json", 404)
        for path in ("/open311", "/open311/", "/open311/v3/services.json", "/open311/v2"):
            answer = self.client.get(path)
            assert answer.status_code == 404
            assert answer["Content-Type"] in ("text/xml; charset=utf-8", "application/json; charset=utf-8")

    def test_a_broken_body_and_a_wrong_method_are_400(self) -> None:
        def send(body: Any, kind: str) -> Any:
            return self.client.generic("POST", BASE + "requests.json", body, content_type=kind)

        for body, kind in ((b"api_key=1", "text/plain"), (b"{}", "application/json"), (b"--x\r\nbroken", "multipart/form-data"),
                           (b"--x\r\nContent-Disposition: form-data; name", "multipart/form-data; boundary=" + "x" * 300),
                           (b"description=%ff%fe", "application/x-www-form-urlencoded"), (b"", "")):  # fmt: skip
            self.read(send(body, kind), "requests.json", 400)
        for method in ("PUT", "DELETE", "PATCH"):
            self.read(self.client.generic(method, BASE + "requests.json"), "requests.json", 400)
        self.read(self.client.post(BASE + "services.xml"), "services.xml", 400)

    def test_our_own_fault_is_500_in_the_format_asked_for(self) -> None:
        with patch("maehia.services.api.open311.reading.offered", side_effect=RuntimeError("boom")), \
             self.assertLogs("maehia.services.api.open311.door", "ERROR"):  # fmt: skip
            body = self.get("services.json", 500)
            self.get("services.xml", 500)
        assert "boom" not in str(body)

    def test_a_browser_session_and_its_csrf_rule_change_nothing(self) -> None:
        from django.test import Client

        self.client = Client(enforce_csrf_checks=True)
        assert self.number()
