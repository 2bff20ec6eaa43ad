"""Addresses of geography."""

from django.urls import URLPattern, URLResolver, path, register_converter

from directory.geography import api, views
from directory.geography.states import ProviderKind


class ProviderKindConverter:
    """A kind of provider that exists; everything else is no address of ours."""

    regex = "|".join(ProviderKind.values)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(ProviderKindConverter, "provider")

app_name = "geography"

urlpatterns: list[URLPattern | URLResolver] = [
    path("areas/", views.AreaSteps.as_view(), name="area_steps"),
    path("areas/suggestions/", views.AreaSuggestions.as_view(), name="area_suggestions"),
    path("settings/geocoding/", views.ProvidersPage.as_view(), name="providers"),
    path("settings/geocoding/<provider:kind>/", views.ProviderPage.as_view(), name="provider"),
    path("settings/holidays/", views.HolidaysPage.as_view(), name="holidays"),
    path(
        "settings/holidays/<int:pk>/remove/",
        views.RemoveHoliday.as_view(),
        name="holiday_remove",
    ),
    path("api/v1/areas", api.AreaList.as_view(), name="api_areas"),
    path("api/v1/geocode", api.Geocode.as_view(), name="api_geocode"),
]
