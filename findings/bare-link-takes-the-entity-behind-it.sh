#!/bin/sh
# A bare link takes a part of the entity that stands behind it.
#
# Somebody writes a link between angle brackets or in quotes, and a chat
# escapes HTML before it renders Markdown. The brackets are entities then.
# markdown-it-py takes "&gt" or "&quot" into a link with a scheme.
# The ";" stays behind it, and the link leads to a wrong address.
# The same link without a scheme, "www.", ends in the right place.
#
# Seen on 2026-11-28 with markdown-it-py 4.3.0 (preset gfm-like),
# linkify-it-py 2.2.0 and mdurl 0.1.2 on Python 3.11, 3.12 and 3.13
# (and the same with markdown-it 15.0.3 in JavaScript):
#
#   see &lt;http://example.com/a&gt; now
#     links to http://example.com/a&gt
#     reads as see <http://example.com/a&gt; now
#   see &quot;http://example.com/a&quot; now
#     links to http://example.com/a&quot
#     reads as see "http://example.com/a&quot; now
#   so www.example.com/a&gt; now
#     links to http://www.example.com/a
#     reads as so www.example.com/a> now
#
# Expected: each link ends with "/a", and each text has its brackets or
# quotes.
# CommonMark 0.31.2, section 2.5, takes entities everywhere but in code.
# GitHub Flavored Markdown 0.29, section 6.9, says that an entity at the
# end of a bare link is no part of it. The preset is called gfm-like.
#
# Why: a link with a scheme is looked for in the source of the message,
# and a link without one in its text, in which entities are characters.
# markdown-it's issue 1058 (open) has the same cause, for backslashes.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

cat >"$work/try.py" <<'END'
from html.parser import HTMLParser

from markdown_it import MarkdownIt


class Reader(HTMLParser):
    text = ""

    def handle_starttag(self, tag, attributes):
        print("  links to", dict(attributes)["href"])

    def handle_data(self, data):
        self.text += data


markdown = MarkdownIt("gfm-like")
for source in [
    "see &lt;http://example.com/a&gt; now",
    "see &quot;http://example.com/a&quot; now",
    "so www.example.com/a&gt; now",
]:
    print(source)
    reader = Reader()
    reader.feed(markdown.renderInline(source))
    reader.close()
    print("  reads as", reader.text)
END

cat >"$work/expected" <<'END'
see &lt;http://example.com/a&gt; now
  links to http://example.com/a&gt
  reads as see <http://example.com/a&gt; now
see &quot;http://example.com/a&quot; now
  links to http://example.com/a&quot
  reads as see "http://example.com/a&quot; now
so www.example.com/a&gt; now
  links to http://www.example.com/a
  reads as so www.example.com/a> now
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
