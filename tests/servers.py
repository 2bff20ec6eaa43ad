"""Starts the servers that tests need, from installed programs, on a free loopback port."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path


class NotAvailable(Exception):
    """The program is not on this machine; the message is the remedy."""


def free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def install(*packages: str) -> None:
    """Install Debian packages where the machine permits it."""
    remedy = f"apt-get install {' '.join(packages)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise NotAvailable(f"as root: {remedy}")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.CompletedProcess[str]([], 0, "", "")
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(
            ["apt-get", "-qq", *command],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise NotAvailable(f"{remedy} failed: {done.stderr.strip()[-300:]}")


def _postgres_bin() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    return found[-1].parent if found else None


def _unprivileged() -> list[str]:
    """Return what to put before a command so that it does not run as root: initdb refuses root."""
    if os.geteuid() != 0:
        return []
    for user in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            pwd.getpwnam(user)
            return ["runuser", "-u", user, "--"]
    raise NotAvailable("no unprivileged user to run a server as")


@contextlib.contextmanager
def postgres(*, durable: bool = False, settings: str = "") -> Iterator[str]:
    """Run a PostgreSQL of our own and yield its DATABASE_URL; DATABASE_URL set = that one."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
        return
    if _postgres_bin() is None:
        install("postgresql")
    programs = _postgres_bin()
    if programs is None:
        raise NotAvailable("apt-get install postgresql")
    run, port = _unprivileged(), free_port()
    folder = Path(tempfile.mkdtemp(prefix="linkwell-pg-"))
    folder.chmod(0o777)
    data = str(folder / "data")

    def call(*command: str) -> None:
        done = subprocess.run(
            [*run, *command], cwd=folder, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise NotAvailable(f"{command[0]} failed: {(done.stderr or done.stdout)[-300:]}")

    sync = [] if durable else ["--no-sync"]
    call(str(programs / "initdb"), "-D", data, "-U", "linkwell", "-A", "trust", "-E", "UTF8",
         "--locale=C.UTF-8", *sync)  # fmt: skip
    options = (
        f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=200 "
        f"-c fsync={'on' if durable else 'off'} {settings}"
    )
    control = str(programs / "pg_ctl")
    call(control, "-D", data, "-w", "-o", options, "-l", str(folder / "log"), "start")
    try:
        yield f"postgresql://linkwell@127.0.0.1:{port}/postgres"
    finally:
        with contextlib.suppress(NotAvailable):
            call(control, "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def chromium() -> str:
    """Return the path of Debian's Chromium, with fonts that have Chinese."""
    if not shutil.which("chromium"):
        install("chromium", "fonts-noto-cjk")
    found = shutil.which("chromium")
    if not found:
        raise NotAvailable("apt-get install chromium fonts-noto-cjk")
    return found
