"""Another office's system asks what waits for it and answers: exactly that of its seat, by the same deed as a page, once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from anju.cases.actions import suspend, take_step
from anju.cases.fields import Value
from anju.cases.models import Case
from anju.government.models import Client, Officer
from anju.government.refusals import Refused
from anju.journal.models import Entry as JournalEntry
from anju.register.facts import today
from anju.register.models import Person
from tests.cases.test_pages import now
from tests.exchange.calling import GOOD, YUNYANG, System, at_origin, entries_of, family, offices, pension_office
from tests.government.pages.officer import signed_in

pytestmark = pytest.mark.django_db
Story = tuple[Officer, list[Person], list[Case]]


@pytest.fixture
def story() -> Story:
    """The destination's county, two people, and the case of each, at the origin's county."""
    village, town, county = offices()
    _, people = family(village)
    return county, people, [at_origin(village, town, county, person) for person in people]


@pytest.fixture
def there() -> tuple[Client, System]:
    """The origin's system."""
    return pension_office()


def refused(answer: Any) -> tuple[int, str, dict[str, str]]:
    """Status, code, and sentences by field."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = json.loads(answer.content)
    assert told["status"] == answer.status_code
    return answer.status_code, told["code"], {one["field"]: one["detail"] for one in told.get("errors", ())}


def test_what_waits_is_told_with_what_it_needs_and_no_number(story: Story, there: tuple[Client, System]) -> None:
    _, people, cases = story
    _, system = there
    told = system.ask("steps/")
    assert told["office"] == {
        "line": "human_resources", "level": "county", "region": "500154000000", "name": told["office"]["name"],
    }  # fmt: skip
    assert [step["case"] for step in told["steps"]] == [str(case.pk) for case in cases]
    first = told["steps"][0]
    assert (first["subject"], first["seen"]) == ({"kind": "person", "name": "张青山"}, 4)
    assert (first["procedure"]["code"], first["step"]["number"]) == ("transfer_pension", 4)
    assert first["origin"]["code"] == people[0].origin
    one = system.ask(f"steps/{cases[0].pk}/")
    assert {key: one[key] for key in first} == first
    assert [person["name"] for person in one["people"]] == ["张青山"]
    assert [(field["name"], field["kind"]) for field in one["fields"]] == [
        ("个人账户储存额", "number"),
        ("缴费年限", "text"),
    ]
    assert {action["action"] for action in one["actions"]} >= {"审批并划转"}
    assert one["written"]["户口迁移证明或新户口簿"] == "已交验"
    assert one["last"]["action"] == "发接收函"
    number = people[0].number
    assert number is not None
    assert number.reveal() not in json.dumps([told, one])


def test_pages_follow_each_other(story: Story, there: tuple[Client, System], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anju.exchange.queries.waiting.most_steps", 1)
    first = there[1].ask("steps/")
    second = there[1].ask(f"steps/?after={first['next']}")
    assert [step["case"] for page in (first, second) for step in page["steps"]] == [str(case.pk) for case in story[2]]
    assert second["next"] is None


def test_a_procedure_narrows_the_list(story: Story, there: tuple[Client, System]) -> None:
    _, system = there
    assert len(system.ask("steps/?procedure=transfer_pension")["steps"]) == 2
    assert system.ask("steps/?procedure=confirm_membership")["steps"] == []
    answer = system.get("/api/v1/steps/?procedure=%00")
    assert refused(answer)[2] == {"procedure": "没有这个流程。"}


def test_an_answer_is_the_same_deed_as_on_a_page(story: Story, there: tuple[Client, System]) -> None:
    made, system = there
    case, key = story[2][0], uuid4()
    answer = system.answer(case, {"seen": 4, **GOOD, "basis": "开州人社函〔2026〕9号"}, key)
    assert answer.status_code == 200, answer.content.decode()
    told = json.loads(answer.content)
    assert (told["case"], told["entry"], told["action"], told["on"]) == (
        str(case.pk), 5, "审批并划转", today().isoformat(),
    )  # fmt: skip
    last = entries_of(case)[-1]
    assert (last.by, last.key, last.office) == (made.officer, key, "500154000000 人社")
    assert json.loads(last.told.reveal()) == {
        "fields": {"个人账户储存额": 1234.5, "缴费年限": "7"}, "basis": "开州人社函〔2026〕9号",
    }  # fmt: skip
    entry = JournalEntry.objects.get(action="cases.move", officer=str(made.pk))
    assert (entry.officer_name, entry.object_id) == ("开州人社系统", str(case.pk))
    assert now(case).step == 5
    assert refused(system.get(f"/api/v1/steps/{case.pk}/"))[0] == 404, "it waits no longer"


def test_everything_it_does_stands_in_the_journal(story: Story, there: tuple[Client, System]) -> None:
    made, system = there
    case = story[2][0]
    system.ask("steps/")
    system.ask(f"steps/{case.pk}/")
    system.send(f"steps/{case.pk}/identity/", {"purpose": "核对参保记录"})
    system.answer(case, {"seen": 4, **GOOD})
    told = (
        JournalEntry.objects.filter(officer=str(made.pk)).order_by("pk").values_list("action", "object_id", "purpose")
    )
    assert list(told) == [
        ("exchange.ask_waiting", str(made.pk), ""),
        ("register.look", str(case.subject_id), "经办"),
        ("register.look", str(case.subject_id), "核对参保记录"),
        ("register.reveal", str(case.subject_id), "核对参保记录"),
        ("cases.move", str(case.pk), ""),
    ]


def test_the_same_number_with_the_same_body_is_done_once(story: Story, there: tuple[Client, System]) -> None:
    _, system = there
    case, key = story[2][0], uuid4()
    answers = [system.answer(case, {"seen": 4, **GOOD}, key) for _ in range(3)]
    again = system.answer(case, json.dumps({**dict(reversed(list(GOOD.items()))), "seen": 4}, indent=1), key)
    assert {(answer.status_code, answer.content) for answer in (*answers, again)} == {(200, answers[0].content)}
    assert len(entries_of(case)) == 5


@pytest.mark.parametrize(
    "other",
    [
        {"fields": {"个人账户储存额": 1234.6, "缴费年限": "7"}}, {"reason": "另一句"}, {"basis": "另一份"},
        {"seen": 5}, {"on": "2026-01-01"}, {"action": "退回"},
    ],
    ids=["另一个数", "另一个理由", "另一份凭据", "另一笔数", "另一天", "另一个动作"],
)  # fmt: skip
def test_the_same_number_with_another_body_is_refused(
    story: Story, there: tuple[Client, System], other: dict[str, Any]
) -> None:
    _, system = there
    first, second = story[2]
    key = uuid4()
    body = {"seen": 4, **GOOD}
    assert system.answer(first, body, key).status_code == 200
    assert refused(system.answer(first, {**body, **other}, key))[:2] == (422, "key_reused")
    assert refused(system.answer(second, body, key))[:2] == (422, "key_reused")
    assert [len(entries_of(case)) for case in story[2]] == [5, 4]


def test_what_is_refused_leaves_its_number_free(story: Story, there: tuple[Client, System]) -> None:
    _, system = there
    case, key = story[2][0], uuid4()
    assert system.answer(case, {"seen": 4, "action": "审批并划转"}, key).status_code == 422
    assert system.answer(case, {"seen": 4, **GOOD}, key).status_code == 200


def test_whoever_has_not_seen_the_latest_is_told(story: Story, there: tuple[Client, System]) -> None:
    _, system = there
    assert refused(system.answer(story[2][0], {"seen": 3, **GOOD}))[:2] == (409, "stale")


WRONG_FIELDS: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "缺项": ({"fields": {"缴费年限": "7"}}, {"fields.个人账户储存额": "还没有填"}),
    "负数": ({"fields": {"个人账户储存额": -1, "缴费年限": "7"}}, {"fields.个人账户储存额": "0"}),
    "不是数": ({"fields": {"个人账户储存额": "1234.5", "缴费年限": "7"}}, {"fields.个人账户储存额": "要写数"}),
    "是非不是数": ({"fields": {"个人账户储存额": True, "缴费年限": "7"}}, {"fields.个人账户储存额": "要写数"}),
    "数不是文字": ({"fields": {"个人账户储存额": 1, "缴费年限": 7}}, {"fields.缴费年限": "要写文字"}),
    "没有这一项": ({"fields": {"别的": 1}}, {"fields.别的": "没有这一项"}),
    "没有这个动作": ({"action": "看不懂"}, {"action": "没有“看不懂”"}),
    "不是日期": ({"on": "昨天"}, {"on": "这不是日期"}),
    "太长": ({"basis": "长" * 1001}, {"basis": "1000"}),
    "多出来的": ({"by": "别人"}, {"by": "没有这一项"}),
    "笔数不是数": ({"seen": "4"}, {"seen": "要写整数"}),
    "动作不是文字": ({"action": 4}, {"action": "要写文字"}),
    "空字符": ({"fields": {"个人账户储存额": 1, "缴费年限": "7\0"}}, {"fields.缴费年限": ""}),
}


@pytest.mark.parametrize(("other", "sentences"), WRONG_FIELDS.values(), ids=WRONG_FIELDS)
def test_a_wrong_field_is_told_by_its_name(
    story: Story, there: tuple[Client, System], other: dict[str, Any], sentences: dict[str, str]
) -> None:
    status, code, told = refused(there[1].answer(story[2][0], {"seen": 4, **GOOD, **other}))
    assert (status, code, set(told)) == (422, "wrong_fields", set(sentences))
    assert all(sentence in told[name] for name, sentence in sentences.items())
    assert len(entries_of(story[2][0])) == 4


@pytest.mark.parametrize(
    ("other", "sentence"),
    [({"on": "2020-01-01"}, "办理日不能早于"), ({"on": "2999-01-01"}, "办理日不能晚于今天"),
     ({"basis": "凭 11010519491231002X"}, "证件号码")],
    ids=["太早", "太晚", "证件号码"],
)  # fmt: skip
def test_what_the_deed_refuses_is_told_in_its_sentence(
    story: Story, there: tuple[Client, System], other: dict[str, Any], sentence: str
) -> None:
    answer = there[1].answer(story[2][0], {"seen": 4, **GOOD, **other})
    assert refused(answer)[:2] == (422, "refused")
    assert sentence in json.loads(answer.content)["detail"]


def test_a_way_back_needs_a_reason_and_tells_it(story: Story, there: tuple[Client, System]) -> None:
    _, system = there
    case = story[2][0]
    back = [one for one in system.ask(f"steps/{case.pk}/")["actions"] if one["needs_reason"]]
    assert back
    body = {"seen": 4, "action": back[0]["action"]}
    assert set(refused(system.answer(case, body))[2]) == {"reason"}
    assert system.answer(case, {**body, "reason": "材料不全"}).status_code == 200
    assert json.loads(entries_of(case)[-1].told.reveal())["reason"] == "材料不全"


BODIES: dict[str, tuple[Any, str, int]] = {
    "不是 JSON": (b"{", "application/json", 400),
    "空的": (b"", "application/json", 415),
    "不是 UTF-8": (b'{"seen": "\xff"}', "application/json", 400),
    "半个字符": (b'{"seen": "\\ud800"}', "application/json", 400),
    "写了两次": (b'{"seen": 4, "seen": 5}', "application/json", 400),
    "无穷": (b'{"seen": Infinity}', "application/json", 400),
    "太深": (b'{"seen": ' + b"[" * 30_000 + b"]" * 30_000 + b"}", "application/json", 400),
    "太长的数": (b'{"seen": ' + b"9" * 5000 + b"}", "application/json", 400),
    "一列": (b"[]", "application/json", 400),
    "表单": (b"seen=4", "application/x-www-form-urlencoded", 415),
    "没说是什么": (b"{}", "", 415),
    "太大": (b'{"seen": "' + b"x" * (64 << 10) + b'"}', "application/json", 413),
}


@pytest.mark.parametrize(("body", "kind", "status"), BODIES.values(), ids=BODIES)
def test_a_body_that_cannot_be_read(
    story: Story, there: tuple[Client, System], body: bytes, kind: str, status: int
) -> None:
    path = f"/api/v1/steps/{story[2][0].pk}/answer/"
    answer = there[1].post(path, body, content_type=kind, headers={"Idempotency-Key": str(uuid4())})
    assert refused(answer)[0] == status


@pytest.mark.parametrize("key", ["", "1", "not-a-uuid"], ids=["没有", "一个数", "不是"])
def test_a_number_of_its_own_is_needed(story: Story, there: tuple[Client, System], key: str) -> None:
    path = f"/api/v1/steps/{story[2][0].pk}/answer/"
    answer = there[1].post(path, b"{}", content_type="application/json", headers={"Idempotency-Key": key})
    assert refused(answer)[:2] == (400, "no_key")


def test_a_number_is_told_in_full_for_a_purpose(story: Story, there: tuple[Client, System]) -> None:
    _, people, cases = story
    _, system = there
    path = f"steps/{cases[0].pk}/identity/"
    assert refused(system.send(path, {}))[2].keys() == {"purpose"}
    assert refused(system.send(path, {"purpose": " "}))[2].keys() == {"purpose"}
    assert refused(system.send(path, {"purpose": "核对", "person": str(people[1].pk)}))[2].keys() == {"person"}
    assert refused(system.send(path, {"purpose": "核对", "all": True}))[2].keys() == {"all"}
    assert not JournalEntry.objects.filter(action="register.reveal").exists()
    answer = system.send(path, {"purpose": "核对参保记录"})
    number = people[0].number
    assert number is not None
    assert json.loads(answer.content) == {
        "person": str(people[0].pk), "name": "张青山", "number": number.reveal(),
    }  # fmt: skip


def test_so_many_files_and_no_more(story: Story, there: tuple[Client, System], settings: Any) -> None:
    settings.ANJU_MOST_FILES_AN_HOUR = 1
    first, second = story[2]
    there[1].ask(f"steps/{first.pk}/")
    assert refused(there[1].get(f"/api/v1/steps/{second.pk}/"))[:2] == (429, "too_many_files")
    assert refused(there[1].send(f"steps/{second.pk}/identity/", {"purpose": "核对"}))[0] == 422


OTHERS: dict[str, dict[str, Any]] = {
    "别的县": {"region": "500236000000"},
    "迁入地县": {"region": YUNYANG},
    "别的条线": {"line": "medical_security"},
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_for_another_seat_the_case_is_not_there(story: Story, other: dict[str, Any]) -> None:
    _, system = pension_office(**other)
    case, nobody = story[2][0], UUID("01900000-0000-7000-8000-000000000000")
    assert system.ask("steps/")["steps"] == []
    for path in ("", "answer/", "identity/"):
        said = set()
        for key in (case.pk, nobody):
            there = f"steps/{key}/{path}"
            answer = system.send(there, {"seen": 4, **GOOD}) if path else system.get(f"/api/v1/{there}")
            said.add((answer.status_code, str(sorted(answer.headers.items())), answer.content))
        ((status, _, _),) = said
        assert status == 404, path
    assert len(entries_of(case)) == 4


def test_nothing_waits_while_a_case_is_suspended(story: Story, there: tuple[Client, System]) -> None:
    county, _, (case, _) = story
    suspend(by=county, case=case.pk, seen=4, because="等材料", review_on=today() + timedelta(7))
    assert len(there[1].ask("steps/")["steps"]) == 1
    assert refused(there[1].answer(case, {"seen": 5, **GOOD}))[0] == 404


def test_a_paper_from_there_counts_as_before(story: Story, there: tuple[Client, System]) -> None:
    county, _, (case, _) = story
    fields: dict[str, Value] = {"个人账户储存额": 1.0, "缴费年限": "7"}
    with pytest.raises(Refused, match="回函"):
        take_step(by=county, case=case.pk, seen=4, action="审批并划转", fields=fields)
    take_step(by=county, case=case.pk, seen=4, action="审批并划转", fields=fields, basis="回函一份")
    assert refused(there[1].answer(case, {"seen": 4, **GOOD}))[0] == 404


def test_a_system_acts_for_no_resident_and_for_no_other_office(story: Story) -> None:
    """The deed itself holds it, whoever calls it."""
    _, people, (case, _) = story
    neighbour, _ = pension_office(YUNYANG)
    with pytest.raises(Refused, match="轮不到"):
        take_step(
            by=neighbour.officer, case=case.pk, seen=4, action="审批并划转", basis="回函",
            fields={"个人账户储存额": 1.0, "缴费年限": "7"},
        )  # fmt: skip
    assert people


def test_a_session_opens_nothing_here_and_a_secret_no_page(story: Story, there: tuple[Client, System]) -> None:
    county, _, (case, _) = story
    inside = signed_in(county)
    for path in ("steps/", f"steps/{case.pk}/", f"steps/{case.pk}/answer/", "nothing/"):
        for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
            answer = inside.generic(method, f"/api/v1/{path}")
            assert refused(answer)[:2] == (401, "unauthorized"), (method, path)
            assert answer.headers["WWW-Authenticate"] == "Bearer"
    for path in ("/cases/", f"/cases/{case.pk}/", "/desk/", "/account/", "/clients/"):
        assert there[1].get(path).headers["Location"].startswith("/sign-in/"), path
    assert there[1].cookies == {}, "and it is given no session"


def test_what_is_not_there_and_what_is_not_done_that_way(there: tuple[Client, System]) -> None:
    _, system = there
    assert refused(system.get("/api/v1/"))[:2] == (404, "not_found")
    assert refused(system.get("/api/v2/steps/"))[:2] == (404, "not_found")
    assert refused(system.get("/api/v1/steps/1/"))[:2] == (404, "not_found")
    for path, allowed in (("steps/", "GET"), (f"steps/{uuid4()}/", "GET"), (f"steps/{uuid4()}/answer/", "POST")):
        answer = system.generic("DELETE", f"/api/v1/{path}")
        assert refused(answer)[:2] == (405, "wrong_method")
        assert answer.headers["Allow"] == allowed


def test_a_fault_of_ours_shows_nothing(
    story: Story, there: tuple[Client, System], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("张青山")

    monkeypatch.setattr("anju.exchange.queries.waiting.steps", broken)
    answer = there[1].get("/api/v1/steps/")
    assert refused(answer)[:2] == (500, "fault")
    assert "张青山" not in answer.content.decode()


@pytest.mark.parametrize("deed", ["end", "days", "post"], ids=["停用", "到期", "岗位撤销"])
def test_what_has_ended_is_out_at_once(story: Story, there: tuple[Client, System], deed: str) -> None:
    made, system = there
    assert len(system.ask("steps/")["steps"]) == 2
    if deed == "end":
        Officer.objects.filter(pk=made.pk).update(is_active=False)
    elif deed == "days":
        Client.objects.filter(pk=made.pk).update(until=today())
    else:
        made.post.until = today()
        made.post.save()
    assert refused(system.get("/api/v1/steps/"))[:2] == (401, "unauthorized")
    assert refused(system.answer(story[2][0], {"seen": 4, **GOOD}))[:2] == (401, "unauthorized")
