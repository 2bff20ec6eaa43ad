"""Addresses of catalogue."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from directory.catalogue import api, views

app_name = "catalogue"

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("services", api.ServiceViewSet, basename="service_api")
router.register("service_at_locations", api.PlaceViewSet, basename="place_api")
router.register("organizations", api.OrganizationViewSet, basename="organization_api")
router.register("programs", api.ProgramViewSet, basename="program_api")
router.register("locations", api.LocationViewSet, basename="location_api")
router.register("taxonomies", api.TaxonomyViewSet, basename="taxonomy_api")
router.register("listing-restrictions", api.RestrictionViewSet, basename="restriction_api")
router.register("taxonomy_terms", api.TermViewSet, basename="term_api")

urlpatterns: list[URLPattern | URLResolver] = [
    path("services/<uuid:uid>/", views.ServicePage.as_view(), name="service"),
    path("services/<uuid:uid>/slip/", views.SlipPage.as_view(), name="slip"),
    path("organizations/<uuid:uid>/", views.OrganizationPage.as_view(), name="organization"),
    path("locations/<uuid:uid>/", views.LocationPage.as_view(), name="location"),
    path("settings/restrictions/", views.RestrictionsPage.as_view(), name="restrictions"),
    path(
        "settings/restrictions/<uuid:uid>/<slug:act>/",
        views.RestrictionAct.as_view(),
        name="restriction_act",
    ),
    path("api/v1/", include(router.urls)),
]
