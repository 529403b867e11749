#!/bin/sh
# A prompt never takes a choice that has a capital letter.
#
# Flask-Script-NG asks questions in a command: prompt_choices and
# prompt_bool.
# With the choices "red" and "blue", "red" is taken, and so is "RED".
# With "Red" and "Blue", nothing is: not "Red", not "red".
# Not even the default is taken, if one presses Enter.
# prompt_bool has the same with a "yes" of its own, like "Oui".
# The prompt comes again without a word, until one stops the command.
#
# Seen on 2026-11-28 with Flask-Script-NG 2.1 and Flask 3.1.3 on
# Python 3.11, 3.12 and 3.13:
#
#   red or blue, typed red: red
#   red or blue, typed RED: red
#   Red or Blue, typed Red: asks again
#   Red or Blue, typed red: asks again
#   Red or Blue, default Red, Enter: asks again
#   Oui or Non, typed Oui: asks again
#   Oui or Non, default yes, Enter: asks again
#
# Expected: "Red" and True in the last five lines.
# The documentation of Flask-Script, on which Flask-Script-NG is based,
# allows strings as choices, and says that the default counts when
# nothing is typed. It has no word about capital letters.
#
# Known: Flask-Script's issue 163 (open) is about prompt_choices.
#
# Why: the answer is put in lower case, and the choices are not.
# Enter counts as the default typed out, so it is put in lower case too.
#
# What helps: pairs with a key in lower case, like ("red", "Red").
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

cat >"$work/try.py" <<'END'
import contextlib
import io
import sys

from flask_script_ng import prompt_bool
from flask_script_ng import prompt_choices


def ask(label, typed, question, *args, **kwargs):
    sys.stdin = io.StringIO(typed + "\n")
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            answer = question("Which?", *args, **kwargs)
    except EOFError:
        # it wanted a second line
        answer = "asks again"
    print(f"{label}, {'typed ' + typed if typed else 'Enter'}: {answer}")


ask("red or blue", "red", prompt_choices, ["red", "blue"])
ask("red or blue", "RED", prompt_choices, ["red", "blue"])
ask("Red or Blue", "Red", prompt_choices, ["Red", "Blue"])
ask("Red or Blue", "red", prompt_choices, ["Red", "Blue"])
ask("Red or Blue, default Red", "", prompt_choices, ["Red", "Blue"],
    default="Red")
words = {"yes_choices": ["Oui"], "no_choices": ["Non"]}
ask("Oui or Non", "Oui", prompt_bool, **words)
ask("Oui or Non, default yes", "", prompt_bool, default=True, **words)
END

cat >"$work/expected" <<'END'
red or blue, typed red: red
red or blue, typed RED: red
Red or Blue, typed Red: asks again
Red or Blue, typed red: asks again
Red or Blue, default Red, Enter: asks again
Oui or Non, typed Oui: asks again
Oui or Non, default yes, Enter: asks again
END

python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    Flask-Script-NG==2.1 Flask==3.1.3 Werkzeug==3.1.9 blinker==1.9.0 \
    click==8.5.1 itsdangerous==2.2.0 Jinja2==3.1.6 MarkupSafe==3.0.4
"$work/venv/bin/python" "$work/try.py" >"$work/seen"

cat "$work/seen"
if ! cmp -s "$work/expected" "$work/seen"; then
    echo "This is not what the head of the script says." >&2
    exit 1
fi
