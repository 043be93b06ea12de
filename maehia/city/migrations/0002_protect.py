"""Row-level security of the register; live and exercise people can never be tied together."""

from django.db import migrations

from maehia.kit.modes import mode_foreign_key, mode_key
from maehia.kit.policies import protect

CHILDREN = ["personname", "residence", "householdmember", "tie", "need"]


class Migration(migrations.Migration):
    dependencies = [("city", "0001_initial"), ("kit", "0002_rights")]
    operations = [
        mode_key("city_person", "key"),
        mode_key("city_household", "key"),
        *[mode_foreign_key(f"city_{child}", "person_id", "city_person", "key") for child in CHILDREN],
        mode_foreign_key("city_householdmember", "household_id", "city_household", "key"),
        protect("city_person", "personal", moo="moo", key="key", mode="mode"),
        protect("city_personname", "personal", moo="moo", key="person_id", mode="mode", search=True),
        protect("city_residence", "personal", moo="moo", key="person_id", mode="mode"),
        protect("city_household", "personal", moo="moo", mode="mode"),
        protect("city_householdmember", "personal", moo="moo", key="person_id", mode="mode"),
        protect("city_tie", "personal", moo="moo", key="person_id", mode="mode"),
        protect("city_need", "s26", moo="moo", key="person_id", mode="mode"),
    ]
