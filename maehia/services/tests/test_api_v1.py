"""The town's own JSON API: reading, filing, following; every refusal a problem."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from django.test import Client

from maehia.kit.acting import acting
from maehia.services import actions
from maehia.services.actions.api_keys import make_api_key
from maehia.services.api import callers
from maehia.services.models import Case, CaseDetail, Party
from maehia.services.tests.case_cast import OUTSIDE
from maehia.services.tests.desk_cast import lay
from maehia.services.tests.open311_cast import Open311

BASE = "/api/v1/"
LAMP = {"service": "street_light", "description": "ไฟดับ", "point": {"lat": 18.744, "lon": 98.951},
        "contact": {"name": "มาลี (สมมติ)", "phone": "081-000-0002"}}  # fmt: skip


class Api(Open311):
    def ask(self, path: str, code: int = 200, /, headers: Any = None, **query: Any) -> Any:
        return self.told(self.client.get(BASE + path, query, headers=headers or {}), code)

    def file_json(self, body: Any = None, code: int = 201, /, **headers: str) -> Any:
        headers = {"X-API-Key": self.key.text, **headers}
        sent = self.client.post(BASE + "cases", body or LAMP, content_type="application/json", headers=headers)
        return self.told(sent, code)

    def told(self, answer: Any, code: int) -> Any:
        assert answer.status_code == code, answer.content.decode()[:500]
        if code >= 400:
            assert answer["Content-Type"] == "application/problem+json"
            assert answer.json()["status"] == code
        return answer.json()


class Reading(Api):
    def test_the_description_is_openapi_3_1_and_names_every_address(self) -> None:
        found = self.ask("openapi.json")
        assert found["openapi"].startswith("3.1")
        assert set(found["paths"]) == {f"/api/v1/{path}" for path in (
            "services", "services/{code}", "catalogue", "cases", "cases/{number}", "follow", "queue", "states")}  # fmt: skip
        assert "application/problem+json" in found["paths"]["/api/v1/cases"]["get"]["responses"]["422"]["content"]

    def test_services_are_the_ones_that_programs_may_file(self) -> None:
        assert {row["code"] for row in self.ask("services")} == {"street_light", "smoke", "pole", "slow"}
        found = self.ask("services/pole", lang="en")
        assert (found["name"], found["form"]["fields"][0]["id"]) == ("Pole", "fault")
        for code in ("staff_conduct", "nothing", "%00"):
            self.ask(f"services/{code}", 404)
        assert "staff_conduct" not in {row["code"] for row in self.ask("catalogue")}

    def test_published_cases_are_listed_counted_and_narrowed(self) -> None:
        with self.acting():
            lamp, smoke = lay(), lay(service="smoke", state="fixed", state_type="fixed")
            lay(service="staff_conduct")
        found = self.ask("cases")
        assert (found["total"], [row["number"] for row in found["items"]]) == (2, [lamp.number, smoke.number])
        assert self.ask("cases", status="closed")["items"][0]["number"] == smoke.number
        assert self.ask("cases", service="street_light,nothing")["total"] == 1
        assert [row["number"] for row in self.ask("cases", page=2, page_size=1)["items"]] == [smoke.number]
        assert self.ask(f"cases/{lamp.number}")["state_name"] == "รอรับเรื่อง"

    def test_a_case_that_is_not_public_is_not_found_like_one_that_is_not_there(self) -> None:
        with self.acting():
            hidden = lay(state="moderated", state_type="hidden")
            sealed = lay(service="staff_conduct")
        bodies = {
            str(self.ask(f"cases/{number}", 404)) for number in (hidden.number, sealed.number, "2569-999999", "%00")
        }
        assert len(bodies) == 1

    def test_what_is_out_of_bounds_is_422_and_says_where(self) -> None:
        for query in ({"page": 0}, {"page_size": 1001}, {"status": "fixed"}, {"service": "x'--"}, {"lang": "de"},
                      {"received_after": "2026-01-01"}, {"updated_after": "yesterday"},
                      {"updated_after": "0.5"}):  # fmt: skip
            found = self.ask("cases", 422, **query)
            assert next(iter(query)) in str(found["errors"][0]["where"])

    def test_the_queue_is_told_without_people(self) -> None:
        found = self.ask("queue")
        assert set(found) == {"as_of", "open_desks", "groups"}

    def test_states_come_from_the_transition_table(self) -> None:
        assert {"code": "fixed", "type": "fixed", "name": "Fixed", "open311": "closed"} in self.ask("states", lang="en")


class Filing(Api):
    def test_a_report_becomes_a_case_and_its_secret_follows_it(self) -> None:
        found = self.file_json()
        with self.acting():
            case = Case.objects.get(number=found["number"])
            assert (case.channel, case.origin) == ("api", f"api:{self.key.row.pk}")
            assert CaseDetail.objects.get(pk=case.pk).description == "ไฟดับ"
            assert Party.objects.get(case=case).name == "มาลี (สมมติ)"
        with acting(self.works.actor, "services.desk"):
            actions.move(case.pk, "accepted", by=self.works.actor, note="รับแล้ว", internal="เบิกหลอด")
        followed = self.ask("follow", headers={"X-Case-Secret": found["secret"]})
        assert (followed["state"], followed["description"]) == ("accepted", "ไฟดับ")
        assert [line["note"] for line in followed["history"]] == [None, "รับแล้ว"]
        assert found["secret"] in found["follow_url"]

    def test_a_wrong_secret_is_not_found_and_none_is_422(self) -> None:
        self.ask("follow", 404, headers={"X-Case-Secret": "A" * 22})
        self.ask("follow", 422)

    def test_without_a_key_or_with_a_wrong_one_it_is_401(self) -> None:
        self.file_json(LAMP, 401, **{"X-API-Key": ""})
        self.file_json(LAMP, 401, **{"X-API-Key": "mhk_wrong"})

    def test_an_officer_files_with_a_session_and_the_csrf_token(self) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.enter(self.counter)
        self.told(self.client.post(BASE + "cases", LAMP, content_type="application/json"), 403)
        token = "a" * 32
        self.client.cookies["csrftoken"] = token
        sent = self.client.post(BASE + "cases", LAMP, content_type="application/json", headers={"X-CSRFToken": token})
        self.told(sent, 201)
        self.enter(self.planner)
        self.client.cookies["csrftoken"] = token
        sent = self.client.post(BASE + "cases", LAMP, content_type="application/json", headers={"X-CSRFToken": token})
        self.told(sent, 403)

    def test_a_repeated_call_files_once_and_another_body_is_409(self) -> None:
        first = self.file_json(LAMP, **{"Idempotency-Key": "k-12345678"})
        assert self.file_json(LAMP, **{"Idempotency-Key": "k-12345678"}) == first
        self.file_json(LAMP | {"description": "อื่น"}, 409, **{"Idempotency-Key": "k-12345678"})
        with self.acting():
            assert Case.objects.count() == 1

    def test_what_cannot_be_filed_says_why(self) -> None:
        def wrong(code: int, **changes: Any) -> str:
            return str(self.file_json(LAMP | changes, code)["code"])

        assert wrong(404, service="nothing") == "not_found"
        assert wrong(404, service="staff_conduct") == "not_found"
        assert wrong(422, point={"lat": OUTSIDE[1], "lon": OUTSIDE[0]}) == "outside_town"
        assert wrong(422, point=None) == "no_place"
        assert wrong(422, point={"lat": 18.744}) == "invalid"
        assert wrong(422, point={"lat": 98.951, "lon": 18.744}) == "invalid"
        assert wrong(422, description="ก" * 4001) == "invalid"
        assert wrong(422, unheard="x") == "invalid"
        assert wrong(422, service="pole") == "answer_required"
        assert wrong(422, service="pole", answers={"fault": "out", "new": "x"}).startswith("answer_")

    def test_a_trial_key_files_where_the_public_does_not_see(self) -> None:
        trial = make_api_key("แอปทดลอง", "try@example.org", by="system:test", mode="exercise")
        number = self.file_json(LAMP, **{"X-API-Key": trial.text})["number"]
        self.ask(f"cases/{number}", 404)

    def test_nothing_that_was_sent_wrongly_comes_back_in_the_problem(self) -> None:
        body = LAMP | {"contact": {"phone": "not-a-phone-0819998877"}}
        assert "0819998877" not in str(self.file_json(body, 422))


class Refusing(Api):
    def test_no_refusal_is_ever_a_page(self) -> None:
        self.told(self.client.get("/api/"), 404)
        self.told(self.client.get("/api/v2/cases"), 404)
        readings = self.client.get("/api/readings/")
        assert (readings.status_code, readings["Content-Type"]) == (405, "application/json")
        self.told(self.client.get(BASE + "nothing"), 404)
        answer = self.client.delete(BASE + "cases")
        self.told(answer, 405)
        assert "GET" in answer["Allow"]
        broken = self.client.post(BASE + "cases", b"{", content_type="application/json",
                                  headers={"X-API-Key": self.key.text})  # fmt: skip
        self.told(broken, 400)

    def test_our_own_fault_is_a_problem_without_details(self) -> None:
        with patch("maehia.services.api.v1.routes.offered", side_effect=RuntimeError("boom")), \
             self.assertLogs("maehia.services.api.v1.problems", "ERROR"):  # fmt: skip
            assert "boom" not in str(self.ask("services", 500))

    def test_a_flood_is_429_with_a_time_to_wait(self) -> None:
        with patch.object(callers, "READS_PER_MINUTE", 1):
            self.ask("states")
            answer = self.client.get(BASE + "states")
            self.told(answer, 429)
        assert answer["Retry-After"] == "60"
