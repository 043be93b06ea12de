"""Row-level security of the messages.

Whoever may write about a case may put a letter in the outbox, whatever his scope; he reads those about his case.
"""

from django.db import migrations

from maehia.kit.modes import mode_foreign_key, mode_key
from maehia.kit.policies import protect, protect_history

POSTS = """(SELECT public.maehia_writes('case')) AND "mode" = (SELECT public.maehia_mode())"""


class Migration(migrations.Migration):
    dependencies = [("message", "0001_initial"), ("kit", "0002_rights")]
    operations = [
        mode_key("message_message"),
        mode_foreign_key("message_attempt", "message_id", "message_message"),
        protect("message_message", "case", key="about", mode="mode", inserts=POSTS),
        protect_history("message_attempt", "case", key="about", mode="mode"),
        protect("message_broadcast", "case", mode="mode"),
        protect("message_lineevent", "case"),
        protect("message_linefollower", "case", moo="moo"),
        protect("message_linelink", "case", key="person_key"),
        protect("message_conversation", "case"),
        protect("message_preference", "case", key="person_key"),
        protect("message_fakedelivery", "case"),
    ]
