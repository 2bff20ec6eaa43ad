"""Addresses of catalogue."""

from django.urls import URLPattern, URLResolver, path

from directory.catalogue import views

app_name = "catalogue"

urlpatterns: list[URLPattern | URLResolver] = [
    path("services/<uuid:uid>/", views.ServicePage.as_view(), name="service"),
    path("services/<uuid:uid>/slip/", views.SlipPage.as_view(), name="slip"),
    path("organizations/<uuid:uid>/", views.OrganizationPage.as_view(), name="organization"),
    path("locations/<uuid:uid>/", views.LocationPage.as_view(), name="location"),
]
