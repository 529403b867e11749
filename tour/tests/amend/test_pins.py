"""Moving the pins of a requirements.txt."""

from tour.amend import pins

TEXT = """\
# what Flack imports
Flask==3.0.0
markdown-it-py[linkify]==3.0.0

# what its tests need
pytest==8.0

# what those need in turn
colorama==0.4.0; sys_platform == "win32"
gone==1.0
Jinja2==3.0
typing_extensions==4.0
"""

# in no order
RESOLVED = """\
typing-extensions==4.16.0
flask==3.1.3
linkify-it-py==2.0.3
pytest==9.2.0
jinja2==3.1.6
colorama==0.4.6 ; sys_platform == 'win32'
markdown-it-py==4.3.0
"""


def test_the_packages_asked_for_are_those_above_the_rest() -> None:
    assert pins.direct(TEXT) == ["Flask", "markdown-it-py[linkify]", "pytest"]


def test_pins_move_and_everything_else_stays() -> None:
    moved = pins.move(TEXT, RESOLVED).splitlines()
    assert moved[:6] == [
        "# what Flack imports",
        "Flask==3.1.3",
        "markdown-it-py[linkify]==4.3.0",
        "",
        "# what its tests need",
        "pytest==9.2.0",
    ]


def test_what_those_need_is_listed_anew_in_order() -> None:
    _, _, rest = pins.move(TEXT, RESOLVED).partition("# what those need in turn\n")
    assert rest.splitlines() == [
        'colorama==0.4.6; sys_platform == "win32"',
        "Jinja2==3.1.6",
        "linkify-it-py==2.0.3",
        "typing_extensions==4.16.0",
    ]


def test_moving_again_changes_nothing() -> None:
    moved = pins.move(TEXT, RESOLVED)
    assert pins.move(moved, RESOLVED) == moved
