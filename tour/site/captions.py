"""What stands above a block of code: where it is from."""

from tour.pages import fences


def describe(block: fences.Block) -> tuple[str, str]:
    """Return the path that a block is from, or what it is, and the stage; it may be empty."""
    match block:
        case fences.Diff(_, old, new, path):
            return path, f"{old} → {new}"
        case fences.Listing(_, tag, path):
            return path, tag
        case fences.Tree(_, tag, folder):
            return f"{folder}/" if folder else "all files", tag
        case fences.Patch(_, tag, name):
            return name, f"a change to try at {tag}"
        case fences.Console(_, tag, name):
            return f"at {tag}", f"with {name}" if name else ""
