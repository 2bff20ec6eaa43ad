"""The only door to addresses that somebody else chose."""

import contextlib
import http.client
import ipaddress
import json
import re
import socket
import ssl
import threading
import time
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.safeguards import safeguard

PORTS = {"http": 80, "https": 443}
SECONDS = 5.0
MAX_BYTES = 1024 * 1024
CONTROLS = re.compile(r"[\x00-\x20\x7f]")


class OutboundRefused(DomainError):
    """The address is not a public web address, or what answers there is not usable."""

    code = "address_refused"
    status = 422


class Answer(NamedTuple):
    """What a foreign server said: hostile input, to be checked like any other."""

    status: int
    content_type: str
    body: bytes


def fetch_public(url: str, *, post: object = None, operators_own: bool = False) -> Answer:
    """Read a public address: no redirect, cookie, proxy or login, 5 seconds, 1 MB.

    The name is resolved once, every address it has must be public, and the connection goes to
    the address that was checked: a name that changes its mind meanwhile reaches nothing.
    `post` is sent as JSON; an address from the settings (`operators_own`) may be an internal one.
    """
    parts = _parts(url, any_port=operators_own)
    connection = _connection(parts, _address(parts, internal=operators_own))
    # Each read has its own time-out; this one ends a server that drips byte by byte.
    deadline = time.monotonic() + SECONDS
    watchdog = threading.Timer(SECONDS, _cut, [connection.sock])
    watchdog.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"User-Agent": "Linkwell", "Accept-Encoding": "identity"}
        if post is None:
            connection.request("GET", path, headers=headers)
        else:
            headers["Content-Type"] = "application/json"
            connection.request("POST", path, json.dumps(post).encode(), headers)
        answer = connection.getresponse()
        if 300 <= answer.status < 400:
            raise OutboundRefused(_("The address leads on to another one."))
        body = answer.read(MAX_BYTES + 1)
    except (OSError, http.client.HTTPException) as error:
        raise OutboundRefused(_("The address does not answer.")) from error
    finally:
        watchdog.cancel()
        connection.close()
    if time.monotonic() >= deadline:
        raise OutboundRefused(_("The address does not answer."))
    if len(body) > MAX_BYTES:
        raise OutboundRefused(_("What the address answers is larger than 1 MB."))
    return Answer(answer.status, answer.headers.get_content_type(), body)


def _parts(url: str, *, any_port: bool) -> SplitResult:
    """Take the address apart; refuse what no public web address has."""
    refused = OutboundRefused(_("This is not a public web address."))
    if CONTROLS.search(url) or "\\" in url or not url.isascii():
        raise refused
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise refused from None
    if parts.scheme not in PORTS or not parts.hostname or "@" in parts.netloc:
        raise refused
    if port not in {None, PORTS[parts.scheme]} and not any_port and safeguard("outbound_guard"):
        raise refused
    return parts


def _address(parts: SplitResult, *, internal: bool) -> str:
    """Resolve once; every address must be public, the first is the one to use."""
    try:
        found = socket.getaddrinfo(
            parts.hostname, parts.port or PORTS[parts.scheme], type=socket.SOCK_STREAM
        )
    except (OSError, UnicodeError) as error:
        raise OutboundRefused(_("The address does not answer.")) from error
    addresses = [str(entry[4][0]) for entry in found]
    guarded = safeguard("outbound_guard") and not internal
    if not addresses or (guarded and not all(map(is_public, addresses))):
        raise OutboundRefused(_("This is not a public web address."))
    return addresses[0]


def is_public(address: str) -> bool:
    """Say whether an address belongs to the public internet, also behind an IPv6 disguise."""
    try:
        ip = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            ip = inner
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _connection(parts: SplitResult, address: str) -> http.client.HTTPConnection:
    """Connect to the checked address; TLS and the server still see the name."""
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(host, port, timeout=SECONDS)
    try:
        connection.sock = socket.create_connection((address, port), timeout=SECONDS)
        if parts.scheme == "https":
            context = ssl.create_default_context()
            connection.sock = context.wrap_socket(connection.sock, server_hostname=host)
    except OSError as error:
        connection.close()
        raise OutboundRefused(_("The address does not answer.")) from error
    return connection


def _cut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
