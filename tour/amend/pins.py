"""The pins of a stage's requirements.txt, moved to the newest releases."""

import re

PIN = re.compile(r"(?P<name>[\w.-]+)(?P<extras>\[.*?\])?==(?P<version>[^;\s]+)(?P<rest>.*)")

# under this comment stand the packages that those above it need
TRANSITIVE = "# what those need in turn"


def direct(text: str) -> list[str]:
    """Return the packages that are asked for by name, with their extras and without versions."""
    asked_for, _, _ = text.partition(TRANSITIVE)
    found = (PIN.match(line) for line in asked_for.splitlines())
    return [f"{pin['name']}{pin['extras'] or ''}" for pin in found if pin]


def move(text: str, resolved: str) -> str:
    """Return the text of a requirements.txt with the resolved versions.

    `resolved` is the output of a resolver for the packages of `direct`: a pin on each line. The
    lines of these packages stay in their order and sections; the other packages stand below them.
    """
    new = {_normalise(pin["name"]): pin for pin in map(PIN.match, resolved.splitlines()) if pin}
    asked_for, _, rest = text.partition(TRANSITIVE)
    spelled = {
        _normalise(pin["name"]): pin["name"] for pin in map(PIN.match, text.splitlines()) if pin
    }

    def moved(name: str, extras: str) -> str:
        pin = new.pop(name)
        # a resolver may quote it otherwise than the file does
        marker = pin["rest"].partition(";")[2].strip().replace("'", '"')
        pinned = f"{spelled.get(name, pin['name'])}{extras}=={pin['version']}"
        return f"{pinned}; {marker}" if marker else pinned

    lines = []
    for line in asked_for.splitlines():
        pin = PIN.match(line)
        lines.append(moved(_normalise(pin["name"]), pin["extras"] or "") if pin else line)
    transitive = sorted((moved(name, "") for name in list(new)), key=str.lower)
    return "\n".join([*lines, TRANSITIVE, *transitive, ""])


def _normalise(name: str) -> str:
    """Return a name as resolvers compare it.

    https://packaging.python.org/en/latest/specifications/name-normalization/
    """
    return re.sub(r"[-_.]+", "-", name).lower()
