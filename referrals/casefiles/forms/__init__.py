"""Checking what is typed into the pages of casefiles."""

from referrals.casefiles.forms.case import (
    AssignForm,
    CloseForm,
    OfferForm,
    ReopenForm,
    SecrecyForm,
    StageForm,
)
from referrals.casefiles.forms.client import (
    ClientForm,
    ConflictForm,
    FactsForm,
    GuardianForm,
    HouseholdForm,
    NewClientForm,
    NoteForm,
    SafetyForm,
    SearchForm,
)
from referrals.casefiles.forms.consent import ConsentForm, LegalBasisForm, WithdrawForm
from referrals.casefiles.forms.need import LevelForm, NeedForm, SettleForm
from referrals.casefiles.forms.privacy import (
    ApprovalForm,
    EmergencyForm,
    PurposeForm,
    ReviewForm,
)

__all__ = [
    "ApprovalForm",
    "AssignForm",
    "ClientForm",
    "CloseForm",
    "ConflictForm",
    "ConsentForm",
    "EmergencyForm",
    "FactsForm",
    "GuardianForm",
    "HouseholdForm",
    "LegalBasisForm",
    "LevelForm",
    "NeedForm",
    "NewClientForm",
    "NoteForm",
    "OfferForm",
    "PurposeForm",
    "ReopenForm",
    "ReviewForm",
    "SafetyForm",
    "SearchForm",
    "SecrecyForm",
    "SettleForm",
    "StageForm",
    "WithdrawForm",
]
