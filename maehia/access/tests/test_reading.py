"""Every read leaves a line, odd reading is noticed, and a sealed line cannot be changed in silence."""

from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import connection, connections

from maehia.access import actions, queries, registry
from maehia.access.actions import close_alert, log_read, seal_reads, tell_cli_read, verify_reads
from maehia.access.models import Alert, Read, Seal
from maehia.access.permissions import acting_as
from maehia.access.tests.cast import BROTHER, KAMON, KASEM, MANY, CastCase, ConcurrentCast
from maehia.base import ProblemError
from maehia.kit import clock, notices
from maehia.kit.acting import NoPurpose, acting
from maehia.kit.recorders import assert_index_used
from maehia.kit.testing import NOW, in_threads, truncate_all


class Reading(CastCase):
    def read(self, account, keys, purpose="counter.service", via="page"):
        with acting_as(account, purpose):
            return log_read("person", keys, via=via)

    def lines(self):
        with self.acting():
            return list(Read.objects.order_by("id"))

    def test_a_line_says_who_whom_why_and_by_what(self):
        assert self.read(self.malee, [KAMON, KASEM, KAMON], via="search") == 2
        line = self.lines()[0]
        assert (line.actor, line.key, line.purpose, line.via) == (self.malee.actor, KAMON, "counter.service", "search")
        assert (line.unit, line.entity, line.at, line.mode) == ("ศูนย์บริการ", "person", NOW, "live")

    def test_nothing_seen_is_nothing_written(self):
        assert self.read(self.malee, []) == 0

    def test_a_read_without_a_context_is_refused(self):
        with pytest.raises(NoPurpose):
            log_read("person", [KAMON])

    def test_a_line_is_never_changed(self):
        self.read(self.malee, [KAMON])
        with self.acting():
            assert Read.objects.update(purpose="fun") == 0
            assert Read.objects.filter(pk__gt=0).delete()[0] == 0

    def test_a_person_sees_who_looked_at_her_and_not_at_her_neighbour(self):
        self.read(self.malee, [KAMON])
        self.read(self.malee, [KAMON])
        self.read(self.nok, [KASEM], "welfare.care")
        with acting_as(self.kamon, "me.data"):
            looks = queries.who_looked(KAMON)
            assert [(look.unit, look.times, look.verified) for look in looks] == [("ศูนย์บริการ", 2, False)]
            assert "เคาน์เตอร์" in looks[0].purpose
            assert queries.who_looked(KASEM) == []

    def test_ones_own_look_is_not_a_look(self):
        with acting_as(self.kamon, "me.data"):
            log_read("person", [KAMON])
            assert queries.who_looked(KAMON) == []

    def test_a_colleague_cannot_read_the_log(self):
        self.read(self.malee, [KAMON])
        with acting_as(self.nok, "welfare.care"):
            assert not queries.reads().exists()
        with acting_as(self.dao, "access.oversee"):
            assert (
                queries.reads(actor=self.malee.actor, key=KAMON, purpose="counter.service", day=NOW.date()).count() == 1
            )
            assert not queries.reads(day=NOW.date() - timedelta(days=1)).exists()

    def test_the_page_of_a_person_uses_the_index(self):
        with self.acting():
            assert_index_used(Read.objects.filter(key=KAMON).order_by("-at"), "access_read_key")


class Odd(CastCase):
    def setUp(self):
        super().setUp()
        self.before = registry.kin.function
        registry.kin.function = lambda own, keys: [key for key in keys if key == BROTHER]

    def tearDown(self):
        registry.kin.function = self.before

    def read(self, keys, purpose="welfare.care", account=None):
        with acting_as(account or self.nok, purpose):
            log_read("person", keys)

    def alerts(self):
        with acting_as(self.dao, "access.oversee"):
            return [(alert.kind, alert.count) for alert in queries.open_alerts()]

    def test_a_look_at_the_own_family_is_told(self):
        self.read([BROTHER, KASEM])
        assert self.alerts() == [("kin", 1)]
        assert notices.unread_count(self.prasit.actor) == 1  # her supervisor
        assert notices.unread_count(self.dao.actor) == 1  # the DPO
        assert notices.unread_count(self.nok.actor) == 0

    def test_a_look_at_oneself_is_told(self):
        self.read([self.nok.person_key])
        assert self.alerts() == [("kin", 1)]

    def test_a_look_at_strangers_is_work(self):
        self.read([KASEM])
        assert self.alerts() == []

    def test_the_fifty_first_person_of_an_hour_is_told_once(self):
        self.read(MANY[:50])
        assert self.alerts() == []
        self.read(MANY[50:51])
        assert self.alerts() == [("many", 51)]
        self.read(MANY[51:60])
        assert self.alerts() == [("many", 51)]

    def test_a_doubling_within_the_hour_is_told_again(self):
        many = [uuid4() for _ in range(110)]
        self.read(many[:51])
        self.read(many[51:102])
        assert self.alerts() == [("many", 51)]
        self.read(many[102:103])
        assert sorted(self.alerts()) == [("many", 51), ("many", 103)]

    def test_the_same_person_again_is_one_person(self):
        for _ in range(60):
            self.read([KASEM])
        assert self.alerts() == []

    def test_the_next_hour_counts_anew(self):
        self.read(MANY[:40])
        with clock.at(NOW + timedelta(minutes=61)):
            self.read(MANY[40:80])
        assert self.alerts() == []

    def test_work_in_bulk_is_not_odd(self):
        with self.acting("system.demo"):
            actions.assign(self.nok, "duty", starts_on=NOW.date())
        vars(self.nok).pop("_maehia_rights", None)
        self.read(MANY, "emergency.shelter")
        assert self.alerts() == []

    def test_without_a_supervisor_the_reviewers_are_told(self):
        self.read(MANY[:60], "counter.service", self.malee)
        assert {notices.unread_count(a.actor) for a in (self.prasit, self.dao)} == {1}

    def test_an_alert_is_closed_with_words_by_another(self):
        self.read([BROTHER])
        with acting_as(self.dao, "access.oversee"):
            alert = queries.open_alerts().get()
            with pytest.raises(ProblemError, match="10 ตัวอักษร"):
                close_alert(alert, "ไม่มี")
            close_alert(alert, "เป็นเคสที่ได้รับมอบหมายตามปกติ")
        assert self.alerts() == []

    def test_nobody_closes_his_own_alert(self):
        self.read([BROTHER])
        with self.acting():
            alert = queries.open_alerts().get()
        with acting(self.nok.actor, "access.oversee"), pytest.raises(ProblemError, match="ตนเอง"):
            close_alert(alert, "เป็นเคสที่ได้รับมอบหมายตามปกติ")

    def test_an_officer_cannot_close_it_by_hand_either(self):
        self.read([BROTHER])
        with acting_as(self.nok, "welfare.care"):
            assert Alert.objects.update(closed_at=NOW) == 0

    def test_a_read_by_command_line_is_told_to_the_account(self):
        with acting_as(self.nok, "welfare.care"):
            log_read("person", [KASEM], via="cli:root")
        assert "root" in notices.text_of(notices.of(self.nok.actor)[0])

    def test_work_at_the_server_is_told_to_the_dpo(self):
        tell_cli_read("cli:root", "intake civil")
        assert "intake civil" in notices.text_of(notices.of(self.dao.actor)[0])


class Sealing(ConcurrentCast):
    def setUp(self):
        truncate_all()  # numbers of lines begin at one
        super().setUp()

    def read(self, count=3):
        with acting_as(self.malee, "counter.service"):
            log_read("person", [uuid4() for _ in range(count)])

    def seal(self, lines):
        """Let the worker look twice; returns the sizes of all batches."""
        seal_reads()
        seal_reads()
        with self.acting():
            sizes = list(Seal.objects.order_by("last_id").values_list("rows", flat=True))
        assert sum(sizes) == lines
        return sizes

    def tamper(self, sql):
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "ALTER TABLE access_read DISABLE TRIGGER mh_append_only; ALTER TABLE access_read NO FORCE ROW LEVEL SECURITY"
            )
            cursor.execute(sql)
            cursor.execute(
                "ALTER TABLE access_read ENABLE TRIGGER mh_append_only; ALTER TABLE access_read FORCE ROW LEVEL SECURITY"
            )

    def two_batches(self):
        for lines in (3, 6):
            self.read()
            self.seal(lines)
        assert verify_reads() == []

    def whats(self):
        return [(fault.first_id, fault.what) for fault in verify_reads()]

    def test_closed_batches_are_sealed_in_a_chain(self):
        self.two_batches()
        with self.acting():
            first, second = Seal.objects.order_by("last_id")
            assert bytes(second.previous) == bytes(first.digest)
            assert (first.rows, second.rows) == (3, 3)

    def test_a_changed_line_shows(self):
        self.two_batches()
        self.tamper("UPDATE access_read SET actor = 'user:somebody-else' WHERE id = 2")
        assert self.whats() == [(1, "changed")]

    def test_a_removed_line_shows(self):
        self.two_batches()
        self.tamper("DELETE FROM access_read WHERE id = 5")
        assert self.whats() == [(4, "missing")]

    def test_a_line_put_in_later_shows(self):
        self.two_batches()
        self.tamper("UPDATE access_read SET id = -id WHERE id = 2")
        self.tamper(
            'INSERT INTO access_read SELECT 2, at, actor, purpose, mode, entity, gen_random_uuid(), via, unit, "grant" FROM access_read WHERE id = 1'
        )
        assert self.whats() == [(1, "changed")]

    def test_a_removed_seal_breaks_the_chain(self):
        self.two_batches()
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "ALTER TABLE access_seal DISABLE TRIGGER mh_append_only; ALTER TABLE access_seal NO FORCE ROW LEVEL SECURITY"
            )
            cursor.execute("DELETE FROM access_seal WHERE first_id = 1")
            cursor.execute(
                "ALTER TABLE access_seal ENABLE TRIGGER mh_append_only; ALTER TABLE access_seal FORCE ROW LEVEL SECURITY"
            )
        assert self.whats() == [(4, "broken_chain")]

    def test_a_reader_still_at_work_holds_his_batch_open(self):
        with acting_as(self.malee, "counter.service"):
            log_read("person", [KAMON])  # has its number, is not committed yet
            in_threads(1, lambda _: self.read())
            assert in_threads(1, lambda _: [seal_reads() for _ in range(5)]) == [[None] * 5]
        assert sum(self.seal(4)) == 4
        assert verify_reads() == []

    def test_readers_never_wait_for_the_seal(self):
        self.read()
        seal_reads()
        in_threads(4, lambda _: self.read())
        self.seal(15)
        assert verify_reads() == []

    def test_a_restored_database_goes_on_sealing(self):
        self.read()
        with self.acting(), connection.cursor() as cursor:  # writers of the server before
            cursor.execute("INSERT INTO access_sealmark (id, last_id, writers) VALUES (1, 2, '{77/123456}')")
        assert self.seal(3) == [2, 1]
        assert verify_reads() == []

    def test_a_large_day_is_sealed_in_parts(self):
        self.read(5)
        with patch("maehia.access.actions.seals.BATCH", 3):
            assert self.seal(5) == [3, 2]
        assert verify_reads() == []
