"""Console blocks: commands and output told apart, and what differs between runs."""

import pytest

from tour.pages.console import normaliser
from tour.pages.console import read_commands
from tour.pages.findings import LineError

STAGE_COMMIT = "e014a2e0123456789abcdef0123456789abcdef0"

normal = normaliser([STAGE_COMMIT], with_commits=False)
normal_on_main = normaliser([STAGE_COMMIT], with_commits=True)


def test_commands_and_their_output_are_told_apart() -> None:
    first, second = read_commands(("$ ls \\", "> -a", "a", "", "b", "$ true"))
    assert (first.text, first.start, first.first, first.end) == ("ls \\\n-a", 0, 2, 5)
    assert (second.text, second.start, second.first, second.end) == ("true", 5, 6, 6)


def test_a_server_is_told_by_its_ending() -> None:
    server, other = read_commands(("$ python flack.py &", "$ true && true"))
    assert server.is_server
    assert not other.is_server


@pytest.mark.parametrize(
    ("lines", "index"),
    [
        ((), 0),
        (("output", "$ ls"), 0),
        (("$ ls", "$ "), 1),
        (("$ ls \\",), 0),
        (("$ ls \\", "-a"), 0),
        (("$ python flack.py &", "output"), 1),
    ],
)
def test_what_is_no_session_is_refused_at_the_line(lines: tuple[str, ...], index: int) -> None:
    with pytest.raises(LineError) as error:
        read_commands(lines)
    assert error.value.index == index


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"created_at":1764024601,"id":1}', '{"created_at":1795562152,"id":1}'),
        ("Date: Mon, 24 Nov 2025 22:50:01 GMT", "Date: Tue, 04 Aug 2026 02:05:01 GMT"),
        ("Date:   Mon Nov 24 22:50:01 2025 +0000", "Date:   Sat Aug 1 09:00:00 2026 +0200"),
        ("[24/Nov/2025 22:50:01] GET", "[01/Aug/2026 02:05:01] GET"),
        ("2025-11-24 22:50:01,123 INFO", "2026-08-01 02:05:01,001 INFO"),
        ("2025-11-24T22:50:01Z", "2026-08-01T02:05:01Z"),
        ("on 2025-11-24", "on 2026-08-01"),
        ("at 22:50:01 it ends", "at 02:05:01 it ends"),
        ("-rw-r--r-- 1 you you 12 Nov 24 22:50 a", "-rw-r--r-- 1 you you 12 Aug  1 02:05 a"),
        ("5 passed in 0.12s", "5 passed in 11.02s"),
        ("5 passed in 61.12s (0:01:01)", "5 passed in 0.12s"),
        ("Ran 5 tests in 0.123s", "Ran 5 tests in 1.001s"),
        ('{"token":"' + "0a" * 32 + '"}', '{"token":"' + "f1" * 32 + '"}'),
        ('File "venv/lib/python3.11/site.py"', 'File "venv/lib/python3.14/site.py"'),
        (
            "ImportError: cannot import name 'y' from partially initialized module 'b' (most likely"
            " due to a circular import) (/home/you/b.py)",
            "ImportError: cannot import name 'y' from 'b' (consider renaming '/home/you/b.py' if it"
            " has the same name as a library you intended to import)",
        ),
        (f"{' 5 passed in 0.12s ':=^80}", f"{' 5 passed in 11.12s ':=^80}"),
    ],
)
def test_what_differs_between_runs_is_the_same(one: str, other: str) -> None:
    assert normal(one) == normal(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('"created_at":1764024601', '"created_at":176402460'),
        ('"id":1000000000', '"id":1000000001'),
        ("123456789012", "123456789013"),
        ("flack.py:10:25: E501", "flack.py:10:26: E501"),
        ("ratio 12:34", "ratio 12:35"),
        ("in 12 s", "in 13 s"),
        ("12 passed in 0.12s", "13 passed in 0.12s"),
        ("0.12s", "0.13s"),
        ("a" * 63, "b" * 63),
        ("Python 3.11.7", "Python 3.12.1"),
        ("version 3.1.3", "version 3.1.4"),
        ("127.0.0.1", "127.0.0.2"),
        ("e014a2e Move", "f014a2e Move"),
        (f"{' 5 passed in 0.12s ':=^80}", f"{' 5 passed in 0.12s ':=^78}"),
        (f"{' 5 passed in 0.12s ':=^80}", f"{' 6 passed in 0.12s ':=^80}"),
    ],
)
def test_what_is_a_lie_is_not_the_same(one: str, other: str) -> None:
    assert normal(one) != normal(other)


def test_a_commit_whose_id_has_digits_alone_is_one_where_git_log_has_it() -> None:
    assert normal_on_main("1200885 Keep the work") == normal_on_main("4c04e6f Keep the work")


def test_a_commit_may_be_another_one_on_main() -> None:
    assert normal_on_main("[main 1a2b3c4] Save") == normal_on_main("[main 9f8e7d6] Save")
    for line in ("HEAD {}", "(was {})", "++>>>>>>> {} (Move it):flack.py", "[main {}] Save"):
        assert normal_on_main(line.format("1234567")) == normal_on_main(line.format("1a2b3c4"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"{STAGE_COMMIT[:7]} Move", "e014a2f Move"),
        ("1234567 lines", "1234568 lines"),
        ("defaced", "effaced"),
    ],
)
def test_a_stages_commit_and_a_number_may_not(one: str, other: str) -> None:
    assert normal_on_main(one) != normal_on_main(other)
