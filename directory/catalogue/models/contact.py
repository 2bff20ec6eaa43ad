"""How to reach somebody: phones, contacts, web addresses, languages spoken."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.catalogue.models.location import Location, ServiceAtLocation
from directory.catalogue.models.organization import Organization
from directory.catalogue.models.record import Child, has_parent, known
from directory.catalogue.models.service import Service
from directory.catalogue.states import Audience, PhoneType

PARENTS = ("organization", "service", "service_at_location", "location")


class Contact(Child):
    """A person or desk to ask for; for staff unless somebody decides otherwise."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="contacts"
    )
    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, related_name="contacts"
    )
    service_at_location = models.ForeignKey(
        ServiceAtLocation, models.CASCADE, null=True, blank=True, related_name="contacts"
    )
    location = models.ForeignKey(
        Location, models.CASCADE, null=True, blank=True, related_name="contacts"
    )
    name = models.CharField(max_length=300, blank=True)
    title = models.CharField(max_length=300, blank=True)
    department = models.CharField(max_length=300, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.STAFF)
    is_verification_contact = models.BooleanField(default=False)
    # Code of the set `contact_method`.
    preferred_channel = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            has_parent("contact_has_parent", *PARENTS),
            known("contact_audience_is_known", "audience", Audience),
        ]

    def __str__(self) -> str:
        return self.name or self.title or self.email


class Phone(Child):
    """A number; never with its extension inside, short hotlines included."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="phones"
    )
    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, related_name="phones"
    )
    service_at_location = models.ForeignKey(
        ServiceAtLocation, models.CASCADE, null=True, blank=True, related_name="phones"
    )
    location = models.ForeignKey(
        Location, models.CASCADE, null=True, blank=True, related_name="phones"
    )
    contact = models.ForeignKey(
        Contact, models.CASCADE, null=True, blank=True, related_name="phones"
    )
    number = models.CharField(max_length=100)
    # The comparable form: E.164, or the bare digits of a short number.
    e164 = models.CharField(max_length=30, blank=True, db_index=True, editable=False)
    extension = models.CharField(max_length=60, blank=True)
    type = models.CharField(max_length=10, choices=PhoneType, blank=True)
    description = models.TextField(blank=True)
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.PUBLIC)
    # Ticked for a mobile that is a work number; any other mainland mobile stays with staff.
    is_published = models.BooleanField(_("published work number"), default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            has_parent("phone_has_parent", *PARENTS, "contact"),
            known("phone_audience_is_known", "audience", Audience),
        ]

    def __str__(self) -> str:
        return self.number


class Url(Child):
    """A further web address of an organization or a service."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="urls"
    )
    service = models.ForeignKey(Service, models.CASCADE, null=True, blank=True, related_name="urls")
    label = models.CharField(max_length=300, blank=True)
    url = models.URLField(max_length=1000)

    class Meta:
        ordering = ["pk"]
        constraints = [has_parent("url_has_parent", "organization", "service")]

    def __str__(self) -> str:
        return self.label or self.url


class Language(Child):
    """A language in which a service, a location or a phone serves people."""

    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, related_name="languages"
    )
    location = models.ForeignKey(
        Location, models.CASCADE, null=True, blank=True, related_name="languages"
    )
    phone = models.ForeignKey(
        Phone, models.CASCADE, null=True, blank=True, related_name="languages"
    )
    name = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=35, blank=True, db_index=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [has_parent("language_has_parent", "service", "location", "phone")]

    def __str__(self) -> str:
        return self.name or self.code
