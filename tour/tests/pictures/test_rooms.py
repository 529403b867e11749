"""The picture of the tour's rooms."""

from pathlib import Path

from tour import pictures
from tour.pictures import rooms

SETTINGS = """
[[tool.importlinter.contracts]]
type = "independence"
modules = ["tour.verbs.*"]

[[tool.importlinter.contracts]]
type = "layers"
layers = ["cli", "stages | diff", "repo"]
"""


def test_the_rooms_are_read_from_the_layers_that_are_checked(tmp_path: Path) -> None:
    tmp_path.joinpath("pyproject.toml").write_text(SETTINGS, encoding="utf-8")
    assert rooms.read_layers(tmp_path) == [["cli"], ["stages", "diff"], ["repo"]]
    assert rooms.draw(tmp_path).description == (
        "The rooms of the tour stand in 3 rows, and each may use those below its row alone. From"
        " the top: cli; stages and diff; repo."
    )


def test_a_clone_without_the_tour_has_no_picture_of_its_rooms(clone, line) -> None:
    assert "rooms" not in pictures.names(clone.folder, line)
