"""Lets several people act at the same moment, each on a connection of their own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from core.errors import Conflict


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Start all acts at one barrier; return for each its result, or the Conflict that refused it.

    Whatever else goes wrong is raised: a race must not end in anything but a clear answer.
    """
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            gate.wait()
            return act()
        except Conflict as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
