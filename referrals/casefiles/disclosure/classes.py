"""The 21 data classes: how sensitive each is, its packet fields, and what reveals it (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from referrals.casefiles.states import DataClass

D = DataClass


@dataclass(frozen=True)
class Traits:
    """What the law and the packet say about one class."""

    fields: Mapping[str, str | Promise]
    # S: an own tick, with necessity and effect shown.
    sensitive: bool = False
    # R: never by a scope wider than one organization.
    restricted: bool = False
    # Code of the set `sensitive_category`, empty for plain classes.
    category: str = ""
    # Population and risk codes that say this about a person.
    codes: frozenset[str] = field(default_factory=frozenset)


GROUPS = _("Groups the person belongs to")
NOTE = _("Particulars")

CLASSES: Mapping[DataClass, Traits] = {
    D.IDENTITY: Traits({"name": _("Full name"), "sex": _("Sex"), "birth_date": _("Date of birth")}),
    D.CONTACT: Traits(
        {
            "phones": _("Telephone"),
            "safe_contact": _("Safe ways and times to call"),
            "languages": _("Languages spoken"),
        }
    ),
    D.HOUSEHOLD: Traits(
        {
            "household_size": _("People in the household"),
            "members": _("Members of the household"),
            "next_of_kin": _("Guardians and next of kin"),
            "groups": GROUPS,
        },
        codes=frozenset(
            {"elder_alone", "elder_leftbehind", "single_parent", "shidu", "carer", "child_migrant"}
            | {"child_leftbehind", "child_orphan", "child_defacto", "prisoner_family"}
        ),
    ),
    D.ADDRESS_DETAIL: Traits({"district": _("District"), "address": _("Exact address")}),
    D.NEED_NARRATIVE: Traits(
        {
            "categories": _("Kind of need"),
            "summary": _("What is needed and why"),
            "deadline": _("Needed by"),
        }
    ),
    D.FINANCE: Traits(
        {"groups": GROUPS, "income": _("Income and its proof")},
        sensitive=True,
        category="finance",
        codes=frozenset({"low_income", "rigid_expense", "dibao_margin", "relief_returnee"}),
    ),
    D.BENEFITS: Traits(
        {"groups": GROUPS, "note": NOTE},
        sensitive=True,
        category="finance",
        codes=frozenset({"dibao", "tekun", "preferential", "income_loss"}),
    ),
    D.HEALTH_GENERAL: Traits(
        {"groups": GROUPS, "note": NOTE},
        sensitive=True,
        category="health",
        codes=frozenset(
            {"patient_poor", "patient_serious", "patient_chronic", "inpatient", "pregnant", "tb"}
            | {"medical"}
        ),
    ),
    D.HIV: Traits(
        {"groups": GROUPS, "note": NOTE},
        sensitive=True,
        restricted=True,
        category="hiv",
        codes=frozenset({"plwh"}),
    ),
    D.MENTAL_HEALTH: Traits(
        {"groups": GROUPS, "note": NOTE},
        sensitive=True,
        restricted=True,
        category="mental",
        codes=frozenset({"smi", "disabled_mental", "suicide_risk", "self_harm"}),
    ),
    D.SUBSTANCE: Traits(
        {"groups": GROUPS, "note": NOTE},
        sensitive=True,
        restricted=True,
        category="identity_special",
        codes=frozenset({"substance", "drug_rehab"}),
    ),
    D.DISABILITY: Traits(
        {"groups": GROUPS, "functional_level": _("What the person can and cannot do")},
        sensitive=True,
        category="health",
        codes=frozenset(
            {"disabled", "disabled_severe", "disabled_visual", "disabled_hearing", "autism"}
            | {"disabled_physical", "disabled_intellectual", "elder_disabled"}
        ),
    ),
    D.VIOLENCE: Traits(
        {"groups": GROUPS, "note": NOTE},
        sensitive=True,
        restricted=True,
        category="dv_address",
        codes=frozenset({"dv_victim", "child_victim", "crime_victim", "violence"}),
    ),
    D.WHEREABOUTS: Traits(
        {"protected_address": _("Protected address"), "note": NOTE},
        sensitive=True,
        restricted=True,
        category="dv_address",
    ),
    D.CRIMINAL_RECORD: Traits(
        {"groups": GROUPS, "order_reference": _("Reference of the order")},
        sensitive=True,
        restricted=True,
        category="identity_special",
        codes=frozenset({"correction", "released", "reoffending"}),
    ),
    D.JUVENILE_RECORD: Traits(
        {"groups": GROUPS, "note": NOTE},
        sensitive=True,
        restricted=True,
        category="identity_special",
        codes=frozenset({"youth_justice", "youth_risk"}),
    ),
    D.RESIDENCE_STATUS: Traits(
        {"registration": _("Household registration"), "groups": GROUPS, "note": NOTE},
        codes=frozenset({"floating", "foreign", "homeless", "migrant_worker", "homeless_risk"}),
    ),
    D.EDUCATION: Traits({"note": NOTE}),
    D.EMPLOYMENT: Traits(
        {"groups": GROUPS, "skills": _("Skills and availability")},
        codes=frozenset({"unemployed", "hard_to_employ", "gig_worker"}),
    ),
    D.CHILD_DATA: Traits(
        {"groups": GROUPS, "note": NOTE},
        sensitive=True,
        restricted=True,
        category="minor",
        codes=frozenset({"under14", "child_difficulty", "child_protection"}),
    ),
    D.DOCUMENTS: Traits(
        {"id_number": _("Identity number"), "note": _("Certificates that can be shown")},
        sensitive=True,
        restricted=True,
    ),
}

# Codes of the set `consent_scope`: ready-made choices that expand to classes.
PRESETS: Mapping[str, frozenset[DataClass]] = {
    "contact_only": frozenset({D.IDENTITY, D.CONTACT}),
    "need_summary": frozenset({D.NEED_NARRATIVE}),
    # The assessment's conclusion: the need and the functional level.
    "assessment": frozenset({D.NEED_NARRATIVE, D.DISABILITY}),
    "health": frozenset({D.HEALTH_GENERAL, D.DISABILITY}),
    "finance": frozenset({D.FINANCE, D.BENEFITS}),
    "justice": frozenset({D.CRIMINAL_RECORD}),
    "documents": frozenset({D.DOCUMENTS}),
    # Preview facts only.
    "anonymous": frozenset(),
}

# Leaves whose very name says it: a need there makes the file restricted.
REVEALING_NEEDS: Mapping[str, DataClass] = {
    "HE16": D.HIV,
    "HE17": D.HIV,
    "PG11": D.HIV,
    "MH03": D.MENTAL_HEALTH,
    "MH04": D.MENTAL_HEALTH,
    "MH05": D.MENTAL_HEALTH,
    "FM01": D.VIOLENCE,
    "FM02": D.WHEREABOUTS,
    "FM03": D.VIOLENCE,
    "FM10": D.VIOLENCE,
    "CY05": D.CHILD_DATA,
    "CY06": D.VIOLENCE,
    "JU01": D.CRIMINAL_RECORD,
    "JU03": D.SUBSTANCE,
    "JU04": D.JUVENILE_RECORD,
    "JU05": D.JUVENILE_RECORD,
}

# The field of a class that holds what a worker writes about it; the others come from the file.
WRITTEN_FIELD: Mapping[DataClass, str] = {
    D.FINANCE: "income",
    D.DISABILITY: "functional_level",
    D.CRIMINAL_RECORD: "order_reference",
    D.EMPLOYMENT: "skills",
} | {data_class: "note" for data_class, traits in CLASSES.items() if "note" in traits.fields}

_CLASS_OF_CODE: Mapping[str, DataClass] = {
    code: data_class for data_class, traits in CLASSES.items() for code in traits.codes
}


def is_sensitive(data_class: str, *, under_14: bool) -> bool:
    """Say whether the class needs its own tick; under 14 every class does."""
    return under_14 or CLASSES[DataClass(data_class)].sensitive


def is_restricted(data_class: str) -> bool:
    """Say whether the class may only go to a named service, conference or organization."""
    return CLASSES[DataClass(data_class)].restricted


def class_of_code(code: str) -> DataClass | None:
    """Return the class that a population or risk code reveals, or None for a harmless one."""
    return _CLASS_OF_CODE.get(code)


def harmless(codes: Iterable[str]) -> list[str]:
    """Keep the codes that reveal no restricted class; lists outside the file show only these."""
    return [code for code in codes if not _reveals_restricted(code)]


def _reveals_restricted(code: str) -> bool:
    revealed = _CLASS_OF_CODE.get(code)
    return revealed is not None and CLASSES[revealed].restricted


def makes_restricted(
    *, age: int | None, populations: Iterable[str], need_categories: Iterable[str]
) -> bool:
    """Say whether law closes the file to all but its team: minors, and what reveals R classes."""
    return (
        (age is not None and age < 18)
        or any(_reveals_restricted(code) for code in populations)
        or any(code[:4] in REVEALING_NEEDS for code in need_categories)
    )
