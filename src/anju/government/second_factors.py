"""The secrets that authenticator apps share with us lie in django-allauth's table, under the same keys as all that is sealed."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction

from anju.sealing.ciphertext import Place, key_number, seal, unseal
from anju.sealing.rotation import Beside, sealed_beside

_place = Place("mfa_authenticator", "secret", UUID(int=0))
"""django-allauth does not say whose secret it is."""


def closed(secret: str) -> str:
    """A secret as it is stored."""
    return b64encode(seal(secret, _place)).decode("ascii")


def opened(stored: str) -> str:
    """The secret. Raises `anju.sealing.ciphertext.SealBroken`, and `anju.sealing.keys.KeysRefused` where its key is missing."""
    return unseal(b64decode(stored), _place)


def _values() -> Iterator[bytes]:
    for data in Authenticator.objects.filter(type=Authenticator.Type.TOTP).values_list("data", flat=True):
        yield b64decode(data["secret"])


def _reseal(newest: int) -> int:
    """One officer's after the other: there are as many as officers, and nobody who signs in waits for long."""
    written = 0
    for key in list(Authenticator.objects.filter(type=Authenticator.Type.TOTP).values_list("pk", flat=True)):
        with transaction.atomic():
            for one in Authenticator.objects.select_for_update().filter(pk=key):
                if key_number(b64decode(one.data["secret"])) != newest:
                    one.data = {**one.data, "secret": closed(opened(one.data["secret"]))}
                    one.save(update_fields=["data"])
                    written += 1
    return written


sealed_beside("second factors", Beside(_values, _reseal))
