"""Row-level security of the queue, of ratings and of care; periods that only close; care that only ends.

What a wall screen shows (number, desk, slot) is read by everybody; whose it is, is seen by who works on cases and by
the holder of the ticket's own key. A carer never makes or changes an authority: that is her cared one's.
"""

from django.db import migrations

from maehia.kit.modes import mode_foreign_key, mode_key
from maehia.kit.policies import ROLES, append_only, protect, run_sql

OPEN = "(SELECT public.maehia_reads('open'))"
OPEN_OF_MODE = f"{OPEN} AND mode = (SELECT public.maehia_mode())"
BY_LINK = "(SELECT public.maehia_purpose()) IN ('services.link', 'services.report', 'me.services')"
OF_CARING = "EXISTS (SELECT FROM public.services_caring c WHERE c.id = caring_id)"
NOT_CARER = "(SELECT public.maehia_purpose()) IS DISTINCT FROM 'me.care'"
BY_HERSELF = f"{NOT_CARER} AND ((SELECT public.maehia_scope_all()) OR cared_key IN (SELECT public.maehia_scope_keys()))"


def only_changes(table, function, columns, extra=""):
    """A trigger: an UPDATE touches these columns only (and `extra` must hold), a DELETE is refused."""
    others = f"to_jsonb(NEW) - ARRAY[{columns}] IS DISTINCT FROM to_jsonb(OLD) - ARRAY[{columns}]"
    return run_sql(
        f"""CREATE FUNCTION public.{function}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF public.maehia_alters() THEN
            RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
          END IF;
          IF TG_OP = 'DELETE' OR {others}{extra} THEN
            RAISE EXCEPTION 'maehia: rows of {table} are added and ended, never changed' USING ERRCODE = 'MH001';
          END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER mh_only_ends BEFORE UPDATE OR DELETE ON {table}
          FOR EACH ROW EXECUTE FUNCTION public.{function}()""",
        f"DROP TRIGGER mh_only_ends ON {table}; DROP FUNCTION public.{function}()",
    )


def restrict(table, command, body):
    kind = "WITH CHECK" if command == "INSERT" else "USING"
    name = f"mh_restrict_{command.lower()}"
    return run_sql(
        f"CREATE POLICY {name} ON {table} AS RESTRICTIVE FOR {command} TO {ROLES} {kind} ({body})",
        f"DROP POLICY {name} ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("services", "0003_queue"), ("kit", "0002_rights")]
    operations = [
        mode_key("services_ticket"),
        mode_foreign_key("services_booking", "ticket_id", "services_ticket"),
        protect("services_ticket", "case", key="id", mode="mode", reads=OPEN_OF_MODE),
        protect("services_ticketfor", "case", key=["ticket_id", "person_key"]),
        protect("services_period", "case", key="ticket_id", reads=OPEN),
        only_changes("services_period", "services_period_closes", "'end'", ' OR OLD."end" IS NOT NULL'),
        run_sql(
            'ALTER TABLE services_period ADD CONSTRAINT services_period_no_overlap'
            ' EXCLUDE USING gist (ticket_id WITH =, tstzrange(start, "end") WITH &&)',
            "ALTER TABLE services_period DROP CONSTRAINT services_period_no_overlap",
        ),
        protect("services_booking", "case", key="id", mode="mode", reads=OPEN_OF_MODE),
        protect("services_bookingfor", "case", key=["booking_id", "person_key"]),
        protect("services_bookingevent", "case", key="booking_id"),
        append_only("services_bookingevent"),
        protect("services_countervisit", "case", key="person_key"),
        protect("services_visitrating", "open", inserts=BY_LINK),
        protect("services_visitwords", "case", inserts=BY_LINK),
        protect("services_caringwho", "case", scoped=False, only=OF_CARING),
        only_changes("services_caring", "services_caring_ends", "'ended_at', 'ended_by', 'alerts'",
                     " OR OLD.ended_at IS NOT NULL"),
        restrict("services_caring", "INSERT", BY_HERSELF),
        restrict("services_caring", "UPDATE", NOT_CARER),
        restrict("services_caringwho", "INSERT", NOT_CARER),
        restrict("services_caringwho", "UPDATE", NOT_CARER),
    ]  # fmt: skip
