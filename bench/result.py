"""How every bench asks for its size, measures, and tells what holds."""

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that so large a share of the values does not exceed."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def told(values: Sequence[float]) -> dict[str, float]:
    """Return what is printed of milliseconds."""
    return {f"p{n}": round(percentile(values, n / 100), 3) for n in (50, 95)}


def timed(act: Callable[[], Any]) -> float:
    """Return how many milliseconds something takes."""
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def in_turn(
    acts: Mapping[str, Callable[[], Any]], *, rounds: int, warm: int = 2
) -> dict[str, list[float]]:
    """Measure things that are compared one after the other in each round.

    A machine that is busy for a while is then busy for all of them.
    """
    taken: dict[str, list[float]] = {name: [] for name in acts}
    for number in range(warm + rounds):
        for name, act in acts.items():
            value = timed(act)
            if number >= warm:
                taken[name].append(value)
    return taken


@dataclass
class Report:
    """What one run of a bench says; a size other than the promised one is a mere try."""

    name: str
    sizes: dict[str, int]
    is_promised: bool
    facts: dict[str, Any] = field(default_factory=dict)
    promises: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(cls, name: str, doc: str | None, **promised: int) -> "Report":
        """Read the sizes from the command line; what is promised is the default."""
        parser = argparse.ArgumentParser(prog=f"python -m bench.run {name}", description=doc)
        for size, value in promised.items():
            parser.add_argument(f"--{size}", type=int, default=value, metavar=str(value))
        sizes = vars(parser.parse_args())
        return cls(name, sizes, is_promised=sizes == promised)

    def promise(
        self, text: str, figure: float, target: float, *, at_least: bool = False, **more: Any
    ) -> None:
        """Note a figure beside its target."""
        holds = figure >= target if at_least else figure <= target
        bound = "at least" if at_least else "at most"
        row = {"promise": text, "figure": round(figure, 4), bound: round(target, 4)}
        self.promises.append(row | more | {"holds": holds})

    def ratio(
        self, text: str, ours: Sequence[float], theirs: Sequence[float], target: float, at: int = 95
    ) -> None:
        """Note how many times as long ours takes as theirs."""
        figure = percentile(ours, at / 100) / percentile(theirs, at / 100)
        self.promise(f"{text}, p{at}", figure, target, ms=told(ours), against_ms=told(theirs))

    def close(self) -> int:
        """Print everything, keep a run of the promised size, and return the exit code."""
        machine = {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
        text = json.dumps(
            {
                "bench": self.name,
                "on": time.strftime("%Y-%m-%d"),
                "python": platform.python_version(),
                **machine,
                **self.sizes,
                **self.facts,
                "promises": self.promises,
            },
            ensure_ascii=False,
            indent=1,
        )
        print(text)
        if self.is_promised:
            RESULTS.mkdir(exist_ok=True)
            (RESULTS / f"{self.name}.json").write_text(text + "\n", encoding="utf-8")
        return int(not all(row["holds"] for row in self.promises))
