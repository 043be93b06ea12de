"""The hot questions use their indexes, asked as maehia_app under row-level security on a few thousand rows."""

from django.db import connection

from maehia.city.models import House, Parcel, Person
from maehia.city.queries.search import search_names
from maehia.city.rules import fold_name
from maehia.city.tests.town import build_register
from maehia.evidence.queries import index_of
from maehia.kit.acting import Scope, acting
from maehia.kit.recorders import explain, indexes_used
from maehia.kit.testing import AppTestCase

PEOPLE = 4000


class PlanTests(AppTestCase):
    @classmethod
    def setUpTestData(cls):
        with acting("system:test", "test.everything"):
            cls.keys = build_register(PEOPLE)

    def app(self, purpose="counter.service", **options):
        """As an officer would be: the app's database role and a purpose of the counter."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone()[0] == "maehia_app"
        return acting("user:00000000-0000-4000-8000-00000000000a", purpose, **options)

    def prefer_indexes(self):
        """A table of a few thousand rows is as quick to read whole: price that out, as a town's would be."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('enable_seqscan', 'off', true)")

    def scans(self, index):
        """How often an index was scanned in this transaction."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_get_xact_numscans(%s::regclass)", [index])
            return cursor.fetchone()[0]

    def test_a_name_is_found_through_the_trigram_index_inside_the_function(self):
        with self.acting():
            wanted = Person.objects.get(pk=self.keys[77])
        with self.app():
            self.prefer_indexes()
            before = self.scans("person_name_trgm")
            found = search_names(f"{wanted.first_name} {wanted.last_name}")
            assert wanted.pk in found
            assert self.scans("person_name_trgm") == before + 1

    def test_a_part_of_a_surname_uses_it_too(self):
        with self.acting():
            wanted = Person.objects.get(pk=self.keys[78])
        with self.app():
            self.prefer_indexes()
            before = self.scans("person_name_trgm")
            assert wanted.pk in search_names(fold_name(wanted.last_name)[1:])
            assert self.scans("person_name_trgm") == before + 1

    def test_people_of_a_house_come_by_its_index(self):
        with self.app():
            house = House.objects.first()
            plan = explain(Person.objects.filter(house=house, died=None))
            assert any("house" in index for index in indexes_used(plan))

    def test_an_id_is_found_by_its_blind_index_also_inside_an_area(self):
        for scope in (None, Scope.area(["5"])):
            purpose = "volunteer.visit" if scope else "counter.service"
            with self.app(purpose, scope=scope):
                plan = explain(Person.objects.filter(id_index=index_of("id", "1000000000771")))
                assert "person_id_index" in indexes_used(plan)

    def test_the_parcel_under_a_house_comes_by_the_spatial_index(self):
        with self.app():
            plan = explain(Parcel.objects.filter(geom__contains=House.objects.first().geom))
            assert any("geom" in index for index in indexes_used(plan))

    def test_a_house_number_in_a_moo_comes_by_its_index(self):
        with self.app():
            plan = explain(House.objects.filter(house_no="12/3", moo=5))
            assert "house_moo_no" in indexes_used(plan)

    def test_inside_an_area_only_its_people_are_found_by_name(self):
        with self.app("volunteer.visit", scope=Scope.area(["5"])):
            found = search_names("สมชาย")
            assert found
            assert set(Person.objects.filter(pk__in=found).values_list("moo", flat=True)) == {5}
            assert Person.objects.filter(pk__in=found).count() == len(found)
