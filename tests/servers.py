"""Starts the servers that tests need, from installed programs, on a free loopback port."""

import contextlib
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
import zipfile
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


# ---- Elasticsearch --------------------------------------------------------------------------
ELASTICSEARCH = "8.19.21"
_DISTRIBUTION = "org.elasticsearch.distribution.integ-test-zip"
# Outside of home folders, so that the unprivileged user who runs the server can read it.
_UNPACKED = Path("/var/tmp/linkwell-elasticsearch")


def _java() -> Path:
    """Return a Java that this server knows."""
    if given := os.environ.get("ES_JAVA_HOME"):
        return Path(given)
    folder = Path("/usr/lib/jvm")
    if not any(folder.glob("*-17-*")):
        install("openjdk-17-jre-headless")
    return min(folder.glob("*-17-*"))


def elasticsearch_home() -> Path:
    """Return the server's folder: an installed one, or the core distribution fetched by Maven."""
    if given := os.environ.get("ES_HOME"):
        return Path(given)
    home = _UNPACKED / f"elasticsearch-{ELASTICSEARCH}"
    if home.is_dir():
        return home
    remedy = "install Maven (apt-get install maven), or set ELASTICSEARCH_URL or ES_HOME"
    if not shutil.which("mvn"):
        raise NotAvailable(remedy)
    artifact = f"{_DISTRIBUTION}:elasticsearch:{ELASTICSEARCH}:zip"
    fetch = ["mvn", "-B", "-q", "dependency:get", f"-Dartifact={artifact}", "-Dtransitive=false"]
    done = subprocess.run(fetch, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        raise NotAvailable(f"{remedy}; Maven said: {done.stdout.strip()[-300:]}")
    kept = Path.home() / ".m2/repository" / _DISTRIBUTION.replace(".", "/") / "elasticsearch"
    _UNPACKED.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix="unpacking-", dir=_UNPACKED))
    try:
        packed = kept / ELASTICSEARCH / f"elasticsearch-{ELASTICSEARCH}.zip"
        with zipfile.ZipFile(packed) as archive:
            archive.extractall(scratch)
        # The archive's own modes shut out everybody but root.
        for path in scratch.rglob("*"):
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
        (scratch / home.name / "plugins").mkdir(exist_ok=True)
        with contextlib.suppress(FileExistsError):
            (scratch / home.name).rename(home)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return home


class Node:
    """One Elasticsearch process on the loopback, in a folder of its own."""

    def __init__(self, folder: Path, name: str, members: dict[str, int]) -> None:
        """Take the names and inner ports of all members of the cluster."""
        self._folder = folder / name
        self._http = free_port()
        self.url = f"http://127.0.0.1:{self._http}"
        self._members = members
        self._settings = {
            "cluster.name": "linkwell-test",
            "node.name": name,
            "path.data": self._folder / "data",
            "path.logs": self._folder / "logs",
            "network.host": "127.0.0.1",
            "http.port": self._http,
            "transport.port": members[name],
            # Off from the first start: a keystore written with it on could not be used later.
            "xpack.security.enabled": "false",
            "cluster.routing.allocation.disk.threshold_enabled": "false",
        }
        if len(members) == 1:
            self._settings["discovery.type"] = "single-node"
        else:
            seeds = [f"127.0.0.1:{port}" for port in members.values()]
            self._settings["discovery.seed_hosts"] = json.dumps(seeds)
            self._settings["cluster.initial_master_nodes"] = json.dumps(list(members))

    def start(self) -> None:
        """Start it, for the first time or again on the data it had; `ready` waits for it."""
        home = elasticsearch_home()
        for part in ("config", "data", "logs", "tmp"):
            (self._folder / part).mkdir(parents=True, exist_ok=True)
        for name in ("jvm.options", "log4j2.properties"):
            shutil.copy(home / "config" / name, self._folder / "config" / name)
        lines = "".join(f"{key}: {value}\n" for key, value in self._settings.items())
        (self._folder / "config/elasticsearch.yml").write_text(lines)
        rights: dict[str, object] = {}
        if os.geteuid() == 0:  # it refuses to run as root
            user = pwd.getpwnam("nobody")
            for path in (self._folder, *self._folder.rglob("*")):
                os.chown(path, user.pw_uid, user.pw_gid)
            rights = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self._folder),
            "ES_TMPDIR": str(self._folder / "tmp"),
            "ES_JAVA_HOME": str(_java()),
            "ES_PATH_CONF": str(self._folder / "config"),
            "CLI_NAME": "server",
            "CLI_LIBS": "lib/tools/server-cli",
            "ES_JAVA_OPTS": "-Xms512m -Xmx512m -XX:-AlwaysPreTouch"
            + os.environ.get("ES_JAVA_OPTS_MORE", " -XX:TieredStopAtLevel=1"),
        }
        self._pid.unlink(missing_ok=True)
        with (self._folder / "console.log").open("wb") as log:
            self._process = subprocess.Popen(
                [str(home / "bin/elasticsearch-cli"), "-p", str(self._pid)],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                **rights,
            )

    @property
    def _pid(self) -> Path:
        return self._folder / "data/pid"

    def ready(self, *, seconds: int = 150) -> None:
        """Wait until the cluster is complete."""
        least = len(self._members)
        wanted = f"wait_for_status=yellow&wait_for_nodes=%3E%3D{least}&timeout=1s"
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self._process.poll() is not None:
                raise RuntimeError((self._folder / "console.log").read_text()[-2000:])
            with contextlib.suppress(OSError):
                address = f"{self.url}/_cluster/health?{wanted}"
                with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310
                    if not json.load(answer)["timed_out"]:
                        return
            time.sleep(0.1)
        raise RuntimeError(f"Elasticsearch did not start within {seconds} s")

    def kill(self) -> None:
        """Crash the server itself, not what started it."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """Stop it, if it runs."""
        self._signal(signal.SIGTERM)

    def _signal(self, number: int) -> None:
        with contextlib.suppress(FileNotFoundError, ValueError, ProcessLookupError):
            os.kill(int(self._pid.read_text()), number)
        try:
            self._process.wait(1 if number == signal.SIGKILL else 20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(5)


@contextlib.contextmanager
def nodes(count: int = 1) -> Iterator[list[Node]]:
    """Run a cluster of our own, of one node or several."""
    folder = Path(tempfile.mkdtemp(prefix="linkwell-es-", dir="/var/tmp"))
    folder.chmod(0o755)
    members = {f"n{number}": free_port() for number in range(1, count + 1)}
    made = [Node(folder, name, members) for name in members]
    started: list[Node] = []
    try:
        for node in made:
            node.start()
            started.append(node)
        for node in made:
            node.ready()
        yield made
    finally:
        for node in started:
            node.stop()
        shutil.rmtree(folder, ignore_errors=True)
