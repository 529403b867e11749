#!/bin/sh
# The first rendering of a parser, in several threads, loses text.
#
# A server has one MarkdownIt for all its requests, and makes it at the
# start. The first messages come in several threads at once. Some of them
# are rendered as nothing, some without their markup, and some raise
# RuntimeError. After the first rendering all of them are right.
#
# Seen on 2026-11-28 with markdown-it-py 4.3.0 and mdurl 0.1.2 on Python
# 3.11, 3.12 and 3.13, with threads that take turns as often as Python
# lets them, and new parsers until each kind has been seen:
#
#   eight threads, a parser that has rendered nothing yet:
#     ''
#     '<p>*a*</p>\n'
#     '<p><em>a</em></p>\n'
#     RuntimeError: none of the block rules matched
#   eight threads, a parser that has rendered once:
#     '<p><em>a</em></p>\n'
#
# At Python's own pace 4 of 52 new processes met it, with eight threads.
#
# Expected: '<p><em>a</em></p>\n' from each thread. The documentation shows
# a parser that is configured once and then renders, and says nothing of
# threads.
#
# Why: the rules are compiled when they are first asked for, into a cache
# that is put in place before it is filled (Ruler.__compile__). Another
# thread finds it there, empty or in part.
#
# What helps: render something once before the threads start. No issue
# about it was found.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

cat >"$work/try.py" <<'END'
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from markdown_it import MarkdownIt

THREADS = 8
# so many parsers are tried at most, and of those that have rendered, so many
MOST = 100_000
FEW = 300
KINDS = 4

sys.setswitchinterval(1e-6)
pool = ThreadPoolExecutor(THREADS)


def render_at_once(markdown):
    barrier = Barrier(THREADS)

    def render(_):
        barrier.wait()
        try:
            return repr(markdown.render("*a*"))
        except RuntimeError as error:
            return f"RuntimeError: {error}"

    return pool.map(render, range(THREADS))


print("eight threads, a parser that has rendered nothing yet:")
seen = set()
for _ in range(MOST):
    seen.update(render_at_once(MarkdownIt()))
    # it comes seldom, and is empty too
    seen.discard(repr("<p></p>\n"))
    if len(seen) == KINDS:
        break
for answer in sorted(seen):
    print(" ", answer)

print("eight threads, a parser that has rendered once:")
seen = set()
for _ in range(FEW):
    markdown = MarkdownIt()
    markdown.render("*a*")
    seen.update(render_at_once(markdown))
for answer in sorted(seen):
    print(" ", answer)
END

cat >"$work/expected" <<'END'
eight threads, a parser that has rendered nothing yet:
  ''
  '<p>*a*</p>\n'
  '<p><em>a</em></p>\n'
  RuntimeError: none of the block rules matched
eight threads, a parser that has rendered once:
  '<p><em>a</em></p>\n'
END

python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    markdown-it-py==4.3.0 mdurl==0.1.2
"$work/venv/bin/python" "$work/try.py" >"$work/seen"

cat "$work/seen"
if ! cmp -s "$work/expected" "$work/seen"; then
    echo "This is not what the head of the script says." >&2
    exit 1
fi
