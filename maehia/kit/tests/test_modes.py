"""A live row never points at an exercise row: the database itself refuses."""

from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from maehia.kit.modes import current_mode
from maehia.kit.testing import AppTestCase

pytestmark = pytest.mark.usefixtures("protected")
KAMON = UUID("00000000-0000-4000-8000-000000000001")


def run(sql: str, *params) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def add_person(mode: str) -> None:
    run("INSERT INTO kit_test_person (key, name, mode) VALUES (%s, 'กมล', %s)", KAMON, mode)


def add_need(mode: str) -> None:
    run("INSERT INTO kit_test_need (person_id, kind, mode) VALUES (%s, 'oxygen', %s)", KAMON, mode)


class Crossing(AppTestCase):
    def test_a_need_stays_in_the_mode_of_its_person(self):
        with self.acting():
            add_person("live")
            add_need("live")
            run("SET CONSTRAINTS ALL IMMEDIATE")

    def test_an_exercise_need_of_a_living_person_is_refused(self):
        with self.acting():
            add_person("live")
        with self.acting(mode="exercise"), pytest.raises(IntegrityError, match="mode_fk"):
            self.cross()

    @transaction.atomic
    def cross(self) -> None:
        add_need("exercise")
        run("SET CONSTRAINTS ALL IMMEDIATE")

    def test_a_row_of_the_other_mode_cannot_be_written(self):
        with pytest.raises(Exception, match="row-level security"), self.acting():
            add_person("exercise")

    def test_a_third_mode_does_not_exist(self):
        with pytest.raises(ValueError), self.acting(mode="drill"):
            pass

    def test_a_new_row_takes_the_mode_of_the_context(self):
        assert current_mode() == "live"
        with self.acting(mode="exercise"):
            assert current_mode() == "exercise"
