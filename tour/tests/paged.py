"""A small Flack Tour with pages for the tests, and a page in which everything is true."""

from pathlib import Path

from tour.pages.checker import CheckedPages
from tour.pages.checker import PageChecker
from tour.pages.sessions import Runner
from tour.pages.sources import Sources
from tour.stages.line import find_stages
from tour.tests.synthetic import Clone
from tour.tests.synthetic import grow_line
from tour.tests.synthetic import make_flack_tour
from tour.tests.synthetic import publish

MODELS = '''\
"""The models."""


def first():
    return 1


def second():
    return 2


def third():
    return 3
'''

ROUTES = '"""The routes."""\n\nROUTES = ["/", "/stats", "/api/users"]\n'

FILES = {
    "v0.2": {"models.py": MODELS, "web/js/app.js": "start()\n", "web/index.html": "<p>\n"},
    "v0.3": {
        "models.py": MODELS.replace("return 2", "return 22"),
        "web/js/app.js": "start()\n",
        "web/routes.py": ROUTES,
    },
}

PAGE = """\
# A page

Read [what changes](#what-changes) first, then [the other page](other.md#other-things), the
[manifest](../tour/stages.toml) and [Flask's own](https://flask.palletsprojects.com/).

There are <!--=lines v0.2 models.py-->13 lines in the models, and <!--=tests v0.2-->2 tests in
a stage of <!--=files v0.2-->9 files.

<!-- tour: counts v0.2 -->

| moved | edited | new | gone | lines of the application | files | tests |
|---:|---:|---:|---:|---:|---:|---:|
| 0 | 3 | 15 | 0 | 35 | 9 | 2 |

<!-- /tour -->

<!-- tour: full v0.2 -->

The whole step: `git diff v0.1 v0.2`

<!-- /tour -->

## What changes

**`models.py`** from v0.2 to v0.3

```diff v0.2 v0.3 models.py
@@ -6,7 +6,7 @@ def first():
...
 def second():
-    return 2
+    return 22
```

1. A list has a fence, too:

   **`models.py`** at v0.2

   ```python v0.2 models.py
   def first():
       return 1
   ...
   def third():
       return 3
   ```

**`web/`** at v0.2

```text v0.2 tree web
web/
├── js/
│   └── app.js
└── index.html
```

**Terminal** at v0.2

```console v0.2
$ python -c "import models; print(models.first(), models.second()); \\
> print(models.third())"
1 2
3
$ python -c "import sys; sys.exit('stop')"
stop
$ echo $?
1
$ python -c "print(1); print(2); print(3)"
...
3
```

**Terminal** at v0.2

```console v0.2
$ python flack.py &
$ python -c "import urllib.request as r; print(r.urlopen('http://127.0.0.1:5000/').read())"
b'v0.2'
$ python -c "print('at', 1464426000 + 300000000, 'on 5000')"
at 1764426000 on 5000
```

**A change to try** at v0.2: `seven`

```diff v0.2 try seven
--- a/models.py
+++ b/models.py
@@ -9,5 +9,6 @@ def second():
-    return 2
+    # more
+    return 7


 def third():
     return 3
```

**Terminal** at v0.2 with `seven`

```console v0.2 try seven
$ python -c "import models; print(models.second())"
7
```

## Other things

The end.
"""

OTHER = "# Other\n\n## Other things\n\nNothing.\n"


def make_paged_tour(folder: Path) -> Clone:
    """Make a repository with three stages, and main with the two pages."""
    clone = make_flack_tour(folder)
    publish(clone, grow_line(clone, files=FILES), edition=2)
    clone.write({"docs/page.md": PAGE, "docs/other.md": OTHER})
    clone.commit("Write the pages")
    return clone


def check_pages(
    folder: Path,
    *paths: str,
    update: bool = False,
    with_pictures: bool = False,
    fresh: bool = False,
) -> CheckedPages:
    """Check the pages at the paths, by default the true one."""
    sources = Sources(folder, find_stages(folder))
    checker = PageChecker(sources, Runner(sources, lambda line: None, fresh))
    files = [folder / path for path in paths or ["docs/page.md"]]
    return checker.check(files, update, with_pictures)
