"""The engines that must answer alike."""

import pytest

from search.backends.embedded import Embedded
from search.backends.oracle import Oracle

ENGINES = ["embedded", pytest.param("elasticsearch", marks=pytest.mark.engine)]


@pytest.fixture(scope="module", params=ENGINES)
def empty(request, tmp_path_factory):
    """Give an engine without any generation."""
    if request.param == "embedded":
        return Embedded(tmp_path_factory.mktemp("engine"))
    return request.getfixturevalue("cluster")


@pytest.fixture(scope="module")
def rule():
    """Give the brute force that the engines are compared with."""
    return Oracle()
