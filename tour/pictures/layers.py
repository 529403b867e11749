"""The picture of the tour's own packages, a row for each layer of imports."""

import tomllib
from pathlib import Path

from tour.pictures import svg
from tour.system.wording import count
from tour.system.wording import enumerate_words

# where the layers are, which import-linter checks
SETTINGS = "pyproject.toml"
BETWEEN = " | "

# pixels: the picture, the arrow at the left, a package, the space around it
WIDTH = 700
LEFT = 40
HEIGHT = 30
SPACE = 8


def read_layers(repository: Path) -> list[list[str]]:
    """Return the packages of each layer, the highest layer first; none where the tour is not."""
    file = repository / SETTINGS
    if not file.exists():
        return []
    settings = tomllib.loads(file.read_text(encoding="utf-8"))
    contracts = settings.get("tool", {}).get("importlinter", {}).get("contracts", [])
    layers = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    return [layer.split(BETWEEN) for each in layers for layer in each]


def draw(repository: Path) -> svg.Picture:
    """Draw the packages as boxes, a row for each layer, above those that they may import."""
    layers = read_layers(repository)
    height = len(layers) * (HEIGHT + SPACE) + SPACE
    return svg.Picture(WIDTH, height, "The layers of the tour", _describe(layers), _shapes(layers))


def _describe(layers: list[list[str]]) -> str:
    rows = "; ".join(enumerate_words(packages) for packages in layers)
    return (
        f"The packages of the tour stand in {count(len(layers), 'layer')}. Each imports only from"
        f" the layers below. From the top: {rows}."
    )


def _shapes(layers: list[list[str]]) -> list[str]:
    bottom = len(layers) * (HEIGHT + SPACE)
    x = LEFT / 2
    shapes = [
        svg.path("arrow", "M", x, SPACE, "L", x, bottom - 6),
        svg.path("head", "M", x - 4, bottom - 7, "h", 8, "L", x, bottom, "Z"),
    ]
    for row, packages in enumerate(layers):
        width = (WIDTH - LEFT - SPACE) / len(packages)
        y = SPACE + row * (HEIGHT + SPACE)
        for place, package in enumerate(packages):
            left = LEFT + place * width
            middle = left + (width - SPACE) / 2
            shapes += [
                *svg.rectangles(left, y, width - SPACE, HEIGHT, "fill-box", rx=4),
                svg.text(middle, y + HEIGHT / 2 + 4, package, kind="name middle"),
            ]
    return shapes
