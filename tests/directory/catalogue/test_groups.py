import pytest

from directory.catalogue.states import group_of

ROW = "1aa0d6ff-29b0-4f70-9df1-1bf48fb74c08"


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("service.phones", "phone"),
        (f"service_at_location:{ROW}.phones", "phone"),
        (f"service_at_location:{ROW}.schedules", "hours"),
        (f"location:{ROW}.phones", "phone"),
        (f"location:{ROW}.addresses", "address"),
        (f"location:{ROW}.transportation@en", "address"),
        ("service.terms.fee", "fees"),
        ("service.description@en", "scope"),
    ],
)
def test_a_fact_is_of_the_same_group_whichever_row_it_stands_in(path: str, group: str) -> None:
    assert group_of(path) == group
