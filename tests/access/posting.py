"""What is pressed on each page: forms filled in so that they are carried out where the family may be seen."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta

from anju.duties.models import Duty
from anju.exchange.models import StagedRow
from anju.government.second_wall import everything
from anju.payments.models import Finding
from anju.payments.months import text_of
from anju.register.models import PartyLife, Relation
from tests.access.asking import Address
from tests.access.world import YESTERDAY, Family, closing_month
from tests.register.cast import number

_day = YESTERDAY.isoformat()
_today, _tomorrow = ((YESTERDAY + timedelta(days)).isoformat() for days in (1, 2))
_key = "01900000-0000-7000-8000-000000000001"
_places = {"origin": "500154101201", "destination": "500235104202", "because": "核对"}
_new = {"name": "新来的", "number": number(940), "relation": "之子", **_places}


def _last_hukou(of: Family) -> str:
    with everything():
        last = Relation.objects.unscoped().filter(person=of.person, kind="hukou").order_by("-since").first()
    return str(last.pk) if last else ""


def _taking(of: Family) -> str:
    with everything():
        return str(PartyLife.objects.unscoped().filter(person=of.person).values_list("pk", flat=True).first() or "")


def _finding(of: Family) -> str:
    with everything():
        found = Finding.objects.unscoped().filter(comparison=of.comparison, sort="uninsured").first()
    return str(found.pk) if found else ""


def _row(of: Family, verdict: str) -> str:
    with everything():
        return str(
            StagedRow.objects.unscoped().filter(batch=of.batch, verdict=verdict).values_list("number", flat=True)[0]
        )


def _duty(of: Family) -> str:
    with everything():
        owed = Duty.objects.unscoped().filter(subject_id=of.person.pk, closed_on=None)
        return ",".join(str(key) for key in owed.values_list("pk", flat=True)[:1])


_forms: Mapping[str, Callable[[Family], Mapping[str, str]]] = {
    "people/by-number/": lambda of: {"number": next(word for word in of.sealed if len(word) == 18)},
    "people/new/": lambda of: _new,
    "people/<uuid:key>/reveal/<slug:field>/": lambda of: {"purpose": "核对"},
    "people/<uuid:key>/facts/<str:clause>/": lambda of: {"rural_house": "yes", "revision": "1", "because": "核对"},
    "people/<uuid:key>/relations/<slug:kind>/": lambda of: {
        "to": of.destination, "since": _day, "because": "moved", "seen": _last_hukou(of),
    },
    "people/<uuid:key>/relations/<slug:kind>/withdraw/": lambda of: {"why": "登记错了", "seen": _last_hukou(of)},
    "people/<uuid:key>/party-life/": lambda of: {"to": of.destination, "since": _day, "place_name": "支部"},
    "people/<uuid:key>/party-life/end/": lambda of: {"row": _taking(of), "on": _day, "because": "外出"},
    "people/<uuid:key>/wishes/<slug:kind>/": lambda of: {"choice": "unwilling", "on": _day, "how": "当面"},
    "people/<uuid:key>/change/": lambda of: {"name": "改了名", "because": "核对"},
    "people/<uuid:key>/places/": lambda of: _places,
    "people/<uuid:key>/household/": lambda of: {"until": _day, "because": "分户"},
    "people/<uuid:key>/double/<uuid:other>/": lambda of: {"stays": str(of.person.pk), "because": "核对"},
    "people/doubles/<uuid:joining>/confirm/": lambda of: {"seen": "1.1"},
    "people/doubles/<uuid:joining>/refuse/": lambda of: {"because": "核对"},
    "people/<uuid:key>/end/": lambda of: {"on": _day, "because": "death"},
    "households/new/": lambda of: {"code": "77", **_places},
    "households/<uuid:key>/reveal/": lambda of: {"purpose": "核对"},
    "households/<uuid:key>/facts/<str:clause>/": lambda of: {"deeds_this_year": "1", "revision": "1"},
    "households/<uuid:key>/places/": lambda of: {**_places, "site": str(of.site.pk)},
    "households/<uuid:key>/join/": lambda of: {"number": number(701), "relation": "之子", "since": _day},
    "households/<uuid:key>/people/new/": lambda of: _new,
    "sites/new/": lambda of: {"name": "新点", "region": of.destination},
    "sites/<uuid:key>/facts/<str:clause>/": lambda of: {"has_grocery": "yes", "revision": "1"},
    "my/apply/<slug:procedure>/": lambda of: {"key": _key},
    "my/wishes/<slug:kind>/": lambda of: {"choice": "unwilling"},
    "my/cases/<uuid:case>/step/": lambda of: {
        "seen": "1", "key": _key, "action": "提交", "f-户口迁移证明或新户口簿": "on",
    },
    "my/cases/<uuid:case>/withdraw/": lambda of: {"seen": "1", "why": "不办了"},
    "cases/bulk/": lambda of: {"chosen": f"{of.case.pk}.1"},
    "desk/open/": lambda of: {"chosen": _duty(of)},
    "cases/new/<slug:procedure>/<str:subject>/": lambda of: {"applied_on": _day, "how": "当面", "key": _key},
    "cases/letters/<slug:kind>/": lambda of: {
        "chosen": f"{of.case.pk}.1", "seen": "1", "key": _key, "on": _today, "draft": "1",
    },
    "cases/<uuid:case>/letters/<slug:kind>/": lambda of: {"seen": "1", "key": _key, "on": _today, "draft": "1"},
    "cases/<uuid:case>/step/": lambda of: {
        "seen": "1", "key": _key, "on": _today, "action": "提交", "f-户口迁移证明或新户口簿": "on",
    },
    "cases/<uuid:case>/notice/": lambda of: {"seen": "4", "since": _today, "place": "公开栏", "text": "公示"},
    "cases/<uuid:case>/notice/<uuid:notice>/": lambda of: {"proof": str(of.paper.pk)},
    "cases/<uuid:case>/objections/": lambda of: {
        "key": _key, "on": _today, "how": "spoken", "who": "某人", "told": "不同意",
    },
    "cases/<uuid:case>/objections/<uuid:objection>/": lambda of: {"outcome": "dismissed", "because": "查过了"},
    "cases/<uuid:case>/papers/": lambda of: {"kind": "evidence", "about": "照片"},
    "cases/<uuid:case>/vote/": lambda of: {"seen": "7", "body": "members", "on": _today, "names": "某甲"},
    "cases/<uuid:case>/vote/count/": lambda of: {"present": "1", "agreed": "1", "against": "0", "abstained": "0"},
    "cases/<uuid:case>/vote/names/": lambda of: {"1": "agree"},
    "cases/<uuid:case>/vote/meeting/": lambda of: {"count": "1"},
    "cases/together/<uuid:bundle>/consents/": lambda of: {"signed": str(of.case.pk)},
    "my/cases/<uuid:case>/papers/": lambda of: {"about": "户口簿"},
    "cases/<uuid:case>/withdraw/": lambda of: {"seen": "1", "why": "不办了"},
    "cases/<uuid:case>/suspend/": lambda of: {"seen": "1", "why": "等回函", "review_on": _tomorrow},
    "cases/<uuid:case>/resume/": lambda of: {"seen": "1", "why": "接着办"},
    "cases/<uuid:case>/terminate/": lambda of: {"seen": "1", "why": "不用办了"},
    "payments/ask/": lambda of: {"payer": f"{of.origin[:9]}000", "month": _day[:7]},
    "payments/begin/": lambda of: {"payer": f"{of.origin[:9]}000", "month": _day[:7]},
    "payments/close/": lambda of: {"payer": f"{of.origin[:9]}000", "month": text_of(closing_month)},
    "payments/withdraw/": lambda of: {"payer": f"{of.origin[:9]}000", "month": text_of(closing_month)},
    "payments/<uuid:key>/amount/": lambda of: {
        "kind": "dibao", "sort": "paid", "month": _day[:7], "payer": f"{of.origin[:9]}000", "amount": "7.10", "on": _day,
    },
    "payments/<uuid:key>/hold/": lambda of: {"kind": "dibao", "month": _day[:7], "release": "on"},
    "payments/<uuid:key>/postpone/": lambda of: {"kind": "dibao", "month": _day[:7], "reason": "来不及"},
    "reassessments/<uuid:key>/draw-up/": lambda of: {
        "since": _day[:7], "basis": "核对", f"side-{of.person.pk}": "goes", f"counted-{of.person.pk}": "on",
    },
    "settlements/<uuid:settlement>/reverse/": lambda of: {"reason": "核对"},
    "settlements/new/<uuid:person>/": lambda of: {"institution": "县医院", "number": "1", "do": "work"},
    "premiums/draw-up/": lambda of: {"scheme": "medical", "county": of.county},
    "premiums/<uuid:batch>/return/": lambda of: {"chosen": "1", "because": "核对"},
    "premiums/<uuid:batch>/return/confirm/": lambda of: {"chosen": "1"},
    "premiums/<uuid:batch>/return/withdraw/": lambda of: {"chosen": "1"},
    "rents/budget/": lambda of: {"county": of.county, "amount": "5000", "on": _today, "basis": "核对"},
    "rents/new/<uuid:person>/": lambda of: {"key": _key, "plot": "东坡", "mu": "1"},
    "rents/<uuid:grant>/approve/": lambda of: {"paid_on": _today},
    "rents/<uuid:grant>/reverse/": lambda of: {"reason": "核对"},
    "comparisons/follow/": lambda of: {"chosen": _finding(of)},
    "comparisons/open/": lambda of: {"chosen": _finding(of)},
    "counties/<str:code>/facts/<str:clause>/": lambda of: {"agenda_items_this_year": "1", "revision": "1"},
    "letters/<uuid:letter>/revise/": lambda of: {"title": "改了的表", "to": "", "text": "改了。", "seen": "1"},
    "letters/<uuid:letter>/issue/": lambda of: {"seen": "1"},
    "letters/<uuid:letter>/void/": lambda of: {"because": "核对"},
    "letters/<uuid:letter>/receive/": lambda of: {"on": _day},
    "letters/<uuid:letter>/file/": lambda of: {"file": "docx"},
    "letters/offices/": lambda of: {"office": f"committee.{of.destination}", "name": "某村民委员会", "sign": "某居"},
    "import/new/": lambda of: {"kind": "people", "region": of.destination},
    "import/<uuid:batch>/decide/": lambda of: {"one": f"{_row(of, 'conflict')}:file"},
    "import/<uuid:batch>/choose/": lambda of: {"shown": _row(of, "new"), "which": "none"},
    "import/<uuid:batch>/accept/": lambda of: {"revision": "1"},
    "import/<uuid:batch>/reject/": lambda of: {"because": "核对"},
    "import/<uuid:batch>/undo/": lambda of: {"because": "核对"},
    "import/<uuid:batch>/undo/refuse/": lambda of: {"because": "核对"},
    "api/v1/steps/<uuid:case>/answer/": lambda of: {"body": json.dumps({"seen": 7, "action": "提交"})},
    "api/v1/steps/<uuid:case>/identity/": lambda of: {"body": json.dumps({"purpose": "核对"})},
    "export/new/": lambda of: {"kind": "nothing"},
    "export/<uuid:export>/change/": lambda of: {"kind": "wishes"},
    "export/<uuid:export>/ask/": lambda of: {"full": "1", "purpose": "核对"},
    "export/<uuid:export>/refuse/": lambda of: {"because": "核对"},
}  # fmt: skip


def posted(address: Address, of: Family | None) -> Mapping[str, str]:
    """The fields of the form at an address, about a family."""
    form = _forms.get(address.route)
    return form(of) if form is not None and of is not None else {}
