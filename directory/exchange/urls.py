"""Addresses of exchange."""

from django.urls import URLPattern, URLResolver, path

from directory.exchange import api, views

app_name = "exchange"

urlpatterns: list[URLPattern | URLResolver] = [
    path("settings/imports/", views.ImportsPage.as_view(), name="imports"),
    path("settings/imports/<uuid:uid>/", views.ImportPage.as_view(), name="import"),
    path(
        "settings/imports/<uuid:uid>/report.json",
        views.ImportReport.as_view(),
        name="import_report",
    ),
    path("hsds/v3/", api.Base.as_view(), name="base"),
    path("hsds/v3/openapi.json", api.OpenAPI.as_view(), name="openapi"),
    path("hsds/v3/profile/", api.Profile.as_view(), name="profile"),
    path("hsds/v3/profile/<slug:table>.json", api.ProfileSchema.as_view(), name="profile_schema"),
    path("hsds/v3/services", api.ServiceList.as_view(), name="services"),
    path("hsds/v3/services/<str:uid>", api.ServiceItem.as_view(), name="service"),
    path("hsds/v3/organizations", api.OrganizationList.as_view(), name="organizations"),
    path("hsds/v3/organizations/<str:uid>", api.OrganizationItem.as_view(), name="organization"),
]
