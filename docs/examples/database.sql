-- Run once by psql as a superuser. The password is read from a file, so that it stands in no history and no list of processes.
\set password `cat "${COUNTERSIGN_PASSWORD_FILE:-/run/secrets/database_password}"`
\set ON_ERROR_STOP on

create role countersign login nosuperuser nocreatedb nocreaterole noreplication password :'password';
-- The programme makes and changes its own tables, so the role owns this database, and nothing else.
create database countersign owner countersign encoding 'UTF8' template template0;
revoke all on database countersign from public;
