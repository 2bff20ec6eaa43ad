"""Names while they are typed: keys of every spelling, and their look-up by one range query."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from django.db.models import Q

from core.text import fold
from directory.catalogue.models import Organization, Service
from directory.geography.models import AreaName
from search import analysis
from search.models import SuggestKey
from search.states import Form, Kind

_MAX_BYTES = 160
_ROWS = 200
_WEIGHTS = {Kind.TERM: 3.0, Kind.SERVICE: 2.0, Kind.ORGANIZATION: 2.0, Kind.AREA: 1.0}
KINDS = tuple(Kind)
Named: TypeAlias = Service | Organization


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One name to choose; `match` are the ranges of the label that were typed."""

    kind: str
    label: str
    code: str = ""
    uid: UUID | None = None
    note: str = ""
    match: tuple[tuple[int, int], ...] = ()
    empty: bool = False


# ---- Keys -----------------------------------------------------------------------------------
def key_of(text: str) -> bytes:
    """Return the form in which names compare: folded, without blanks and punctuation."""
    joined = "".join(analysis.runs(text)).encode()
    return joined[:_MAX_BYTES].decode(errors="ignore").encode()


def spellings(texts: Iterable[str]) -> dict[bytes, Form]:
    """Return the keys of names: as written, by every reading of the pinyin, by initials."""
    keys: dict[bytes, Form] = {}
    for text in texts:
        keys.setdefault(key_of(text), Form.NAME)
        for sound, short in analysis.sounds(text):
            form = Form.INITIALS if short else Form.SOUND
            keys.setdefault(sound.encode()[:_MAX_BYTES], form)
    keys.pop(b"", None)
    return keys


def _name_keys(record: Named, texts: Iterable[str], regions: Collection[str]) -> dict[bytes, Form]:
    """Return the keys of a record: names, also without a leading region, and their usual sound.

    The sound is the stored sort key: reading hundreds of thousands of names anew takes minutes.
    """
    keys: dict[bytes, Form] = {key_of(text): Form.NAME for text in texts}
    syllables = record.sort_key.split()
    cut = _region_length(record.name, regions)
    if cut:
        keys.setdefault(key_of(record.name[cut:]), Form.NAME)
    for part in {0, cut}:
        spelled = syllables[part:]
        if spelled and "".join(spelled).isascii():
            keys.setdefault("".join(spelled).encode()[:_MAX_BYTES], Form.SOUND)
        if len(spelled) >= 3:
            keys.setdefault("".join(s[0] for s in spelled).encode()[:_MAX_BYTES], Form.INITIALS)
    keys.pop(b"", None)
    return keys


def _region_length(name: str, regions: Collection[str]) -> int:
    """Return how many characters of a name are a region in front of the name proper."""
    folded = fold(name)
    if len(folded) != len(name):
        return 0
    return next((n for n in range(min(8, len(name) - 2), 1, -1) if folded[:n] in regions), 0)


def _labels(record: Named) -> tuple[str, str, list[str]]:
    name, own, translations = record.name, record.language, record.translations
    by_language = {
        tag.partition("-")[0]: texts.get("name", "") for tag, texts in translations.items()
    }
    by_language[own.partition("-")[0]] = name
    alternate = [record.alternate_name] if record.alternate_name else []
    spelled = [name, *alternate, *(text for text in by_language.values() if text)]
    return (
        by_language.get("zh") or name,
        by_language.get("en") or name,
        list(dict.fromkeys(spelled)),
    )


def keys_of_services(
    services: Iterable[Service], audiences: dict[int, str], *, regions: Collection[str]
) -> list[SuggestKey]:
    """Return the keys of services and of their organizations, each organization once."""
    rows: list[SuggestKey] = []
    told: set[int] = set()
    for service in services:
        rows += _rows(Kind.SERVICE, service, audiences[service.pk], regions, service.pk)
        organization = service.organization
        if organization.pk not in told:
            told.add(organization.pk)
            rows += _rows(Kind.ORGANIZATION, organization, organization.audience, regions, None)
    return rows


def _rows(
    kind: Kind,
    record: Named,
    audience: str,
    regions: Collection[str],
    pk: int | None,
) -> list[SuggestKey]:
    zh, en, texts = _labels(record)
    return [
        SuggestKey(
            key=key,
            kind=kind,
            form=form,
            target_uid=record.uid,
            service_id=pk,
            label_zh=zh[:300],
            label_en=en[:300],
            weight=_WEIGHTS[kind],
            audience=audience,
        )
        for key, form in _name_keys(record, texts, regions).items()
    ]


def keys_of_term(code: str, zh: str, en: str, references: Iterable[str]) -> list[SuggestKey]:
    """Return the keys of a term; those of other wordings never show what they were made of."""
    names = spellings(text for text in (zh, en) if text)
    others = spellings(references)
    forms = {
        k: f if f in {Form.SOUND, Form.INITIALS} else Form.REFERENCE for k, f in others.items()
    }
    return [
        SuggestKey(
            key=key,
            kind=Kind.TERM,
            form=form,
            code=code,
            label_zh=zh,
            label_en=en or zh,
            weight=_WEIGHTS[Kind.TERM],
        )
        for key, form in (forms | names).items()
    ]


# ---- Look-up --------------------------------------------------------------------------------
def _after(prefix: bytes) -> bytes:
    return prefix + b"\xff"


def lookup(
    q: str, *, kinds: Sequence[str], audiences: Sequence[str], language: str, limit: int
) -> list[Suggestion]:
    """Return names that begin as typed: exact ones first, then by weight, shorter, older."""
    prefix = key_of(q)
    if not prefix:
        return []
    stored = [kind for kind in kinds if kind != Kind.AREA]
    rows = SuggestKey.objects.filter(
        key__gte=prefix, key__lt=_after(prefix), kind__in=stored, audience__in=audiences
    ).order_by("-weight", "pk")
    found: dict[tuple[str, str], tuple[tuple[object, ...], Suggestion]] = {}
    for row in rows[:_ROWS] if stored else ():
        label = row.label_en if language == "en" else row.label_zh
        match = _match(label, q) if row.form == Form.NAME else ()
        made = Suggestion(row.kind, label, code=row.code, uid=row.target_uid, match=match)
        rank = (bytes(row.key) != prefix, -row.weight, len(label), row.pk)
        _keep(found, (row.kind, row.code or str(row.target_uid)), rank, made)
    if Kind.AREA in kinds:
        for number, made in enumerate(_areas(q, language, limit)):
            rank = (
                not made.match or made.label != q,
                -_WEIGHTS[Kind.AREA],
                len(made.label),
                number,
            )
            _keep(found, (Kind.AREA, made.code), rank, made)
    return [made for _, made in sorted(found.values(), key=lambda pair: pair[0])][:limit]


def _keep(
    found: dict[tuple[str, str], tuple[tuple[object, ...], Suggestion]],
    target: tuple[str, str],
    rank: tuple[object, ...],
    made: Suggestion,
) -> None:
    if target not in found or rank < found[target][0]:
        found[target] = rank, made


def _match(label: str, q: str) -> tuple[tuple[int, int], ...]:
    """Return the range of the label that was typed, where it stands in it as typed."""
    wanted, at = fold(q).strip(), fold(label).find(fold(q).strip())
    return ((at, at + len(wanted)),) if at >= 0 and len(fold(label)) == len(label) else ()


def _areas(q: str, language: str, limit: int) -> list[Suggestion]:
    words = fold(q).strip()
    sound = words.replace(" ", "").replace("'", "")
    starts = Q(pinyin__startswith=sound) | Q(initials=sound) | Q(name__istartswith=words)
    names = AreaName.objects.filter(area__virtual=False, area__retired_on=None)
    names = names.filter(starts if words.isascii() else Q(name__startswith=words))
    rows = names.select_related("area__parent").order_by("area__code")[: limit * 3]
    found: dict[str, Suggestion] = {}
    for row in rows:
        parent = row.area.parent
        if parent and parent.name == row.area.name:
            continue
        label = row.area.text("name", language)[0]
        note = parent.text("name", language)[0] if parent else ""
        made = Suggestion(Kind.AREA, label, code=row.area.code, note=note, match=_match(label, q))
        found.setdefault(row.area.code, made)
    return list(found.values())[:limit]


def services_called(
    text: str, letters: str | None, *, audiences: Sequence[str], limit: int = 50
) -> dict[int, bool]:
    """Return ids of services by name: True where the whole name was given, else by its pinyin.

    One statement; the pinyin of an organization leads to its services.
    """
    whole = key_of(text)
    if not whole:
        return {}
    wanted = Q(key=whole, kind=Kind.SERVICE)
    if letters and len(letters) >= 4:
        prefix = letters.encode()
        spoken = Q(key__gte=prefix, key__lt=_after(prefix), form=Form.SOUND)
        wanted |= spoken & Q(kind__in=[Kind.SERVICE, Kind.ORGANIZATION])
    rows = SuggestKey.objects.filter(wanted, audience__in=audiences).exclude(kind=Kind.TERM)
    found: dict[int, bool] = {}
    owners: list[UUID] = []
    for key, pk, uid in rows.order_by("pk").values_list("key", "service_id", "target_uid")[:limit]:
        if pk is None:
            owners += [uid] if uid else []
        else:
            found[pk] = found.get(pk, False) or bytes(key) == whole
    if owners:
        theirs = Service.objects.listed().filter(organization__uid__in=owners)
        for pk in theirs.order_by("pk").values_list("pk", flat=True)[:limit]:
            found.setdefault(pk, False)
    return found
