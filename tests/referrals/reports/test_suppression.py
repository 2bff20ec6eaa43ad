from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.reports.suppression import SMALL, Cell, Table, suppress

# Any two readings differ by rounds of steps of one, so the nearest ones are enough.
NEAR = 1


def _printed(table: Table) -> list[list[Cell]]:
    rows = [[*row, total] for row, total in zip(table.cells, table.row_totals, strict=True)]
    return [*rows, [*table.column_totals, table.total]]


def _range(cell: Cell) -> range:
    """Return what a reader knows of a number."""
    if cell.is_shown:
        return range(cell.value, cell.value + 1)
    return range(1, SMALL) if cell.text == f"<{SMALL}" else range(1, 1000)


def _readings(table: Table) -> Iterator[list[list[int]]]:
    """Yield every table, totals included, that would be printed in the same way."""
    printed = _printed(table)
    inner = [cell for row in printed[:-1] for cell in row[:-1]]
    width = len(printed[0]) - 1
    options = [[n for n in _range(cell) if abs(n - cell.value) <= NEAR] for cell in inner]
    for numbers in product(*options):
        rows = [list(numbers[n : n + width]) for n in range(0, len(numbers), width)]
        rows = [[*row, sum(row)] for row in rows]
        rows.append([sum(column) for column in zip(*rows, strict=True)])
        fits = all(
            number in _range(cell)
            for row, cells in zip(rows, printed, strict=True)
            for number, cell in zip(row, cells, strict=True)
        )
        if fits:
            yield rows


def _derivable(table: Table) -> list[tuple[int, int]]:
    """Return the places of hidden numbers that only one value fits."""
    readings = list(_readings(table))
    return [
        (row, column)
        for row, cells in enumerate(_printed(table))
        for column, cell in enumerate(cells)
        if not cell.is_shown and len({reading[row][column] for reading in readings}) == 1
    ]


def test_one_to_four_are_hidden_and_zero_stays_zero() -> None:
    table = suppress([[0, 9, 2, 3], [8, 0, 3, 4]])

    assert [cell.text for cell in table.cells[0]] == ["0", "9", "<5", "<5"]
    assert [cell.text for cell in table.cells[1]] == ["8", "0", "<5", "<5"]


def test_a_single_hidden_number_takes_a_neighbor_along() -> None:
    table = suppress([[3, 9, 20], [10, 11, 12]])

    hidden = [cell for cell in table.cells[0] if not cell.is_shown]

    assert len(hidden) >= 2
    assert _derivable(table) == []


def test_a_total_that_would_give_the_parts_away_is_not_printed() -> None:
    """Two numbers under five that add up to eight can only be four and four."""
    table = suppress([[4, 4]])

    assert not table.row_totals[0].is_shown


def test_without_small_numbers_everything_is_printed() -> None:
    table = suppress([[5, 0], [17, 6]])

    assert all(cell.is_shown for row in _printed(table) for cell in row)
    assert table.total.text == "28"


def test_an_empty_table_has_the_total_zero() -> None:
    assert suppress([]).total == Cell(0)


@pytest.mark.parametrize(
    "counts", [[[1]], [[4]], [[0, 3], [50, 0]], [[1, 1], [1, 5]], [[1, 1], [1, 1]]]
)
def test_small_tables_give_nothing_away(counts: list[list[int]]) -> None:
    assert _derivable(suppress(counts)) == []


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.integers(0, 8), min_size=2, max_size=2), min_size=1, max_size=3))
def test_no_hidden_number_can_be_worked_out(counts: list[list[int]]) -> None:
    table = suppress(counts)

    assert _derivable(table) == []
    for row, cells in zip(counts, table.cells, strict=True):
        for number, cell in zip(row, cells, strict=True):
            assert cell.value == number
            assert cell.is_small == (0 < number < SMALL)
            assert number or cell.is_shown
