-- What only a database superuser can do, once per PostgreSQL server; repeating it is safe.
--   psql -d postgres -v ON_ERROR_STOP=1 -f scripts/provision.sql [-v database=kreiszwilling]
-- It makes the two logins, the template database kz_template and the product's database. Passwords: \password kz_owner, \password kz_app.
-- Run it again after every update of PostgreSQL or PostGIS: an update drops the LEAKPROOF marks.
\set ON_ERROR_STOP 1
\if :{?database} \else
  \set database kreiszwilling
\endif
SET client_min_messages = warning;

-- kz_owner migrates and owns the tables; kz_app serves, owns nothing and can't lift row-level security.
SELECT format('CREATE ROLE %I LOGIN', name) FROM unnest(ARRAY['kz_owner', 'kz_app']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE kz_app NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE kz_owner NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS;

SELECT 'CREATE DATABASE kz_template OWNER kz_owner TEMPLATE template0 ENCODING ''UTF8'''
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'kz_template') \gexec
\connect kz_template
\ir provision_database.sql
ALTER DATABASE kz_template IS_TEMPLATE true;
\connect postgres

SELECT format('CREATE DATABASE %I OWNER kz_owner TEMPLATE kz_template', :'database')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE :"database" TO kz_owner, kz_app; -- temporary tables: COPY FROM is refused under row-level security
\connect :"database"
\ir provision_database.sql
