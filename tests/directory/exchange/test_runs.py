"""The command and the pages of imports."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.queries import system
from directory.catalogue.models import Service
from directory.exchange.models import ImportBatch
from directory.exchange.operations import batches
from tests.factories import accounts
from tests.factories import exchange as make

pytestmark = pytest.mark.django_db


def run(*arguments):
    """Run the command; return its exit code and what it printed."""
    out = StringIO()
    try:
        call_command("import_hsds", *map(str, arguments), "--json", stdout=out, stderr=StringIO())
    except SystemExit as left:
        return left.code, json.loads(out.getvalue() or "{}")
    return 0, json.loads(out.getvalue())


@pytest.fixture(name="path")
def _path(tmp_path):
    return make.folder(tmp_path / "in", make.small())


@pytest.fixture(name="faulty")
def _faulty(tmp_path):
    files = make.small()
    files["phones.csv"][0]["number"] = ""
    return make.folder(tmp_path / "faulty", files)


class TestCommand:
    def test_done_is_0(self, path):
        code, result = run(path, "--source", "test")

        assert (code, result["state"]) == (0, "applied")
        assert result["tables"]["service"] == {"created": 1, "read": 1}

    def test_losses_are_1_and_the_report_names_them(self, faulty, tmp_path):
        report = tmp_path / "report.json"

        code, _result = run(faulty, "--source", "test", "--report", report)

        assert code == 1
        [row] = json.loads(report.read_text())["rows"]
        assert (row["file"], row["row"], row["column"]) == ("phones.csv", 2, "number")
        assert row["message"]

    def test_a_check_writes_nothing(self, path):
        code, result = run(path, "--source", "test", "--mode", "check")

        assert (code, result["state"]) == (0, "checked")
        assert not Service.objects.filter(uid=make.uid(2)).exists()

    def test_usage_is_2(self, path, tmp_path):
        for arguments in ([path], ["--source", "x"], ["--resume", make.uid(1)]):
            with pytest.raises(CommandError) as refused:
                run(*arguments)
            assert refused.value.returncode == 2
        (tmp_path / "m.json").write_text("[]")
        with pytest.raises(CommandError):
            run(path, "--source", "x", "--mapping", tmp_path / "m.json")

    def test_unreadable_is_3(self, tmp_path):
        (tmp_path / "service.json").write_text("{")

        code, result = run(tmp_path / "service.json", "--source", "test")

        assert (code, result["state"]) == (3, "failed")
        assert result["failure"]

    def test_strict_is_4_and_writes_nothing(self, faulty):
        code, result = run(faulty, "--source", "test", "--strict")

        assert (code, result["state"]) == (4, "abandoned")
        assert not Service.objects.filter(uid=make.uid(2)).exists()

    def test_another_import_is_5(self, path):
        by = system()
        batch = batches.receive(batches.source("x", by=by), by=by, file_name="a")
        batches.start_checking(batch, by=by)

        assert run(path, "--source", "test")[0] == 5

    def test_a_checked_import_can_be_resumed(self, path):
        _code, result = run(path, "--source", "test", "--mode", "check")

        code, result = run("--resume", result["uid"])

        assert (code, result["state"]) == (0, "applied")


class TestPages:
    @pytest.fixture(name="browser")
    def _browser(self):
        return accounts.browser(accounts.member("coordinator"))

    def test_a_run_shows_totals_and_every_rejected_row(self, browser, faulty):
        batch = make.imported(faulty)

        listed = browser.get("/settings/imports/")
        page = browser.get(f"/settings/imports/{batch.uid}/")

        assert "faulty" in listed.content.decode()
        text = page.content.decode()
        assert "phones.csv" in text
        assert "number" in text
        assert page.context["page"].paginator.count == 1

    def test_observations_are_narrowed_to_a_kind(self, browser, faulty):
        batch = make.imported(faulty)

        page = browser.get(f"/settings/imports/{batch.uid}/", {"code": "bad_date"})

        assert page.context["page"].paginator.count == 0

    def test_the_whole_report_is_a_file(self, browser, faulty):
        batch = make.imported(faulty)

        answer = browser.get(f"/settings/imports/{batch.uid}/report.json")

        assert answer["Content-Disposition"].startswith("attachment")
        assert answer.json()["observations"][0]["code"] == "missing_required"

    def test_without_runs_the_page_says_how_to_begin(self, browser):
        assert not ImportBatch.objects.exists()
        assert "import_hsds" in browser.get("/settings/imports/").content.decode()

    def test_others_do_not_get_in(self, client, path):
        batch = make.imported(path)
        worker = accounts.browser(accounts.member("worker"))

        for address in ("/settings/imports/", f"/settings/imports/{batch.uid}/"):
            assert worker.get(address).status_code == 403
            assert client.get(address).status_code == 302
