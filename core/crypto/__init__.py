"""Encrypted fields and files, key ring, blind indexes, the seal of the access log."""

from core.crypto.fields import EncryptedJSONField, EncryptedTextField, Sealed
from core.crypto.files import EncryptedFileStorage, sealed_path
from core.crypto.keys import (
    Undecryptable,
    blind_index,
    check_ring,
    forget,
    hmac_ref,
    keys_in_use,
    mac,
    new_key,
    open_with_ring,
    prime,
    seal_with_ring,
)

__all__ = [
    "EncryptedFileStorage",
    "EncryptedJSONField",
    "EncryptedTextField",
    "Sealed",
    "Undecryptable",
    "blind_index",
    "check_ring",
    "forget",
    "hmac_ref",
    "keys_in_use",
    "mac",
    "new_key",
    "open_with_ring",
    "prime",
    "seal_with_ring",
    "sealed_path",
]
