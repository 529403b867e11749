#!/bin/sh
# A pin made on Python 3.11.7 cannot be installed on Python 3.11.2.
#
# Beautiful Soup needs soupsieve. soupsieve 4.1.3 has
# Requires-Python >=3.11.5, a patch version and not only "3.11".
# Who pins on 3.11.7 gets soupsieve 4.1.3.
# pip refuses that pin for 3.11.2, the Python of Debian 12.
# uv takes "--python-version 3.11" as 3.11.0, and pins 2.10 for all.
# With "--universal" it writes both, each with a marker.
# Without a pin, pip takes 2.10 for 3.11.2, and does not say why.
#
# Seen on 2026-11-28 with uv 0.13.9, pip 26.3 and beautifulsoup4 4.15.0,
# run by Python 3.11, 3.12 and 3.13:
#
#   uv --python-version 3.11.7
#     soupsieve==4.1.3
#   uv --python-version 3.11
#     soupsieve==2.10
#   uv --python-version 3.11 --universal
#     soupsieve==2.10 ; python_full_version < '3.11.5'
#     soupsieve==4.1.3 ; python_full_version >= '3.11.5'
#   pip --python-version 3.11.7 with soupsieve==4.1.3: taken
#   pip --python-version 3.11.2 with soupsieve==4.1.3: refused
#   pip --python-version 3.11.2 without a pin: soupsieve-2.10
#
# Expected: a list of pins made on Python 3.11 is good for each 3.11.
# The versions 3.11.0 and later take the same wheels and extensions, and
# the classifiers of soupsieve 4.1.3 name "Python :: 3.11".
# The packaging specification does allow a patch version here.
#
# Known: the release notes of soupsieve 3.0.2 give the reason, a fault
# of Python before 3.11.5 in regular expressions.
#
# What helps: to pin with --universal, or with the oldest patch version
# that is to be served.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

echo beautifulsoup4==4.15.0 >"$work/wanted"
# later versions may have another answer
echo "soupsieve<=4.1.3" >"$work/limits"
echo "typing_extensions<=4.16.0" >>"$work/limits"

cat >"$work/expected" <<'END'
uv --python-version 3.11.7
  soupsieve==4.1.3
uv --python-version 3.11
  soupsieve==2.10
uv --python-version 3.11 --universal
  soupsieve==2.10 ; python_full_version < '3.11.5'
  soupsieve==4.1.3 ; python_full_version >= '3.11.5'
pip --python-version 3.11.7 with soupsieve==4.1.3: taken
pip --python-version 3.11.2 with soupsieve==4.1.3: refused
pip --python-version 3.11.2 without a pin: soupsieve-2.10
END

python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    uv==0.13.9 pip==26.3
export UV_PYTHON_DOWNLOADS=never
export PIP_DISABLE_PIP_VERSION_CHECK=1

pins() {
    echo "uv $*"
    "$work/venv/bin/uv" pip compile --quiet --no-config --no-header \
        --no-annotate --only-binary :all: --constraints "$work/limits" \
        --python "$work/venv/bin/python" "$@" "$work/wanted" |
        sed -n 's/^soupsieve/  &/p'
}

download() {
    version=$1
    shift
    rm -rf "$work/wheels"
    "$work/venv/bin/python" -m pip download --quiet --only-binary :all: \
        --python-version "$version" --dest "$work/wheels" \
        "$@" >"$work/log" 2>&1
}

{
    pins --python-version 3.11.7
    pins --python-version 3.11
    pins --python-version 3.11 --universal
    for version in 3.11.7 3.11.2; do
        if download "$version" soupsieve==4.1.3; then
            answer=taken
        elif grep -q "No matching distribution found" "$work/log"; then
            answer=refused
        else
            answer=$(cat "$work/log")
        fi
        echo "pip --python-version $version with soupsieve==4.1.3: $answer"
    done
    download 3.11.2 --requirement "$work/wanted" --constraint "$work/limits"
    cd "$work/wheels"
    echo "pip --python-version 3.11.2 without a pin:" soupsieve-*.whl |
        sed 's/-py3.*//'
} >"$work/seen"

cat "$work/seen"
if ! cmp -s "$work/expected" "$work/seen"; then
    echo "This is not what the head of the script says." >&2
    exit 1
fi
