"""Row-level security of accounts, logs and log-in machinery; what is kept of an identity provider."""

from django.db import migrations

from maehia.kit.policies import append_only, protect, protect_history, protect_log, run_sql

OWN = "actor = (SELECT public.maehia_actor())"

# From a provider only an HMAC of the subject is kept. The database holds to it, whatever the code does.
SUBJECT = """ALTER TABLE socialaccount_socialaccount ADD CONSTRAINT mh_subject_is_hmac
  CHECK (uid ~ '^[0-9a-f]{32}$' AND extra_data = '{}'::jsonb)"""
TOKENS = """ALTER TABLE socialaccount_socialtoken ADD CONSTRAINT mh_no_tokens CHECK (false)"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_accounts"),
        ("kit", "0002_rights"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]

    operations = [
        protect("access_account", "account"),
        protect("access_assignment", "account"),
        protect("access_legalholder", "account"),
        protect("access_delegation", "account"),
        protect_history("access_assignmentevent", "account"),
        protect_history("access_legalholderevent", "account"),
        protect_history("access_delegationevent", "account"),
        append_only("access_roleevent"),
        protect("access_consent", "personal", key="person_key"),
        protect_log("access_read", "audit", key="key"),
        protect_history("access_seal", "audit"),
        protect("access_sealmark", "audit"),
        protect("access_alert", "audit", reads=OWN, inserts=OWN),
        protect("access_breakglass", "audit", reads=OWN),
        protect("account_emailaddress", "system"),
        protect("account_emailconfirmation", "system"),
        protect("mfa_authenticator", "system"),
        protect("socialaccount_socialaccount", "system"),
        protect("socialaccount_socialtoken", "system"),
        protect("socialaccount_socialapp", "system"),
        run_sql(SUBJECT, "ALTER TABLE socialaccount_socialaccount DROP CONSTRAINT mh_subject_is_hmac"),
        run_sql(TOKENS, "ALTER TABLE socialaccount_socialtoken DROP CONSTRAINT mh_no_tokens"),
    ]
