"""Load the clocks of the network and what is known about each reason."""

from django.db import migrations

CLASSES = ("emergency", "urgent", "normal")
# Clock: amount and unit for emergency, urgent and normal.
NETWORK = {
    "K0": ("7 d", "7 d", "7 d"),
    "K0A": ("1 h", "1 wd", "1 wd"),
    "A": ("1 h", "4 wh", "1 wd"),
    "B": ("4 h", "1 wd", "2 wd"),
    "C": ("24 h", "72 h", "14 d"),
    "D": ("7 d", "14 d", "30 d"),
    "E": ("7 d", "14 d", "30 d"),
    "F": ("2 wd", "5 wd", "10 wd"),
    "G": ("2 h", "1 wd", "2 wd"),
    "H": ("1 wd", "3 wd", "7 d"),
    # The day itself is named with the step; this is the longest hold.
    "R": ("60 d", "60 d", "60 d"),
}
# The Legal Aid Law gives an agency seven days to decide and three more to assign a lawyer.
LEGAL_AID = {"B": (None, "7 d", "7 d"), "C": (None, "10 d", "10 d")}
BY_CATEGORY = {"": NETWORK, "LE02": LEGAL_AID}
ENDS = "B"

NEXT, MEET, SUGGESTED = "next_candidate", "conference", "suggested_service"
FIX, CLOSE, CALL = "fix_and_resend", "close_need", "call_client"
# Reason: side, HMIS, suggested step; `note` asks for words, `listing` opens a check.
DECLINE = {
    "NO_CAPACITY": ("provider", 3, NEXT, ""),
    "WAITLIST_CLOSED": ("provider", 3, NEXT, ""),
    "FUNDS_EXHAUSTED": ("provider", 3, NEXT, ""),
    "NOT_ELIGIBLE_AGE": ("provider", 3, NEXT, ""),
    "NOT_ELIGIBLE_RESIDENCE": ("provider", 3, NEXT, ""),
    "NOT_ELIGIBLE_INCOME": ("provider", 3, NEXT, ""),
    "NOT_ELIGIBLE_DIAGNOSIS": ("provider", 3, NEXT, ""),
    "NOT_ELIGIBLE_OTHER": ("provider", 3, NEXT, "note"),
    "OUT_OF_AREA": ("provider", 3, NEXT, ""),
    "CONFLICT_OF_INTEREST": ("provider", 3, NEXT, ""),
    "LEGAL_LIMIT": ("provider", 3, NEXT, ""),
    "SERVICE_NOT_OFFERED": ("provider", 3, NEXT, "listing"),
    "OTHER": ("provider", 3, NEXT, "note"),
    "NEEDS_HIGHER_SUPPORT": ("provider", 3, MEET, ""),
    "REDIRECT": ("provider", 3, SUGGESTED, ""),
    "CONTACT_WRONG": ("system", 3, FIX, "listing"),
    "INSUFFICIENT_INFO": ("system", 3, FIX, ""),
    "DUPLICATE": ("system", 3, "", ""),
    "ALREADY_SERVED": ("client", 3, CLOSE, ""),
    "CLIENT_DECLINED_AT_INTAKE": ("client", 2, CALL, ""),
    "UNREACHABLE": ("client", 2, CALL, ""),
    "SAFETY": ("safety", 3, MEET, ""),
}
FAIL = {
    "UNREACHABLE": ("client", 2, CALL, ""),
    "NO_SHOW": ("client", 2, CALL, ""),
    "CLIENT_DISENGAGED": ("client", 2, CALL, ""),
    "CLIENT_DECLINED": ("client", 2, CALL, ""),
    "MOVED": ("client", 2, "", ""),
    "INSTITUTIONALISED": ("client", 2, "", ""),
    "DECEASED": ("client", None, "", ""),
    "INELIGIBLE_ON_ASSESSMENT": ("provider", 3, NEXT, ""),
    "CAPACITY_LOST": ("provider", 3, NEXT, ""),
    "FUNDING_ENDED": ("provider", 3, NEXT, ""),
    "PROVIDER_CLOSED": ("provider", 3, NEXT, "listing"),
    "OTHER": ("provider", 3, NEXT, "note"),
}
CANCEL = {
    "CLIENT_WITHDREW": ("client", 2, "", ""),
    "NEED_RESOLVED_ELSEWHERE": ("client", None, CLOSE, ""),
    "WRONG_RECIPIENT": ("system", None, FIX, ""),
    "PLAN_CHANGED": ("system", None, "", ""),
    "SAFETY": ("safety", None, MEET, ""),
    "MOVED": ("client", 2, "", ""),
    "DECEASED": ("client", None, "", ""),
    "OTHER": ("system", None, "", "note"),
    "CONSENT_WITHDRAWN": ("client", 2, "", ""),
    "BASIS_EXPIRED": ("system", None, CALL, ""),
    "FILLED_ELSEWHERE": ("system", None, "", ""),
    "SENDER_NO_REPLY": ("system", None, FIX, ""),
}
BY_SYSTEM = {"CONSENT_WITHDRAWN", "BASIS_EXPIRED", "FILLED_ELSEWHERE", "SENDER_NO_REPLY"}
BY_CLIENT = {"CLIENT_WITHDREW"}
# Sets whose reasons say nothing beside their words.
PLAIN = ("hold_reason", "reopen_reason", "void_reason")


def load_clocks(apps, schema_editor):
    policy_model = apps.get_model("handoffs", "ClockPolicy")
    for category, clocks in BY_CATEGORY.items():
        for clock, terms in clocks.items():
            for clock_class, term in zip(CLASSES, terms, strict=True):
                if term is None:
                    continue
                amount, unit = term.split()
                policy_model.objects.get_or_create(
                    clock=clock,
                    clock_class=clock_class,
                    category=category,
                    organization=None,
                    defaults={
                        "amount": int(amount),
                        "unit": unit,
                        "ends_referral": clock == ENDS,
                    },
                )


def load_reasons(apps, schema_editor):
    code_model = apps.get_model("catalogue", "Code")
    reason_model = apps.get_model("handoffs", "ReasonCode")
    sets = {"decline_reason": DECLINE, "fail_reason": FAIL, "cancel_reason": CANCEL}
    for name, reasons in sets.items():
        codes = {code.code: code for code in code_model.objects.filter(set=name)}
        for reason, (side, hmis, suggests, marks) in reasons.items():
            reason_model.objects.get_or_create(
                code=codes[reason],
                defaults={
                    "side": side,
                    "hmis": hmis,
                    "suggests_next": suggests,
                    "needs_note": marks == "note",
                    "flags_listing": marks == "listing",
                    "selectable_by": chooser(name, reason),
                },
            )
    for code in code_model.objects.filter(set__in=PLAIN):
        reason_model.objects.get_or_create(
            code=code,
            defaults={
                "side": "system",
                "needs_note": code.code == "OTHER",
                "selectable_by": "worker",
            },
        )


def chooser(name, reason):
    if name != "cancel_reason":
        return "recipient"
    if reason in BY_SYSTEM:
        return "system"
    return "worker_or_client" if reason in BY_CLIENT else "worker"


class Migration(migrations.Migration):
    dependencies = [("handoffs", "0001_initial"), ("catalogue", "0002_codes")]
    operations = [
        migrations.RunPython(load_clocks, migrations.RunPython.noop),
        migrations.RunPython(load_reasons, migrations.RunPython.noop),
    ]
