"""The tables of mutations: each row makes a fault, and one that the compiler does not see."""

from pathlib import Path

import pytest

from tour.mutations import rows
from tour.mutations.__main__ import find_failure
from tour.mutations.rows import Mutation
from tour.repo import copies
from tour.stages.line import find_stages
from tour.system.errors import UsageError

TESTS = Path(__file__).parents[1]

FAULT = Mutation("fault", "flack.py", old="one", new="two")


@pytest.fixture(scope="module")
def application(this_repository: Path) -> dict[str, str]:
    """The texts of the newest stage's files that have mutations."""
    files = copies.read_files(this_repository, find_stages(this_repository).tip.commit)
    return {mutation.file: files[mutation.file].decode() for mutation in rows.read("flack")}


@pytest.fixture(scope="module")
def own() -> dict[str, str]:
    """The texts of the tour's files that have mutations."""
    top = TESTS.parents[1]
    return {
        mutation.file: (top / mutation.file).read_text(encoding="utf-8")
        for mutation in rows.read("tour")
    }


@pytest.mark.parametrize(("kind", "texts"), [("flack", "application"), ("tour", "own")])
def test_every_row_makes_a_fault_that_compiles(
    kind: str, texts: str, request: pytest.FixtureRequest
) -> None:
    files = request.getfixturevalue(texts)
    for mutation in rows.read(kind):
        mutated = rows.apply(mutation, files[mutation.file])
        assert mutated != files[mutation.file], mutation.name
        if mutation.file.endswith(".py"):
            compile(mutated, mutation.name, "exec")


def test_faults_of_the_tour_name_tests_that_are_there() -> None:
    assert not any(mutation.tests for mutation in rows.read("flack"))
    for mutation in rows.read("tour"):
        assert mutation.tests, mutation.name
        assert all((TESTS / name).is_file() for name in mutation.tests), mutation.name


@pytest.mark.parametrize("text", ["", "one one", "three"])
def test_a_text_that_is_not_there_once_is_an_error(text: str) -> None:
    with pytest.raises(UsageError, match="fault: its old text is [02] times in flack.py"):
        rows.apply(FAULT, text)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("[[mutation]]\nname = 'a'\nfile = 'b'\nold = 'c'", "new"),
        ("[[mutation]]\nname = 'a'\nfile = 'b'\nold = 'c'\nnew = 'd'\n" * 2, "has the name a"),
        ("[[mutation]]\nnmae = 'a'\n", "nmae"),
        ("mutation", "Expected '='"),
        ("", "mutation"),
    ],
)
def test_a_table_that_is_wrong_is_an_error(
    table: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "FOLDER", tmp_path)
    tmp_path.joinpath("flack.toml").write_text(table)
    with pytest.raises(UsageError, match=message):
        rows.read("flack")


def test_mutations_are_chosen_by_name_in_the_order_of_the_names() -> None:
    other = FAULT._replace(name="other")
    assert rows.select([FAULT, other], []) == [FAULT, other]
    assert rows.select([FAULT, other], ["other", "fault"]) == [other, FAULT]
    with pytest.raises(UsageError, match="no mutation third"):
        rows.select([FAULT, other], ["third"])


@pytest.mark.parametrize(
    ("cases", "expected"),
    [
        ("<testcase classname='a.test_b' name='test_c'/>", None),
        (
            "<testcase classname='a.test_b' name='test_c'/>"
            "<testcase classname='a.test_b' name='test_d'><error>x</error></testcase>",
            "test_b.py::test_d",
        ),
        ("<testcase classname='' name='a.test_b'><error>x</error></testcase>", "a.test_b"),
    ],
)
def test_the_first_failure_is_read_from_the_report(
    cases: str, expected: str | None, tmp_path: Path
) -> None:
    report = tmp_path / "report.xml"
    assert find_failure(report) is None
    report.write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
    assert find_failure(report) == expected
