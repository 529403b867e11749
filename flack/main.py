"""What is not the API: the web client, errors and headers."""
from flask import Blueprint
from flask import current_app
from flask import render_template
from flask import request
from werkzeug.exceptions import HTTPException

main = Blueprint("main", __name__)


@main.app_errorhandler(HTTPException)
def handle_http_error(error):
    """Answer an error under /api with JSON, elsewhere with a page."""
    response = error.get_response()
    if f"{request.path}/".startswith("/api/"):
        response.data = current_app.json.dumps({"error": error.description})
        response.content_type = "application/json"
    return response


@main.after_app_request
def add_security_headers(response):
    """Let browsers load and run only what this server serves."""
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src"
        " 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@main.get("/")
def index():
    """Return the web client, which says so when the debugger is on."""
    return render_template("index.html", debug=current_app.debug)
