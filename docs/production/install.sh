#!/bin/sh
# From a Debian 12 with nothing on it to one node of Flack behind nginx. Run it as root, once:
#   FLACK_REPOSITORY=https://host/flack-tour sh install.sh
# Read it first: docs/production.md explains each part.
set -eu

# 1. the programs
apt-get update
apt-get install -y --no-install-recommends ca-certificates git curl \
    python3-venv nginx postgresql logrotate cron

# 2. who runs Flack: a user who can sign in nowhere
adduser --system --group --home /srv/flack flack
chmod 755 /srv/flack

# 3. the code, and what it needs, in an environment of its own
git clone "$FLACK_REPOSITORY" /srv/flack/app
python3 -m venv /srv/flack/venv
/srv/flack/venv/bin/pip install --requirement /srv/flack/app/requirements.txt \
    --requirement /srv/flack/app/docs/production/requirements.txt

# 4. the settings, with secrets of this machine
cd /srv/flack/app/docs/production
password=$(python3 -c "import secrets; print(secrets.token_hex(16))")
key=$(python3 -c "import secrets; print(secrets.token_hex(32))")
install -d /etc/flack/nginx
install -m 644 gunicorn.conf.py /etc/flack/
install -m 644 nginx/upstream.conf nginx/http.conf nginx/tls.conf nginx/flack.conf /etc/flack/nginx/
install -m 640 -g flack flack.env /etc/flack/
sed -i "s/CHANGE-THIS-PASSWORD/$password/; s/CHANGE-THIS-KEY/$key/" /etc/flack/flack.env

# 5. the database: a role, and the tables
su postgres -c "FLACK_PASSWORD=$password psql --quiet --file $PWD/role.sql"
su -s /bin/sh flack -c "set -a; . /etc/flack/flack.env; cd /srv/flack/app
    /srv/flack/venv/bin/python manage.py createdb"

# 6. a node
install -m 644 flack@.service /etc/systemd/system/
systemctl daemon-reload
systemctl enable --now flack@8001

# 7. nginx, with the one node
sed -i "/127.0.0.1:8002/s/max_fails=0;/max_fails=0 down;/" /etc/flack/nginx/upstream.conf
install -m 644 nginx/nginx.conf /etc/nginx/
nginx -t
systemctl restart nginx

# 8. each night: other logs, and a backup
install -m 644 logrotate.conf /etc/logrotate.d/flack
install -d -o postgres -m 700 /var/backups/flack
install -m 755 backup.sh /etc/flack/
echo "17 3 * * * postgres /etc/flack/backup.sh" >/etc/cron.d/flack

curl --silent --show-error --fail "http://127.0.0.1:8080/api/messages?user_id=0"
