import http.server
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from core import outbound
from core.outbound import Answer, OutboundRefused, fetch_public, is_public

# What resolves to what, for the one fake of this room: the name service.
NAMES = {
    "public.example": ["93.184.216.34"],
    "inside.example": ["10.0.0.7"],
    "half.example": ["93.184.216.34", "127.0.0.1"],
    "local.example": ["127.0.0.1"],
}


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []

    def resolve(host: str, port: int, *_args: Any, **_kwargs: Any) -> list[Any]:
        asked.append(host)
        if host not in NAMES and not host.replace(".", "").replace(":", "").isalnum():
            raise socket.gaierror
        found = NAMES.get(host, [host])
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


class Foreign(http.server.BaseHTTPRequestHandler):
    hits: list[dict[str, str]]

    def do_GET(self) -> None:
        self.hits.append(dict(self.headers))
        name = self.path.strip("/").split("?")[0]
        if name == "moved":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1/")
            self.end_headers()
            return
        self.send_response(404 if name == "missing" else 200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.end_headers()
        if name == "large":
            self.wfile.write(b"x" * (outbound.MAX_BYTES + 1))
        elif name == "drip":
            for _round in range(20):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.05)
        else:
            self.wfile.write(b"hello")

    def log_message(self, *_args: Any) -> None:
        """Stay silent."""


@pytest.fixture
def foreign() -> Iterator[tuple[str, list[dict[str, str]]]]:
    Foreign.hits = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Foreign)
    server.handle_error = lambda *_args: None  # type: ignore[method-assign]  # cut on purpose
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://local.example:{server.server_port}", Foreign.hits
    server.shutdown()
    thread.join()
    server.server_close()


HOSTILE = [
    "",
    "file:///etc/passwd",
    "ftp://public.example/",
    "gopher://public.example/",
    "//public.example/",
    "http://",
    "http:///path",
    "http://user:pass@public.example/",
    "http://public.example@127.0.0.1/",
    "http://public.example:22/",
    "http://public.example:8080/",
    "https://public.example:80/",
    "http://public.example:99999/",
    "http://public.example/\r\nHost: x",
    "http://public.example\\@127.0.0.1/",
    "http://pub lic.example/",
    "http://例子.example/",
    "http://127.0.0.1/",
    "http://localhost/",
    "http://0.0.0.0/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://inside.example/",
    "http://half.example/",
    "http://local.example/",
]


@pytest.mark.parametrize("url", HOSTILE, ids=ascii)
def test_nothing_but_a_public_web_address_is_opened(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    monkeypatch.setattr(socket, "create_connection", lambda *args, **_kw: opened.append(args))
    NAMES["localhost"] = ["127.0.0.1"]

    with pytest.raises(OutboundRefused):
        fetch_public(url)

    assert opened == []


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1"),  # noqa: S104
        *("192.168.1.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "2001:db8::1"),
        *("::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "2001:0:a00:1::", "no address"),
    ],
)
def test_inner_and_reserved_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "114.114.114.114"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


def test_the_connection_goes_to_the_address_that_was_checked(
    names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Any] = []

    def refuse(address: Any, **_kwargs: Any) -> None:
        opened.append(address)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises(OutboundRefused):
        fetch_public("http://public.example/")

    assert opened == [("93.184.216.34", 80)]
    assert names == ["public.example"]


@pytest.fixture
def guard_off(settings: Any) -> None:
    # The address guard alone keeps this test's server out of reach; the rest stays in force.
    settings.SAFEGUARDS_OFF = {"outbound_guard"}


@pytest.mark.usefixtures("guard_off")
def test_without_the_guard_the_local_listener_is_hit(foreign: tuple[str, list[Any]]) -> None:
    url, hits = foreign

    assert fetch_public(f"{url}/x?q=1") == Answer(200, "text/plain", b"hello")
    assert len(hits) == 1
    assert hits[0]["Host"].startswith("local.example:")
    assert "Cookie" not in hits[0]


def test_with_the_guard_it_is_not(foreign: tuple[str, list[Any]]) -> None:
    url, hits = foreign

    with pytest.raises(OutboundRefused):
        fetch_public(url)
    assert hits == []


@pytest.mark.usefixtures("guard_off")
def test_a_proxy_of_the_environment_is_not_used(
    foreign: tuple[str, list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")

    assert fetch_public(foreign[0]).body == b"hello"


@pytest.mark.usefixtures("guard_off")
def test_an_error_status_is_an_answer(foreign: tuple[str, list[Any]]) -> None:
    assert fetch_public(f"{foreign[0]}/missing").status == 404


@pytest.mark.usefixtures("guard_off")
@pytest.mark.parametrize("name", ["moved", "large"])
def test_redirects_and_large_answers_are_refused(foreign: tuple[str, list[Any]], name: str) -> None:
    with pytest.raises(OutboundRefused):
        fetch_public(f"{foreign[0]}/{name}")
    assert len(foreign[1]) == 1


@pytest.mark.usefixtures("guard_off")
def test_a_server_that_drips_gets_no_more_time(
    foreign: tuple[str, list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "SECONDS", 0.2)
    started = time.monotonic()

    with pytest.raises(OutboundRefused):
        fetch_public(f"{foreign[0]}/drip")
    assert time.monotonic() - started < 0.8
