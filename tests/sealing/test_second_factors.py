"""After a leaked key: authenticators lie under the new one, the old one can be retired, and everybody still gets in."""

from __future__ import annotations

import stat
from base64 import b64decode, b64encode
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from anju.government.models import Officer
from anju.sealing.agreement import agree_on_keys
from anju.sealing.keys import KeysRefused, key_ring
from anju.sealing.models import KnownKey
from anju.sealing.rotation import keys_in_use
from tests.government.cast import with_password
from tests.government.pages.officer import Browser, with_app

pytestmark = pytest.mark.django_db


@pytest.fixture
def li(keys: Path) -> Officer:
    """An officer with an authenticator app, in a database of this test's own keys."""
    KnownKey.objects.all().delete()
    agree_on_keys()
    return with_app(with_password("li"))


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("keys", *arguments, stdout=out)
    return out.getvalue()


def test_an_authenticator_lies_under_the_new_key_and_still_opens(li: Officer, keys: Path) -> None:
    said("add", "seal")
    assert keys_in_use() == {1: 1}
    assert "改写了 1 处。各号密钥还管着：2 号 1 处。" in said("reseal")
    assert "改写了 0 处" in said("reseal")
    told = said("retire", "1")
    retired = keys.with_name(f"{keys.name}.retired")
    assert str(retired) in told
    assert ("seal", 1) not in key_ring().keys
    agree_on_keys()  # as each start does
    Browser().come_in("li")
    assert retired.read_text().startswith("seal 1 ")
    assert stat.S_IMODE(retired.stat().st_mode) == 0o400


def test_a_retired_key_that_is_put_back_is_known_again(li: Officer, keys: Path) -> None:
    said("add", "seal")
    said("reseal")
    said("retire", "1")
    line = keys.with_name(f"{keys.name}.retired").read_text()
    keys.chmod(0o600)
    keys.write_text(keys.read_text() + line)
    agree_on_keys()
    assert KnownKey.objects.filter(use="seal", number=1).exists()
    said("retire", "1")
    assert keys.with_name(f"{keys.name}.retired").read_text() == line * 2


REFUSED: dict[str, tuple[Sequence[Sequence[str]], str, str]] = {
    "没有这把": ([], "7", "没有 seal 7 号密钥"),
    "正在写": ([], "1", "正在用来写"),
    "还管着验证器": ([["add", "seal"]], "1", "seal 1 号密钥还管着 1 处"),
    "最新的": ([["add", "seal"], ["reseal"]], "2", "正在用来写"),
}


@pytest.mark.parametrize(("before", "number", "says"), REFUSED.values(), ids=REFUSED)
def test_a_key_that_is_needed_stays(
    li: Officer, keys: Path, before: Sequence[Sequence[str]], number: str, says: str
) -> None:
    for arguments in before:
        said(*arguments)
    stood = keys.read_text()
    with pytest.raises(CommandError, match=says):
        said("retire", number)
    assert keys.read_text() == stood
    Browser().come_in("li")


def test_a_key_that_was_only_taken_out_of_the_file_refuses_the_start(li: Officer, keys: Path) -> None:
    said("add", "seal")
    said("reseal")
    keys.chmod(0o600)
    keys.write_text(
        "".join(line for line in keys.read_text().splitlines(keepends=True) if not line.startswith("seal 1 "))
    )
    with pytest.raises(KeysRefused, match="少了 seal 1 号密钥"):
        agree_on_keys()


def test_a_changed_secret_stops_the_rewriting(li: Officer) -> None:
    said("add", "seal")
    one = Authenticator.objects.get()
    sealed = bytearray(b64decode(one.data["secret"]))
    sealed[-1] ^= 1
    one.data = {"secret": b64encode(sealed).decode()}
    one.save()
    with pytest.raises(CommandError):
        said("reseal")
