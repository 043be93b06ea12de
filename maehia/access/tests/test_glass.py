"""Broken glass: one person or one area, two hours, a reason, seen by others, reviewed by another."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.contrib.gis.geos import Polygon
from django.db import connection

from maehia.access import queries, registry
from maehia.access.actions import Ask, break_glass, end_glass, remind_reviews, review_glass
from maehia.access.models import Alert, BreakGlass
from maehia.access.permissions import acting_as, can, load_rights
from maehia.access.tests.cast import KAMON, KASEM, CastCase
from maehia.base import ProblemError
from maehia.kit import clock, notices
from maehia.kit.acting import Scope, acting, current
from maehia.kit.models import ScopeKey

REASON = "ผู้ป่วยติดเตียงติดอยู่ในบ้านน้ำท่วม"
SQUARE = Polygon(((98.9, 18.7), (99.0, 18.7), (99.0, 18.8), (98.9, 18.8), (98.9, 18.7)), srid=4326)
BOWTIE = Polygon(((98.9, 18.7), (99.0, 18.8), (99.0, 18.7), (98.9, 18.8), (98.9, 18.7)), srid=4326)
CONSENT = "ให้ความเห็นว่าเหมาะสมตามสถานการณ์"


def ask(**changes):
    return Ask(**{"ground": "s24-2", "reason": REASON, "person": KAMON} | changes)


class GlassCase(CastCase):
    def setUp(self):
        super().setUp()
        self.before = registry.area_keys.function
        registry.area_keys.function = lambda area: [KAMON, KASEM, KAMON]

    def tearDown(self):
        registry.area_keys.function = self.before


class Opening(GlassCase):
    def test_it_opens_one_person_and_tells_the_others_at_once(self):
        glass = break_glass(self.nok, ask(hours=0.5))
        assert (glass.keys_count, glass.person_key, glass.purpose) == (1, KAMON, "break_glass")
        assert glass.expires_at - glass.opened_at == timedelta(minutes=30)
        assert glass.review_due - glass.opened_at == timedelta(days=7)
        for told in (self.prasit, self.dao):
            assert "กองสวัสดิการสังคม" in notices.text_of(notices.of(told.actor)[0])
        assert notices.unread_count(self.nok.actor) == 0

    def test_it_opens_the_people_of_a_drawn_area(self):
        glass = break_glass(self.nok, ask(person=None, area=SQUARE))
        assert glass.keys_count == 2
        with acting(self.nok.actor, "break_glass", scope=Scope.grant(glass.grant)):
            assert set(ScopeKey.objects.values_list("key", flat=True)) == {KAMON, KASEM}

    def test_ones_own_kin_is_noticed_although_the_grant_hides_ones_own_row(self):
        before = registry.kin.function
        registry.kin.function = lambda own, keys: [k for k in keys if k == KASEM and current().scope is None]
        try:
            break_glass(self.nok, ask(person=KASEM))
            break_glass(self.nok, ask(person=KAMON))
        finally:
            registry.kin.function = before
        with self.acting("access.oversee"):
            assert [(a.kind, a.actor, a.count) for a in Alert.objects.all()] == [("kin", self.nok.actor, 1)]

    def test_health_needs_somebody_who_cannot_consent(self):
        with pytest.raises(ProblemError, match="ให้ความยินยอมไม่ได้"):
            break_glass(self.nok, ask(ground="s26-1"))
        glass = break_glass(self.nok, ask(ground="s26-1", cannot_consent=True))
        assert glass.purpose == "break_glass.s26"

    def test_what_is_not_right_is_refused_with_words(self):
        for changes, words in (
            ({"ground": "because"}, "ฐานทางกฎหมาย"),
            ({"reason": "ด่วน"}, "10 ตัวอักษร"),
            ({"reason": "........................"}, "10 ตัวอักษร"),
            ({"hours": 2.5}, "2 ชั่วโมง"),
            ({"hours": 0}, "2 ชั่วโมง"),
            ({"person": None}, "เลือกบุคคล"),
            ({"area": SQUARE}, "เลือกบุคคล"),
            ({"person": None, "area": BOWTIE}, "รูปพื้นที่"),
        ):
            with pytest.raises(ProblemError, match=words):
                break_glass(self.nok, ask(**changes))
        with self.acting():
            assert not BreakGlass.objects.exists()

    def test_an_area_without_people_is_refused(self):
        registry.area_keys.function = lambda area: []
        with pytest.raises(ProblemError, match="ไม่พบผู้อยู่อาศัย"):
            break_glass(self.nok, ask(person=None, area=SQUARE))

    def test_an_area_without_a_register_is_refused(self):
        registry.area_keys.function = None
        with pytest.raises(ProblemError, match="ยังไม่มีทะเบียน"):
            break_glass(self.nok, ask(person=None, area=SQUARE))

    def test_an_area_of_a_whole_town_is_refused(self):
        registry.area_keys.function = lambda area: [UUID(int=n) for n in range(5_001)]
        with pytest.raises(ProblemError, match="5,000"):
            break_glass(self.nok, ask(person=None, area=SQUARE))

    def test_who_has_no_such_right_opens_nothing(self):
        for account in (self.wichai, self.arthit, self.kamon):
            with pytest.raises(ProblemError, match="ไม่มีสิทธิ์"):
                break_glass(account, ask())

    def test_the_reason_is_kept_encrypted(self):
        break_glass(self.nok, ask())
        with self.acting(), connection.cursor() as cursor:
            cursor.execute("SELECT reason FROM access_breakglass")
            assert REASON.encode() not in bytes(cursor.fetchone()[0])

    def test_another_officer_does_not_see_it(self):
        break_glass(self.nok, ask())
        with acting(self.malee.actor, "access.request"):
            assert not queries.glass_of(self.nok.actor).exists()

    def test_it_can_be_ended_before_its_time(self):
        glass = break_glass(self.nok, ask())
        end_glass(glass)
        with acting(self.nok.actor, "break_glass", scope=Scope.grant(glass.grant)), connection.cursor() as cursor:
            cursor.execute("SELECT maehia_grant()")
            assert cursor.fetchone() == (None,)


class Reviewing(GlassCase):
    def setUp(self):
        super().setUp()
        self.glass = break_glass(self.nok, ask())
        self.opened = self.glass.opened_at

    def review(self, account, verdict="justified", note=CONSENT):
        with acting_as(account, "access.oversee"):
            return review_glass(self.glass, verdict=verdict, note=note)

    def test_another_reviews_it_and_the_officer_is_told(self):
        self.review(self.dao)
        with acting_as(self.dao, "access.oversee"):
            assert not queries.glass_to_review().exists()
        assert "มีเหตุสมควร" in notices.text_of(notices.of(self.nok.actor)[0])

    def test_nobody_reviews_himself(self):
        with acting(self.nok.actor, "access.oversee"), pytest.raises(ProblemError, match="ตนเอง"):
            review_glass(self.glass, verdict="justified", note=CONSENT)

    def test_the_database_too_refuses_a_review_by_oneself(self):
        with self.acting(), pytest.raises(Exception, match="reviewed_by_another"):
            BreakGlass.objects.update(reviewed_by=self.nok.actor, reviewed_at=self.opened)

    def test_a_review_has_a_verdict_and_words(self):
        for verdict, note in (("maybe", CONSENT), ("justified", "ok")):
            with pytest.raises(ProblemError):
                self.review(self.dao, verdict, note)

    def test_a_review_is_made_once(self):
        self.review(self.dao)
        with pytest.raises(ProblemError, match="ตรวจทานแล้ว"):
            self.review(self.prasit, "unjustified")

    def test_a_review_that_nobody_made_blocks_the_officer(self):
        assert can(self.nok, "city.people")
        with clock.at(self.opened + timedelta(days=7, minutes=1)):
            rights = load_rights(self.nok)
            assert rights.blocked
            assert rights.purposes == frozenset()
            assert "city.people" not in rights.permissions
            assert "city.people" in load_rights(self.malee).permissions

    def test_a_late_review_frees_the_officer(self):
        with clock.at(self.opened + timedelta(days=8)):
            self.review(self.dao)
            assert not load_rights(self.nok).blocked

    def test_overseers_are_reminded_of_late_reviews(self):
        before = notices.unread_count(self.dao.actor)
        assert remind_reviews() == 0
        with clock.at(self.opened + timedelta(days=8)):
            assert remind_reviews() == 1
        assert notices.unread_count(self.dao.actor) == before + 1
