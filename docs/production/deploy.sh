#!/bin/sh
# Restart the nodes with the code that is in /srv/flack/app now, one at a time: sudo deploy.sh
# nginx sends nothing to a node that is taken out, so no request meets one that stops or starts.
set -eu

nodes=${FLACK_NODES:-8001 8002}
upstream=/etc/flack/nginx/upstream.conf
reload=${FLACK_RELOAD:-systemctl reload nginx}
restart=${FLACK_RESTART:-systemctl restart flack@}
# half a second each, and what a request takes
limit=${FLACK_TRIES:-60}

switch() { # NODE WORDS: write what stands behind the node's address
    sed "s/\(server 127.0.0.1:$1 max_fails=0\).*;/\1$2;/" "$upstream" >"$upstream.new"
    mv "$upstream.new" "$upstream"
    $reload
    # the old processes of nginx end what they have begun
    sleep 2
}

for node in $nodes; do
    switch "$node" " down"
    # unquoted: two words and the node, joined to the last one
    # shellcheck disable=SC2086
    $restart$node
    tries=0
    # this request needs the database and its tables, as / does not
    until curl --silent --fail --max-time 5 --output /dev/null \
        "http://127.0.0.1:$node/api/messages?user_id=0"; do
        tries=$((tries + 1))
        if [ "$tries" -gt "$limit" ]; then
            echo "The node $node does not answer. It is out of nginx; the others serve." >&2
            exit 1
        fi
        sleep 0.5
    done
    switch "$node" ""
    echo "The node $node runs the new code."
done
