-- By these the policies decide. They run with the caller's rights and name their schema, so no search_path
-- can lead them astray. No context: every one of them says no.

CREATE OR REPLACE FUNCTION public.maehia_actor() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT nullif(current_setting('maehia.actor', true), '')
$$;

CREATE OR REPLACE FUNCTION public.maehia_purpose() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT nullif(current_setting('maehia.purpose', true), '')
$$;

CREATE OR REPLACE FUNCTION public.maehia_mode() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT nullif(current_setting('maehia.mode', true), '')
$$;

CREATE OR REPLACE FUNCTION public.maehia_scope() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT nullif(current_setting('maehia.scope', true), '')
$$;

CREATE OR REPLACE FUNCTION public.maehia_reads(class text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT public.maehia_actor() IS NOT NULL AND EXISTS (
    SELECT FROM public.kit_purpose p WHERE p.key = public.maehia_purpose() AND class = ANY (p.reads))
$$;

-- A grant (break-glass) never writes personal data, whatever its purpose says.
CREATE OR REPLACE FUNCTION public.maehia_writes(class text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT public.maehia_actor() IS NOT NULL
    AND NOT (class IN ('personal', 's26') AND coalesce(public.maehia_scope(), '') LIKE 'grant:%')
    AND EXISTS (
      SELECT FROM public.kit_purpose p WHERE p.key = public.maehia_purpose() AND class = ANY (p.writes))
$$;

-- Purposes that may touch rows which otherwise nobody changes: key rotation, redaction.
CREATE OR REPLACE FUNCTION public.maehia_alters() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT public.maehia_actor() IS NOT NULL AND EXISTS (
    SELECT FROM public.kit_purpose p WHERE p.key = public.maehia_purpose() AND p.alters)
$$;

-- True when no scope narrows the rows and the purpose asks for none.
CREATE OR REPLACE FUNCTION public.maehia_scope_all() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT public.maehia_scope() IS NULL AND EXISTS (
    SELECT FROM public.kit_purpose p WHERE p.key = public.maehia_purpose() AND p.needs_scope = '')
$$;

-- True when the scope at hand is of a kind that the purpose accepts.
CREATE OR REPLACE FUNCTION public.maehia_scope_fits() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM public.kit_purpose p WHERE p.key = public.maehia_purpose()
      AND p.needs_scope IN ('', split_part(public.maehia_scope(), ':', 1)))
$$;

CREATE OR REPLACE FUNCTION public.maehia_grant() RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT s.id FROM public.kit_scope s
  WHERE public.maehia_scope() LIKE 'grant:%' AND s.id::text = substr(public.maehia_scope(), 7)
    AND s.actor = public.maehia_actor() AND s.purpose = public.maehia_purpose()
    AND s.ended_at IS NULL AND s.starts_at <= statement_timestamp() AND s.expires_at > statement_timestamp()
$$;

CREATE OR REPLACE FUNCTION public.maehia_scope_moos() RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN public.maehia_scope() LIKE 'area:%' AND public.maehia_scope_fits()
    THEN string_to_array(substr(public.maehia_scope(), 6), ',') ELSE '{}'::text[] END
$$;

CREATE OR REPLACE FUNCTION public.maehia_scope_keys() RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
  SELECT substr(public.maehia_scope(), 9)::uuid
  WHERE public.maehia_scope() LIKE 'subject:%' AND public.maehia_scope_fits()
  UNION ALL
  SELECT k.key FROM public.kit_scope_key k WHERE k.scope_id = public.maehia_grant()
$$;

-- For hand-written policies and functions; the policies of `protect` spell it out, to be planned once.
CREATE OR REPLACE FUNCTION public.maehia_row_in_scope(moo text, key uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT public.maehia_scope_all() OR moo = ANY (public.maehia_scope_moos())
    OR key IN (SELECT public.maehia_scope_keys())
$$;

-- Trigger of append-only tables.
CREATE OR REPLACE FUNCTION public.maehia_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'TRUNCATE' AND public.maehia_alters() THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  RAISE EXCEPTION 'maehia: rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'MH001';
END $$;

-- A grant begins now and ends in time; who asks for it is who uses it.
CREATE OR REPLACE FUNCTION public.maehia_grant_limits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE longest interval;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.id, NEW.actor, NEW.purpose, NEW.starts_at, NEW.expires_at)
       IS DISTINCT FROM (OLD.id, OLD.actor, OLD.purpose, OLD.starts_at, OLD.expires_at)
       OR OLD.ended_at IS NOT NULL THEN
      RAISE EXCEPTION 'maehia: a grant can only be ended' USING ERRCODE = 'MH002';
    END IF;
    RETURN NEW;
  END IF;
  SELECT p.max_grant INTO longest FROM public.kit_purpose p WHERE p.key = NEW.purpose;
  IF longest IS NULL OR NEW.starts_at < statement_timestamp() - interval '5 minutes'
     OR NEW.expires_at > statement_timestamp() + longest OR NEW.expires_at > NEW.starts_at + longest THEN
    RAISE EXCEPTION 'maehia: a grant of % lasts at most %', NEW.purpose, longest USING ERRCODE = 'MH002';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION public.maehia_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'maehia: % is written once', TG_TABLE_NAME USING ERRCODE = 'MH003';
END $$;
