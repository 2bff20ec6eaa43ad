"""The one formula: constants, the score of one document, the parts of an explanation."""

import math
from collections.abc import Mapping, Set
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.planner import Plan, dyadic

NAME, TAX, BODY = 40.0, 30.0, 10.0
CONCEPT = 60.0
CONCEPT_TIE = 0.25
SECONDARY = 45 / 64
CATEGORY = 0.12 * CONCEPT
EXACT = 200.0
PREFERRED = 6.0
BROWSE = 1.0
NOWHERE = 0.65
FLOOR, SLOPE, OFFSET_M, SCALE_M = 0.3, 0.7, 500.0, 3000.0


@dataclass(frozen=True, slots=True)
class Fields:
    """What the formula reads of a document."""

    id: int
    name: Set[str]
    tax: Set[str]
    body: Set[str]
    term: Set[str]
    main_term: Set[str]
    category: Set[str]
    population: Set[str]
    quality: float


def place(distance_m: float | None) -> float:
    """Return the factor of distance: 1 nearby, 0.3 far away; no point counts as 3.5 km."""
    if distance_m is None:
        return NOWHERE
    beyond = max(0.0, distance_m - OFFSET_M) / SCALE_M
    return FLOOR + SLOPE * math.exp(math.log(0.5) * beyond * beyond)


def places(meters: "npt.NDArray[np.float64]") -> "npt.NDArray[np.float64]":
    """Return the factor of many distances; infinity stands for no point."""
    beyond = np.maximum(0.0, np.where(np.isfinite(meters), meters, 0.0) - OFFSET_M) / SCALE_M
    factor = FLOOR + SLOPE * np.exp(math.log(0.5) * beyond * beyond)
    return np.asarray(np.where(np.isfinite(meters), factor, NOWHERE))


def concept_points(weight: float) -> float:
    """Return the points of a term that a service carries as its primary one."""
    return dyadic(CONCEPT * weight)


def secondary_points(weight: float) -> float:
    """Return the points of a term that is not the service's primary one."""
    return dyadic(SECONDARY * CONCEPT * weight)


def category_points(weight: float) -> float:
    """Return the points of a category that holds a term of the query."""
    return dyadic(CATEGORY * weight)


def parts(plan: Plan, document: Fields) -> dict[str, float]:
    """Return the points of each part of the formula."""
    return {
        "text": _text(plan.weights, document),
        "concept": _concept(plan, document),
        "category": max(
            (category_points(w) for c, w in plan.categories if c in document.category), default=0.0
        ),
        "exact": max(
            (EXACT if plan.exact and plan.exact in document.name else 0.0),
            dict(plan.ids).get(document.id, 0.0),
        ),
        "population": PREFERRED if not document.population.isdisjoint(plan.prefer) else 0.0,
        "browse": BROWSE if plan.stage == "browse" else 0.0,
    }


def _text(weights: Mapping[str, float], document: Fields) -> float:
    return sum(
        weight
        * (
            NAME * (token in document.name)
            + TAX * (token in document.tax)
            + BODY * (token in document.body)
        )
        for token, weight in weights.items()
    )


def _concept(plan: Plan, document: Fields) -> float:
    carried = [
        concept_points(weight) if code in document.main_term else secondary_points(weight)
        for code, weight in plan.concepts
        if code in document.term
    ]
    best = max(carried, default=0.0)
    return best + CONCEPT_TIE * (sum(carried) - best)


def base(plan: Plan, document: Fields) -> float:
    """Return the sum of all parts times the quality, before distance."""
    return sum(parts(plan, document).values()) * document.quality
