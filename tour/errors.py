"""The failures that a user can cause, each with the exit code that the command ends with."""


class TourError(Exception):
    """The tour itself cannot go on; the message says why and what to do next."""

    exit_code = 3


class NotWritableError(TourError):
    """The clone belongs to somebody else, or lies where nothing can be written."""

    def __init__(self) -> None:
        super().__init__(
            "this folder cannot be written to by you; clone it into a folder of your own"
        )


class UsageError(TourError):
    """The command was called with something that it does not know."""

    exit_code = 2
