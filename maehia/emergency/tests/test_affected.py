"""Who is inside, in order, and why; seen only by who is assigned, in the mode of the incident, with a line in the log."""

from __future__ import annotations

import pytest

from maehia.access.models import Read
from maehia.base import ProblemError
from maehia.city.models import Need, Person
from maehia.emergency.actions import affected as readings
from maehia.emergency.actions import grants, incidents
from maehia.emergency.actions.footprints import from_geojson, set_footprint
from maehia.emergency.models import Grant, LogLine, SnapshotRow, Team, TeamMember
from maehia.emergency.queries.affected import Only, affected, changes, counts_only
from maehia.emergency.tests.cast import Watch
from maehia.emergency.tests.riverside import PEOPLE, Riverside, bank, box, build_bank, house_key, person_key
from maehia.kit.acting import Scope, acting
from maehia.kit.testing import NOW, AppTestCase


def code_of(caught) -> str:
    return caught.value.problem.code


class Flooded(Riverside, Watch):
    """A flood at the river bank that is being fought; houses 1 to 5 are inside."""

    def setUp(self):
        super().setUp()
        self.incident = self.fought()

    def fought(self, mode="live", area=None):
        with self.command(mode):
            made = self.flood(mode)
        self.footprint = set_footprint(self.commander, made.pk, from_geojson(area or bank(1, 5)))
        with self.command(mode):
            return incidents.move(made.pk, "active")

    def listed(self, account=None, incident=None, **asked):
        shown = incident or self.incident
        with grants.affected(account or self.commander, shown):
            return affected(shown.footprint, **asked)

    def join(self, account, incident=None):
        """Put an account into a team of the incident."""
        of = incident or self.incident
        with self.command(of.mode):
            team = Team.objects.create(incident=of, name="ชุดเรือ 1")
            return TeamMember.objects.create(team=team, account=account.pk, starts_at=NOW)


class TestList(Flooded, AppTestCase):
    def test_households_come_in_the_order_of_their_points(self):
        rows = self.listed().rows
        assert [(row.house_key, row.priority) for row in rows][:2] == [(house_key(1), 112), (house_key(5), 34)]
        assert [row.priority for row in rows] == sorted((row.priority for row in rows), reverse=True)

    def test_each_household_says_why(self):
        first = self.listed().rows[0]
        assert [tuple(term) for term in first.terms] == [
            ("need:bedridden", 1, 40), ("need:oxygen", 1, 35), ("age:very_old", 1, 12), ("level:full", 1, 10),
            ("storeys:one", 1, 10), ("access:unknown", 1, 5),
        ]  # fmt: skip
        assert sum(term.points for term in first.terms) == first.priority

    def test_names_phones_needs_and_notes_of_the_most_urgent_come_first(self):
        who = self.listed().rows[0].members[0]
        assert (who.name, who.phone) == ("กาญจนา ริมน้ำ", "0811111111")
        assert [(need.kind, need.note) for need in who.needs] == [("bedridden", "ต้องใช้เปล"), ("oxygen", "")]

    def test_everybody_inside_is_in_exactly_one_household(self):
        keys = [who.key for row in self.listed().rows for who in row.members]
        assert sorted(keys) == [person_key(n) for n, told in enumerate(PEOPLE, 1) if told[0] <= 5]

    def test_a_house_of_two_households_has_two_lines_and_a_family_is_not_parted(self):
        rows = self.listed().rows
        people = {(row.house_key, frozenset(who.key for who in row.members)) for row in rows}
        assert (house_key(5), frozenset({person_key(8), person_key(9)})) in people
        assert (house_key(5), frozenset({person_key(10)})) in people
        assert (house_key(1), frozenset({person_key(1), person_key(2)})) in people  # the son stands in another list

    def test_the_dead_are_not_looked_for(self):
        with self.acting():
            Person.objects.filter(key=person_key(7)).update(died=NOW.date())
        readings.take_snapshot(self.footprint)
        assert house_key(4) not in {row.house_key for row in self.listed().rows}

    def test_pages_are_whole_and_do_not_overlap(self):
        whole = [(row.house_key, row.household) for row in self.listed().rows]
        for limit in (1, 2, 3, 10):
            after, seen = None, []
            while True:
                page = self.listed(limit=limit, after=after)
                seen += [(row.house_key, row.household) for row in page.rows]
                after = page.after
                if after is None:
                    break
            assert seen == whole

    def test_filters_narrow_by_moo_need_access_and_area(self):
        def houses(**only):
            return {row.house_key for row in self.listed(only=Only(**only)).rows}

        assert houses(need="oxygen") == {house_key(1)}
        assert houses(moo=5) == {house_key(n) for n in range(1, 6)}
        assert houses(moo=4) == houses(access="cut") == set()
        assert houses(area=box(-40, -30, 140, 40)) == {house_key(1), house_key(2)}

    def test_counts_are_those_of_the_whole_footprint(self):
        counts = self.listed(limit=1).counts
        assert (counts["people"], counts["households"], counts["houses"]) == (10, 6, 5)
        assert counts["needs"] == {"bedridden": 1, "oxygen": 1, "deaf": 1}
        assert counts["ages"] == {"infant": 1, "old": 3, "very_old": 1}
        assert (counts["alone"], counts["road_m"]) == (3, 480)

    def test_every_person_shown_and_every_need_leaves_a_line_in_the_read_log(self):
        self.listed()
        with self.acting():
            lines = Read.objects.filter(actor=self.commander.actor, purpose="emergency.affected")
            people = set(lines.filter(entity="person").values_list("key", flat=True))
            needs = set(lines.filter(entity="need").values_list("key", flat=True))
        assert people == {person_key(n) for n in range(1, 11)}
        assert needs == {person_key(n) for n in (1, 6, 8)}

    def test_a_warning_counts_without_anybody(self):
        with acting("system:warn", "emergency.resolve"):
            found = counts_only(self.footprint)
        assert (found.people, found.houses, found.no_phone) == (10, 5, 3)
        assert (found.of("deaf"), found.of("blind"), found.of("bedridden"), found.foreign) == (1, 0, 1, 0)


class TestRight(Flooded, AppTestCase):
    def test_who_is_not_assigned_is_refused(self):
        with pytest.raises(ProblemError) as caught:
            self.listed(self.volunteer)
        assert code_of(caught) == "not_assigned"

    def test_a_member_of_a_team_sees_the_list_until_she_leaves_it(self):
        member = self.join(self.volunteer)
        assert len(self.listed(self.volunteer).rows) == 6
        with self.command():
            TeamMember.objects.filter(pk=member.pk).update(ends_at=NOW)
        with pytest.raises(ProblemError) as caught:
            self.listed(self.volunteer)
        assert code_of(caught) == "not_assigned"

    def test_a_volunteer_with_some_houses_sees_those_only(self):
        with self.command():
            footprint = self.incident.footprint
        grant = grants.make(footprint, self.volunteer, [house_key(3)])
        with acting(self.volunteer.actor, "emergency.affected", scope=Scope.grant(grant.scope)):
            assert [row.house_key for row in affected(footprint).rows] == [house_key(3)]
            assert Person.objects.count() == 1

    def test_nobody_uses_the_grant_of_another(self):
        grant = grants.make(self.footprint, self.volunteer)
        with acting(self.officer.actor, "emergency.affected", scope=Scope.grant(grant.scope)):
            assert affected(self.footprint).rows == ()

    def test_the_commander_has_his_grant_with_the_footprint(self):
        with self.command():
            held = Grant.objects.get(footprint=self.footprint)
        assert (held.account, held.people) == (self.commander.pk, 10)

    def test_after_a_new_footprint_the_old_grant_shows_nobody(self):
        with self.command():
            old = Grant.objects.get(footprint=self.footprint)
        set_footprint(self.commander, self.incident.pk, from_geojson(bank(1, 2)))
        with acting(self.commander.actor, "emergency.affected", scope=Scope.grant(old.scope)):
            assert Person.objects.count() == Need.objects.count() == SnapshotRow.objects.count() == 0

    def test_an_incident_that_is_over_opens_nobody(self):
        with self.command():
            incidents.move(self.incident.pk, "contained")
            over = incidents.move(self.incident.pk, "recovery")
        with pytest.raises(ProblemError) as caught:
            self.listed(incident=over)
        assert code_of(caught) == "not_assigned"

    def test_every_grant_ends_with_the_fight(self):
        with self.command():
            held = Grant.objects.get(footprint=self.footprint)
        with self.captureOnCommitCallbacks(execute=True), self.command():
            incidents.move(self.incident.pk, "contained")
            incidents.move(self.incident.pk, "recovery")
        with acting(self.commander.actor, "emergency.affected", scope=Scope.grant(held.scope)):
            assert Person.objects.count() == 0

    def test_the_command_alone_opens_no_reading(self):
        with self.command():
            assert SnapshotRow.objects.count() == Person.objects.count() == 0

    def test_nobody_changes_a_reading(self):
        from django.db import DatabaseError, transaction

        with self.acting(), pytest.raises(DatabaseError), transaction.atomic():
            SnapshotRow.objects.update(priority=0)


class TestChange(Flooded, AppTestCase):
    def test_new_and_left_are_told_against_the_footprint_before(self):
        first = self.footprint
        second = set_footprint(self.commander, self.incident.pk, from_geojson(bank(3, 6)))
        with self.command():
            self.incident.refresh_from_db()
            found = changes(second, first)
        assert (found.new_houses, found.left_houses) == ([house_key(6)], [house_key(1), house_key(2)])
        assert (found.new_people, found.left_people, found.left_households) == (0, 5, 2)

    def test_who_is_new_can_be_listed(self):
        set_footprint(self.commander, self.incident.pk, from_geojson(bank(2, 2)))
        set_footprint(self.commander, self.incident.pk, from_geojson(bank(1, 2)))
        with self.command():
            self.incident.refresh_from_db()
        found = self.listed(only=Only(fresh=True)).rows
        assert [(row.house_key, row.fresh) for row in found] == [(house_key(1), 2)]

    def test_a_reading_keeps_what_was_known_then(self):
        with self.acting():
            Need.objects.create(key=house_key(99), person_id=person_key(7), need_kind="blind", ground="x",
                                as_of=NOW.date(), moo=5)  # fmt: skip
        before = self.listed(only=Only(need="blind")).rows
        readings.read_again(self.commander, self.incident)
        after = self.listed(only=Only(need="blind")).rows
        assert (before, [row.house_key for row in after]) == ((), [house_key(4)])
        with self.command():
            assert LogLine.objects.filter(incident=self.incident, kind="reading").count() == 1

    def test_reading_again_takes_in_who_moved_there(self):
        with self.acting():
            Person.objects.create(key=person_key(77), first_name="มาใหม่", house_id=house_key(4), sources={})
        readings.read_again(self.commander, self.incident)
        assert person_key(77) in {who.key for row in self.listed().rows for who in row.members}

    def test_only_who_sees_the_list_has_it_read_again(self):
        with pytest.raises(ProblemError) as caught:
            readings.read_again(self.officer, self.incident)
        assert code_of(caught) == "not_assigned"


class TestModes(Flooded, AppTestCase):
    def test_an_exercise_shows_invented_people_and_never_live_ones(self):
        with self.acting(mode="exercise"):
            build_bank("exercise", offset=500)
        live = self.incident
        drill = self.fought("exercise")
        shown = {who.name for row in self.listed(incident=drill).rows for who in row.members}
        real = {who.name for row in self.listed(incident=live).rows for who in row.members}
        assert shown
        assert all(name.endswith("สมมติ") for name in shown)
        assert real
        assert all(name.endswith("ริมน้ำ") for name in real)

    def test_a_grant_of_one_mode_opens_nothing_in_the_other(self):
        with self.command():
            held = Grant.objects.get(footprint=self.footprint)
        with acting(self.commander.actor, "emergency.affected", mode="exercise", scope=Scope.grant(held.scope)):
            assert Person.objects.count() == SnapshotRow.objects.count() == 0


class TestAnyArea(Riverside, Watch, AppTestCase):
    def test_every_living_person_of_a_house_inside_stands_in_the_list_once(self):
        with self.command():
            made = self.flood()
        for first, last in [(a, b) for a in range(1, 7) for b in range(a, 7, 2)]:
            footprint = set_footprint(self.commander, made.pk, from_geojson(bank(first, last)))
            with self.acting("emergency.resolve"):
                members = [key for row in SnapshotRow.objects.filter(snapshot__footprint=footprint, snapshot__number=1)
                           for key in row.members]  # fmt: skip
            assert sorted(members) == [person_key(n) for n, told in enumerate(PEOPLE, 1) if first <= told[0] <= last]
