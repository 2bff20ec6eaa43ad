"""Addresses of casefiles."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from referrals.casefiles import api
from referrals.casefiles.views import case, client, consent, file, lists, need, privacy

app_name = "casefiles"

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("clients", api.ClientViewSet, basename="api_client")
router.register("needs", api.NeedViewSet, basename="api_need")
router.register("cases", api.CaseViewSet, basename="api_case")
router.register("consents", api.ConsentViewSet, basename="api_consent")
router.register("break-glass", api.BreakGlassViewSet, basename="api_break_glass")
router.register("access-approvals", api.ApprovalViewSet, basename="api_approval")

urlpatterns: list[URLPattern | URLResolver] = [
    path("clients/", lists.ClientsPage.as_view(), name="clients"),
    path("clients/new/", lists.NewClientPage.as_view(), name="client_new"),
    path("clients/emergency/", privacy.EmergencyPage.as_view(), name="emergency"),
    path("clients/access/", privacy.AccessPage.as_view(), name="access"),
    path("clients/<uuid:uid>/", file.BasicPage.as_view(), name="client"),
    path("clients/<uuid:uid>/unmask/", file.UnmaskPage.as_view(), name="unmask"),
    path("clients/<uuid:uid>/reason/", lists.reason, name="reason"),
    path("clients/<uuid:uid>/edit/", client.EditPage.as_view(), name="client_edit"),
    path("clients/<uuid:uid>/safety/", client.SafetyPage.as_view(), name="safety"),
    path("clients/<uuid:uid>/particulars/", client.FactsPage.as_view(), name="facts"),
    path("clients/<uuid:uid>/guardians/new/", client.GuardianPage.as_view(), name="guardian_new"),
    path("guardians/<uuid:uid>/end/", client.EndGuardianPage.as_view(), name="guardian_end"),
    path("clients/<uuid:uid>/household/", client.HouseholdPage.as_view(), name="household"),
    path("clients/<uuid:uid>/conflict/", client.ConflictPage.as_view(), name="conflict"),
    path("clients/<uuid:uid>/notes/", file.NotePage.as_view(), name="note"),
    path("clients/<uuid:uid>/timeline/", file.TimelinePage.as_view(), name="timeline"),
    path("clients/<uuid:uid>/needs/", file.NeedsPage.as_view(), name="needs"),
    path("clients/<uuid:uid>/needs/new/", need.NewNeedPage.as_view(), name="need_new"),
    path("clients/<uuid:uid>/needs/order/", need.OrderPage.as_view(), name="need_order"),
    path("needs/kinds/", lists.kinds_of_need, name="need_kinds"),
    path("needs/<uuid:uid>/assess/", need.NeedPage.as_view(), name="need"),
    path("needs/<uuid:uid>/level/", need.LevelPage.as_view(), name="need_level"),
    path("needs/<uuid:uid>/settle/", need.SettlePage.as_view(), name="need_settle"),
    path("clients/<uuid:uid>/consents/", consent.ConsentsPage.as_view(), name="consents"),
    path("clients/<uuid:uid>/consents/new/", consent.NewConsentPage.as_view(), name="consent_new"),
    path("consents/<uuid:uid>/", consent.ConsentPage.as_view(), name="consent"),
    path("consents/<uuid:uid>/withdraw/", consent.WithdrawPage.as_view(), name="consent_withdraw"),
    path("consents/<uuid:uid>/evidence/", consent.EvidencePage.as_view(), name="evidence"),
    path("clients/<uuid:uid>/who-saw/", consent.WhoSawPage.as_view(), name="who_saw"),
    path("clients/<uuid:uid>/legal-bases/new/", consent.NewBasisPage.as_view(), name="basis_new"),
    path("legal-bases/<uuid:uid>/", consent.ApproveBasisPage.as_view(), name="basis"),
    path("cases/<uuid:uid>/", case.CasePage.as_view(), name="case"),
    path("cases/<uuid:uid>/stage/", case.StagePage.as_view(), name="case_stage"),
    path("cases/<uuid:uid>/secrecy/", case.SecrecyPage.as_view(), name="case_secrecy"),
    path("cases/<uuid:uid>/team/", case.AssignPage.as_view(), name="case_assign"),
    path("assignments/<uuid:uid>/end/", case.ReleasePage.as_view(), name="case_release"),
    path("cases/<uuid:uid>/offer/", case.OfferPage.as_view(), name="case_offer"),
    path("cases/<uuid:uid>/close/", case.ClosePage.as_view(), name="case_close"),
    path("cases/<uuid:uid>/reopen/", case.ReopenPage.as_view(), name="case_reopen"),
    path("transfers/<uuid:uid>/", case.TransferPage.as_view(), name="transfer"),
    path("emergencies/<uuid:uid>/end/", privacy.end_emergency, name="emergency_end"),
    path("emergencies/<uuid:uid>/review/", privacy.review, name="emergency_review"),
    path("approvals/<uuid:uid>/end/", privacy.end_approval, name="approval_end"),
    path("api/v1/", include(router.urls)),
]
