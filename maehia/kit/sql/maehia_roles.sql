-- Rights that Maehia needs on a server that you run yourself (DATABASE_URL). The private cluster makes them
-- by itself. Run once as a superuser; choose your own passwords:
--   psql -v owner_password=... -v app_password=... -v worker_password=... -f maehia_roles.sql

CREATE ROLE maehia_owner LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS CREATEDB PASSWORD :'owner_password';
CREATE ROLE maehia_app LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS PASSWORD :'app_password';
CREATE ROLE maehia_worker LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS PASSWORD :'worker_password';
CREATE ROLE maehia_search NOLOGIN NOBYPASSRLS;
GRANT maehia_search TO maehia_owner;

-- lc_ctype must know Thai: under C, pg_trgm finds nothing and says nothing.
CREATE DATABASE maehia OWNER maehia_owner TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8';
\connect maehia
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO maehia_owner;
-- Backups run with pg_dump as a role that row-level security does not filter: a superuser, or BYPASSRLS.
