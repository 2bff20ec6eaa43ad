"""Addresses of search."""

from django.urls import URLPattern, URLResolver, path

from search import api, views

app_name = "search"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.HomePage.as_view(), name="home"),
    path("search/", views.ResultsPage.as_view(), name="results"),
    path("search/suggestions/", views.Suggestions.as_view(), name="suggest"),
    path("search/missing/", views.ReportGap.as_view(), name="report_gap"),
    path("api/v1/search", api.Search.as_view(), name="api_search"),
    path("api/v1/search/facets", api.Facets.as_view(), name="api_facets"),
    path("api/v1/search/map", api.Map.as_view(), name="api_map"),
    path("api/v1/suggest", api.Suggest.as_view(), name="api_suggest"),
]
