"""People and what they hold, for tests."""

from itertools import count
from typing import Any

from django.db import models
from django.test import Client

from accounts import queries
from accounts.models import Membership, User
from accounts.permissions import NETWORK_ROLES, Role

PASSWORD = "four words nobody joins"
_numbers = count(1)


def user(**values: Any) -> User:
    """Make somebody without any role."""
    number = next(_numbers)
    facts: dict[str, Any] = {"email": f"person{number}@example.org", "name": f"Person {number}"}
    person = User(**facts | values)
    person.set_password(PASSWORD)
    person.save()
    return person


def organization(name: str = "听雨街道社工站") -> Any:
    """Make the smallest organization that a role can be held in."""
    model = Membership._meta.get_field("organization").related_model
    return model._default_manager.create(name=name)


def member(role: str, organization: models.Model | None = None, **values: Any) -> User:
    """Make somebody who holds a role, in the network or in an organization."""
    person = values.pop("user", None) or user(**values)
    where = organization
    if role not in NETWORK_ROLES and where is None:
        where = globals()["organization"]()
    pk = where.pk if where else None
    Membership.objects.create(user=person, role=Role(role), organization_id=pk)
    person.__dict__.pop("held", None)
    return person


def system() -> User:
    return queries.system()


def browser(person: User) -> Client:
    """Give a browser in which somebody is signed in."""
    client = Client()
    client.force_login(person)
    return client
