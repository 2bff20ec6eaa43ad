"""Topics of danger in a text; recall before precision, a superfluous panel is harmless."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from search.lexicon import Trigger

_SURE = 0.60


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of danger: the terms that help, the numbers to call, the class pairs that tell it."""

    name: str
    codes: tuple[str, ...]
    hotlines: tuple[str, ...]
    minors: tuple[str, ...] = ()
    pairs: tuple[frozenset[str], ...] = ()


# Most pressing first: a text may touch several, and the first numbers are read first.
TOPICS = (
    Topic("medical", ("CR02",), ("120",)),
    Topic("fire", ("CR04",), ("119",)),
    Topic("self_harm", ("MH06", "MH01"), ("12356", "120", "110"), minors=("12355",)),
    Topic("child_harm", ("CY06", "CY05"), ("110", "12355"), pairs=(frozenset({"hit", "child"}),)),
    Topic("sexual_violence", ("FM10",), ("110", "12338")),
    Topic(
        "family_violence",
        ("FM01", "FM02", "FM03"),
        ("110", "12338"),
        pairs=(frozenset({"hit", "spouse"}),),
    ),
    Topic("danger", ("CR01",), ("110",)),
    Topic("missing", ("CR05",), ("110",)),
)


def topics_of(
    forms: Iterable[str],
    concepts: Mapping[str, float],
    classes: Set[str],
    triggers: Iterable[Trigger],
) -> tuple[str, ...]:
    """Return the topics that a trigger, a certain term or a pair of word classes points to."""
    texts = tuple(forms)
    found = {t.topic for t in triggers if any(t.phrase in text for text in texts)}
    found |= {
        topic.name
        for topic in TOPICS
        if any(concepts.get(code, 0) >= _SURE for code in topic.codes)
        or any(pair <= classes for pair in topic.pairs)
    }
    return tuple(topic.name for topic in TOPICS if topic.name in found)


def named(topics: Iterable[str]) -> list[Topic]:
    """Return the topics of these names."""
    wanted = set(topics)
    return [topic for topic in TOPICS if topic.name in wanted]
