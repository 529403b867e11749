"""The kinds of goal: what must be true of a tree, each with the sentence that it is on the list by.

A goal looks at a `Trial` and returns a `Finding`, which says what is still the case, or None when
it is met. Where a goal names a module by its path, a package of that name is as good. A goal that
`guards` may have been met before the step, or says more of what others ask for: it counts once the
goals before it on the list are met.
"""

from tour.practice.vocabulary.definitions import Complete
from tour.practice.vocabulary.definitions import Leaves
from tour.practice.vocabulary.definitions import Offers
from tour.practice.vocabulary.definitions import Unused
from tour.practice.vocabulary.files import Gone
from tour.practice.vocabulary.files import KeepsTests
from tour.practice.vocabulary.files import Moved
from tour.practice.vocabulary.files import Readable
from tour.practice.vocabulary.files import Requires
from tour.practice.vocabulary.files import There
from tour.practice.vocabulary.files import is_code
from tour.practice.vocabulary.goal import Behaviour
from tour.practice.vocabulary.goal import Finding
from tour.practice.vocabulary.goal import Goal
from tour.practice.vocabulary.goal import Trial
from tour.practice.vocabulary.imports import Imports
from tour.practice.vocabulary.imports import ImportsNo
from tour.practice.vocabulary.imports import Loads
from tour.practice.vocabulary.imports import NoCycle
from tour.practice.vocabulary.imports import Without
from tour.practice.vocabulary.objects import Commands
from tour.practice.vocabulary.objects import Makes
from tour.practice.vocabulary.objects import MakesMore
from tour.practice.vocabulary.objects import MakesOnce
from tour.practice.vocabulary.objects import Registers
from tour.practice.vocabulary.runs import Command
from tour.practice.vocabulary.runs import Contract
from tour.practice.vocabulary.runs import OwnTests

__all__ = [
    "Behaviour",
    "Command",
    "Commands",
    "Complete",
    "Contract",
    "Finding",
    "Goal",
    "Gone",
    "Imports",
    "ImportsNo",
    "KeepsTests",
    "Leaves",
    "Loads",
    "Makes",
    "MakesMore",
    "MakesOnce",
    "Moved",
    "NoCycle",
    "Offers",
    "OwnTests",
    "Readable",
    "Registers",
    "Requires",
    "There",
    "Trial",
    "Unused",
    "Without",
    "is_code",
]
