"""The operator's command: it says what stands against erasing, erases, and leaves a receipt."""

import json

import pytest
from django.core.management import CommandError, call_command

from accounts.queries import system
from referrals.casefiles.models import CaseFile, Client
from tests.factories import casefiles

pytestmark = pytest.mark.usefixtures("committed_db")


def name_of(client):
    return Client.objects.visible_to(system()).get(pk=client.pk).name


def test_a_file_is_held_released_tried_and_erased(tmp_path, capsys):
    client = casefiles.adult()
    uid, receipt = str(client.uid), tmp_path / "receipt.json"

    with pytest.raises(CommandError, match="case_open") as open_case:
        call_command("erase_client", uid)
    CaseFile.objects.visible_to(system()).update(
        state="closed", closed_on="2026-01-05", close_reason="moved"
    )
    call_command("erase_client", uid, hold=True)
    with pytest.raises(CommandError, match="legal_hold") as held:
        call_command("erase_client", uid)
    call_command("erase_client", uid, release=True)
    call_command("erase_client", uid, dry_run=True)
    before = name_of(client)
    call_command("erase_client", uid, receipt=receipt)

    assert (open_case.value.returncode, held.value.returncode) == (4, 4)
    assert (before, name_of(client)) == ("王桂芳", "")
    written = receipt.read_text("utf-8")
    assert json.loads(written)["client"] == uid
    assert "王桂芳" not in written + capsys.readouterr().out


def test_a_file_that_does_not_exist_is_told_so():
    with pytest.raises(CommandError) as unknown:
        call_command("erase_client", "00000000-0000-4000-8000-000000000000")

    assert unknown.value.returncode == 3
