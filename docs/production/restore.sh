#!/bin/sh
# Restore a backup to a new database: sudo -u postgres restore.sh FILE NEW_DATABASE [ROLE]
# The old database stays as it is. Put the new one's name into DATABASE_URL, then run deploy.sh.
set -eu

file=$1
database=$2
role=${3:-flack}

createdb --owner="$role" --encoding=UTF8 --template=template0 "$database"
pg_restore --exit-on-error --no-owner --role="$role" --dbname="$database" "$file"
# so that the first queries know how large the tables are
vacuumdb --quiet --analyze-only "$database"
psql --dbname="$database" --tuples-only --no-align \
    --command="SELECT count(*) || ' users' FROM users" \
    --command="SELECT count(*) || ' messages' FROM messages"
