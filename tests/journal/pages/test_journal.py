"""审计员的页：谁在什么时候对什么做了什么，一条一条看，带事由导出；链好不好。"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import Settings

from anju.government.acting import acting
from anju.government.actions import journal
from anju.government.models import Officer
from anju.journal.actions import Actor, Result, record
from anju.journal.anchors import anchor
from anju.journal.models import Entry, Verification
from tests.government.cast import officer, with_password
from tests.government.pages.officer import Browser, signed_in
from tests.journal.conftest import write
from tests.journal.test_verification import without_walls

pytestmark = pytest.mark.django_db
PLACE = re.compile(r'href="/journal/(\d+)/(\d+)/">')


@pytest.fixture(autouse=True)
def elsewhere(settings: Settings, tmp_path: Path) -> Path:
    """Where heads are put down."""
    path = tmp_path / "anchors.jsonl"
    settings.ANJU_ANCHORS = path
    return path


@pytest.fixture
def browser() -> Browser:
    """赵审计's, confirmed again."""
    return signed_in(with_password("audit", "赵审计", Officer.Duty.AUDIT))


def text(browser: Browser, query: str = "") -> str:
    return browser.get(f"/journal/{query}").content.decode()


def places(page: str) -> list[tuple[int, int]]:
    return [(int(shard), int(seq)) for shard, seq in PLACE.findall(page)]


def deed(
    action: str = "government.enable",
    *,
    by: Officer | None = None,
    kind: str = "officer",
    key: str = "1",
    result: Result = "done",
) -> Entry:
    with transaction.atomic():
        actor = acting(by) if by else Actor(name="系统")
        return record(actor=actor, action=action, object_kind=kind, object_id=key, result=result, purpose="核对")


def test_entries_are_asked_by_everything_that_an_auditor_knows(browser: Browser) -> None:
    li, wang = officer("li", "李干部"), officer("wang", "王干部")
    first = deed(by=li)
    deed("government.disable", by=wang, kind="officer", key="2")
    deed("government.lock", kind="page", key="3", result="refused")

    def found(query: str) -> list[str]:
        page = text(browser, query)
        return [Entry.objects.get(shard=shard, seq=seq).action.partition(".")[2] for shard, seq in places(page)]

    assert found("") == ["lock", "disable", "enable"]
    assert found("?who=li") == found("?who=李干部") == ["enable"]
    assert found("?who=系统") == ["lock"]
    assert found("?who=nobody") == []
    assert found("?action=government.disable") == ["disable"]
    assert found("?kind=officer") == ["disable", "enable"]
    assert found("?kind=officer&object=2") == ["disable"]
    assert found("?result=refused") == ["lock"]
    today = timezone.localdate()
    assert found(f"?since={today}&until={today}") == ["lock", "disable", "enable"]
    assert found(f"?until={today - timedelta(days=1)}") == []
    assert found(f"?since={today + timedelta(days=1)}") == []
    page = text(browser, "?who=li")
    assert "启用账号" in page
    assert "李干部" in page
    assert f"{first.shard}·{first.seq}" in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?since=昨天", "这不是日期"),
        ("?since=2026-02-01&until=2026-01-01", "起日晚于止日"),
        ("?action=x.y", "x.y"),
        ("?result=perhaps", "perhaps"),
    ],
)
def test_what_cannot_be_asked_is_said_and_shows_nothing(browser: Browser, query: str, sentence: str) -> None:
    deed()
    page = text(browser, query)
    assert sentence in page
    assert places(page) == []


def test_a_long_list_goes_on_without_gap_or_repetition(browser: Browser) -> None:
    moment = timezone.now()
    for number in range(120):
        deed(key=str(number))
    same = Entry.objects.filter(object_id__in=[str(number) for number in range(40, 80)])
    without_walls(lambda: same.update(at=moment))  # one moment for forty of them, across the end of a page
    seen: list[tuple[int, int]] = []
    query = "?kind=officer"
    while query:
        page = text(browser, query)
        seen += places(page)
        more = re.search(r'href="(\?[^"]*after=[^"]*)"', page)
        query = more[1].replace("&amp;", "&") if more else ""
        write(object_id="meanwhile")
    wanted = Entry.objects.filter(object_kind="officer").order_by("-at", "-id").values_list("shard", "seq")
    assert seen == list(wanted)


@pytest.mark.parametrize("after", ["x", "2026-01-01", "2026-01-01T00:00:00+00:00|x"])
def test_a_place_that_is_none_is_not_there(browser: Browser, after: str) -> None:
    assert browser.get("/journal/", {"after": after}).status_code == 404


def test_one_entry_is_shown_in_full(browser: Browser) -> None:
    write(purpose="核对户口<script>")
    entry = Entry.objects.get()
    page = text(browser, f"{entry.shard}/{entry.seq}/")
    assert "和写下时一样" in page
    assert "核对户口&lt;script&gt;" in page
    assert entry.digest in page
    assert browser.get(f"/journal/{entry.shard}/{entry.seq + 1}/").status_code == 404


def test_a_changed_entry_is_seen_to_be_changed(browser: Browser) -> None:
    entry = deed()
    deed()
    without_walls(lambda: Entry.objects.filter(pk=entry.pk).update(purpose="事后改的"))
    assert "和写下时不一样" in text(browser, f"{entry.shard}/{entry.seq}/")
    assert "和写下时一样" in text(browser, f"{entry.shard}/{entry.seq + 1}/")


def test_the_state_of_the_chain_is_shown(browser: Browser, elsewhere: Path) -> None:
    assert "还没有核对过" in text(browser)
    assert "还没有锚定过" in text(browser)
    deed()
    anchor(elsewhere)
    now = timezone.now()
    Verification.objects.create(at=now - timedelta(days=1), entries=40)
    page = text(browser)
    assert "全部完好" in page
    assert "锚定正常" in page
    assert "0 条还没有锚定" in page
    Verification.objects.create(at=now, entries=41, findings=1, sentences=["第 3 链第 7 条：内容被改动过"])
    page = text(browser)
    assert "1 处不对" in page
    assert "第 3 链第 7 条：内容被改动过" in page


def export(browser: Browser, query: str = "", purpose: str = "年度检查") -> list[tuple[object, ...]]:
    answer = browser.post(f"/journal/export/{query}", {"purpose": purpose})
    assert answer.headers["Content-Disposition"].startswith("attachment")
    book = load_workbook(BytesIO(answer.getvalue()))
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_entries_are_taken_along_for_a_purpose(browser: Browser) -> None:
    for number in range(3):
        deed(key=f"=1+{number}")
    deed("government.lock", kind="page")
    header, *rows = export(browser, "?kind=officer")
    assert header[0] == "时间"
    assert [row[9] for row in rows] == ["=1+2", "=1+1", "=1+0"]
    assert rows[0][6] == "启用账号"
    entry = Entry.objects.latest("pk")
    assert (entry.action, entry.officer_name, entry.purpose) == ("journal.export", "赵审计", "年度检查")
    assert '"count": "3"' in entry.detail
    assert '"kind": "officer"' in entry.detail


def test_a_text_cannot_break_the_workbook(browser: Browser) -> None:
    write(purpose="张三\r\n伪造\x1b[31m\x07 \u2028")
    (_, row) = export(browser)
    assert "伪造" in str(row[10])


@pytest.mark.parametrize(
    ("purpose", "sentence"),
    [("", "必填"), ("  ", "必填"), ("查 11010519491231002X", "不能写身份证号"), ("长" * 501, "最多")],
    ids=["没写", "空白", "身份证号", "太长"],
)
def test_without_a_good_purpose_nothing_goes_out(browser: Browser, purpose: str, sentence: str) -> None:
    deed()
    answer = browser.post("/journal/export/", {"purpose": purpose})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Entry.objects.filter(action="journal.export").exists()


def test_too_many_entries_are_not_taken_at_once(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "most", 2)
    for _ in range(3):
        deed()
    assert "缩小日期范围" in browser.post("/journal/export/", {"purpose": "检查"}).content.decode()


def test_taking_out_asks_for_the_second_factor_again() -> None:
    browser = signed_in(with_password("audit", duty=Officer.Duty.AUDIT), confirmed=False)
    answer = browser.get("/journal/export/?kind=officer")
    assert answer.headers["Location"] == "/account/confirm/?next=%2Fjournal%2Fexport%2F%3Fkind%3Dofficer"


@pytest.mark.parametrize("duty", ["handler", "system_administrator", "security_administrator"])
@pytest.mark.parametrize("address", ["/journal/", "/journal/0/1/", "/journal/export/"])
def test_for_others_the_journal_is_not_there(address: str, duty: str) -> None:
    other = signed_in(with_password("other", duty=duty))
    assert other.get(address).status_code == 404
    assert other.post(address, {"purpose": "看看"}).status_code == 404
    assert not Entry.objects.filter(action="journal.export").exists()


def test_a_day_is_the_offices_own(browser: Browser) -> None:
    entry = deed()
    midnight = datetime(2026, 6, 30, tzinfo=timezone.get_default_timezone())
    without_walls(lambda: Entry.objects.filter(pk=entry.pk).update(at=midnight))
    assert places(text(browser, "?since=2026-06-30&until=2026-06-30")) == [(entry.shard, entry.seq)]
    assert places(text(browser, "?since=2026-06-29&until=2026-06-29")) == []
    without_walls(lambda: Entry.objects.filter(pk=entry.pk).update(at=midnight - timedelta(microseconds=1)))
    assert places(text(browser, "?since=2026-06-29&until=2026-06-29")) == [(entry.shard, entry.seq)]
