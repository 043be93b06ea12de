"""Observations, partitioned by year: old years can be detached, new ones never touch them."""

from django.db import migrations

TABLE = """
CREATE TABLE city_observation (
  station_code varchar(40) NOT NULL,
  quantity varchar(30) NOT NULL,
  at timestamptz NOT NULL,
  value double precision,
  quality varchar(8) NOT NULL,
  received_at timestamptz NOT NULL,
  origin varchar(60) NOT NULL,
  PRIMARY KEY (station_code, quantity, at)
) PARTITION BY RANGE (at);
CREATE INDEX city_observation_at ON city_observation USING brin (at);
CREATE TABLE city_observation_other PARTITION OF city_observation DEFAULT;
REVOKE UPDATE, DELETE, TRUNCATE ON city_observation, city_observation_other FROM maehia_app, maehia_worker;
"""
YEAR = """
CREATE TABLE city_observation_{year} PARTITION OF city_observation
  FOR VALUES FROM ('{year}-01-01 00:00+07') TO ('{next}-01-01 00:00+07');
REVOKE UPDATE, DELETE, TRUNCATE ON city_observation_{year} FROM maehia_app, maehia_worker;
"""
YEARS = range(2024, 2032)


class Migration(migrations.Migration):
    dependencies = [("city", "0002_protect")]
    operations = [
        migrations.RunSQL(
            TABLE + "".join(YEAR.format(year=year, next=year + 1) for year in YEARS), "DROP TABLE city_observation"
        )
    ]
