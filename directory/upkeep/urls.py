"""Addresses of upkeep."""

from django.urls import path

from directory.upkeep import views

app_name = "upkeep"

urlpatterns = [
    path("confirm/", views.ConfirmPage.as_view(), name="confirm"),
    path("confirm/renew/", views.renew, name="confirm_renew"),
    path("confirm/<str:token>/", views.enter, name="confirm_enter"),
    path("services/<uuid:uid>/report/", views.ReportPage.as_view(), name="report"),
    path("suggest/", views.SuggestPage.as_view(), name="suggest"),
    path("checks/", views.ChecksPage.as_view(), name="checks"),
    path("checks/<uuid:uid>/", views.CheckPage.as_view(), name="check"),
    path("checks/<uuid:uid>/claim/", views.claim, name="claim"),
    path("moderation/", views.ModerationPage.as_view(), name="moderation"),
    path("moderation/<uuid:uid>/", views.ProposalPage.as_view(), name="proposal"),
    path("moderation/<uuid:uid>/withdraw/", views.withdraw, name="withdraw"),
    path("listings/", views.ListingsPage.as_view(), name="listings"),
    path("listings/confirm/", views.confirm_all, name="confirm_all"),
    path("listings/<uuid:uid>/", views.EditPage.as_view(), name="listing_edit"),
    path("listings/<uuid:uid>/availability/", views.availability, name="availability"),
    path("listings/<uuid:uid>/pause/", views.pause, name="pause"),
    path("listings/<uuid:uid>/resume/", views.resume, name="resume"),
    path("organizations/<uuid:uid>/intake/", views.intake, name="intake"),
]
