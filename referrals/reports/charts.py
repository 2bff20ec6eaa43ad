"""Where the bars of a chart lie; the drawing itself is a template (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

WIDTH, STEP, THICK = 360, 44, 14
LEFT, RIGHT = 1, 48
FOOT = 22
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


class Value(NamedTuple):
    """One bar to draw; a hidden number gets a hatched stump of no length that means anything."""

    label: str
    number: int
    text: str
    is_hidden: bool = False


class Bar(NamedTuple):
    """One bar as drawn."""

    label: str
    text: str
    y: int
    width: int
    is_hidden: bool

    @property
    def label_y(self) -> int:
        """Return the line on which the label stands, above the bar."""
        return self.y - 6

    @property
    def text_x(self) -> int:
        """Return where the number begins, behind the bar."""
        return LEFT + self.width + 6

    @property
    def text_y(self) -> int:
        """Return the line on which the number stands."""
        return self.y + THICK - 2


class Tick(NamedTuple):
    """One line of the grid."""

    x: int
    number: int


@dataclass(frozen=True)
class Bars:
    """A drawing of horizontal bars that begin at zero."""

    bars: list[Bar]
    ticks: list[Tick]
    height: int
    width: int = WIDTH
    thick: int = THICK
    left: int = LEFT

    @property
    def base(self) -> int:
        """Return where the axis ends and the numbers of the grid begin."""
        return self.height - FOOT

    @property
    def tick_y(self) -> int:
        """Return the line on which the numbers of the grid stand."""
        return self.height - 4


def bars(values: Sequence[Value]) -> Bars:
    """Lay out bars in the order given, on a scale of round steps."""
    most = max((value.number for value in values if not value.is_hidden), default=0)
    step = next((one for one in STEPS if most <= one * 4), STEPS[-1])
    top = max(step, -(-most // step) * step)
    room = WIDTH - LEFT - RIGHT
    drawn = [
        Bar(
            value.label,
            value.text,
            STEP * place + 23,
            round(room * (step if value.is_hidden else value.number) / top),
            value.is_hidden,
        )
        for place, value in enumerate(values)
    ]
    # Where no number is shown, a scale would mean nothing.
    numbers = range(0, top + 1, step) if most else (0,)
    ticks = [Tick(LEFT + round(room * number / top), number) for number in numbers]
    return Bars(drawn, ticks, STEP * len(values) + 4 + FOOT)
