"""The command line: one parser a verb, and the one place where failures become exit codes.

0 is fine, 1 found something, 2 is a wrong call, 3 is a failure of the tour itself. An interrupted
command ends with 130, as the shell has it.
"""

import argparse
import importlib
import io
import os
import pkgutil
import sys
import traceback
from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path

from tour import commands
from tour.system import errors
from tour.system import process
from tour.system.interrupt import interrupt_on_termination

INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Run the verb that the arguments name, by default the program's own; return the exit code."""
    return guard(lambda: _run_verb(arguments), "tour")


def guard(run: Callable[[], int], program: str) -> int:
    """Run a command and return its exit code; print a failure, and end what still runs."""
    interrupt_on_termination()
    # a terminal that cannot show a character shows a question mark, not a traceback
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace", line_buffering=True)
    try:
        return run()
    except SystemExit as error:
        # from argparse: 0 after --help, 2 after a wrong call
        assert isinstance(error.code, int)
        return error.code
    except errors.TourError as error:
        print(f"{program}: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # the reader, a pager or head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if error.errno in errors.DISK_FULL_CODES:
            print(f"{program}: {errors.DiskFullError()}", file=sys.stderr)
        elif error.errno in errors.REFUSED_CODES:
            print(f"{program}: {error}", file=sys.stderr)
        else:
            traceback.print_exc()
        return errors.TourError.exit_code
    except Exception:
        traceback.print_exc()
        return errors.TourError.exit_code
    finally:
        process.stop_all()


def _run_verb(arguments: list[str] | None) -> int:
    arguments = sys.argv[1:] if arguments is None else arguments
    if not arguments:
        parser, _ = make_parsers()
        parser.print_help(sys.stderr)
        return errors.UsageError.exit_code
    parsed = parse(arguments)
    try:
        os.getcwd()
    except FileNotFoundError:
        raise errors.UsageError(
            "the folder that you are in was deleted; go to another one, or to its new copy, with cd"
        ) from None
    code: int = parsed.run(parsed)
    return code


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options of a command line; the verb is one of them."""
    parser, verbs = make_parsers(arguments[:1])
    if arguments[0] not in verbs:
        return parser.parse_args(arguments)
    # as the main parser does not, it takes options between arguments, and tells of what it does not
    # know with its own usage
    return verbs[arguments[0]].parse_intermixed_args(arguments[1:])


def make_parsers(
    wanted: Sequence[str] = (),
) -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    """Return the parser of the command line, and by name that of each module of `tour.commands`.

    A verb's help is its module's docstring: the first line in the list of verbs, all of it after
    `--help`. Its examples call the tour as this call does. Where a verb is among the `wanted`, the
    others are left out: they take a while to import.
    """
    parser = argparse.ArgumentParser(
        prog="tour",
        description="Flack in small stages: find them, run them, check them.",
        epilog="`tour VERB --help` tells more of a verb, with an example.",
    )
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    names = [module.name for module in pkgutil.iter_modules(commands.__path__)]
    for name in [name for name in names if name in wanted] or names:
        verb = importlib.import_module(f"tour.commands.{name}")
        assert verb.__doc__ is not None, f"{name} has no docstring"
        description = verb.__doc__
        # what is installed is typed by its path, also where a stage has no module `tour`
        if Path(sys.argv[0]).stem == "tour":
            description = description.replace("python3 -m tour", sys.argv[0])
        verb_parser = verbs.add_parser(
            name,
            help=description.splitlines()[0],
            description=description,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if hasattr(verb, "add_arguments"):
            verb.add_arguments(verb_parser)
        verb_parser.set_defaults(verb=name, run=verb.run)
    return parser, verbs.choices
