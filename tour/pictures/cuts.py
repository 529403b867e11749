"""The picture of a survey: the modules that there are, or those that one could be cut into."""

from tour.pictures.changes import Changes
from tour.pictures.modules import AREA
from tour.pictures.modules import draw_plan
from tour.pictures.plan import Module
from tour.pictures.plan import Plan
from tour.pictures.plan import describe_imports
from tour.pictures.svg import Picture
from tour.survey.result import Cut
from tour.survey.result import Survey
from tour.syntax.imports import Import
from tour.syntax.imports import find_cycle
from tour.system.errors import UsageError
from tour.system.wording import count
from tour.system.wording import enumerate_words

# so many lines have the usual area, of more each line has less
MOST_LINES = 1_500

# of more modules nobody could follow the arrows
MOST_MODULES = 40


def draw(survey: Survey) -> Picture:
    """Draw modules, or what one could be cut into; raise UsageError for none, and for too many."""
    if len(survey.modules) > MOST_MODULES:
        raise UsageError(
            f"a picture has at most {MOST_MODULES} modules, and {survey.path} has"
            f" {len(survey.modules)}; name one of its folders, or a module"
        )
    if len(survey.modules) > 1:
        plan = _plan(survey.modules, {}, {}, list(survey.imports))
        title = f"The modules of {survey.path}"
        words = [f"{path} {lines}" for path, lines in survey.modules.items()]
        told = f"{survey.path} has {count(len(words), 'module')}: {enumerate_words(words)}."
    elif survey.cut:
        plan = _plan_cut(survey.cut)
        title = f"What {survey.cut.path} could be cut into"
        told = _describe(survey.cut)
    else:
        raise UsageError(f"there is nothing to draw of {survey.path}")
    total = sum(module.lines for module in plan.modules)
    area = AREA * min(MOST_LINES / max(total, 1), 1)
    return draw_plan(plan, title, " ".join([told, *describe_imports(plan)]), area)


def _plan(
    lines: dict[str, int], marks: dict[str, str], notes: dict[str, str], imports: list[Import]
) -> Plan:
    cycle = find_cycle(imports)
    in_cycle = {edge.importer for edge in cycle}
    modules = [
        Module(path, number, marks.get(path, ""), Changes(), path in in_cycle, notes.get(path, ""))
        for path, number in lines.items()
    ]
    legend = "at each module: its place in the order, and what it touches" if marks else ""
    return Plan("", modules, None, imports, cycle, [], legend)


def _plan_cut(cut: Cut) -> Plan:
    module = {section.title: section.module for section in cut.sections}
    pairs = set()
    for section in cut.sections:
        pairs.add((cut.path, section.module))
        pairs.update((section.module, module[need.section]) for need in section.needs)
        # what no section has stays where the cut is made
        pairs.update((section.module, module.get(need.section, cut.path)) for need in section.back)
    lines = {cut.path: cut.stays_lines}
    lines |= {section.module: section.lines for section in cut.sections}
    marks = {section.module: f"{number}" for number, section in enumerate(cut.sections, 1)}
    notes = {section.module: ", ".join(section.touches) or "neither" for section in cut.sections}
    return _plan(lines, marks, notes, [Import(*pair, False) for pair in sorted(pairs)])


def _describe(cut: Cut) -> str:
    members = [
        f"{number}, {section.module}, {count(section.lines, 'line')}, which touches"
        f" {enumerate_words(section.touches or ['neither'])}"
        for number, section in enumerate(cut.sections, 1)
    ]
    if not members:
        return f"{cut.path} has nothing to cut."
    order = "; ".join(members)
    return f"{cut.path} could be cut in this order: {order}. {count(cut.stays_lines, 'line')} stay."
