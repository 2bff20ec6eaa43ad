"""The public pages: everybody may open them, and each reader sees what its audience allows."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import (
    Http404,
    HttpRequest,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic import View

from directory.catalogue import queries
from directory.catalogue.queries import pages, words
from directory.catalogue.states import State
from directory.catalogue.views.context import geo, is_sensitive, listing_context, schematic


@method_decorator(login_not_required, name="dispatch")
class PublicPage(View):
    """A page without an account; the address of a merged record leads on."""

    table = ""
    name = ""

    def moved(self, uid: UUID) -> HttpResponseBase:
        """Lead to the survivor of a merge, else say that there is nothing."""
        survivor = queries.redirected(self.table, uid)
        if survivor is None:
            raise Http404
        return HttpResponsePermanentRedirect(reverse(self.name, args=[survivor]))


class ServicePage(PublicPage):
    """A listing: what to do next, for whom, when, where, and how far it can be trusted."""

    table, name = "service", "catalogue:service"

    def get(self, request: HttpRequest, uid: UUID) -> HttpResponseBase:
        """Show the listing as this reader may see it."""
        view = pages.listing_view(uid, to=request.user)
        if view is None or view.service.state == State.MERGED:
            return self.moved(uid)
        response = render(request, "catalogue/service.html", listing_context(request, view))
        if is_sensitive(view):
            response.headers["Cache-Control"] = "no-store"
        return response


class OrganizationPage(PublicPage):
    """A provider with its services."""

    table, name = "organization", "catalogue:organization"

    def get(self, request: HttpRequest, uid: UUID) -> HttpResponseBase:
        """Show the organization as this reader may see it."""
        view = pages.organization_view(uid, to=request.user)
        if view is None:
            return self.moved(uid)
        phones = view.facts.rows(queries.TABLES["phones"], "organization_id", view.organization.pk)
        context = {
            "view": view,
            "organization": view.organization,
            "phones": phones,
            "kind": queries.code_labels("org_type").get(view.organization.kind, ""),
            "locations": [
                (location, words.address(next(iter(location.addresses.all()), None)),
                 words.area(location.area))
                for location in view.locations
            ],
        }  # fmt: skip
        return render(request, "catalogue/organization.html", context)


class LocationPage(PublicPage):
    """A place with the services given there."""

    table, name = "location", "catalogue:location"

    def get(self, request: HttpRequest, uid: UUID) -> HttpResponseBase:
        """Show the location as this reader may see it."""
        view = pages.location_view(uid, to=request.user)
        if view is None:
            return self.moved(uid)
        location = view.location
        context = {
            "view": view,
            "location": location,
            "address": words.address(next(iter(view.addresses), None)),
            "area": words.area(location.area),
            "geo": geo(location),
            "map": schematic([(location, location.text("name")[0])]),
        }
        return render(request, "catalogue/location.html", context)
