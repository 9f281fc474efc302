"""Whether a request comes from another office's system: by a secret in its header, never by a session.

A place is taken before the secret is looked up, as at the door for people, and given back where it was right. Whatever is wrong, the
answer is the same: no secret, a wrong or a former one, a client that has ended, another network.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from anju.government import lockout
from anju.government.acting import acting
from anju.government.models import Client, ClientKey, Officer
from anju.journal.actions import Result, record

_secret = re.compile(r"anju_([0-9a-f]{32})_[A-Za-z0-9_-]{43}")
_nobody = "没有带密钥，或者密钥不对、过期、停用，或者不在登记的网段里。请在 Authorization 里写“Bearer 密钥”；密钥由安全管理员给。"
_too_many_wrong = "错的密钥试得太多了，请过 15 分钟再来。"
_too_many = "一刻钟里问得太多了，请慢一些。"


def new_secret(client: UUID) -> str:
    """A secret for a client: it tells whose it is, and 256 bits that nobody guesses."""
    return f"anju_{client.hex}_{secrets.token_urlsafe(32)}"


def digest_of(secret: str) -> str:
    """What is kept of a secret: 64 hexadecimal digits. Of so many random bits a plain digest tells nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def problem(status: int, sentence: str, *, code: str, wrong: Mapping[str, str] | None = None) -> JsonResponse:
    """A refusal as RFC 9457 has it.

    Args:
        sentence: what is wrong and what to do, in Chinese.
        code: a word for programs.
        wrong: sentences by the name of the field that they are about.
    """
    told: dict[str, Any] = {"status": status, "code": code, "detail": sentence}
    if wrong:
        told["errors"] = [{"field": name, "detail": text} for name, text in wrong.items()]
    return JsonResponse(
        told, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
    )


def let_in(request: HttpRequest) -> Officer | HttpResponse:
    """The client that asks, or what is answered instead. Call it outside of a transaction: what was tried counts whatever follows."""
    shown = _secret.fullmatch(request.headers.get("Authorization", "").removeprefix("Bearer "))
    if shown is None:
        return _unknown()
    key_of, address = UUID(shown[1]), str(request.META["REMOTE_ADDR"])
    claimed = str(key_of)
    places = lockout.reserve("address", address), lockout.reserve("client", claimed)
    if not all(place.free for place in places):
        if any(place.locked for place in places):
            _write(None, "government.lock", "client", claimed, "refused")
        return _later(_too_many_wrong)
    key = _key(shown[0], key_of, address)
    if key is None:
        _write(None, "government.enter_by_key", "client", claimed, "failed")
        return _unknown()
    lockout.give_back("address", address)
    lockout.give_back("client", claimed)
    officer = key.client.officer
    place = lockout.reserve("calls", claimed)
    if place.locked:
        _write(officer, "government.lock", "client", claimed, "refused")
    return officer if place.free else _later(_too_many)


def networks_of(text: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """The networks that a text names, between commas. Raises `ValueError`."""
    return [ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip()]


def _key(secret: str, client: UUID, address: str) -> ClientKey | None:
    """The secret's key, if it opens now, from there; that it was used today is noted."""
    now, today = timezone.now(), timezone.localdate()
    standing = ClientKey.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=now),
        digest=digest_of(secret),
        client=client,
        client__since__lte=today,
        client__until__gt=today,
        client__post__since__lte=today,
        client__post__until__gt=today,
        client__officer__is_active=True,
        client__officer__duty=Officer.Duty.CLIENT,
    )
    key = standing.select_related("client__officer").first()
    if key is None or not _from_its_network(key.client, address):
        return None
    if key.used_on != today:
        ClientKey.objects.filter(pk=key.pk).update(used_on=today)
    return key


def _from_its_network(client: Client, address: str) -> bool:
    networks = networks_of(client.networks)
    return not networks or any(ipaddress.ip_address(address) in network for network in networks)


def _unknown() -> JsonResponse:
    answer = problem(401, _nobody, code="unauthorized")
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _later(sentence: str) -> JsonResponse:
    answer = problem(429, sentence, code="too_many")
    answer.headers["Retry-After"] = str(settings.ANJU_LOCK_MINUTES * 60)
    return answer


def _write(officer: Officer | None, action: str, kind: str, claimed: str, result: Result) -> None:
    """The entry of the journal; whom a secret names is kept only where there is such a client."""
    known = Client.objects.filter(pk=UUID(claimed)).exists()
    with transaction.atomic():
        record(
            actor=acting(officer), action=action, object_kind=kind, object_id=claimed if known else "", result=result
        )
