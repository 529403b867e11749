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

    @property
    def text(self) -> str:
        return "your tests pass" if self.yours else "the tests of the stage pass"

    @property
    def asks(self) -> str:
        return "What is the first error, not the last? Run that test alone."

    @property
    def about(self) -> tuple[str, ...]:
        return TESTS


@dataclass(frozen=True)
class Command(Behaviour):
    """A command succeeds, with these variables, beside a file that is written for it."""

    command: str
    variables: tuple[tuple[str, str], ...] = ()
    file: tuple[str, str] = ("", "")

    @property
    def text(self) -> str:
        set_before = "".join(f"{name}={value} " for name, value in self.variables)
        beside = f" works beside a {self.file[0]}" if self.file[0] else " works"
        return f"`{set_before}{self.command}`{beside}"

    @property
    def asks(self) -> str:
        return "What does it print when you type it? The last line says what is wrong."

    @property
    def about(self) -> tuple[str, ...]:
        return ("manage.py",)


@dataclass(frozen=True)
class Contract(Behaviour):
    """A client finds the server as it was."""

    @property
    def text(self) -> str:
        return "the server starts, and clients find it as it was"

    @property
    def asks(self) -> str:
        return "Start the server as the README says and send that request: what is in the answer?"
