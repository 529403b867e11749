"""Goals that a run decides: tests, commands, and what clients see."""

from dataclasses import dataclass

from tour.practice.vocabulary.goal import TESTS
from tour.practice.vocabulary.goal import Behaviour


@dataclass(frozen=True)
class OwnTests(Behaviour):
    """Tests pass: those of the stage that the step leads to, but for some, or the learner's own.

    `tells` is what the command that runs the learner's has to print.
    """

    yours: bool = False
    without: tuple[str, ...] = ()
    tells: str = ""

    question = "What is the first error, not the last? Run that test alone."
    about = TESTS

    @property
    def text(self) -> str:
        if self.yours:
            return "your tests pass"
        return " but for ".join(["the tests of the stage pass", *self.without])


@dataclass(frozen=True)
class Command(Behaviour):
    """A command succeeds, with these variables, beside a file that is written for it."""

    command: str
    variables: tuple[tuple[str, str], ...] = ()
    file: tuple[str, str] = ("", "")

    question = "What does it print when you type it? The last line says what is wrong."
    about = ("manage.py",)

    @property
    def text(self) -> str:
        set_before = "".join(f"{name}={value} " for name, value in self.variables)
        beside = f" works beside a {self.file[0]}" if self.file[0] else " works"
        return f"`{set_before}{self.command}`{beside}"


@dataclass(frozen=True)
class Contract(Behaviour):
    """A client finds the server as it was."""

    sentence = "the server starts, and clients find it as it was"
    question = "Start the server as the README says and send that request: what is in the answer?"
