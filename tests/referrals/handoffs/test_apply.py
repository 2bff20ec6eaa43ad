import pytest

from tests.factories import handoffs

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", [s for s in handoffs.PATHS if s != "pending_approval"])
def test_every_status_is_reached_by_ordinary_steps(status):
    referral = handoffs.referral(handoffs.scene(), status)

    assert referral.status == status
