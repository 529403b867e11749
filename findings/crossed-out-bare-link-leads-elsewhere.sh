#!/bin/sh
# A tilde behind a bare link breaks the link.
#
# "~~text~~" crosses a text out. With a bare link in it, it does not.
# markdown-it-py takes the two tildes at the end into the address.
# Nothing is crossed out, and the link leads to a wrong address.
# "**" around the same link makes it bold, as it should.
# Without a scheme a tilde has the opposite effect:
# "www.example.com~" is no link at all.
#
# Seen on 2026-11-28 with markdown-it-py 4.3.0 (preset gfm-like),
# linkify-it-py 2.2.0 and mdurl 0.1.2 on Python 3.11, 3.12 and 3.13
# (and the second and the fourth with markdown-it 15.0.3 and linkify-it
# 6.1.0 in JavaScript):
#
#   **http://example.com/a**
#     <strong><a href="http://example.com/a">http://example.com/a</a></strong>
#   ~~http://example.com/a~~
#     ~~<a href="http://example.com/a~~">http://example.com/a~~</a>
#   ~~www.example.com~~
#     <s><a href="http://www.example.com">www.example.com</a></s>
#   www.example.com~
#     www.example.com~
#
# Expected: the second is like the first, with <s> for <strong>, and the
# fourth has a link to www.example.com with a tilde behind it.
# GitHub Flavored Markdown 0.29, section 6.9, says that "~" at the end
# of a bare link is no part of the link. The preset is called gfm-like.
#
# Known: markdown-it's issue 925 (closed) is about the second, and
# markdown-it-py's issue 317 about the same with an underscore.
# They advise to write <http://example.com/a>, and that does help.
#
# Why: linkify-it takes a tilde for a letter of a name or of a path,
# because Unicode has it as a symbol and not as punctuation. "com~" is
# in no list of top-level domains, so the fourth is not found.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

cat >"$work/try.py" <<'END'
from markdown_it import MarkdownIt

markdown = MarkdownIt("gfm-like")
for source in [
    "**http://example.com/a**",
    "~~http://example.com/a~~",
    "~~www.example.com~~",
    "www.example.com~",
]:
    print(source)
    print(" ", markdown.renderInline(source))
END

cat >"$work/expected" <<'END'
**http://example.com/a**
  <strong><a href="http://example.com/a">http://example.com/a</a></strong>
~~http://example.com/a~~
  ~~<a href="http://example.com/a~~">http://example.com/a~~</a>
~~www.example.com~~
  <s><a href="http://www.example.com">www.example.com</a></s>
www.example.com~
  www.example.com~
END

python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    markdown-it-py==4.3.0 linkify-it-py==2.2.0 mdurl==0.1.2
"$work/venv/bin/python" "$work/try.py" >"$work/seen"

cat "$work/seen"
if ! cmp -s "$work/expected" "$work/seen"; then
    echo "This is not what the head of the script says." >&2
    exit 1
fi
