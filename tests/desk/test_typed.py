"""What was typed before the second factor was asked for stands there again afterwards: once, for minutes, in no address, and sealed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from tests.desk.cast import Family, again, browser
from tests.documents.cast import county_clerk, issued
from tests.government.pages.officer import Browser
from tests.register.cast import number

pytestmark = pytest.mark.django_db
PURPOSE = "核对户口本上的号码"


def asked(who: Browser, of: Family, deed: str = "reveal/number/") -> str:
    """Seeing a field in full is pressed; where it leads."""
    page = f"/people/{of.person.pk}/"
    answer = who.post(f"{page}{deed}", {"purpose": PURPOSE}, headers={"Referer": f"http://testserver{page}"})
    assert answer.status_code == 302
    return answer.headers["Location"]


def shown(who: Browser, of: Family) -> str:
    return who.get(f"/people/{of.person.pk}/").content.decode()


def test_it_stands_there_again_once_and_in_no_address(us: Family, village: Browser) -> None:
    assert asked(village, us) == f"/account/confirm/?next=%2Fpeople%2F{us.person.pk}%2F"
    page = shown(village, us)
    assert f'value="{PURPOSE}"' in page
    assert page.count(" open>") == 1, "of the field that was asked for"
    assert PURPOSE not in shown(village, us), "once"


def test_it_lies_sealed(us: Family, village: Browser) -> None:
    asked(village, us)
    session = village.session
    assert PURPOSE not in str(dict(session))
    assert Session.objects.filter(pk=session.session_key).exists()


def test_it_stays_until_the_page_that_it_is_for(us: Family, village: Browser) -> None:
    asked(village, us)
    assert PURPOSE not in village.get(f"/people/{us.spouse.pk}/").content.decode()
    assert f'value="{PURPOSE}"' in shown(village, us)


@pytest.mark.parametrize(("seconds", "there"), [(299, True), (301, False)])
def test_it_is_kept_for_minutes(
    us: Family, village: Browser, monkeypatch: pytest.MonkeyPatch, seconds: int, there: bool
) -> None:
    asked(village, us)
    now = timezone.now() + timedelta(seconds=seconds)
    monkeypatch.setattr(timezone, "now", lambda: now)
    page = shown(village, us)
    assert (f'value="{PURPOSE}"' in page) == there


def test_what_somebody_changed_in_it_is_nothing(us: Family, village: Browser) -> None:
    asked(village, us)
    session = village.session
    session["typed"] = "AAAA" + session["typed"][4:]
    session.save()
    assert PURPOSE not in shown(village, us)
    assert "typed" not in village.session


def test_whoever_has_just_confirmed_makes_no_detour(us: Family, village: Browser) -> None:
    answer = again(village).post(f"/people/{us.person.pk}/reveal/number/", {"purpose": PURPOSE})
    assert number(1) in answer.content.decode()
    assert "typed" not in village.session


def test_of_a_letter_in_full(db: None) -> None:
    by, other = county_clerk("by"), county_clerk("other")
    letter = issued(by, other)
    who, page = browser(by), f"/letters/{letter.pk}/"
    form = {"file": "pdf", "full": "1", "because": PURPOSE}
    who.post(f"{page}file/", form, headers={"Referer": f"http://testserver{page}"})
    text = who.get(page).content.decode()
    assert f'value="{PURPOSE}"' in text
    assert 'id="full" checked' in text
