import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tour import pictures
from tour.pictures import sizes
from tour.pictures import svg
from tour.stages.line import find_stages
from tour.system.errors import UsageError
from tour.tests.pictures.test_modules import CYCLE
from tour.tests.synthetic import grow_line
from tour.tests.synthetic import publish

# what a host shows behind a picture in the light and in the dark
BACKGROUNDS = ("#ffffff", "#0d1117")
BAND = 0.45


@pytest.fixture(scope="module")
def rendered(this_repository: Path) -> dict[str, bytes]:
    """The pictures of the clone that is being checked."""
    return pictures.render(this_repository, find_stages(this_repository))


def luminance(colour: tuple[float, ...]) -> float:
    """Return the relative luminance of a colour, as WCAG 2 defines it."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour
    ]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear))


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def parts(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))


def over(colour: str, background: str, opacity: float) -> tuple[float, ...]:
    return tuple(
        front * opacity + back * (1 - opacity)
        for front, back in zip(parts(colour), parts(background))
    )


def test_there_is_a_picture_for_each_stage_two_of_all_and_a_survey(clone, line):
    assert list(pictures.render(clone.folder, line)) == [
        "docs/pictures/modules-v0.1.svg",
        "docs/pictures/modules-v0.2.svg",
        "docs/pictures/modules-v0.3.svg",
        "docs/pictures/flow.svg",
        "docs/pictures/sizes.svg",
        "docs/pictures/survey.svg",
    ]


def test_another_name_is_refused_with_the_names_there_are(clone, line):
    with pytest.raises(UsageError, match="no picture modules-v0.4; .*modules-v0.3, flow"):
        pictures.alt_text(clone.folder, line, "modules-v0.4")


def test_the_same_stages_give_the_same_bytes(clone):
    publish(clone, grow_line(clone, files=CYCLE), edition=2)
    program = (
        "import sys; from pathlib import Path; from tour import pictures;"
        " from tour.stages.line import find_stages;"
        " repository = Path(sys.argv[1]);"
        " print(pictures.render(repository, find_stages(repository)))"
    )
    # what is in no order comes in another one where the seed is another
    rendered = {
        subprocess.run(
            [sys.executable, "-c", program, str(clone.folder)],
            cwd=Path(__file__).parents[3],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            stdout=subprocess.PIPE,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(rendered) == 1


def test_a_picture_bears_its_alt_text_and_says_that_it_is_an_image(this_repository, rendered):
    line = find_stages(this_repository)
    for path, data in rendered.items():
        root = ElementTree.fromstring(data)
        title, description = root[0], root[1]
        assert root.get("role") == "img"
        assert root.get("aria-labelledby").split() == [title.get("id"), description.get("id")]
        assert description.text == pictures.alt_text(this_repository, line, Path(path).stem)


def test_an_alt_text_has_one_to_three_sentences(rendered):
    for data in rendered.values():
        text = ElementTree.fromstring(data)[1].text
        assert text.endswith(".")
        assert 1 <= len(re.findall(r"\.(?: |$)", text)) <= 3


def test_ids_do_not_clash_between_pictures(rendered):
    ids = [
        found.get("id")
        for data in rendered.values()
        for found in ElementTree.fromstring(data).iter()
        if found.get("id")
    ]
    assert len(set(ids)) == len(ids)


def test_every_style_rule_holds_in_its_own_picture_alone(rendered):
    for data in rendered.values():
        root = ElementTree.fromstring(data)
        style = root.find("{http://www.w3.org/2000/svg}style").text
        style = re.sub(r"@media [^{]+\{", "", style)
        selectors = [part.strip() for part in re.findall(r"([^{}]+)\{[^}]*\}", style)]
        own = rf'(\[data-theme="\w+"\] )?#{root.get("id")}(?![\w-])'
        for selector in (one.strip() for part in selectors for one in part.split(",")):
            assert re.match(own, selector), selector


def test_a_page_s_own_switch_outweighs_the_system_s(rendered):
    for data in rendered.values():
        root = ElementTree.fromstring(data)
        style, id = root.find("{http://www.w3.org/2000/svg}style").text, root.get("id")
        for theme in ("light", "dark"):
            assert f'#{id}.{theme}, [data-theme="{theme}"] #{id} {{' in style


def test_a_picture_is_light_on_paper(rendered):
    for data in rendered.values():
        style = ElementTree.fromstring(data).find("{http://www.w3.org/2000/svg}style").text
        dark = [line for line in style.splitlines() if "dark" in line]
        assert len(dark) == 2
        assert all(line.startswith("@media screen ") for line in dark)


def test_nothing_runs_and_nothing_is_fetched(rendered):
    for data in rendered.values():
        assert not re.search(rb"<script|<image|<foreignObject|href|url\(|@import|\son\w+=", data)
        assert data.count(b"http") == data.count(b'xmlns="http://www.w3.org/2000/svg"') == 1


@pytest.mark.parametrize("mode", [0, 1])
@pytest.mark.parametrize("text", ["ink", "muted", "cycle"])
def test_text_stands_out_from_boxes(mode, text):
    for under in ("box", "tests", "moved", "edited", "new"):
        colours = parts(svg.COLOURS[text][mode]), parts(svg.COLOURS[under][mode])
        assert contrast(*colours) >= 4.5, under


@pytest.mark.parametrize("mode", [0, 1])
@pytest.mark.parametrize("text", ["ink", "muted", "cycle"])
def test_text_stands_out_from_the_page(mode, text):
    colours = parts(svg.COLOURS[text][mode]), parts(BACKGROUNDS[mode])
    assert contrast(*colours) >= 4.5


@pytest.mark.parametrize("mode", [0, 1])
def test_text_stands_out_from_bands(mode):
    for name in {*sizes.COLOURS.values(), sizes.OTHER_COLOUR}:
        band = over(svg.COLOURS[name][mode], BACKGROUNDS[mode], BAND)
        assert contrast(parts(svg.COLOURS["ink"][mode]), band) >= 4.5, name


@pytest.mark.parametrize("mode", [0, 1])
@pytest.mark.parametrize("line", ["line", "cycle", "imports", "utilities", "models", "routes"])
def test_lines_and_bars_stand_out_from_the_page(mode, line):
    assert contrast(parts(svg.COLOURS[line][mode]), parts(BACKGROUNDS[mode])) >= 3


def test_sizes_are_drawn_in_proportion(this_repository, rendered):
    line = find_stages(this_repository)
    root = ElementTree.fromstring(rendered["docs/pictures/sizes.svg"])
    widths = [
        float(found.get("width"))
        for found in root.iter("{http://www.w3.org/2000/svg}rect")
        if "tour-band" in found.get("class").split()
    ]
    counts = [sizes.count_modules(this_repository, stage.commit) for stage in line.stages]
    total = sum(sum(modules.values()) for modules in counts)
    scale = sum(widths) / total
    drawn = sorted(round(width / scale) for width in widths)
    assert drawn == sorted(count for modules in counts for count in modules.values())
