"""People and needs under a grant of a whole city: its keys are looked up, not read whole for every statement."""

from django.db import migrations

from maehia.kit.policies import look_up_keys


class Migration(migrations.Migration):
    dependencies = [("city", "0009_town_changes")]
    operations = [
        look_up_keys("city_person", "personal", key="key", moo="moo", mode="mode"),
        look_up_keys("city_need", "s26", key="person_id", moo="moo", mode="mode"),
    ]
