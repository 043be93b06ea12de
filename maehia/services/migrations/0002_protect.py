"""Row-level security of the cases.

A case is seen by its class, by whoever holds its own key as scope (the reporter while filing, the secret link, the
person it is for), and by everybody when it is published. A sealed one (about staff or corruption) asks for more than
the class. What hangs on a case is seen by whoever sees the case: the sub-select runs under the same policies.
"""

from django.db import migrations

from maehia.kit.modes import mode_foreign_key, mode_key
from maehia.kit.policies import append_only, protect

OPEN = "(SELECT public.maehia_reads('open'))"
PUBLISHED = f"{OPEN} AND is_public AND NOT is_confidential AND state_type <> 'hidden' AND mode = 'live'"
SEALED = "NOT is_confidential OR (SELECT public.maehia_reads('sealed'))"


OWN = (
    "(SELECT public.maehia_scope_all()) OR c.id IN (SELECT public.maehia_scope_keys())"
    " OR c.person_key IN (SELECT public.maehia_scope_keys())"
)


def of_case(column="case_id"):
    """The case is seen by the one who asks; under a scope, as his own and not because it is published."""
    return f"EXISTS (SELECT FROM public.services_case c WHERE c.id = {column} AND ({OWN}))"


# Named with their table: services_case has a parent_id of its own.
BOTH = f"{of_case('services_caselink.parent_id')} AND {of_case('services_caselink.child_id')}"
PUBLIC_EVENT = (
    f"{OPEN} AND is_public AND EXISTS (SELECT FROM public.services_case c WHERE c.id = case_id"
    " AND c.is_public AND NOT c.is_confidential AND c.state_type <> 'hidden' AND c.mode = 'live')"
)


class Migration(migrations.Migration):
    dependencies = [("services", "0001_initial"), ("kit", "0002_rights")]
    operations = [
        mode_key("services_case"),
        mode_foreign_key("services_case", "parent_id", "services_case"),
        protect("services_case", "case", key=["id", "person_key"], mode="mode", reads=PUBLISHED, only=SEALED),
        protect("services_casedetail", "case", scoped=False, only=of_case()),
        protect("services_caseevent", "case", scoped=False, only=of_case(), reads=PUBLIC_EVENT),
        append_only("services_caseevent"),
        protect("services_clockpause", "case", scoped=False, only=of_case()),
        protect("services_rungfired", "case", scoped=False, only=of_case()),
        protect("services_party", "case", scoped=False, only=of_case()),
        protect("services_caselink", "case", scoped=False, only=BOTH),
        protect("services_caring", "case", key=["cared_key", "carer_key"]),
    ]
