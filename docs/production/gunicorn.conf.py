"""gunicorn for one node of Flack. Its port is the name of the node: systemctl start flack@8001."""
import os

wsgi_app = "flack:create_app()"
port = os.environ["FLACK_PORT"]

# nginx is on this machine; a node on another machine listens on that machine's private address
bind = f"{os.environ.get('FLACK_BIND', '127.0.0.1')}:{port}"

# Threads, not the sync workers that gunicorn takes by default: a post that waits for the pages of
# its links holds a thread, and a sync worker would hold all others up.
worker_class = "gthread"
workers = int(os.environ.get("FLACK_WORKERS", "2"))
threads = int(os.environ.get("FLACK_THREADS", "8"))

# A worker that hangs is killed after so many seconds.
timeout = 30

# On TERM a worker ends what it has begun. Flack's longest request waits 3 s for previews.
graceful_timeout = 10

# Longer than nginx keeps an idle connection (60 s), so that nginx is the one to close it.
# Otherwise nginx may send a request into a connection that is closing, and a POST is not repeated.
keepalive = 75

# Bytes of the first line and of a header, as far as nginx passes them on. A longer one would get a
# page in HTML, not Flack's JSON.
limit_request_line = 8190
limit_request_field_size = 16380

# Two gunicorns of one user would share the default socket, and each other's commands.
control_socket_disable = True

# The path without the query, and no header: neither a token nor a password gets here.
logs = os.environ.get("FLACK_LOGS", "/var/log/flack")
accesslog = f"{logs}/access-{port}.log"
errorlog = f"{logs}/error-{port}.log"
access_log_format = '%(t)s "%(m)s %(U)s" %(s)s %(b)s bytes %(M)s ms'

# what Flack prints goes to the error log, too
capture_output = True
