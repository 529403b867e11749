#!/bin/sh
# Save the database to a file, and keep those of 14 days: sudo -u postgres backup.sh
# Nothing stops meanwhile: pg_dump sees the database as it is when it begins.
set -eu

folder=${FLACK_BACKUPS:-/var/backups/flack}
database=${1:-flack}
file="$folder/$database-$(date +%Y-%m-%d-%H%M%S).dump"

umask 077
# an unfinished file never has the name of a finished one
pg_dump --format=custom --file="$file.unfinished" "$database"
# a file that cannot be read is no backup
pg_restore --list "$file.unfinished" >/dev/null
mv "$file.unfinished" "$file"

find "$folder" -name "$database-*.dump" -mtime +14 -delete
echo "$file"
