"""Where each application's addresses begin: at the root, because applications share prefixes."""

from django.contrib import admin
from django.urls import include, path

from accounts.urls import sign_in

urlpatterns = [
    path("", include("core.urls")),
    path("", include("accounts.urls")),
    path("", include("directory.geography.urls")),
    path("", include("directory.catalogue.urls")),
    path("", include("directory.upkeep.urls")),
    path("", include("search.urls")),
    path("", include("directory.exchange.urls")),
    path("", include("referrals.casefiles.urls")),
    path("", include("referrals.handoffs.urls")),
    path("", include("referrals.reports.urls")),
    path("accounts/", include(sign_in)),
    path("admin/", admin.site.urls),
]
handler400 = "core.views.bad_request"
handler403 = "core.views.forbidden"
handler404 = "core.views.not_found"
handler500 = "core.views.broken"
