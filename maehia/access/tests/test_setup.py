"""Roles of a new town, and what an upgrade brings: new rights are offered once, the town's choices stay."""

import pytest
from django.db import connections

from maehia.access import actions, permissions, purposes
from maehia.access.models import Role
from maehia.access.registry import Slot
from maehia.access.tests.cast import ConcurrentCast
from maehia.kit.models import PublishedPurpose
from maehia.kit.purposes import publish


class Upgrading(ConcurrentCast):
    def tearDown(self):
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "ALTER TABLE access_roleevent DISABLE TRIGGER mh_append_only; TRUNCATE access_role CASCADE; ALTER TABLE access_roleevent ENABLE TRIGGER mh_append_only"
            )
        actions.install_roles()

    def role(self, key="mayor"):
        return Role.objects.get(key=key)

    def test_setup_can_be_repeated(self):
        before = {role.key: (role.permissions, role.purposes) for role in Role.objects.all()}
        actions.install_roles()
        assert {role.key: (role.permissions, role.purposes) for role in Role.objects.all()} == before

    def test_what_the_town_took_away_does_not_come_back(self):
        Role.objects.filter(key="mayor").update(permissions=["staff.enter"], purposes=[])
        actions.install_roles()
        assert (self.role().permissions, self.role().purposes) == (["staff.enter"], [])

    def test_what_the_town_added_stays(self):
        role = self.role()
        Role.objects.filter(key="mayor").update(permissions=[*role.permissions, "city.search"])
        actions.install_roles()
        assert "city.search" in self.role().permissions

    def test_a_new_right_of_a_new_version_is_given_once(self):
        role = self.role()
        older = [p for p in role.offered if p != "city.map"]
        Role.objects.filter(key="mayor").update(
            offered=older, permissions=[p for p in role.permissions if p != "city.map"]
        )
        actions.install_roles()
        assert "city.map" in self.role().permissions
        assert "city.map" in self.role().offered

    def test_a_role_that_the_town_removed_comes_back_whole(self):
        with connections["owner"].cursor() as cursor:
            cursor.execute("DELETE FROM access_role WHERE key = 'planner'")
        actions.install_roles()
        assert "city.statistics" in self.role("planner").permissions

    def test_the_published_list_is_in_the_database(self):
        assert publish() == PublishedPurpose.objects.count()
        for info in purposes.published().values():
            row = PublishedPurpose.objects.get(key=info.key)
            assert (set(row.reads), set(row.writes), row.needs_scope) == (info.reads, info.writes, info.scope)

    def test_a_purpose_that_was_withdrawn_leaves_the_database(self):
        PublishedPurpose.objects.using("owner").create(key="old.purpose", reads=["personal"])
        publish()
        assert not PublishedPurpose.objects.filter(key="old.purpose").exists()


def test_only_alterers_are_machines():
    for info in purposes.published().values():
        assert not info.alters or info.key.startswith("system."), info.key


def test_no_role_of_people_carries_a_system_purpose():
    for info in purposes.published().values():
        assert not (info.key.startswith("system.") and info.roles), info.key


def test_section_26_is_for_few():
    readers = {role for info in purposes.published().values() if "s26" in info.reads for role in info.roles}
    assert readers == {"data", "officer", "volunteer", "duty", "commander", "citizen", "dpo"}


def test_permissions_are_declared_once():
    keys = [entry["key"] for entry in permissions.catalogue().values()]
    assert len(keys) == len(set(keys))


def test_a_slot_has_one_provider():
    slot = Slot("test")
    slot.provide(len)
    slot.provide(len)
    with pytest.raises(ValueError, match="twice"):
        slot.provide(max)
