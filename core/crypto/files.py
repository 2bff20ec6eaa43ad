"""Attachments on disk: sealed chunk by chunk, under names that say nothing."""

import io
import secrets
import uuid
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.utils.deconstruct import deconstructible

from core.crypto.keys import Undecryptable, key_of, primary_key_id

Bytes = File[bytes]
MAGIC = b"LW1"
RING = "ring"
CHUNK = 64 * 1024
TAG = 16


def sealed_path(instance: models.Model, _filename: str) -> str:
    """Return where an upload is kept: by its data key and a random name, never by its own."""
    return f"sealed/{getattr(instance, 'data_key_id', '') or RING}/{uuid.uuid4().hex}"


@deconstructible(path="core.crypto.EncryptedFileStorage")
class EncryptedFileStorage(FileSystemStorage):
    """Keeps files encrypted; the folder of a file names its data key (see `sealed_path`)."""

    def __init__(self, **kwargs: Any) -> None:
        """Let nobody but the product read the files."""
        modes = {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
        super().__init__(**modes | kwargs)

    def _save(self, name: str, content: Bytes) -> str:
        folder = PurePath(name).parent.name
        key_id = primary_key_id() if folder in {"", RING} else folder
        sealing = _Sealing(content, _Cipher(key_id, name))
        saved: str = super()._save(name, sealing)  # type: ignore[misc]  # private in the stubs
        return saved

    def _open(self, name: str, mode: str = "rb") -> Bytes:
        if mode != "rb":
            raise ValueError("An encrypted file is written by save() and read as bytes.")
        stored = self._stored(name)
        try:
            return Bytes(io.BufferedReader(_Opened(stored, name), CHUNK), name)
        except BaseException:
            stored.close()
            raise

    def _stored(self, name: str) -> Bytes:
        stored: Bytes = super()._open(name, "rb")  # type: ignore[misc]  # private in the stubs
        return stored

    def size(self, name: str) -> int:
        """Return the size of what was stored, not of what stands on disk."""
        with self._stored(name) as stored:
            body = super().size(name) - len(_Cipher.read_head(stored, name).head)
        return body - TAG * -(-body // (CHUNK + TAG))

    def url(self, name: str | None) -> str:
        """Refuse: a file is read through a view that asks for permission every time."""
        raise ValueError("An encrypted file has no address.")


class _Cipher:
    """Seals and opens the chunks of one file.

    The nonce counts them and marks the last one: a file that was cut or reordered does not open,
    nor does one that was moved to another name.
    """

    def __init__(self, key_id: str, name: str, prefix: bytes = b"") -> None:
        self.prefix = prefix or secrets.token_bytes(7)
        self.head = MAGIC + bytes([len(key_id)]) + key_id.encode() + self.prefix
        self.cipher, self.place, self.number = AESGCM(key_of(key_id)), name.encode(), 0

    @classmethod
    def read_head(cls, stored: BinaryIO | Bytes, name: str) -> "_Cipher":
        if stored.read(len(MAGIC)) != MAGIC:
            raise Undecryptable("the file is not sealed")
        key_id = stored.read(stored.read(1)[0]).decode("ascii")
        return cls(key_id, name, stored.read(7))

    def _nonce(self, *, last: bool) -> bytes:
        self.number += 1
        return self.prefix + self.number.to_bytes(4, "big") + bytes([last])

    def seal(self, chunk: bytes, *, last: bool) -> bytes:
        return self.cipher.encrypt(self._nonce(last=last), chunk, self.place)

    def open(self, chunk: bytes, *, last: bool) -> bytes:
        try:
            return self.cipher.decrypt(self._nonce(last=last), chunk, self.place)
        except InvalidTag:
            raise Undecryptable("the file was cut, changed or moved") from None


class _Sealing(Bytes):
    """What the storage writes: the chunks of an upload, sealed."""

    def __init__(self, plain: Bytes, cipher: _Cipher) -> None:
        super().__init__(plain.file, plain.name)
        self.cipher = cipher

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        self.seek(0)
        yield self.cipher.head
        chunk = self.read(CHUNK)
        while True:
            following = self.read(CHUNK)
            yield self.cipher.seal(chunk, last=not following)
            if not following:
                return
            chunk = following


class _Opened(io.RawIOBase):
    """What a reader gets: the stored file, opened chunk by chunk."""

    def __init__(self, stored: Bytes, name: str) -> None:
        self.stored, self.cipher = stored, _Cipher.read_head(stored, name)
        self.following = stored.read(CHUNK + TAG)
        self.rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self.rest and self.following is not None:
            self._next_chunk()
        part, self.rest = self.rest[: len(buffer)], self.rest[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)

    def _next_chunk(self) -> None:
        chunk, self.following = self.following, self.stored.read(CHUNK + TAG) or None
        self.rest = self.cipher.open(chunk, last=self.following is None)

    def close(self) -> None:
        self.stored.close()
        super().close()
