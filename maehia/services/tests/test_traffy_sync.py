"""Cases go both ways, each change once: what came from Traffy never goes back, whatever the order of things."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import Random
from unittest.mock import patch

import httpx
from django.db import transaction

from maehia.kit.acting import acting
from maehia.services import actions
from maehia.services.models import Case, CaseEvent, Peer, PeerHint, PeerTicket
from maehia.services.peers.traffy import link, taking, wire, work
from maehia.services.tests.traffy_cast import SECRET, Joined

PATH = f"/hooks/traffy/{SECRET}/"


class Taking(Joined):
    def test_a_report_made_in_traffy_becomes_our_case_once(self) -> None:
        ticket = self.ticket()
        self.tick()
        case = self.case_of(ticket)
        assert (case.channel, case.service_id, case.unit_id) == ("traffy", "road", "works")
        work.run(poll=True)
        with self.acting():
            assert Case.objects.count() == 1
        assert self.posted("/new-issue/v1") == []

    def test_an_unknown_type_comes_in_as_other_and_a_place_outside_stays_out(self) -> None:
        self.ticket(kind="จานบิน")
        self.traffy.add("นอกเขต", "ถนน", (99.5, 18.74))
        self.tick()
        with self.acting():
            assert list(Case.objects.values_list("service_id", flat=True)) == ["other"]
            assert "outside_town" not in str(PeerHint.objects.exclude(error="").values())
            assert PeerHint.objects.exclude(error="").count() == 1

    def test_their_state_moves_our_case_by_the_table_with_their_origin(self) -> None:
        ticket = self.ticket()
        self.tick()
        self.traffy.set_state(ticket, 2, "ส่งช่างแล้ว")
        self.tick()
        case = self.case_of(ticket)
        assert (case.state, case.last_note) == ("in_progress", "ส่งช่างแล้ว")
        self.traffy.set_state(ticket, 3, "ซ่อมเสร็จ")
        self.tick()
        case = self.case_of(ticket)
        assert case.state == "fixed"
        self.traffy.set_state(ticket, 2, "พังอีก")
        self.tick()
        assert (self.case_of(ticket).state, self.case_of(ticket).reopened) == ("in_progress", 1)
        with self.acting():
            assert set(CaseEvent.objects.filter(kind="state").values_list("origin", flat=True)) == {"traffy"}
        assert self.posted("/update-issue/v1") == []

    def test_finished_from_the_start_goes_by_way_of_work(self) -> None:
        ticket = self.ticket()
        self.traffy.set_state(ticket, 3)
        self.tick()
        assert self.case_of(ticket).state == "fixed"

    def test_an_end_that_our_rules_refuse_is_noted_and_changes_nothing(self) -> None:
        row = Peer.objects.get()
        case = self.file(service="street_light", origin="traffy", origin_id="2026-XXXXXX")
        with self.acting("services.peer"):
            PeerTicket.objects.create(peer=row, case=case, remote_id="2026-XXXXXX", state="รอรับเรื่อง")
            issue = wire.read_issue({"ticket_id": "2026-XXXXXX", "status": "เสร็จสิ้น", "status_type": "finish"})
            taking.take(issue, row)
            assert Case.objects.get().state == "submitted"
            note = CaseEvent.objects.get(kind="note")
        assert not note.is_public
        assert "ภาพหลังดำเนินการ" in note.note

    def test_a_state_that_nobody_knows_is_shown_to_staff_and_changes_nothing(self) -> None:
        ticket = self.ticket()
        self.tick()
        with patch.dict("maehia.services.peers.traffy.fake.STATES", {2: ("กำลังบิน", "")}):
            self.traffy.set_state(ticket, 2)
            self.tick()
        assert self.case_of(ticket).state == "submitted"
        with self.acting():
            assert "กำลังบิน" in CaseEvent.objects.get(kind="note").note

    def test_talk_comes_in_as_an_internal_note_also_that_of_staff(self) -> None:
        ticket = self.ticket()
        self.tick()
        for event, sender in (("chat", None), ("chat_staff_only", 9)):
            self.traffy.hooks.append(("POST", {"ticket_id": ticket, "event": event, "comment": f"พูด {event}",
                                               "message_comment_id": event, "sender_org_id": sender}))  # fmt: skip
        self.tick()
        with self.acting():
            notes = list(CaseEvent.objects.filter(kind="note").values_list("is_public", "note"))
        assert [public for public, _ in notes] == [False, False]
        assert "ผู้แจ้ง" in notes[0][1]
        assert self.posted("/comment/v1") == []

    def test_a_rating_is_taken_and_none_is_made_of_zero(self) -> None:
        ticket = self.ticket()
        self.traffy.set_state(ticket, 3)
        self.tick()
        assert self.case_of(ticket).rating is None
        self.traffy.state["tickets"][ticket]["star"] = 4
        self.traffy.hooks.append(("POST", {"ticket_id": ticket, "event": "rating", "message_comment_id": 1}))
        self.tick()
        assert self.case_of(ticket).rating == 4
        assert self.posted("/star/v1") == []


class Sending(Joined):
    def test_a_case_of_a_chosen_service_goes_out_once_with_what_is_public(self) -> None:
        case = self.reported_here()
        self.file()  # another service, not chosen
        self.tick()
        self.tick()
        (sent,) = self.posted("/new-issue/v1")
        assert sent["description"] == f"ไฟถนนดับ [{case.number}]"
        assert (sent["client_ticket_id"], sent["category_name_th"]) == (case.number, "แสงสว่าง")
        assert "ยายคำ" not in json.dumps(sent, ensure_ascii=False)
        with self.acting():
            assert Case.objects.count() == 2

    def test_our_states_go_out_and_their_echo_makes_no_line(self) -> None:
        case = self.reported_here()
        self.tick()
        self.move(case, "accepted")
        self.tick()
        self.move(case, "in_progress")  # the same word there: nothing to say
        self.tick()
        ticket = self.ticket_of(case).remote_id
        assert self.remote(ticket) == "กำลังดำเนินการ"
        assert len(self.posted("/update-issue/v1")) == 1
        self.move(case, "not_ours", note="ถนนของกรมทางหลวง")
        self.tick()
        self.tick()
        assert [body["note"] for body in self.posted("/update-issue/v1")][-1] == "ถนนของกรมทางหลวง"
        with self.acting():
            assert CaseEvent.objects.filter(kind="state", origin="traffy").count() == 0
        assert self.fresh(case).state == "not_ours"

    def test_an_officers_answer_on_their_case_goes_out_once(self) -> None:
        ticket = self.ticket()
        self.tick()
        case = self.case_of(ticket)
        self.move(case, "accepted")
        with acting(self.works.actor, "services.desk"):
            actions.add_note(case.pk, "นัดซ่อมพรุ่งนี้", by=self.works.actor, public=True)
            actions.add_note(case.pk, "เบิกยางมะตอย", by=self.works.actor)
        self.tick()
        self.tick()
        assert self.remote(ticket) == "กำลังดำเนินการ"
        assert [body["comment"] for body in self.posted("/comment/v1")] == ["นัดซ่อมพรุ่งนี้"]

    def test_passing_on_goes_by_join_forward(self) -> None:
        case = self.reported_here()
        self.tick()
        self.move(case, "forwarded", receiver="แขวงทางหลวง")
        self.tick()
        (sent,) = self.posted("/join-forward/v1")
        assert sent["scenario"] == 2
        self.tick()
        assert self.fresh(case).state == "forwarded"

    def test_a_lost_answer_makes_one_ticket_only(self) -> None:
        self.reported_here()
        real, lost = self.traffy.handle, []

        def handle(request: httpx.Request) -> httpx.Response:
            answer = real(request)
            if request.url.path.endswith("/new-issue/v1") and not lost:
                lost.append(answer)
                raise httpx.ReadTimeout("the line broke after it was taken")
            return answer

        with patch.object(self.traffy, "handle", handle):
            self.tick(deliver=False)
            assert len(self.waiting()) == 1
            self.tick(deliver=False)
        assert self.waiting() == []
        assert len(self.traffy.state["tickets"]) == 1

    def test_the_webhook_of_our_own_ticket_may_come_before_its_answer(self) -> None:
        case = self.reported_here()
        with patch.object(self.traffy, "_answer", side_effect=httpx.ReadTimeout("lost")):
            self.tick(deliver=False)
            self.traffy.state["tickets"].clear()
        number = self.traffy.add(f"ไฟถนนดับ [{case.number}]", "แสงสว่าง", (98.951, 18.744))
        self.tick()
        assert self.ticket_of(case).remote_id == number
        with self.acting():
            assert Case.objects.count() == 1

    def test_no_quota_waits_loses_nothing_and_says_why(self) -> None:
        self.reported_here()
        self.traffy.state["credit"] = 0
        self.tick()
        assert len(self.waiting()) == 1
        assert "quota" in Peer.objects.get().error
        self.traffy.state["credit"] = 5000
        Peer.objects.update(credit=5000)  # as the first day of a month does
        self.tick(600)
        assert self.waiting() == []

    def test_closed_switches_let_nothing_pass(self) -> None:
        Peer.objects.update(sends_out=False, takes_in=False)
        self.reported_here()
        self.ticket()
        self.tick(deliver=False)
        assert self.traffy.calls == []
        assert self.client.post(PATH, {"ticket_id": "A"}, content_type="application/json").status_code == 404

    def test_an_hour_has_its_cap(self) -> None:
        Peer.objects.update(out_per_hour=1)
        self.reported_here()
        self.file(by="device:33333333-3333-4333-8333-333333333333", service="light")
        self.tick()
        assert len(self.posted("/new-issue/v1")) == 1
        self.tick(70)
        assert len(self.posted("/new-issue/v1")) == 2

    def test_a_sender_that_dies_after_the_call_makes_one_ticket_only(self) -> None:
        self.reported_here()
        with patch.object(link, "went_well", side_effect=MemoryError), suppress(MemoryError):
            self.tick()
        assert len(self.posted("/new-issue/v1")) == 1
        self.tick(10)
        assert len(self.posted("/new-issue/v1")) == 1
        assert self.waiting() == []

    def test_words_of_a_case_that_is_shown_no_more_stay_here(self) -> None:
        case = self.reported_here()
        self.tick()
        with self.acting():
            Case.objects.filter(pk=case.pk).update(is_public=False)
        with acting(self.works.actor, "services.desk"):
            actions.add_note(case.pk, "บ้านเลขที่ 12", by=self.works.actor, public=True)
        self.move(case, "not_ours", note="บ้านเลขที่ 12")
        self.tick()
        assert self.posted("/comment/v1") == []
        assert [body["note"] for body in self.posted("/update-issue/v1")] == [""]

    def test_what_traffy_refuses_is_kept_for_staff(self) -> None:
        self.reported_here()
        self.traffy.state["broken"] = "Something new is wrong"
        self.tick()
        (row,) = self.waiting()
        assert row.failed_at is not None
        assert "Something new" in row.error


class Loop(Joined):
    def test_ping_pong_stops_at_the_cap(self) -> None:
        """Their robot closes what ours opens: after a few rounds that ticket is left to people."""
        Peer.objects.update(changes_per_ticket=3)
        case = self.reported_here()
        self.tick()
        ticket = self.ticket_of(case).remote_id
        for _ in range(12):
            if self.fresh(case).state_type != "open":
                with acting(self.works.actor, "services.desk"):
                    actions.move(case.pk, "in_progress", by=self.works.actor, note="เปิดใหม่โดยโปรแกรม")
            elif self.fresh(case).state == "submitted":
                self.move(case, "accepted")
            self.tick(1)
            self.traffy.set_state(ticket, 3, "ปิดโดยโปรแกรม")
            self.tick(1)
        assert len(self.posted("/update-issue/v1")) == 3
        assert self.ticket_of(case).stopped != ""

    def test_nothing_that_came_from_there_goes_back(self) -> None:
        steps = ("their 2", "their 3", "our accepted", "our fixed", "our note", "tick", "twice")
        for seed in range(10):
            dice = Random(seed)
            with self.subTest(seed), self.fresh_world():
                self.check([dice.choice(steps) for _ in range(dice.randint(1, 9))])

    def check(self, steps: list[str]) -> None:
        ticket = self.ticket()
        case = self.reported_here()
        self.tick()
        tickets = {ticket: self.case_of(ticket), self.ticket_of(case).remote_id: case}
        told = sum(self.play(step, tickets) for step in steps)
        for _ in range(3):
            self.tick()
        patches = len(self.posted("/update-issue/v1")) + len(self.posted("/comment/v1"))
        assert len(self.posted("/new-issue/v1")) == 1
        assert patches <= told
        before = len(self.traffy.calls)
        self.traffy.hooks.clear()
        work.run()
        assert len(self.traffy.calls) == before  # quiet: nobody answers an echo

    def play(self, step: str, tickets: dict[str, Case]) -> int:
        """Do it on both cases; how many things people here said."""
        who, _, what = step.partition(" ")
        said = 0
        for number, case in tickets.items():
            if who == "their":
                self.traffy.set_state(number, int(what), "จาก Traffy")
            elif who == "our":
                said += self.ours(self.fresh(case), what)
        if who in ("tick", "twice"):
            self.traffy.hooks += self.traffy.hooks if who == "twice" else []
            self.tick(15)
        return said

    def ours(self, case: Case, what: str) -> int:
        if what == "note":
            with acting(self.works.actor, "services.desk"):
                actions.add_note(case.pk, "ช่างไปดูแล้ว", by=self.works.actor, public=True)
            return 1
        if case.state_type != "open" or case.state == what:
            return 0
        if case.state == "submitted" and what == "fixed":
            self.move(case, "accepted")
            self.move(case, "fixed")
            return 2
        self.move(case, what) if what != "accepted" or case.state == "submitted" else None
        return 1

    @contextmanager
    def fresh_world(self) -> Iterator[None]:
        """An example of its own: what it did here and there is gone afterwards."""
        self.traffy.state.update({"tickets": {}, "next": 1})
        self.traffy.calls.clear()
        self.traffy.hooks.clear()
        with suppress(Undo), transaction.atomic():
            yield
            raise Undo


class Undo(Exception):
    """Rolls an example back."""
