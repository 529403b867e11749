"""The picture of the tour's packages."""

from pathlib import Path

from tour import pictures
from tour.pictures import layers

SETTINGS = """
[[tool.importlinter.contracts]]
type = "independence"
modules = ["tour.verbs.*"]

[[tool.importlinter.contracts]]
type = "layers"
layers = ["cli", "stages | diff", "repo"]
"""


def test_the_packages_are_read_from_the_layers_that_are_checked(tmp_path: Path) -> None:
    tmp_path.joinpath("pyproject.toml").write_text(SETTINGS, encoding="utf-8")
    assert layers.read_layers(tmp_path) == [["cli"], ["stages", "diff"], ["repo"]]
    assert layers.draw(tmp_path).description == (
        "The packages of the tour stand in 3 layers. Each imports only from the layers below. From"
        " the top: cli; stages and diff; repo."
    )


def test_a_clone_without_the_tour_has_no_picture_of_its_layers(clone, line) -> None:
    assert "layers" not in pictures.find_drawings(clone.folder, line)
