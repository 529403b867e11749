-- PostgreSQL's role and database for Flack. Run it once, as PostgreSQL's superuser:
--   sudo -u postgres FLACK_PASSWORD=... psql --file role.sql
-- Other names than `flack`: psql --set role=NAME --set database=NAME --set connections=N

\set ON_ERROR_STOP on
\if :{?role} \else \set role flack \endif
\if :{?database} \else \set database flack \endif
\if :{?connections} \else \set connections 40 \endif
\set password `printenv FLACK_PASSWORD`

-- a statement that fails is logged, and the next one holds a password
SET log_min_error_statement = panic;
SET log_statement = none;

-- HOW MANY CONNECTIONS. A process holds at most one for each of its threads, and at most 15 (the
-- pool of SQLAlchemy has 5, and 10 more when they are all in use). So:
--   processes x min(threads, 15) = 2 nodes x 2 workers x 8 threads = 32
-- and a few for createdb, a migration and you. All roles together stay below max_connections (100).
CREATE ROLE :"role" LOGIN PASSWORD :'password' CONNECTION LIMIT :connections;
CREATE DATABASE :"database" OWNER :"role" ENCODING 'UTF8' TEMPLATE template0;
REVOKE CONNECT ON DATABASE :"database" FROM PUBLIC;

-- no request waits longer than this, whatever happens; nginx gives up after 20 s
ALTER ROLE :"role" SET statement_timeout = '10s';
ALTER ROLE :"role" SET idle_in_transaction_session_timeout = '30s';

-- the DETAIL of an error may hold a row, and a row of users holds a token
ALTER ROLE :"role" SET log_error_verbosity = terse;
