"""The key ring of the installation, data keys of single clients, and what is made with them."""

import contextlib
import hashlib
import hmac
import re
import secrets
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from functools import lru_cache
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from core.text import fold

# enc: fields and wrapped keys · idx: blind indexes · mac: access log · bak: backups.
PURPOSES = ("enc", "idx", "mac", "bak")
KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
# Blanks and the dots between the parts of a name carry no meaning.
NOISE = re.compile(r"[\s·•‧∙⋅・]+")

_opened: ContextVar[dict[str, bytes] | None] = ContextVar("data_keys", default=None)


class Undecryptable(RuntimeError):
    """A sealed value cannot be opened: key gone, value changed, or moved to another row."""


@lru_cache(maxsize=4)
def _ring(configured: str) -> dict[str, dict[str, bytes]]:
    ring: dict[str, dict[str, bytes]] = {purpose: {} for purpose in PURPOSES}
    for number, entry in enumerate(filter(None, map(str.strip, configured.split(","))), start=1):
        # A message may end up in a log, so it counts the entries and quotes none of them.
        purpose, _colon, rest = entry.partition(":")
        key_id, _colon, encoded = rest.partition(":")
        if purpose not in ring or not KEY_ID.fullmatch(key_id) or key_id in ring[purpose]:
            raise ImproperlyConfigured(f"FIELD_ENCRYPTION_KEYS: entry {number} is malformed")
        try:
            key = b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        if len(key) != 32:
            raise ImproperlyConfigured(f"FIELD_ENCRYPTION_KEYS: key {number} is not of 32 bytes")
        ring[purpose][key_id] = key
    if absent := [purpose for purpose, keys in ring.items() if not keys]:
        raise ImproperlyConfigured(f"FIELD_ENCRYPTION_KEYS: no key for {', '.join(absent)}")
    return ring


def check_ring() -> None:
    """Raise ImproperlyConfigured unless the ring has a well-formed key for every purpose."""
    _ring(settings.FIELD_ENCRYPTION_KEYS)


def _keys(purpose: str) -> dict[str, bytes]:
    return _ring(settings.FIELD_ENCRYPTION_KEYS)[purpose]


def _primary(purpose: str) -> tuple[str, bytes]:
    return next(iter(_keys(purpose).items()))


def primary_key_id() -> str:
    """Return the id of the key that new values of the installation take."""
    return _primary("enc")[0]


def new_key() -> bytes:
    """Return a fresh data key; store it only through `seal_with_ring`."""
    return secrets.token_bytes(32)


# ---- Data keys ------------------------------------------------------------------------------
@contextlib.contextmanager
def keys_in_use() -> Iterator[None]:
    """Let unwrapped data keys live for one request or one job."""
    token = _opened.set({})
    try:
        yield
    finally:
        _opened.reset(token)


def prime(ids: Iterable[str]) -> None:
    """Load the data keys of a page in one query; `settings.DATA_KEYS` names who has them.

    That function takes a set of key ids and returns {id: key of 32 bytes} of those that exist.
    """
    opened = _opened.get()
    wanted = set(ids) - set(opened or ()) - set(_keys("enc")) - {""}
    if opened is not None and wanted:
        load: Callable[[set[str]], Mapping[str, bytes]] = import_string(settings.DATA_KEYS)
        opened.update(load(wanted))


def forget(*ids: str) -> None:
    """Drop data keys that were destroyed while they were in use."""
    opened = _opened.get()
    for key_id in ids:
        if opened:
            opened.pop(key_id, None)


def key_of(key_id: str) -> bytes:
    """Return an encryption key by its id: one of the ring, else a data key."""
    if key := _keys("enc").get(key_id):
        return key
    if _opened.get() is None:
        # Outside a request or job (a shell, a command) a key is loaded for this use alone.
        with keys_in_use():
            return key_of(key_id)
    prime([key_id])
    key = (_opened.get() or {}).get(key_id)
    if key is None:
        raise Undecryptable(f"there is no key {key_id}")
    return key


# ---- Sealing --------------------------------------------------------------------------------
def seal(plain: bytes, aad: bytes, *, key_id: str = "") -> str:
    """Encrypt for one place (`aad`); no key id = the ring's first key."""
    key_id = key_id or primary_key_id()
    nonce = secrets.token_bytes(12)
    sealed = nonce + AESGCM(key_of(key_id)).encrypt(nonce, plain, aad)
    return f"v1.{key_id}.{urlsafe_b64encode(sealed).decode().rstrip('=')}"


def unseal(token: str, aad: bytes) -> bytes:
    """Open what `seal` made for the same place, or raise."""
    try:
        version, key_id, encoded = token.split(".")
        sealed = urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
    except ValueError:
        raise Undecryptable("the value is not sealed") from None
    if version != "v1" or len(sealed) < 28:
        raise Undecryptable("the value is not sealed")
    try:
        return AESGCM(key_of(key_id)).decrypt(sealed[:12], sealed[12:], aad)
    except InvalidTag:
        raise Undecryptable("the value was changed or belongs elsewhere") from None


def seal_with_ring(plain: bytes, aad: bytes) -> str:
    """Encrypt with the installation's key: wrapped data keys, stored answers, messages."""
    return seal(plain, aad)


def open_with_ring(token: str, aad: bytes) -> bytes:
    """Open what `seal_with_ring` made for the same place."""
    key_id = token.split(".")[1] if token.count(".") == 2 else ""
    if key_id not in _keys("enc"):
        raise Undecryptable("the value is not sealed by a key of the ring")
    return unseal(token, aad)


# ---- Keyed hashes ---------------------------------------------------------------------------
def _hmac(purpose: str, value: str) -> str:
    key = _primary("idx")[1]
    message = f"{purpose}\0{value}".encode()
    return hmac.digest(key, message, hashlib.sha256)[:16].hex()


def blind_index(purpose: str, value: str) -> str:
    """Return what equal values share and nobody can read back; empty stays empty.

    Each field has its own purpose, so that columns cannot be joined.
    """
    normalized = NOISE.sub("", fold(value))
    return _hmac(f"index:{purpose}", normalized) if normalized else ""


def hmac_ref(purpose: str, value: object) -> str:
    """Return a reference to a client, session or address that only this installation can check."""
    return _hmac(f"ref:{purpose}", str(value))


class Link(NamedTuple):
    """One link of the access log's chain: which key made the code, and the code."""

    key_id: str
    mac: bytes


def mac(data: bytes, previous: bytes, *, key_id: str = "") -> Link:
    """Seal a row of the access log over the seal before it; `key_id` re-computes an old one."""
    key_id = key_id or _primary("mac")[0]
    key = _keys("mac").get(key_id)
    if key is None:
        raise Undecryptable(f"there is no key {key_id}")
    framed = len(previous).to_bytes(4, "big") + previous + data
    return Link(key_id, hmac.digest(key, framed, hashlib.sha256))
