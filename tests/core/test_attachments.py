from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from core.crypto import EncryptedFileStorage, Undecryptable, keys_in_use, new_key, sealed_path
from tests.core import tables
from tests.core.tables import Person

CHUNK = 64 * 1024


@pytest.fixture
def storage(tmp_path: Path) -> EncryptedFileStorage:
    return EncryptedFileStorage(location=tmp_path)


def on_disk(storage: EncryptedFileStorage, name: str) -> Path:
    return Path(storage.path(name))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7])
def test_a_file_of_any_size_comes_back(storage: EncryptedFileStorage, size: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    name = storage.save("sealed/ring/a", ContentFile(content[:size]))

    with storage.open(name) as file:
        assert file.read() == content[:size]
    assert storage.size(name) == size


def test_it_can_be_streamed_in_small_pieces(storage: EncryptedFileStorage) -> None:
    content = b"0123456789" * 20_000
    name = storage.save("sealed/ring/a", ContentFile(content))

    with storage.open(name) as file:
        assert b"".join(file.chunks(1000)) == content


def test_nothing_readable_lies_on_the_disk(storage: EncryptedFileStorage) -> None:
    name = storage.save("sealed/ring/a", ContentFile(b"WangXiaoming" * 100))
    file = on_disk(storage, name)

    assert b"Wang" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("damage", ["flip", "cut", "swap", "append", "empty"])
def test_a_damaged_file_does_not_open(storage: EncryptedFileStorage, damage: str) -> None:
    name = storage.save("sealed/ring/a", ContentFile(b"x" * (2 * CHUNK)))
    file = on_disk(storage, name)
    data = file.read_bytes()
    head, sealed = len(data) - 2 * (CHUNK + 16), CHUNK + 16
    one, two = data[head : head + sealed], data[head + sealed :]
    changed = {
        "flip": data[:-1] + bytes([data[-1] ^ 1]),
        "cut": data[: head + sealed],
        "swap": data[:head] + two + one,
        "append": data + two,
        "empty": data[:head],
    }
    file.write_bytes(changed[damage])

    with pytest.raises(Undecryptable), storage.open(name) as opened:
        opened.read()


def test_a_moved_file_does_not_open(storage: EncryptedFileStorage) -> None:
    name = storage.save("sealed/ring/a", ContentFile(b"x"))
    on_disk(storage, name).rename(on_disk(storage, "sealed/ring/b"))

    with pytest.raises(Undecryptable), storage.open("sealed/ring/b") as opened:
        opened.read()


def test_a_plain_file_is_refused(storage: EncryptedFileStorage) -> None:
    file = on_disk(storage, "sealed/ring/a")
    file.parent.mkdir(parents=True)
    file.write_bytes(b"plain text")

    with pytest.raises(Undecryptable):
        storage.open("sealed/ring/a")


@pytest.mark.usefixtures("small_tables")
def test_an_attachment_dies_with_the_key_of_its_row(storage: EncryptedFileStorage) -> None:
    tables.DATA_KEYS["k1"] = new_key()
    path = sealed_path(Person(data_key_id="k1"), "王小明 低保证.pdf")
    name = storage.save(path, ContentFile(b"scan"))
    assert name.startswith("sealed/k1/")
    assert "王" not in name

    tables.DATA_KEYS.clear()

    with keys_in_use(), pytest.raises(Undecryptable):
        storage.open(name)


def test_a_file_has_no_address_and_is_not_written_in_place(storage: EncryptedFileStorage) -> None:
    with pytest.raises(ValueError, match="no address"):
        storage.url("sealed/ring/a")
    with pytest.raises(ValueError, match="read as bytes"):
        storage.open("sealed/ring/a", "wb")
