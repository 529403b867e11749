#!/bin/sh
# A word in front of "www." becomes a part of the host.
#
# Chinese and Japanese are written without spaces between words.
# A bare "www." link often follows a letter there.
# linkify-it-py takes the words before it into the name of the host.
# The link is there, but it leads to a host that does not exist.
# With a scheme, or with a space before it, the link is right.
#
# Seen on 2026-11-28 with linkify-it-py 2.2.0, markdown-it-py 4.3.0
# (preset gfm-like) and mdurl 0.1.2 on Python 3.11, 3.12 and 3.13.
# The two words are U+8BF7 U+770B, "please look at":
#
#   words, www.example.com -> http://xn--www-id3ht60g.example.com
#   words, space, www.example.com -> http://www.example.com
#   words, http://www.example.com -> http://www.example.com
#
# Expected: the first leads to www.example.com, or there is no link.
# GitHub Flavored Markdown 0.29, section 6.9, has no link there: a bare
# "www." link begins a line, or follows a space, "*", "_", "~" or "(".
# The preset is called gfm-like.
#
# Known: linkify-it's issue 15 (open) is about Chinese signs next to
# links. linkify-it 6.1.0 in JavaScript finds the same host, but only
# with fuzzyLink, which is off in markdown-it 15.0.3 and on here.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

cat >"$work/try.py" <<'END'
import re

from markdown_it import MarkdownIt

markdown = MarkdownIt("gfm-like")
WORDS = "\u8bf7\u770b"
for label, source in [
    ("words, www.example.com", f"{WORDS}www.example.com !"),
    ("words, space, www.example.com", f"{WORDS} www.example.com !"),
    ("words, http://www.example.com", f"{WORDS}http://www.example.com !"),
]:
    links = re.findall('href="(.*?)"', markdown.renderInline(source))
    print(label, "->", *links)
END

cat >"$work/expected" <<'END'
words, www.example.com -> http://xn--www-id3ht60g.example.com
words, space, www.example.com -> http://www.example.com
words, http://www.example.com -> http://www.example.com
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
