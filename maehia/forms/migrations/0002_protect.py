"""Row-level security of files and documents.

A file is seen by its class, by whoever holds the key of what it belongs to (or of whose it is) as scope, and by
everybody once it is released. A document is seen likewise; the public sees one only with the key that is made from its
printed code, so nobody can list them.
"""

from django.db import migrations

from maehia.kit.policies import protect

OPEN = "(SELECT public.maehia_reads('open'))"
RELEASED = f"{OPEN} AND released_at IS NOT NULL AND erased_at IS NULL AND NOT is_confidential AND mode = 'live'"
BY_CODE = f"{OPEN} AND verify_key IN (SELECT public.maehia_scope_keys()) AND mode = 'live'"
SEALED = "NOT is_confidential OR (SELECT public.maehia_reads('sealed'))"
KEYS = ["about", "person_key"]


class Migration(migrations.Migration):
    dependencies = [("forms", "0001_files_and_documents"), ("kit", "0002_rights")]
    operations = [
        protect("forms_attachment", "case", key=KEYS, mode="mode", reads=RELEASED, only=SEALED),
        protect("forms_document", "case", key=KEYS, mode="mode", reads=BY_CODE, only=SEALED),
    ]
