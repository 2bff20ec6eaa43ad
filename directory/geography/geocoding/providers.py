"""The doors to geocoding services: one adapter each, answers turned into WGS-84 at once."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, build_opener

from django.conf import settings
from geopy.adapters import URLLibAdapter
from geopy.exc import GeocoderServiceError, GeopyError
from geopy.geocoders import BaiduV3, Nominatim
from geopy.geocoders.base import Geocoder
from geopy.location import Location

from core.jobs import now
from directory.geography.coordinates import Point, read
from directory.geography.models import GeocodingProvider
from directory.geography.states import Datum, Precision, ProviderKind

# geopy logs addresses and keys at lower levels.
logging.getLogger("geopy").setLevel(logging.WARNING)

TIMEOUT_S: Final = 3
LONGEST_ANSWER: Final = 1_048_576
FAILURES_TO_BREAK: Final = 3
PAUSE: Final = timedelta(seconds=60)
HOSTS: Final[dict[str, str]] = {
    ProviderKind.AMAP: "https://restapi.amap.com",
    ProviderKind.TIANDITU: "https://api.tianditu.gov.cn",
    ProviderKind.BAIDU_V3: "https://api.map.baidu.com",
    ProviderKind.NOMINATIM: "https://nominatim.openstreetmap.org",
}
# Seconds between two requests: three a second, one where the service's terms say so.
PACE: Final[dict[str, float]] = {ProviderKind.NOMINATIM: 1.0}
DATUM: Final[dict[str, str]] = {ProviderKind.AMAP: Datum.GCJ02, ProviderKind.BAIDU_V3: Datum.BD09}


class Hit(NamedTuple):
    """Where a provider places an address."""

    point: Point
    precision: Precision


class Unavailable(Exception):
    """The provider did not answer; this says nothing about the place."""


# ---- HTTP -----------------------------------------------------------------------------------
class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        return None


class _Door(URLLibAdapter):
    """geopy's own HTTP client without redirects, without the environment's proxy, with a cap."""

    def __init__(self, *, proxies: object, ssl_context: object) -> None:
        super().__init__(proxies={}, ssl_context=ssl_context)
        self.urlopen = build_opener(
            HTTPSHandler(context=ssl_context),  # type: ignore[arg-type]  # geopy is untyped
            ProxyHandler({}),
            _NoRedirect(),
        ).open

    def _decode_page(self, page: Any) -> str:
        body = page.read(LONGEST_ANSWER + 1)
        if len(body) > LONGEST_ANSWER:
            raise GeocoderServiceError("The answer is too long")
        return str(body, encoding="utf-8", errors="replace")


# ---- Adapters -------------------------------------------------------------------------------
class AMap(Geocoder):
    """AMap's geocoder, web service v3; answers are GCJ-02."""

    def __init__(self, key: str, *, host: str, **options: Any) -> None:
        super().__init__(**options)
        self.key, self.api = key, f"{host}/v3/geocode/geo"

    def geocode(self, query: str) -> Location | None:
        """Return the best place for an address, or nothing."""
        url = f"{self.api}?{urlencode({'key': self.key, 'address': query, 'output': 'JSON'})}"
        return self._call_geocoder(url, self._read)

    def _read(self, page: dict[str, Any]) -> Location | None:
        # 30001: the engine has no answer to this text.
        if page.get("status") != "1" and page.get("infocode") != "30001":
            raise GeocoderServiceError(f"infocode {page.get('infocode')}")
        found = next(iter(page.get("geocodes") or []), None)
        if found is None:
            return None
        lon, lat = found["location"].split(",")
        return Location("", (float(lat), float(lon)), found)


class Tianditu(Geocoder):
    """The state's own map service; answers are CGCS2000, which is WGS-84 for our purpose."""

    def __init__(self, key: str, *, host: str, **options: Any) -> None:
        super().__init__(**options)
        self.key, self.api = key, f"{host}/geocoder"

    def geocode(self, query: str) -> Location | None:
        """Return the best place for an address, or nothing."""
        words = query.replace("\\", " ").replace('"', " ")
        wanted = urlencode({"ds": f'{{"keyWord":"{words}"}}', "tk": self.key})
        return self._call_geocoder(f"{self.api}?{wanted}", self._read)

    def _read(self, page: dict[str, Any]) -> Location | None:
        status = str(page.get("status", ""))
        if status in {"101", "404"}:
            return None
        if status != "0":
            raise GeocoderServiceError(f"status {status or page.get('code')}")
        found = page.get("location")
        return Location("", (float(found["lat"]), float(found["lon"])), found) if found else None


class _Baidu(BaiduV3):
    """Baidu's geocoder at a host of our choice; it calls "nothing found" an internal error."""

    def __init__(self, key: str, *, host: str, **options: Any) -> None:
        super().__init__(key, **options)
        self.api = f"{host}{self.api_path}"

    def _parse_json(self, page: dict[str, Any], exactly_one: bool = True) -> Location | None:  # noqa: FBT001, FBT002  # geopy's
        if page.get("status") == 1 and "无相关结果" in str(page.get("msg") or page.get("message")):
            return None
        return super()._parse_json(page, exactly_one)


def _nominatim(_key: str, *, host: str, **options: Any) -> Nominatim:
    return Nominatim(domain=urlsplit(host).netloc, scheme=urlsplit(host).scheme, **options)


ADAPTERS: Final[dict[str, Callable[..., Any]]] = {
    ProviderKind.AMAP: AMap,
    ProviderKind.TIANDITU: Tianditu,
    ProviderKind.BAIDU_V3: _Baidu,
    ProviderKind.NOMINATIM: _nominatim,
}

# ---- How closely they know ------------------------------------------------------------------
LEVELS: Final[dict[str, Precision]] = {
    "国家": Precision.NONE,
    "省": Precision.PROVINCE,
    "市": Precision.CITY,
    "城市": Precision.CITY,
    "区县": Precision.COUNTY,
    "开发区": Precision.TOWN,
    "乡镇": Precision.TOWN,
    "乡镇街道": Precision.TOWN,
    "村庄": Precision.TOWN,
    "未知": Precision.TOWN,
    "热点商圈": Precision.STREET,
    "商圈": Precision.STREET,
    "道路": Precision.STREET,
    "交叉路口": Precision.STREET,
    "道路交叉路口": Precision.STREET,
    "公交站台、地铁站": Precision.STREET,
}
# Nominatim's place ranks: 28 and above are houses and shops, 26 roads, 16 towns …
RANKS: Final = (
    (28, Precision.EXACT),
    (26, Precision.STREET),
    (16, Precision.TOWN),
    (12, Precision.COUNTY),
    (10, Precision.CITY),
    (8, Precision.PROVINCE),
)


def _precision(kind: str, raw: dict[str, Any]) -> Precision:
    if kind == ProviderKind.NOMINATIM:
        rank = int(raw.get("place_rank") or 0)
        return next((known for least, known in RANKS if rank >= least), Precision.NONE)
    level = str(raw.get("level") or "未知")
    if level in LEVELS:
        return LEVELS[level]
    # Baidu says by itself when the point is only near the house.
    return Precision.STREET if raw.get("precise") == 0 else Precision.EXACT


# ---- Asking ---------------------------------------------------------------------------------
@dataclass
class _Line:
    """What this process knows of a provider: when it was asked last, and how it has been."""

    asked: float = float("-inf")
    failures: int = 0
    broken_until: datetime | None = field(default=None)

    def wait(self, pace: float) -> None:
        time.sleep(max(0.0, self.asked + pace - time.monotonic()))
        self.asked = time.monotonic()

    def is_open(self) -> bool:
        return self.broken_until is None or now() >= self.broken_until

    def failed(self) -> None:
        self.failures += 1
        if self.failures >= FAILURES_TO_BREAK:
            self.broken_until = now() + PAUSE

    def worked(self) -> None:
        self.failures, self.broken_until = 0, None


_lines: dict[str, _Line] = {kind: _Line() for kind in ProviderKind.values}


def is_open(kind: str) -> bool:
    """Say whether the provider may be asked: after three failures it rests for a minute."""
    return _lines[kind].is_open()


def ask(provider: GeocodingProvider, text: str) -> Hit | None:
    """Ask one provider for an address; None = it knows no such place."""
    line = _lines[provider.kind]
    geocoder = _geocoder(provider)
    line.wait(PACE.get(provider.kind, 1 / 3))
    try:
        found = geocoder.geocode(text)
    except (GeopyError, ValueError, LookupError, TypeError, AttributeError) as error:
        # Answers are hostile input: whatever shape they have, the provider has not answered.
        line.failed()
        raise Unavailable(provider.kind) from error
    line.worked()
    if found is None:
        return None
    datum = DATUM.get(provider.kind, Datum.WGS84)
    taken = read(found.latitude, found.longitude, datum=datum, country="")
    return Hit(taken.point, _precision(provider.kind, found.raw)) if taken.point else None


def _geocoder(provider: GeocodingProvider) -> Any:
    host = settings.GEOCODER_URLS.get(provider.kind) or HOSTS[provider.kind]
    return ADAPTERS[provider.kind](
        provider.key, host=host, timeout=TIMEOUT_S, user_agent="Linkwell", adapter_factory=_Door
    )
