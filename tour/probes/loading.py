"""See the lines that Python runs of a stage's modules when `flack.py` is run, or is imported.

Lines of functions and classes are no part of it: they run inside of a line of their module.
"""

import importlib
import runpy
import sys
from pathlib import Path
from types import FrameType
from typing import Any
from typing import NamedTuple

# what may happen to a module; a line that raises is an ERROR of that line after the LINE
BEGIN, LINE, ERROR, END, SERVE = "begin", "line", "error", "end", "serve"

MODULE = "<module>"
PROGRAM = "flack.py"


class Event(NamedTuple):
    """What happened, in the module of that name whose file is `path`, at the line of that number.

    A module that begins or ends is at line 0.
    """

    kind: str
    module: str
    path: str
    line: int


def see(way: str) -> list[Event]:
    """Return what happens to the modules in the current folder; the way is `run` or `import`."""
    folder = Path.cwd().resolve()
    events: list[Event] = []

    def note(kind: str, frame: FrameType, line: int) -> None:
        file = Path(frame.f_code.co_filename).resolve()
        name = str(frame.f_globals["__name__"])
        events.append(Event(kind, name, file.relative_to(folder).as_posix(), line))

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        if frame.f_code.co_name != MODULE:
            return None
        file = Path(frame.f_code.co_filename).resolve()
        # what is made from a string has no file
        if file.parent != folder or not file.exists():
            return None
        note(BEGIN, frame, 0)
        return trace_lines

    def trace_lines(frame: FrameType, event: str, argument: object) -> Any:
        kind = {"line": LINE, "exception": ERROR, "return": END}.get(event)
        if kind:
            note(kind, frame, 0 if kind == END else frame.f_lineno)
        return trace_lines

    def serve(app: object, *arguments: object, **options: object) -> None:
        frame = sys._getframe(1)
        note(SERVE, frame, frame.f_lineno)

    # a server would go on for ever
    import flask

    flask.Flask.run = serve
    sys.settrace(trace)
    try:
        if way == "run":
            runpy.run_path(PROGRAM, run_name="__main__")
        else:
            importlib.import_module(Path(PROGRAM).stem)
    finally:
        sys.settrace(None)
    return events
