#!/bin/sh
# import-linter calls a contract kept that an import breaks.
#
# The store must not import the web, neither directly nor through others.
# store/rows.py imports tools/report.py, which imports web/pages.py.
# The folder "tools" has no __init__.py. Python imports its modules all
# the same, as a namespace package.
# import-linter leaves such a folder out of its graph, without a word.
# The contract reads KEPT, the exit code is 0, and "--verbose" names no
# module that was left out. With an __init__.py in the folder, the same
# code reads BROKEN.
#
# Seen on 2026-11-28 with import-linter 2.17 and grimp 3.20 on
# Python 3.11, 3.12 and 3.13:
#
#   python: shop.tools.report is imported
#   without __init__.py: KEPT, exit code 0
#   with __init__.py: BROKEN, exit code 1
#
# Expected: BROKEN both times, or a warning about the modules that are
# not in the graph.
#
# Known: issue 298 of grimp asks for an option or for a warning. It is
# open.
#
# What helps: a test that each folder of the package has an __init__.py,
# or ruff's rule INP001.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

mkdir -p "$work/shop/web" "$work/shop/tools" "$work/shop/store"
cd "$work"
touch shop/__init__.py shop/web/__init__.py shop/store/__init__.py
echo "name = 'pages'" >shop/web/pages.py
echo "from shop.web import pages" >shop/tools/report.py
echo "from shop.tools import report" >shop/store/rows.py
cat >.importlinter <<'END'
[importlinter]
root_package = shop

[importlinter:contract:store]
name = The store does not import the web
type = forbidden
source_modules =
    shop.store
forbidden_modules =
    shop.web
END

cat >expected <<'END'
python: shop.tools.report is imported
without __init__.py: KEPT, exit code 0
with __init__.py: BROKEN, exit code 1
END

python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    import-linter==2.17 grimp==3.20

# print the contract's verdict and the exit code
lint() {
    code=0
    PYTHONPATH="$work" venv/bin/lint-imports --no-cache --no-logo >output || code=$?
    verdict=$(sed -n 's/^The store does not import the web \([A-Z]*\)$/\1/p' output)
    echo "$verdict, exit code $code"
}

{
    PYTHONPATH="$work" venv/bin/python -c '
import sys

import shop.store.rows

print("python:", *(name for name in sys.modules if name == "shop.tools.report"), "is imported")'
    echo "without __init__.py: $(lint)"
    touch shop/tools/__init__.py
    echo "with __init__.py: $(lint)"
} >seen

cat seen
if ! cmp -s expected seen; then
    echo "This is not what the head of the script says." >&2
    exit 1
fi
