"""Where a learner practises a step: a worktree of its own, or the checkout, on a branch of its own.

The branch says which step it is for, so that it is found again whatever the folder is called.
Nothing of the learner's is overwritten: what is in the way is named, and an old try stays.
"""

from functools import partial
from pathlib import Path
from typing import Any
from typing import NamedTuple

from tour.environments import environment
from tour.environments import packages
from tour.environments import pythons
from tour.practice.goals import STEPS
from tour.practice.goals import Step
from tour.practice.grading import Grade
from tour.practice.vocabulary.goal import Finding
from tour.repo import cache
from tour.repo import git
from tour.repo import worktree
from tour.repo.clone import PRACTICE
from tour.repo.clone import find_main_folder
from tour.repo.clone import find_repository
from tour.repo.clone import tour_command
from tour.repo.own_folder import hide
from tour.repo.own_folder import own_folder
from tour.repo.worktree import HEADS
from tour.repo.worktree import InTheWayError
from tour.stages.line import Stage
from tour.stages.line import StageLine
from tour.stages.line import find_current
from tour.stages.line import find_stages
from tour.system.errors import TourError
from tour.system.errors import UsageError
from tour.system.platforms import how_to_type

# the folder of the worktrees, and the beginning of their branches' names
FOLDER = PRACTICE

# what in the repository's configuration tells which step a branch is for
MARK = "practises"

# what the learner reads first, and the environment beside it
TASK = "TASK.md"
VENV = "venv"

# where the last grade of each step is kept, and how many hints were given
GRADES = "practice-grades"
HINTS = "practice-hints"

# a conftest.py of a folder in which pytest looks for nothing
IGNORE_ALL = 'collect_ignore_glob = ["*"]\n'

# how far a step is that nobody has touched, and one that has no grade yet
NOT_BEGUN = "not begun"
BEGUN = "begun"

# git with the user's line ends, for what writes the learner's files
_run = partial(git.run, as_user=True)


class Practice(NamedTuple):
    """A step that is practised in a folder; `before` is the stage from which it starts."""

    main: Path
    folder: Path
    step: Step
    before: Stage
    stage: Stage

    @property
    def tag(self) -> str:
        return self.step.tag


class Again(NamedTuple):
    """A step that was begun again: the branch of the old try, and that of the new one.

    `old` is None when none was checked out; then `commit` is all that there was.
    """

    old: str | None
    commit: str
    new: str


class _Grade(NamedTuple):
    """A grade as it is kept: its numbers, what it found first, the tree of the files or none."""

    met: int
    total: int
    unmet: list[Any]
    tree: str


class NotBegunError(UsageError):
    """There is nothing to grade here."""


def find_step(main: Path, line: StageLine, folder: Path, tag: str) -> Practice:
    """Return the practice of the step to a stage in a folder; raise UsageError for no such step."""
    [stage] = line.select([tag])
    if stage.tag not in STEPS:
        raise UsageError(
            f"no step leads to {stage.tag}; the steps to practise are {', '.join(STEPS)}"
        )
    before = line.stages[line.stages.index(stage) - 1]
    return Practice(main, folder, STEPS[stage.tag], before, stage)


def find_practice(tag: str | None, verb: str) -> Practice:
    """Return what is practised here, or the step to the tag, wherever that is.

    Without a tag, outside of a practice, it is the one that is under way. Raise NotBegunError, with
    the verb as it is to be typed where one of several practices is to be named.
    """
    repository = find_repository()
    main = find_main_folder(repository)
    line = find_stages(main)
    if tag is not None:
        [stage] = line.select([tag])
        tag = stage.tag
    here = practised_on(repository, worktree.current_branch(repository))
    if here is None and repository.parent == main / FOLDER and repository.name in STEPS:
        # a branch of the learner's own
        here = repository.name
    if here is not None and tag in (None, here):
        return find_step(main, line, repository, here)
    _demand_git(main, tag)
    begun = [each for each in STEPS if is_there(main, each)]
    # or else those of which a branch alone is there
    begun = begun or [each for each in STEPS if branches(main, each) + branches_here(main, each)]
    if tag is None and len(begun) == 1:
        [tag] = begun
    tour = tour_command(main)
    if tag is None:
        which = f"say which of {', '.join(begun)}, as in" if begun else "begin with"
        command = f"{verb} {begun[0]}" if begun else "practice v0.2"
        raise NotBegunError(f"no step is practised in this folder; {which}\n  {tour} {command}")
    practice = find_step(main, line, repository, tag)
    if is_there(main, tag):
        return practice._replace(folder=main / FOLDER / tag)
    if practised_on(main, worktree.current_branch(main)) == tag:
        # asked for in the worktree of another step
        return practice._replace(folder=main)
    ways = _tell_branches(main, tag)
    # a learner who began without the tour, at the stage before; files of the stage itself are no
    # try where there is another
    if find_current(repository, line) == practice.before:
        if not ways or not _is_as_before(practice):
            return practice
    if ways:
        raise NotBegunError("\n".join(ways))
    raise NotBegunError(
        f"the step to {tag} is not begun, and these files are not at {practice.before.tag}; begin"
        f" with\n  {tour} practice {tag}"
    )


def _tell_branches(main: Path, tag: str) -> list[str]:
    """Return how to go on with tries of a step that are on branches and in no folder."""
    ways = []
    if tried := branches(main, tag):
        ways.append(
            f"the folder {main / FOLDER / tag} is gone; to make it again, from your branch"
            f" {tried[-1]}:\n  {tour_command(main)} practice {tag}"
        )
    if others := branches_here(main, tag):
        begun = "Another try is" if ways else f"the step to {tag} is begun"
        command = type_in_clone(main, f"go {others[-1]}")
        ways.append(f"{begun} on the branch {others[-1]}; to go there:\n{command}")
    return ways


def type_in_clone(main: Path, command: str) -> str:
    """Return the lines to type for a command of the tour that works in the clone's own folder."""
    try:
        here = Path.cwd()
    except FileNotFoundError:
        here = None
    if here and not here.is_relative_to(main / FOLDER):
        return f"  {tour_command(main)} {command}"
    return f"  {how_to_type('cd', main)}\n  {tour_command(main, main)} {command}"


def _is_as_before(practice: Practice) -> bool:
    """Return whether the files are those of the stage before."""
    tree = git.run(practice.folder, "rev-parse", f"{practice.before.commit}^{{tree}}").strip()
    return worktree.snapshot(practice.folder) == tree


def _demand_git(main: Path, tag: str | None) -> None:
    """Raise NotBegunError when a practice has its files alone: the one named, or the one here."""
    for step in STEPS:
        folder = main / FOLDER / step
        is_asked = tag == step or tag is None and Path.cwd().is_relative_to(folder)
        if is_asked and folder.is_dir() and any(folder.iterdir()) and not is_there(main, step):
            again = type_in_clone(main, f"practice {step}")
            raise NotBegunError(
                f"{folder} has lost its .git, so that git does not know it; give it another name,"
                f" make it again, and copy your files into the new one:\n{again}"
            )


def demand_folder(practice: Practice) -> None:
    """Raise NotBegunError when the folder of a practice was deleted meanwhile."""
    # some of the files may be left: they are deleted one after the other
    if not (practice.folder / ".git").exists():
        again = type_in_clone(practice.main, f"practice {practice.tag}")
        raise NotBegunError(f"the folder {practice.folder} is gone; to begin again:\n{again}")


def demand_branch(practice: Practice, branch: str | None) -> None:
    """Raise NotBegunError when the practice's folder is on another branch than it was."""
    now = worktree.current_branch(practice.folder)
    if now != branch:
        was, is_now = (name or "no branch" for name in (branch, now))
        again = type_in_clone(practice.main, f"grade {practice.tag} --watch")
        raise NotBegunError(
            f"{practice.folder} was on {was}, and is on {is_now} now; to watch it there:\n{again}"
        )


def is_there(main: Path, tag: str) -> bool:
    """Return whether the worktree of a step is there."""
    return (main / FOLDER / tag / ".git").is_file()


def practised_on(repository: Path, branch: str | None) -> str | None:
    """Return the step that a branch was made for, None for another branch."""
    return None if branch is None else _read_marks(repository).get(branch)


def _read_marks(repository: Path) -> dict[str, str]:
    """Return the steps that branches were made for, by the names of the branches."""
    # git tells the name of a setting in small letters
    begin, end = "branch.", f".{MARK.lower()}"
    pattern = f"^branch[.].*[.]{end[1:]}$"
    listing = git.ask(repository, "config", "-z", "--get-regexp", pattern) or ""
    settings = (entry.partition("\n") for entry in listing.split("\0")[:-1])
    return {name[len(begin) : -len(end)]: tag for name, _, tag in settings}


def begin(practice: Practice) -> bool:
    """Make the worktree of a step at the stage before, and tell whether it was not there already.

    A try whose worktree was deleted is taken up again. Raise InTheWayError when something of the
    learner's has the place.
    """
    main, folder, tag = practice.main, practice.folder, practice.tag
    _repair_moved(main)
    if is_there(main, tag):
        return False
    _demand_room(folder)
    # one that hides itself is the tour's
    if not (folder.parent / ".gitignore").is_file():
        _demand_room(folder.parent)
    hide(folder.parent)
    # in the top folder pytest would take the tests of each try for those of the stage
    (folder.parent / "conftest.py").write_text(IGNORE_ALL, encoding="utf-8")
    tried = branches(main, tag)
    # by force where this one was deleted; `prune` would take those that are elsewhere from git too
    add = ("worktree", "add", "--quiet", "--force", str(folder))
    if tried:
        _demand_free(main, tried[-1], folder)
        _run(main, *add, tried[-1])
        if _trees(main)[tried[-1]] != _read_grade(main, tag).tree:
            # it was of work that went with the worktree
            _forget(main, tag)
    else:
        _forget(main, tag)
        branch = worktree.free_branch(main, tag, FOLDER)
        _run(main, *add, "-b", branch, practice.before.commit)
        mark(main, branch, tag)
    return True


def begin_here(practice: Practice) -> str:
    """Make a branch for a step at the stage before, and check it out; return its name."""
    folder, tag = practice.folder, practice.tag
    prefix, name = (FOLDER, tag) if is_worktree(practice) else (worktree.PREFIX, f"practice-{tag}")
    branch = worktree.free_branch(folder, name, prefix)
    commit = practice.before.commit
    if git.run(folder, "rev-parse", "HEAD").strip() == commit:
        # no checkout, so that `tour back` leads to where the learner was before
        git.run(folder, "branch", branch, commit)
        git.run(folder, "symbolic-ref", "HEAD", f"{HEADS}{branch}")
    else:
        _run(folder, "checkout", "--quiet", "-b", branch, commit)
    mark(folder, branch, tag)
    _forget(practice.main, tag)
    return branch


def begin_again(practice: Practice) -> Again | None:
    """Start a step again; nothing of the old try is lost. Return None for a try without a change.

    Such a try stays as it is, but for its grade and its hints.
    """
    folder, tag = practice.folder, practice.tag
    if _is_untouched(practice):
        _forget(practice.main, tag)
        return None
    saved = worktree.save(folder, tag) or worktree.current_branch(folder)
    head = git.run(folder, "rev-parse", "HEAD").strip()
    return Again(saved, head, begin_here(practice))


def _is_untouched(practice: Practice) -> bool:
    """Return whether a try's branch, what is staged and the files are all as at the beginning."""
    folder, commit = practice.folder, practice.before.commit
    if practised_on(folder, worktree.current_branch(folder)) != practice.tag:
        return False
    is_committed = git.succeeds(folder, "diff", "--quiet", commit, "HEAD", "--")
    is_staged = git.succeeds(folder, "diff", "--quiet", "--cached", commit, "--")
    return is_committed and is_staged and _is_as_before(practice)


def is_worktree(practice: Practice) -> bool:
    """Return whether a step is practised in its own worktree, and not in the learner's checkout."""
    return practice.folder != practice.main


def branches(main: Path, tag: str) -> list[str]:
    """Return the branches of a step's tries in worktrees, the newest last."""
    form = "--format=%(refname:lstrip=2)"
    first = f"{HEADS}{FOLDER}/{tag}"
    named = git.run(main, "for-each-ref", form, first, f"{first}-*")
    marks = _read_marks(main)
    tries = [branch for branch in named.split() if marks.get(branch) == tag]
    return sorted(tries, key=lambda branch: (len(branch), branch))


def branches_here(main: Path, tag: str) -> list[str]:
    """Return the branches of a step's tries in the learner's checkout, the newest last."""
    order = ["--sort=version:refname", "--sort=committerdate"]
    heads = git.run(main, "for-each-ref", *order, "--format=%(refname:lstrip=2)", "refs/heads")
    in_folders, marks = branches(main, tag), _read_marks(main)
    marked = [branch for branch in heads.split() if marks.get(branch) == tag]
    return [branch for branch in marked if branch not in in_folders]


def mark(repository: Path, branch: str, tag: str) -> None:
    """Note which step a branch is for."""
    worktree.mark_as_ours(repository, branch)
    git.run(repository, "config", f"branch.{branch}.{MARK}", tag)


def write_task(practice: Practice) -> Path:
    """Write what there is to do into the worktree, or beside the tour's own files; return where."""
    folder = practice.folder if is_worktree(practice) else own_folder(practice.main, FOLDER)
    file = folder / (TASK if is_worktree(practice) else f"{practice.tag}-{TASK}")
    tour = tour_command(practice.main, practice.folder if is_worktree(practice) else None)
    goals = "\n".join(f"- {goal.text}" for goal in practice.step.goals)
    _ignore(practice.main, f"/{TASK}")
    if not file.exists():
        file.write_text(
            f"# {practice.tag}: {practice.stage.title}\n\n{practice.step.task}\n"
            "Clients see no difference. What is not on the list you are free to do otherwise.\n\n"
            f"## You are done when\n\n{goals}\n\n"
            f"## What helps\n\n- `{tour} grade` tells how far you are, `{tour} hint` what to look"
            f" at next.\n- The page of the step is {practice.stage.page}.md on main.\n",
            encoding="utf-8",
        )
    return file


def make_environment(practice: Practice) -> None:
    """Make the environment beside the files of a worktree, with what the step's stage requires."""
    folder = practice.folder / VENV
    if not folder.exists():
        environment.prepare(practice.main, print)
        requirements = packages.read_requirements(practice.main, practice.stage)
        environment.stage_environment(
            practice.main,
            pythons.find_python(),
            f"{requirements}\n{environment.pinned('pip')}\n",
            lambda: print(f"Installing what {practice.tag} requires"),
            print,
            folder=folder,
        )


def find_interpreter(practice: Practice) -> Path:
    """Return the Python that runs the learner's files: of their environment, or of the stage's."""
    own = environment.interpreter(practice.folder / VENV)
    if own.exists():
        return own
    requirements = packages.read_requirements(practice.main, practice.stage)
    return environment.stage_environment(practice.main, pythons.find_python(), requirements)


def keep_grade(practice: Practice, grade: Grade) -> None:
    """Keep how far a step is, and what is not met first, for `tour list` and `tour hint`."""
    first = grade.first_unmet
    unmet = [first.goal.text, *(first.finding or ())] if first else []
    # it takes git a while, and a worktree that is not done is asked for itself
    tree = _tree_of(practice.folder) if grade.is_done or not is_worktree(practice) else ""
    kept = _Grade(grade.met, grade.total, unmet, tree)
    cache.write(practice.main, GRADES, practice.tag, kept)


def last_unmet(practice: Practice) -> tuple[str, Finding | None]:
    """Return the goal that the last grade found unmet first, and what it said of it."""
    text, *finding = _read_grade(practice.main, practice.tag).unmet or [""]
    return text, Finding(*finding) if finding else None


def _read_grade(main: Path, tag: str) -> _Grade:
    """Return the grade that is kept of a step, its total 0 when there is none."""
    kept = cache.read(main, GRADES, tag) or []
    # that of an older tour has less
    return _Grade(*kept, *(0, 0, [], "")[len(kept) :])


def _tree_of(folder: Path) -> str:
    """Return the tree of the files in a folder as they lie there, empty where git fails."""
    try:
        return worktree.snapshot(folder)
    except TourError:
        # a disk that is full, for one, is no reason to withhold a grade
        return ""


def _trees(main: Path) -> dict[str, str]:
    """Return the tree of each branch's last commit, by the branch's name."""
    form = "--format=%(tree) %(refname:lstrip=2)"
    rows = git.run(main, "for-each-ref", form, "refs/heads").splitlines()
    return {branch: tree for tree, _, branch in (row.partition(" ") for row in rows)}


def _forget(main: Path, tag: str) -> None:
    """Forget how far a try was that is not there any more, and the hints for it."""
    for kind in (GRADES, HINTS):
        cache.write(main, kind, tag, None)


def count_hint(practice: Practice, about: str) -> int:
    """Return how many hints were given about a thing, with this one; another one starts again."""
    last, number = cache.read(practice.main, HINTS, practice.tag) or ("", 0)
    number = number + 1 if last == about else 1
    cache.write(practice.main, HINTS, practice.tag, [about, number])
    return int(number)


def describe_progress(main: Path, tag: str) -> str:
    """Return how far a step is: `not begun`, `begun`, `5 of 9`, `done`.

    A grade counts as long as there is what was graded: a folder, or a branch that has it.
    """
    grade = _read_grade(main, tag)
    told = f"{grade.met} of {grade.total}" if grade.met < grade.total else "done"
    if is_there(main, tag) or practised_on(main, worktree.current_branch(main)) == tag:
        return told if grade.total else BEGUN
    trees, marks = _trees(main), _read_marks(main)
    if grade.tree and grade.tree in (*trees.values(), _tree_of(main)):
        return told
    return BEGUN if any(marks.get(branch) == tag for branch in trees) else NOT_BEGUN


def _demand_room(folder: Path) -> None:
    """Raise InTheWayError unless there is nothing at the path, or an empty folder."""
    is_empty = folder.is_dir() and not any(folder.iterdir())
    if folder.is_symlink() or folder.exists() and not is_empty:
        raise InTheWayError(
            f"{folder} is there, and not the tour's; move it away and run this again"
        )


def _repair_moved(main: Path) -> None:
    """Tell git where the worktrees are that were renamed, alone or with the clone.

    A new one would share their index.
    """
    for place in (main / FOLDER).glob("*/.git"):
        entry = git.git_dir(place.parent) / "gitdir"
        if not entry.is_file() or not Path(entry.read_text(encoding="utf-8").strip()).exists():
            git.ask(main, "worktree", "repair", str(place.parent))


def _demand_free(main: Path, branch: str, folder: Path) -> None:
    """Raise InTheWayError when a branch is checked out in another folder than this one."""
    place = git.run(main, "for-each-ref", "--format=%(worktreepath)", f"{HEADS}{branch}").strip()
    if place and Path(place).exists():
        raise InTheWayError(
            f"your try is in {place}, on the branch {branch}; go on there, or move it back with"
            f"\n  {how_to_type('git', '-C', main, 'worktree', 'move', place, folder)}\n"
            "and run this again"
        )


def _ignore(main: Path, pattern: str) -> None:
    """Keep what the tour writes beside the learner's files out of git, for this clone alone."""
    path = git.run(main, "rev-parse", "--path-format=absolute", "--git-path", "info/exclude")
    file = Path(path.rstrip("\n"))
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    if pattern not in text.splitlines():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{text.rstrip()}\n{pattern}\n".lstrip(), encoding="utf-8")
