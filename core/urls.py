"""Addresses of core."""

from django.urls import path

from core import api, views

app_name = "core"

urlpatterns = [
    path("help/", views.HelpPage.as_view(), name="help"),
    path("help/components/", views.ComponentsPage.as_view(), name="components"),
    path("accessibility/", views.AccessibilityPage.as_view(), name="accessibility"),
    path("display/", views.display, name="display"),
    path("language/", views.set_language, name="language"),
    path("settings/system/", views.SystemPage.as_view(), name="system"),
    path("health/live", api.live, name="live"),
    path("health/ready", api.ready, name="ready"),
    path("health/detail", api.detail, name="detail"),
]
