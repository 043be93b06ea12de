"""Row-level security of alerts; a message that went out never changes, and one that waits changes only as a draft."""

from django.db import migrations

from maehia.kit.modes import mode_foreign_key, mode_key
from maehia.kit.policies import append_only, protect, run_sql

# What is written about a message while it waits; everything else is the message itself.
AROUND = ("state", "approver", "approved_at", "approved_sha256", "solo_reason", "solo_review_id", "published_at",
          "published_by", "version", "returned_reason")  # fmt: skip
MOVES = ("draft>in_review", "draft>dropped", "in_review>approved", "in_review>draft", "approved>draft",
         "approved>published")  # fmt: skip
AROUND_SQL = ", ".join(f"'{name}'" for name in AROUND)
MOVES_SQL = ", ".join(f"'{move}'" for move in MOVES)
FROZEN = f"""CREATE FUNCTION public.emergency_alert_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' THEN
      RAISE EXCEPTION 'maehia: an alert begins as a draft' USING ERRCODE = 'MH001';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR OLD.state IN ('published', 'dropped') THEN
    RAISE EXCEPTION 'maehia: an alert that went out is never changed or removed' USING ERRCODE = 'MH001';
  END IF;
  IF OLD.state <> 'draft' AND NEW.state <> 'draft'
     AND to_jsonb(NEW) - ARRAY[{AROUND_SQL}] IS DISTINCT FROM to_jsonb(OLD) - ARRAY[{AROUND_SQL}] THEN
    RAISE EXCEPTION 'maehia: a changed alert is a draft again' USING ERRCODE = 'MH001';
  END IF;
  IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ({MOVES_SQL}) THEN
    RAISE EXCEPTION 'maehia: an alert does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'MH001';
  END IF;
  IF NEW.state IN ('in_review', 'approved', 'published') AND encode(sha256(NEW.xml), 'hex') <> NEW.sha256 THEN
    RAISE EXCEPTION 'maehia: the bytes of an alert do not fit their hash' USING ERRCODE = 'MH001';
  END IF;
  IF NEW.state = 'published' AND NEW.status = 'Actual' AND EXISTS (SELECT FROM public.kit_demo_mark) THEN
    RAISE EXCEPTION 'maehia: a demo town publishes nothing that is Actual' USING ERRCODE = 'MH001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER mh_frozen BEFORE INSERT OR UPDATE OR DELETE ON emergency_alert
  FOR EACH ROW EXECUTE FUNCTION public.emergency_alert_frozen()"""
WORDS = """CREATE FUNCTION public.emergency_alert_words() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.alert_id ELSE NEW.alert_id END;
BEGIN
  IF NOT EXISTS (SELECT FROM public.emergency_alert a WHERE a.id = held AND a.state = 'draft')
     OR (TG_OP = 'UPDATE' AND NEW.alert_id <> OLD.alert_id) THEN
    RAISE EXCEPTION 'maehia: the words of an alert change only while it is a draft' USING ERRCODE = 'MH001';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER mh_words BEFORE INSERT OR UPDATE OR DELETE ON emergency_alertinfo
  FOR EACH ROW EXECUTE FUNCTION public.emergency_alert_words()"""
REVIEWED = """CREATE FUNCTION public.emergency_alertreview_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.answered_at IS NOT NULL
     OR (NEW.reason, NEW.opened_by, NEW.opened_at) IS DISTINCT FROM (OLD.reason, OLD.opened_by, OLD.opened_at) THEN
    RAISE EXCEPTION 'maehia: a review is answered once' USING ERRCODE = 'MH001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER mh_once BEFORE UPDATE OR DELETE ON emergency_alertreview
  FOR EACH ROW EXECUTE FUNCTION public.emergency_alertreview_once()"""


def drop(trigger, table, function):
    return f"DROP TRIGGER {trigger} ON {table}; DROP FUNCTION public.{function}()"


class Migration(migrations.Migration):
    dependencies = [("emergency", "0011_alerts"), ("kit", "0002_rights")]
    operations = [
        mode_key("emergency_alert"),
        mode_key("emergency_alertreview"),
        mode_foreign_key("emergency_alert", "incident_id", "emergency_incident"),
        mode_foreign_key("emergency_alert", "parent_id", "emergency_alert"),
        mode_foreign_key("emergency_alert", "solo_review_id", "emergency_alertreview"),
        mode_foreign_key("emergency_alertinfo", "alert_id", "emergency_alert"),
        *[protect(f"emergency_{name}", "incident", mode="mode") for name in ("alert", "alertinfo", "alertreview")],
        protect("emergency_foreignalert", "incident"),
        append_only("emergency_foreignalert"),
        append_only("emergency_alertsetting"),
        run_sql(FROZEN, drop("mh_frozen", "emergency_alert", "emergency_alert_frozen")),
        run_sql(WORDS, drop("mh_words", "emergency_alertinfo", "emergency_alert_words")),
        run_sql(REVIEWED, drop("mh_once", "emergency_alertreview", "emergency_alertreview_once")),
    ]
