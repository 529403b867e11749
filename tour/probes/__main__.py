"""Run one of these programs in the current folder: `python -P __main__.py FILE NAME ARGUMENTS`.

What its `see` returns for the arguments goes to the file, as JSON.
"""

import json
import runpy
import sys
from pathlib import Path

result, name, *arguments = sys.argv[1:]
# by its path, for a stage's environment lacks the tour
program = runpy.run_path(str(Path(__file__).with_name(f"{name}.py")))
seen = program["see"](*arguments)
Path(result).write_text(json.dumps(seen), encoding="utf-8")
