#!/bin/sh
# An empty link is a link, although the rule for links refuses it.
#
# markdown-it-py asks validateLink about the address of each link.
# The rule here takes only addresses that begin with http.
# "[docs](notes)" and "[docs](<>)" stay text, as the rule wants.
# "[docs]()" becomes a link with an empty href.
# "![docs]()" becomes a picture with an empty src.
# The rule is asked about the first two, and not about the last two.
# In a chat, a click on such a link loads the page of the chat again.
#
# Seen on 2026-11-28 with markdown-it-py 4.3.0 and mdurl 0.1.2 on
# Python 3.11, 3.12 and 3.13 (and the same with markdown-it 15.0.3
# in JavaScript):
#
#   [docs](notes) : [docs](notes) : asked about ['notes']
#   [docs](<>) : [docs](&lt;&gt;) : asked about ['']
#   [docs]() : <a href="">docs</a> : asked about []
#   ![docs]() : <img src="" alt="docs" /> : asked about []
#
# Expected: "[docs]()" and "![docs]()" stay text like the others.
# CommonMark has "[link]()" as a link, so without a rule it is right.
# But the documentation of markdown-it says that the rule decides which
# links are taken, and "[docs](<>)" has the same empty address.
#
# Why: the parser finds no address before the ")", so it has nothing to
# ask about. It makes the link all the same.
#
# What helps: a renderer rule for "link_open", or a check of the HTML.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

cat >"$work/try.py" <<'END'
from markdown_it import MarkdownIt

asked = []


def rule(address):
    asked.append(address)
    return address.startswith("http")


markdown = MarkdownIt("commonmark")
markdown.validateLink = rule
for source in "[docs](notes)", "[docs](<>)", "[docs]()", "![docs]()":
    asked.clear()
    print(source, ":", markdown.renderInline(source), ": asked about", asked)
END

cat >"$work/expected" <<'END'
[docs](notes) : [docs](notes) : asked about ['notes']
[docs](<>) : [docs](&lt;&gt;) : asked about ['']
[docs]() : <a href="">docs</a> : asked about []
![docs]() : <img src="" alt="docs" /> : asked about []
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
