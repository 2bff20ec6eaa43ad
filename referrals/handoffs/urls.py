"""Addresses of handoffs."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from referrals.handoffs.api import CandidateViewSet, LinkViewSet, ReferralViewSet
from referrals.handoffs.views import answer, find, history, lists, papers, refer, referral, status

app_name = "handoffs"

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("referrals", ReferralViewSet, "api-referrals")
router.register("links", LinkViewSet, "api-links")
router.register("needs", CandidateViewSet, "api-candidates")

urlpatterns: list[URLPattern | URLResolver] = [
    path("needs/<uuid:uid>/find/", find.FindPage.as_view(), name="find"),
    path("referrals/", lists.ReferralsPage.as_view(), name="referrals"),
    path("referrals/new/", refer.ReferPage.as_view(), name="refer"),
    path("referrals/<uuid:uid>/", referral.ReferralPage.as_view(), name="referral"),
    path("referrals/<uuid:uid>/answer/", referral.AnswerPage.as_view(), name="respond"),
    path("referrals/<uuid:uid>/packet/", referral.PacketPage.as_view(), name="packet"),
    path("referrals/<uuid:uid>/links/", referral.LinksPage.as_view(), name="links"),
    path("referrals/<uuid:uid>/slip/", papers.SlipPage.as_view(), name="slip"),
    path("referrals/<uuid:uid>/<slug:event>/", referral.StepPage.as_view(), name="step"),
    path("inbox/", lists.InboxPage.as_view(), name="inbox"),
    path("answer/", answer.AnswerPage.as_view(), name="answer"),
    path("answer/code/", answer.CodePage.as_view(), name="answer_code"),
    path("answer/steps/<slug:event>/", answer.AnswerStepPage.as_view(), name="answer_step"),
    path("answer/<str:token>/", answer.AnswerEnter.as_view(), name="answer_enter"),
    path("status/", status.StatusPage.as_view(), name="status"),
    path("status/<str:token>/", status.StatusEnter.as_view(), name="status_enter"),
    path("clients/<uuid:uid>/help/", history.ClientHelpPage.as_view(), name="client_help"),
    path("api/v1/", include(router.urls)),
]
