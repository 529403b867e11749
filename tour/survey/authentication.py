"""What asks who a client is: the objects of a library for that, and decorators of views."""

from tour.survey import libraries
from tour.survey.objects import Objects
from tour.survey.objects import top_of
from tour.survey.pieces import Piece
from tour.survey.pieces import root_of


def find_guards(objects: Objects, registered: set[Piece]) -> set[Piece]:
    """Return the functions that decorate views and ask who the client is."""
    found = set()
    for piece in registered:
        for decorator in piece.decorators:
            local = objects.by_name.get(root_of(decorator))
            if local and local.is_function and local not in registered:
                words = local.words() | set(local.names[0].split("_"))
                if words & libraries.GUARDS:
                    found.add(local)
    return found


def find_signers(objects: Objects) -> set[Piece]:
    """Return the objects and classes of a library for authentication."""
    found: set[Piece] = set()
    for piece in objects.pieces:
        if piece.is_function or objects.is_model(piece):
            continue
        sources = [root_of(base) for base in piece.bases]
        if piece.names and not piece.bases:
            sources = [root_of(call.func) for call in piece.calls]
        for source in sources:
            library = top_of(objects.module.origin(source))
            if objects.by_name.get(source) in found or library in libraries.AUTHENTICATION:
                found.add(piece)
    return found
