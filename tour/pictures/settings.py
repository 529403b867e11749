"""The picture of which value of a setting wins at v0.7: of a class, a variable or the file."""

from pathlib import Path
from typing import NamedTuple

from tour.pictures import lanes
from tour.pictures.svg import Picture
from tour.probes import running
from tour.probes import settings
from tour.probes.settings import Case
from tour.probes.settings import Own
from tour.stages.line import Stage
from tour.system.wording import enumerate_words

# who may have a value, from the weakest to the strongest
BASE, CLASS, ENVIRONMENT, FILE = range(4)
HEADS = (
    lanes.Lane("Config", "base class"),
    lanes.Lane("class", "its own"),
    lanes.Lane("variable", "environment"),
    lanes.Lane("file", "*.cfg"),
)
NAMES = ("Config", "the class", "the environment", "the file")
SHORT = ("Config", "class", "variable", "file")

LEGEND = {
    lanes.DONE: "the value that wins",
    lanes.WAITING: "a value that is overridden",
    lanes.REFUSED: "a value that nobody reads",
}

# pixels from where words begin to the setting's name, and to the order
COLUMNS = (0, 188)


class Outcome(NamedTuple):
    """Of a setting in a configuration: who has a value that counts, the strongest first.

    `unread` have one that does not count; `refuses` tells whether Flack does without any.
    """

    config: str
    setting: str
    order: tuple[int, ...]
    unread: tuple[int, ...]
    refuses: bool


def draw(repository: Path, stage: Stage) -> Picture:
    """Draw who wins, setting by setting, in each configuration."""
    cases, own = running.watch(repository, stage, "settings")
    outcomes = find_outcomes([Case(*case) for case in cases], [Own(*each) for each in own])
    panels = [
        lanes.Panel(
            f"FLACK_CONFIG={config}",
            HEADS,
            tuple(_make_row(outcome) for outcome in outcomes if outcome.config == config),
            COLUMNS,
        )
        for config in settings.CONFIGS
    ]
    title = f"Which value of a setting wins at {stage.tag}"
    return lanes.draw(title, describe(outcomes), panels, LEGEND)


def find_outcomes(cases: list[Case], own: list[Own]) -> list[Outcome]:
    """Return who wins, in each configuration and for each setting, where all have a value."""
    found = {(case.config, case.environment, case.file): case for case in cases}
    outcomes = []
    for config, set_by_class in own:
        for at, setting in enumerate(settings.SETTINGS):
            alone = found[config, False, False]
            of_class, of_environment, of_file, of_all = (
                found[config, *others].values[at]
                for others in ((False, False), (True, False), (False, True), (True, True))
            )
            lower = [CLASS, BASE] if setting in set_by_class else [BASE]
            # a class that sets nothing hides what it would inherit
            order = lower if of_class else []
            # what has no effect where it is the only one is not read
            if of_environment != of_class:
                order = [ENVIRONMENT, *order]
            if of_file != of_class:
                place = 0 if of_all == of_file else 1
                order = [*order[:place], FILE, *order[place:]]
            unread = [who for who in (ENVIRONMENT, FILE) if who not in order]
            refuses = not of_class and bool(alone.refusal)
            outcomes.append(Outcome(config, setting, tuple(order), tuple(unread), refuses))
    return outcomes


def describe(outcomes: list[Outcome]) -> str:
    wins, unread = [], []
    for config in settings.CONFIGS:
        by_order: dict[str, list[str]] = {}
        by_unread: dict[str, list[str]] = {}
        for outcome in outcomes:
            if outcome.config == config:
                ways = [NAMES[who] for who in outcome.order] + ["a refusal"] * outcome.refuses
                by_order.setdefault(", else ".join(ways), []).append(outcome.setting)
                if outcome.unread:
                    names = enumerate_words(NAMES[who] for who in outcome.unread)
                    by_unread.setdefault(names, []).append(outcome.setting)
        wins.append(f"in {config} {_list(by_order)}")
        unread += [f"in {config} {_list(by_unread)}"] * bool(by_unread)
    sentence = f"Whose value wins, where all have one: {'; '.join(wins)}."
    return f"{sentence} Nobody reads: {'; '.join(unread)}." if unread else sentence


def _list(settings_by_words: dict[str, list[str]]) -> str:
    parts = [f"{words} for {enumerate_words(names)}" for words, names in settings_by_words.items()]
    return " and ".join(parts)


def _make_row(outcome: Outcome) -> lanes.Row:
    winner, *others = outcome.order
    order = [SHORT[who] for who in outcome.order] + ["refusal"] * outcome.refuses
    weakest = min(outcome.order)
    return lanes.Row(
        (lanes.Words(0, outcome.setting), lanes.Words(1, " › ".join(order), "small muted")),
        (
            (winner, lanes.DONE),
            *((who, lanes.WAITING) for who in others),
            *((who, lanes.REFUSED) for who in outcome.unread),
        ),
        (weakest, winner) if weakest != winner else None,
    )
