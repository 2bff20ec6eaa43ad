"""Reads files in a process of its own under a memory limit; prints one JSON object per line."""

import contextlib
import json
import resource
import sys
from pathlib import Path
from typing import Any

MEMORY = 300 * 1024**2


def _say(**message: Any) -> None:
    sys.stdout.write(json.dumps(message) + "\n")


def main(path: str, form: str, encoding: str) -> None:
    """Read and print; what cannot be read is said, not raised."""
    from directory.exchange.imports.reading import read_here  # noqa: PLC0415  # under the limit
    from directory.exchange.imports.rows import Problem, Row, Unreadable  # noqa: PLC0415

    try:
        for each in read_here(Path(path), form, encoding):
            if isinstance(each, Row):
                _say(row=vars(each))
            elif isinstance(each, Problem):
                _say(problem=each)
            else:
                _say(form=each)
    except Unreadable as error:
        _say(failure=[error.code, error.file])
    except MemoryError:
        _say(failure=["too_much", Path(path).name])
    else:
        _say(end=True)


if __name__ == "__main__":
    # Some systems know no such limit.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    main(*sys.argv[1:4])
