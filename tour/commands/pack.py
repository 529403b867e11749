"""pack one archive for a room without internet

It holds a clone of main with its history and tags, and the pages when they are built. It also holds
the wheels for the Pythons and platforms that you name, by default this machine's. It holds nothing
else of yours: no uncommitted file, no other branch, no password. Unpacked on a machine without
internet, `start` and `test` work as they do here. The other machine must have git, Python and a
browser, and `test` needs Chromium, Chrome or Edge.

The archive is written to the current folder, or beside the clone when you are in it.

example:
  python3 -m tour pack --python 3.13 --platform windows-x86_64 --platform macos-arm64
"""

import argparse
import platform
from pathlib import Path

from tour.environments import environment
from tour.environments import wheels
from tour.pack import downloads
from tour.pack import packing
from tour.repo.clone import find_clone
from tour.system.platforms import how_to_type

MEGABYTE = 1_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--python",
        action="append",
        dest="pythons",
        metavar="VERSION",
        help="a Python of the other machines, as in 3.13; may be given several times",
    )
    parser.add_argument(
        "--platform",
        action="append",
        dest="platforms",
        metavar="NAME",
        help=f"a platform of theirs, may be given several times: {', '.join(downloads.PLATFORMS)}",
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="the archive's name; by default flack-tour-edition-N.tar.gz, N being the edition",
    )
    parser.add_argument("--force", action="store_true", help="write over an archive that is there")


def run(arguments: argparse.Namespace) -> int:
    """Write the archive, say what it holds and what to type on the other machine."""
    repository = find_clone()
    targets = choose_targets(arguments.pythons, arguments.platforms)
    output = packing.choose_output(repository, arguments.output, arguments.force)
    python = environment.prepare(repository, print)
    print_packed(packing.write_archive(repository, python, targets, output, print))
    return 0


def choose_targets(pythons: list[str] | None, platforms: list[str] | None) -> list[wheels.Target]:
    """Return each of the Pythons on each of the platforms, by default this machine's."""
    this_python = ".".join(platform.python_version_tuple()[:2])
    return [
        downloads.make_target(python, name)
        for python in dict.fromkeys(pythons or [this_python])
        for name in dict.fromkeys(platforms or [wheels.this_platform()])
    ]


def print_packed(packed: packing.Packed) -> None:
    """Print the archive's path, its contents, its needs, and the commands to use it."""
    first, *_, last = packed.line.stages
    pages = f"{packed.pages} files of pages" if packed.pages else "no pages, because none are built"
    pythons = " or ".join(dict.fromkeys(target.python for target in packed.targets))
    platforms = " or ".join(dict.fromkeys(target.platform for target in packed.targets))
    print(f"\n{packed.path}, {packed.size / MEGABYTE:.1f} MB, holds")
    print(f"  main at {packed.commit[:12]} with its history and the tags {first.tag} to {last.tag}")
    print(f"  {packed.wheels} wheels, for Python {pythons} on {platforms}")
    print(f"  {pages}")
    print(f"Not in it, and needed on the other machine: git, Python {pythons} and a browser;")
    print("for `test` that is Chromium, Chrome or Edge. Type there:")
    print(f"  {how_to_type('tar', 'xf', packed.path.name)}")
    print(f"  cd {packing.TOP}")
    print("  python3 -m tour start")
    if any(target.platform.startswith("windows") for target in packed.targets):
        print("On Windows the last one is: py -m tour start")
