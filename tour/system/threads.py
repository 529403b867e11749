"""Work in threads, as long as something else goes on."""

import threading
from collections.abc import Callable
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager


@contextmanager
def beside(*works: Callable[[threading.Event], None]) -> Iterator[None]:
    """Do each work in a thread of its own; it has to end when the event that it gets is set.

    That is at the end of the block. What a work raises is raised there.
    """
    ended = threading.Event()
    with ThreadPoolExecutor(len(works)) as pool:
        done = [pool.submit(work, ended) for work in works]
        try:
            yield
        finally:
            ended.set()
    for each in done:
        each.result()
