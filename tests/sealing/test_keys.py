"""密钥文件：自己生成、权限、写坏了、少了、错了，每种都用一句话说清楚。"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from pytest_django import Settings

from anju.sealing.agreement import agree_on_keys, start_new_key
from anju.sealing.keys import KeysRefused, add_key, key, key_ring, make_keys, read_keys
from anju.sealing.models import KnownKey


def write(path: Path, lines: str) -> None:
    path.unlink(missing_ok=True)
    path.write_text(lines, encoding="utf-8")
    path.chmod(0o400)


SEAL, INDEX, JOURNAL = f"seal 1 {'a1' * 16}", f"index 1 {'b2' * 32}", f"journal 1 {'c3' * 32}"


def test_a_new_file_is_complete_private_and_stays(keys: Path) -> None:
    before = keys.read_bytes()
    make_keys(keys)
    assert keys.read_bytes() == before
    assert keys.stat().st_mode & 0o777 == 0o400
    assert sorted(read_keys(keys).keys) == [("index", 1), ("journal", 1), ("seal", 1)]
    assert [path.name for path in keys.parent.iterdir()] == ["keys"]


def test_two_files_have_no_key_in_common(keys: Path) -> None:
    make_keys(keys.with_name("other"))
    assert not set(read_keys(keys).keys.values()) & set(read_keys(keys.with_name("other")).keys.values())


def test_printing_keys_shows_their_numbers_alone(keys: Path) -> None:
    shown = f"{key_ring()!r} {key_ring()}"
    assert "('seal', 1)" in shown
    assert not any(value.hex() in shown or repr(value)[2:-1] in shown for value in key_ring().keys.values())


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        pytest.param(f"{SEAL}\n{INDEX}\n", "没有 journal 密钥", id="少一种"),
        pytest.param(f"{SEAL}\n{INDEX}\n{JOURNAL}\n{SEAL}\n", "第 4 行：seal 1 号密钥前面已经有了", id="编号重复"),
        pytest.param(f"{SEAL}00\n{INDEX}\n{JOURNAL}\n", "第 1 行不是密钥", id="太长"),
        pytest.param(f"{SEAL}\nindex 1 {'b2' * 31}\n{JOURNAL}\n", "第 2 行不是密钥", id="太短"),
        pytest.param(f"{SEAL}\n{INDEX}\n{JOURNAL}\nother 1 {'00' * 32}\n", "第 4 行不是密钥", id="没有这种用途"),
        pytest.param(f"{SEAL}\n{INDEX}\n{JOURNAL}\nseal 0 {'00' * 16}\n", "第 4 行不是密钥", id="零号"),
        pytest.param("乱写", "第 1 行不是密钥", id="乱写"),
    ],
)
def test_a_broken_file_is_named_line_by_line(keys: Path, lines: str, says: str) -> None:
    write(keys, lines)
    with pytest.raises(KeysRefused, match=says) as refused:
        read_keys(keys)
    assert "a1a1" not in str(refused.value), "the sentence goes to logs"


@pytest.mark.parametrize(("mode", "open_to_others"), [(0o400, False), (0o600, False), (0o440, True), (0o604, True)])
def test_only_its_user_may_read_it(keys: Path, mode: int, *, open_to_others: bool) -> None:
    keys.chmod(mode)
    if open_to_others:
        with pytest.raises(KeysRefused, match="chmod 400"):
            read_keys(keys)
    else:
        assert read_keys(keys).keys


def test_without_a_file_nothing_is_read(keys: Path) -> None:
    keys.unlink()
    with pytest.raises(KeysRefused, match=r"读不到密钥文件 .*keys：请放回原来的密钥文件"):
        key_ring(read_anew=True)


def test_a_key_that_another_process_added_is_found(keys: Path) -> None:
    assert key_ring().current("seal") == 1
    assert add_key(keys, "seal") == 2
    assert key_ring().current("seal") == 1, "this process goes on writing with what it knows"
    assert key("seal", 2) == read_keys(keys).keys["seal", 2]
    with pytest.raises(KeysRefused, match="没有 seal 3 号密钥"):
        key("seal", 3)


@pytest.fixture
def agreed(own_database: str, tmp_path: Path, settings: Settings) -> Path:
    """A new database and the keys that it made itself."""
    settings.ANJU_KEYS = tmp_path / "made" / "keys"
    KnownKey.objects.all().delete()
    agree_on_keys()
    return Path(settings.ANJU_KEYS)


def test_a_new_database_makes_its_keys_and_remembers_them(agreed: Path) -> None:
    assert sorted(map(str, KnownKey.objects.all())) == ["index 1", "journal 1", "seal 1"]
    stored = " ".join(f"{known.use}{known.number}{known.proof}" for known in KnownKey.objects.all())
    assert not any(value.hex() in stored for value in read_keys(agreed).keys.values())
    agree_on_keys()
    assert KnownKey.objects.count() == 3
    assert run_checks(databases=["default"], tags=["database"]) == []


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        pytest.param(None, "读不到密钥文件", id="没有文件"),
        pytest.param(f"{SEAL}\n{INDEX}\n{JOURNAL}\n", "里的 .* 1 号密钥不是这个数据库的", id="别处的密钥"),
    ],
)
def test_a_database_starts_with_its_own_keys_alone(agreed: Path, lines: str | None, says: str) -> None:
    agreed.unlink() if lines is None else write(agreed, lines)
    with pytest.raises(KeysRefused, match=says):
        agree_on_keys()
    assert not agreed.exists() or agreed.read_text(encoding="utf-8") == lines, "nothing is made in their place"
    (problem,) = [found for found in run_checks(databases=["default"], tags=["database"]) if found.id == "sealing.E002"]
    assert problem.is_serious()
    with pytest.raises(SystemCheckError, match=r"sealing\.E002"):
        call_command("migrate", verbosity=0, skip_checks=False)


@pytest.mark.parametrize("use", ["seal", "index", "journal"])
def test_a_single_wrong_key_is_named(agreed: Path, use: str) -> None:
    lines = agreed.read_text(encoding="utf-8").splitlines(keepends=True)
    changed = "".join(
        line if not line.startswith(use) else line[:-2] + ("1\n" if line[-2] == "0" else "0\n") for line in lines
    )
    write(agreed, changed)
    with pytest.raises(KeysRefused, match=f"{use} 1 号密钥不是这个数据库的"):
        agree_on_keys()


def test_an_added_key_is_asked_for_from_then_on(agreed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = agreed.read_text(encoding="utf-8")
    call_command("keys", "add", "seal")
    assert "添了 seal 2 号密钥" in capsys.readouterr().out
    write(agreed, before)
    with pytest.raises(KeysRefused, match="少了 seal 2 号密钥"):
        agree_on_keys()
    with pytest.raises(CommandError, match="少了 seal 2 号密钥") as refused:
        call_command("keys", "add", "seal")
    assert refused.value.returncode == 2


def test_there_is_one_index_key_for_good(agreed: Path) -> None:
    with pytest.raises(KeysRefused, match="检索密钥只有一个"):
        start_new_key("index")
