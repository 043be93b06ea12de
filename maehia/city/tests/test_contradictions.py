"""When two lists contradict each other, and when they only say it differently."""

from dataclasses import dataclass
from datetime import date

from django.contrib.gis.geos import Point

from maehia.city.contradictions import contradictions


@dataclass(frozen=True)
class Row:
    first_name: str = ""
    sex: str = ""
    birth: date | None = None
    birth_precision: str = ""
    geom: Point | None = None


def fields(*rows, of=("first_name", "sex", "birth", "geom")):
    return {c.field: [s.value for s in c.sayings] for c in contradictions(rows, of)}


def test_the_most_trusted_saying_comes_first():
    assert fields(Row("มาลี"), Row("มะลิ"), Row("มาลี")) == {"first_name": ["มาลี", "มะลิ"]}


def test_blanks_and_capitals_are_no_contradiction():
    assert fields(Row("Anna Maria"), Row("anna maria "), Row("AnnaMaria")) == {}


def test_a_missing_value_contradicts_nothing():
    assert fields(Row("มาลี", sex="F"), Row("", sex="")) == {}


def test_a_bare_year_agrees_with_a_day_of_that_year():
    day, year = Row(birth=date(1949, 4, 13), birth_precision="day"), Row(birth=date(1949, 1, 1), birth_precision="year")
    month = Row(birth=date(1949, 5, 1), birth_precision="month")
    assert fields(day, year) == {}
    assert fields(day, month) == {"birth": [date(1949, 4, 13), date(1949, 5, 1)]}
    assert fields(month, year) == {}


def test_two_surveys_of_one_house_agree_within_fifty_metres():
    assert fields(Row(geom=Point(98.95, 18.74)), Row(geom=Point(98.9501, 18.7401))) == {}
    assert list(fields(Row(geom=Point(98.95, 18.74)), Row(geom=Point(98.96, 18.74)))) == ["geom"]


def test_one_list_alone_never_contradicts():
    assert fields(Row("มาลี", "F", date(1949, 4, 13), "day")) == {}
