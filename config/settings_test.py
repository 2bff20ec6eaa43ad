"""Settings of the test suite: a fast hasher, mail in memory, a database file of its own."""

import os
import tempfile
from base64 import b64encode

os.environ.setdefault("SECRET_KEY", "test-" + "k" * 60)
os.environ.setdefault("INSECURE_HTTP_OK", "1")
os.environ.setdefault(
    "FIELD_ENCRYPTION_KEYS",
    ",".join(
        f"{purpose}:t1:{b64encode(purpose.encode().ljust(32, b'.')).decode()}"
        for purpose in ("enc", "idx", "mac", "bak")
    ),
)

from config.settings import *  # noqa: F403
from config.settings import DATABASES, INSTALLED_APPS

_scratch = tempfile.mkdtemp(prefix="linkwell-test-")
if "sqlite" in DATABASES["default"]["ENGINE"]:
    # A file, because a database in memory never shows a lock.
    DATABASES["default"]["NAME"] = f"{_scratch}/db.sqlite3"
    DATABASES["default"]["TEST"] = {"NAME": f"{_scratch}/test.sqlite3"}
else:
    # A pool would hold connections that the test database's removal waits for.
    DATABASES["default"]["OPTIONS"].pop("pool")

INSTALLED_APPS = [*INSTALLED_APPS]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MESSAGE_DELIVERY = "send"
SECOND_FACTOR_REQUIRED = False
SEARCH_DIR = f"{_scratch}/search"
SEARCH_ENGINE, SEARCH_FALLBACK, ELASTICSEARCH_URL = "embedded", "", ""
MEDIA_ROOT = f"{_scratch}/media"
AUDIT_ANCHOR_DIR = f"{_scratch}/anchors"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Must exist; the files themselves come from the finders.
STATIC_ROOT = tempfile.mkdtemp(dir=_scratch)
WHITENOISE_USE_FINDERS = True
# Looks a file up when it is asked for, instead of all of them for every test client.
WHITENOISE_AUTOREFRESH = True
