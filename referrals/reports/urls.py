"""Addresses of reports."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from referrals.reports import api
from referrals.reports.views import board, feedback, follow_ups, handouts, unmet, work

app_name = "reports"

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("follow-ups", api.FollowUpViewSet, basename="api-follow-up")
router.register("resource-links", api.ResourceLinkViewSet, basename="api-resource-link")
router.register("evaluations", api.EvaluationViewSet, basename="api-evaluation")
router.register("unmet", api.UnmetViewSet, basename="api-unmet")

urlpatterns: list[URLPattern | URLResolver] = [
    path("work/", work.WorkPage.as_view(), name="work"),
    path("work/<slug:name>/", work.WorkListPage.as_view(), name="work_list"),
    path("follow-ups/", follow_ups.FollowUpsPage.as_view(), name="follow_ups"),
    path("follow-ups/<uuid:uid>/", follow_ups.FollowUpPage.as_view(), name="follow_up"),
    path("unmet/", unmet.UnmetPage.as_view(), name="unmet"),
    path("chances/<uuid:uid>/seen/", unmet.seen, name="seen"),
    path("log-only/", handouts.LogOnlyPage.as_view(), name="log_only"),
    path("feedback/", feedback.FeedbackPage.as_view(), name="feedback"),
    path("board/", board.BoardPage.as_view(), name="board"),
    path("board/unmet/", board.UnmetRowsPage.as_view(), name="board_unmet"),
    path("board/<slug:name>/", board.BoardListPage.as_view(), name="board_list"),
    path("api/v1/", include(router.urls)),
]
