#!/bin/sh
# A second node on the same machine, after install.sh: as root.
set -eu

systemctl enable --now flack@8002
# nginx may send requests to it now
sed -i "/127.0.0.1:8002/s/ down;/;/" /etc/flack/nginx/upstream.conf
nginx -t
systemctl reload nginx
