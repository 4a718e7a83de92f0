-- The part of provision.sql that every database needs (included by it).
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;

ALTER SCHEMA public OWNER TO kz_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO kz_app;
ALTER DEFAULT PRIVILEGES FOR ROLE kz_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO kz_app;
ALTER DEFAULT PRIVILEGES FOR ROLE kz_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO kz_app;

-- Under row-level security PostgreSQL uses an index only for functions marked LEAKPROOF. These compare values and raise no error
-- that would show a foreign row's content; without the marks spatial, text, JSON and range search are 20 to 270 times slower.
SELECT format('ALTER FUNCTION %s LEAKPROOF', oid::regprocedure) FROM pg_proc
 WHERE NOT proleakproof AND prokind = 'f'
   AND proname IN ('geometry_overlaps', 'ts_match_vq', 'texticlike', 'jsonb_contains', 'range_overlaps') \gexec
