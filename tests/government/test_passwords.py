"""The two norms for passwords, on both sides of each threshold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import get_password_validators, validate_password
from django.core.exceptions import ValidationError

from anju.government.models import Officer
from anju.government.passwords import profiles

NOW = datetime(2026, 6, 30, tzinfo=UTC)
LI = Officer(account="lixia", name="李夏")


@pytest.mark.parametrize(
    ("profile", "password", "good"),
    [
        ("dengbao3", "Qingshan2026", True),
        ("dengbao3", "Qingshan202", False),
        ("dengbao3", "qingshan2026", False),
        ("dengbao3", "qingshan-2026", True),
        ("dengbao3", "青山绿水绿水青山一二三四", False),
        ("dengbao3", "青山绿水Qing绿水青山", True),
        ("asvs", "qingshanlvshui", True),
        ("asvs", "qingshanlvs", False),
        ("asvs", "qingshanlvsh", True),
        ("asvs", "1q2w3e4r5t6y", False),
        ("asvs", "justinbieber", False),
        ("asvs", "q" * 200 + "r", False),
        ("asvs", "qingshan lvshui " * 12, True),
        ("asvs", "xiangLIXIA-shan", False),
        ("asvs", "qing-李夏-shanshan", False),
    ],
    ids=[
        "十二位三种", "十一位", "两种", "三种", "一种", "三种带中文", "不分种类", "十一位也不行", "十二位", "常见",
        "常见的长词", "太长", "长句", "有账号", "有姓名",
    ],
)  # fmt: skip
def test_a_password_against_a_norm(profile: str, password: str, *, good: bool) -> None:
    validators = get_password_validators(profiles[profile].validators())
    if good:
        validate_password(password, LI, validators)
    else:
        with pytest.raises(ValidationError):
            validate_password(password, LI, validators)


@pytest.mark.parametrize(
    ("profile", "age", "due"),
    [
        ("dengbao3", timedelta(days=89, hours=23), False),
        ("dengbao3", timedelta(days=90), True),
        ("asvs", timedelta(days=9000), False),
        ("dengbao3", None, True),
        ("asvs", None, True),
    ],
    ids=["不到九十天", "九十天", "不定期换", "别人设的", "别人设的也要换"],
)
def test_when_a_new_password_is_due(profile: str, age: timedelta | None, *, due: bool) -> None:
    assert profiles[profile].due(None if age is None else NOW - age, NOW) is due


def test_a_password_is_kept_as_argon2id(dear_passwords: None) -> None:
    who = Officer(account="li")
    who.set_password("Qingshan2026")
    assert who.password.startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$")


@pytest.mark.parametrize(
    ("profile", "before", "good"),
    [("dengbao3", 4, False), ("dengbao3", 5, True), ("asvs", 0, True)],
    ids=["第五个", "第六个", "不看从前"],
)
def test_a_former_password_against_a_norm(profile: str, before: int, *, good: bool) -> None:
    others = [make_password(f"Lv-shui-{number}-qing") for number in range(before)]
    who = Officer(account="lixia", former_passwords=[*others, make_password("Qingshan-2026")])
    validators = get_password_validators(profiles[profile].validators())
    if good:
        validate_password("Qingshan-2026", who, validators)
    else:
        with pytest.raises(ValidationError, match="以前用过"):
            validate_password("Qingshan-2026", who, validators)
