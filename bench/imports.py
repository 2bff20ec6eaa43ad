"""Memory of `manage.py import_hsds` on the directory of Washington, D.C., a foreign data set."""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from django.core.management import call_command

from bench.result import Report
from directory.catalogue.models import Service

DATA = Path(__file__).parents[2] / "shared/data/hsds/dc-orservices-2.0"
MEGABYTES = 300
MAPPING = """{"country": "US", "language": "en", "tz": "America/New_York",
 "values": {"service.status": {"1": "active", "2": "active", "3": "inactive", "4": "inactive",
 "5": "defunct", "6": "inactive", "Verified": "active"}},
 "defaults": {"address.country": "US"}}"""
# Rows of that data set that nobody could read are named and end with this code.
LOSSES = 1


def main() -> int:
    """Import it into an empty directory by a process of its own."""
    report = Report.of("imports", __doc__)
    if not DATA.is_dir():
        raise SystemExit(f"The data set is not in {DATA}.")
    call_command("migrate", verbosity=0, interactive=False)
    before = Service.objects.count()
    with tempfile.NamedTemporaryFile("w", suffix=".json") as mapping:
        mapping.write(MAPPING)
        mapping.flush()
        command = [sys.executable, "manage.py", "import_hsds", str(DATA), "--source", "dc"]
        done = subprocess.run([*command, "--mapping", mapping.name], stdout=sys.stderr, check=False)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    report.promise("exit code of the import", done.returncode, LOSSES)
    report.promise("services read", Service.objects.count() - before, 1_600, at_least=True)
    report.promise("peak memory of the import, MB", peak, MEGABYTES)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
