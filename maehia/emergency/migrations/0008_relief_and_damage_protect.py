"""Row-level security of relief and damage, and what the database itself holds about goods and money.

Postings of a move sum to zero per item, lot and unit (checked at the end of the transaction); no shelf goes below
zero, whoever writes (checked under the lock of the shelf's guard row); moves, postings and payments are only added.
"""

from django.db import migrations

from maehia.kit.modes import mode_foreign_key, mode_key
from maehia.kit.policies import append_only, protect, run_sql

TO = {
    "incident_id": "incident", "item_id": "item", "lot_id": "lot", "place_id": "stockplace", "source_id": "stockplace",
    "target_id": "stockplace", "move_id": "move", "reverses_id": "move", "line_id": "requestline",
    "request_id": "requestline", "dispatch_id": "dispatch", "entitlement_id": "entitlement", "survey_id": "survey",
    "committee_id": "committee", "claim_id": "claim", "payment_id": "payment",
}  # fmt: skip
KEYED = (
    "item", "lot", "stockplace", "move", "requestline", "dispatch", "entitlement", "survey", "damageline", "committee",
    "claim", "payment",
)  # fmt: skip
COLUMNS = {
    "lot": ["item_id"], "stockplace": ["incident_id"], "stockguard": ["place_id", "item_id"],
    "move": ["incident_id", "reverses_id"], "posting": ["move_id", "place_id", "item_id", "lot_id"],
    "requestline": ["incident_id", "place_id", "item_id"], "reservation": ["line_id", "place_id", "item_id"],
    "dispatch": ["incident_id", "source_id", "target_id"],
    "dispatchline": ["dispatch_id", "item_id", "lot_id", "request_id"], "stockcount": ["place_id", "incident_id"],
    "entitlement": ["incident_id"], "committee": ["incident_id"],
    "distribution": ["incident_id", "entitlement_id", "move_id"], "donation": ["incident_id", "move_id"],
    "survey": ["incident_id"], "damageline": ["survey_id"], "surveyphoto": ["survey_id"],
    "surveyconflict": ["survey_id"], "claim": ["incident_id", "survey_id", "committee_id"],
    "claimitem": ["claim_id", "survey_id"], "payment": ["incident_id", "claim_id", "survey_id"],
    "paidentitlement": ["payment_id", "survey_id", "incident_id"], "paidline": ["survey_id", "payment_id"],
}  # fmt: skip
GOODS = (
    "item", "lot", "stockplace", "stockguard", "move", "posting", "requestline", "reservation", "dispatch",
    "dispatchline", "stockcount", "entitlement", "committee",
)  # fmt: skip
PERSONAL = {
    "distribution": ["id", "household_key"], "donation": ["id"], "survey": ["id", "household_key", "person_key"],
    "damageline": ["survey_id"], "surveyphoto": ["survey_id"], "surveyconflict": ["survey_id"],
    "claim": ["survey_id", "household_key"], "claimitem": ["survey_id"], "payment": ["survey_id"],
    "paidentitlement": ["survey_id", "household_key"], "paidline": ["survey_id"],
}  # fmt: skip
ZERO = """
CREATE FUNCTION public.emergency_posting_zero() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE total numeric;
BEGIN
  SELECT sum(p.qty) INTO total FROM public.emergency_posting p
  WHERE p.move_id = NEW.move_id AND p.item_id = NEW.item_id AND p.lot_id = NEW.lot_id AND p.unit = NEW.unit;
  IF total IS DISTINCT FROM 0 THEN
    RAISE EXCEPTION 'maehia: postings of move % do not sum to zero', NEW.move_id USING ERRCODE = 'MH010';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER emergency_posting_zero AFTER INSERT ON public.emergency_posting
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.emergency_posting_zero()
"""
SHELF = """
CREATE FUNCTION public.emergency_posting_shelf() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE total numeric; place_kind text;
BEGIN
  SELECT s.kind INTO place_kind FROM public.emergency_stockplace s WHERE s.id = NEW.place_id;
  IF place_kind NOT IN ('warehouse', 'in_transit', 'shelter') THEN
    RETURN NULL;
  END IF;
  PERFORM FROM public.emergency_stockguard g WHERE g.place_id = NEW.place_id AND g.item_id = NEW.item_id FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO public.emergency_stockguard (place_id, item_id, mode) VALUES (NEW.place_id, NEW.item_id, NEW.mode)
    ON CONFLICT DO NOTHING;
    PERFORM FROM public.emergency_stockguard g WHERE g.place_id = NEW.place_id AND g.item_id = NEW.item_id FOR UPDATE;
  END IF;
  SELECT sum(p.qty) INTO total FROM public.emergency_posting p
  WHERE p.place_id = NEW.place_id AND p.item_id = NEW.item_id AND p.lot_id = NEW.lot_id;
  IF total IS NULL OR total < 0 THEN
    RAISE EXCEPTION 'maehia: shelf % would hold less than nothing', NEW.place_id USING ERRCODE = 'MH011';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER emergency_posting_shelf AFTER INSERT ON public.emergency_posting
  FOR EACH ROW WHEN (NEW.qty < 0) EXECUTE FUNCTION public.emergency_posting_shelf()
"""
LOT = (
    "ALTER TABLE emergency_lot ADD CONSTRAINT emergency_lot_of_item UNIQUE (id, item_id);"
    "ALTER TABLE emergency_posting ADD CONSTRAINT emergency_posting_lot_of_item"
    " FOREIGN KEY (lot_id, item_id) REFERENCES emergency_lot (id, item_id)"
)


def keys() -> list[migrations.RunSQL]:
    return [
        mode_foreign_key(f"emergency_{table}", column, f"emergency_{TO[column]}")
        for table, columns in COLUMNS.items()
        for column in columns
    ]


class Migration(migrations.Migration):
    dependencies = [("emergency", "0007_relief_and_damage"), ("kit", "0002_rights")]
    operations = [
        *[mode_key(f"emergency_{name}") for name in KEYED],
        *keys(),
        mode_foreign_key("emergency_paidline", "line_id", "emergency_damageline"),
        *[protect(f"emergency_{name}", "incident", mode="mode") for name in GOODS],
        protect("emergency_reliefrate", "incident"),
        *[protect(f"emergency_{name}", "relief", mode="mode", key=key) for name, key in PERSONAL.items()],
        *[append_only(f"emergency_{name}") for name in ("move", "posting", "payment", "paidentitlement", "paidline")],
        run_sql(LOT, "ALTER TABLE emergency_posting DROP CONSTRAINT emergency_posting_lot_of_item;"
                     "ALTER TABLE emergency_lot DROP CONSTRAINT emergency_lot_of_item"),
        run_sql(ZERO, "DROP TRIGGER emergency_posting_zero ON emergency_posting;"
                      "DROP FUNCTION public.emergency_posting_zero()"),
        run_sql(SHELF, "DROP TRIGGER emergency_posting_shelf ON emergency_posting;"
                       "DROP FUNCTION public.emergency_posting_shelf()"),
    ]  # fmt: skip
