"""Small cells: what a table may print so that no small number can be read or worked out (pure)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

SMALL = 5
NO_LIMIT = 1 << 60


class Cell(NamedTuple):
    """A number and whether it may be printed: as it is, as "<5", or not at all."""

    value: int
    is_small: bool = False
    is_withheld: bool = False

    @property
    def is_shown(self) -> bool:
        """Say whether the number is printed, and so may lead to its rows."""
        return not (self.is_small or self.is_withheld)

    @property
    def text(self) -> str:
        """Return what is printed."""
        if self.is_withheld:
            return "…"
        return f"<{SMALL}" if self.is_small else str(self.value)


@dataclass(frozen=True)
class Table:
    """Cells with their totals, ready to print."""

    cells: list[list[Cell]]
    row_totals: list[Cell]
    column_totals: list[Cell]
    total: Cell


Place = tuple[int, int]


def suppress(counts: Sequence[Sequence[int]]) -> Table:
    """Hide 1 to 4, then as many neighbors and totals as it takes that none can be computed.

    Totals count as a further row and column: a small number is given away by a printed sum just
    as by a printed neighbor. Zero stays zero.
    """
    grid = _Grid(counts)
    while (place := grid.next_to_withhold()) is not None:
        grid.withheld.add(place)
    *rows, totals = grid.cells()
    return Table([row[:-1] for row in rows], [row[-1] for row in rows], totals[:-1], totals[-1])


class _Grid:
    """The table with its totals, and what a reader knows of each hidden number."""

    def __init__(self, counts: Sequence[Sequence[int]]) -> None:
        width = len(counts[0]) if counts else 0
        rows = [[*row, sum(row)] for row in counts]
        rows.append([sum(row[column] for row in rows) for column in range(width + 1)])
        self.values = rows
        self.height, self.width = len(rows), width + 1
        self.small = {place for place in self._places() if 0 < self._at(place) < SMALL}
        self.withheld: set[Place] = set()

    def cells(self) -> list[list[Cell]]:
        """Return the rows as they may be printed."""
        return [
            [
                Cell(value, (row, column) in self.small, (row, column) in self.withheld)
                for column, value in enumerate(values)
            ]
            for row, values in enumerate(self.values)
        ]

    def next_to_withhold(self) -> Place | None:
        """Return what else must go: the smallest printed neighbor of a number given away.

        Where none is printed, it is a total that says too much by being under five.
        """
        for place in sorted(self._hidden()):
            if self._moves(place, 1) or self._moves(place, -1):
                continue
            near = [other for other in self._neighbors(place) if other not in self.withheld]
            if printed := [other for other in near if other not in self.small]:
                return min(printed, key=lambda other: (self._at(other), self._is_total(other)))
            if totals := [other for other in near if self._is_total(other)]:
                return max(totals, key=self._at)
        return None

    def _neighbors(self, place: Place) -> list[Place]:
        return [
            other
            for other in self._places()
            if (other[0] == place[0]) != (other[1] == place[1]) and self._at(other)
        ]

    def _moves(self, place: Place, step: int) -> bool:
        """Say whether a hidden number could be one more or less, and nothing printed would differ.

        It could if some hidden numbers, in a closed round through it, can all move by one: up,
        down, up, down, so that no sum changes.
        """
        if not self._may(place, step):
            return False
        row, column = place
        reached, waiting = {("column", column)}, [("column", column)]
        while waiting:
            kind, index = waiting.pop()
            for other in self._hidden() - {place}:
                if other[kind == "column"] != index:
                    continue
                # Along a column the numbers answer the last move, along a row they repeat it.
                if not self._may(other, -step if kind == "column" else step):
                    continue
                end = ("row", other[0]) if kind == "column" else ("column", other[1])
                if end == ("row", row):
                    return True
                if end not in reached:
                    reached.add(end)
                    waiting.append(end)
        return False

    def _may(self, place: Place, step: int) -> bool:
        """Say whether a number could be one more or less; totals stand on the other side."""
        low = 1 if place in self.small else SMALL
        high = SMALL - 1 if place in self.small - self.withheld else NO_LIMIT
        sign = -1 if (place[0] == self.height - 1) != (place[1] == self.width - 1) else 1
        return low <= self._at(place) + sign * step <= high

    def _hidden(self) -> set[Place]:
        return self.small | self.withheld

    def _at(self, place: Place) -> int:
        return self.values[place[0]][place[1]]

    def _is_total(self, place: Place) -> bool:
        return place[0] == self.height - 1 or place[1] == self.width - 1

    def _places(self) -> Iterator[Place]:
        return ((row, column) for row in range(self.height) for column in range(self.width))
