"""What the demo prints when it is ready: how to get in, and what to look at."""

from django.conf import settings

from accounts.models import Message
from accounts.permissions import Role
from config.demo.people import PEOPLE
from directory.catalogue.models import Organization, Service


def welcome(address: str) -> str:
    """Return the lines that tell a newcomer where to begin."""
    services, providers = Service.objects.count(), Organization.objects.count()
    lines = [
        "",
        f"  Linkwell is ready at {address}",
        f"  {services} services of {providers} organizations; all people are invented.",
        "",
        f"  Passphrase of everybody: {settings.DEMO_PASSPHRASE}",
        *(f"    {person.email:<26} {_roles(person.roles)}" for person in PEOPLE),
        "",
        "  Links that partners and clients got, without an account:",
        *(f"    {label:<26} {address}{link}" for label, link in _links()),
        f"    {'API':<26} {address}/api/v1/docs",
        "",
    ]
    return "\n".join(lines)


def _roles(roles: tuple[Role, ...]) -> str:
    return ", ".join(str(role).replace("_", " ") for role in roles)


LINKS = (
    ("a provider confirms", "upkeep.confirm"),
    ("a partner answers", "handoffs.link"),
    ("a client looks", "handoffs.status"),
)


def _links() -> list[tuple[str, str]]:
    """Return the newest link of each kind, from the outbox."""
    found = []
    for label, template in LINKS:
        newest = Message.objects.filter(template=template).order_by("-pk").first()
        if newest is not None:
            found.append((label, newest.body["link"]))
    return found
