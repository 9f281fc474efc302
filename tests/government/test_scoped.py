"""No question about scoped rows without saying for whom; and nobody asks for all of them but who may."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db.models import Count, Q

from anju.government.models import Post
from anju.government.scoped import ScopedQuerySet, ScopeMissing
from tests.government.cast import DESTINATION, ELSEWHERE, ORIGIN, hold, officer, post
from tests.house.tracked import ROOT, name, text, tracked_files

# Modules of the program that may ask for all rows, and in how many places: each acts for nobody, and says so. One more is a scope less.
ACT_FOR_NOBODY = {
    "src/anju/cases/actions/holding.py": 3,
    "src/anju/cases/actions/notices.py": 1,
    "src/anju/cases/actions/proving.py": 4,
    "src/anju/cases/actions/stepping.py": 2,
    "src/anju/cases/actions/votes.py": 6,
    "src/anju/cases/actions/within.py": 3,
    "src/anju/cases/actions/work.py": 3,
    "src/anju/cases/consent.py": 1,
    "src/anju/cases/apart.py": 1,  # of a record that was found within the scope
    "src/anju/cases/guardians.py": 5,  # who of a child's household is of age
    "src/anju/cases/lateness.py": 2,
    "src/anju/cases/moves.py": 3,  # where somebody is whom one side of a case does not see any more
    "src/anju/cases/notices.py": 4,
    "src/anju/cases/plots.py": 1,
    "src/anju/cases/provided.py": 8,
    "src/anju/cases/queries/online.py": 3,  # of cases that are seen already: what was done before, what was late
    "src/anju/cases/turns.py": 1,  # who holds what moves
    "src/anju/cases/validity.py": 2,
    "src/anju/cases/votes.py": 4,
    "src/anju/demo/actions.py": 2,
    "src/anju/demo/pages.py": 2,  # who of the story comes in
    "src/anju/demo/papers.py": 3,
    "src/anju/demo/rents.py": 3,
    "src/anju/demo/twice.py": 2,
    "src/anju/demo/under_way.py": 2,
    "src/anju/documents/models.py": 3,  # a part of the question who sees a letter
    "src/anju/duties/evaluate.py": 1,
    "src/anju/duties/opened.py": 2,
    "src/anju/duties/subjects.py": 3,
    "src/anju/exchange/actions/handing_in.py": 1,
    "src/anju/exchange/beside.py": 10,
    "src/anju/exchange/export_jobs.py": 7,
    "src/anju/exchange/exporting/keeping.py": 1,
    "src/anju/exchange/finding.py": 7,
    "src/anju/exchange/forgetting.py": 6,
    "src/anju/exchange/jobs.py": 4,
    "src/anju/exchange/merging.py": 3,
    "src/anju/exchange/resting.py": 2,
    "src/anju/exchange/staging.py": 2,
    "src/anju/exchange/storage.py": 2,
    "src/anju/exchange/undoing.py": 6,
    "src/anju/exchange/writing/ops.py": 1,
    "src/anju/exchange/writing/paid.py": 1,
    "src/anju/exchange/writing/people.py": 3,
    "src/anju/payments/actions/beginning.py": 1,
    "src/anju/payments/actions/closing.py": 1,
    "src/anju/payments/actions/months.py": 1,
    "src/anju/payments/actions/paying.py": 5,
    "src/anju/payments/actions/premiums.py": 6,
    "src/anju/payments/actions/reassessing.py": 13,
    "src/anju/payments/actions/rents.py": 5,
    "src/anju/payments/actions/settling.py": 7,
    "src/anju/payments/actions/within.py": 1,  # holds people whom the action found within the scope
    "src/anju/payments/apart.py": 4,  # of two records that were found within the scope
    "src/anju/payments/chain.py": 11,
    "src/anju/payments/comparing.py": 7,
    "src/anju/payments/due.py": 10,
    "src/anju/payments/expecting.py": 8,
    "src/anju/payments/filling.py": 2,
    "src/anju/payments/filling_amounts.py": 1,
    "src/anju/payments/filling_rents.py": 1,
    "src/anju/payments/following.py": 2,
    "src/anju/payments/models/assistance.py": 4,  # parts of the questions who sees a month, and which was missed or came back
    "src/anju/payments/forgetting.py": 3,
    "src/anju/payments/listed.py": 6,
    "src/anju/payments/provided.py": 3,
    "src/anju/payments/queries/households.py": 2,  # in which household those live whose months somebody may see
    "src/anju/payments/queries/payees.py": 2,
    "src/anju/payments/replaying.py": 1,
    "src/anju/portal/door.py": 2,  # who comes in, before it is known who asks
    "src/anju/portal/single_sign_on.py": 1,
    "src/anju/register/actions/by_case.py": 9,
    "src/anju/desk/queries/party.py": 1,  # whether there is any, of a person who was found within the scope
    "src/anju/register/queries/one.py": 1,  # the same
    "src/anju/register/queries/insured.py": 2,  # whom the officer's county insures, by the relation
    "src/anju/register/actions/relations.py": 1,  # the person, before the step that is asked within the scope
    "src/anju/register/actions/ending.py": 1,  # memberships of a person who was found within the scope
    "src/anju/register/actions/joining.py": 6,
    "src/anju/register/actions/looks.py": 1,  # who has a number already, for the journal alone
    "src/anju/register/actions/taking_over.py": 14,
    "src/anju/register/actions/party_life.py": 1,  # of a person who was found within the scope
    "src/anju/register/actions/wishes.py": 2,
    "src/anju/register/asking.py": 1,
    "src/anju/register/models/people.py": 2,  # says what it is
    "src/anju/register/party_lives.py": 3,
    "src/anju/register/provided.py": 1,
    "src/anju/register/queries/joinings.py": 2,  # of a record that stays, found within the scope; where a record went
    "src/anju/register/upkeep.py": 1,
    "src/anju/register/verification.py": 2,
    "src/anju/register/queries/lists.py": 1,  # which index leads; nothing of it is shown
}


ASK_THROUGH_ASKED = {
    "src/anju/cases/following.py",  # who has ended, and whose cases end with it
    "src/anju/cases/provided.py",
    "src/anju/duties/evaluate.py",
    "src/anju/duties/everyone.py",
    "src/anju/duties/subjects.py",
    "src/anju/payments/following.py",
    "src/anju/payments/provided.py",
    "src/anju/register/facts.py",
    "src/anju/register/provided.py",
}
"""Who asks for all rows of some subjects by `anju.register.asking.Asked`, which acts for nobody either."""


class Posts(ScopedQuerySet[Post]):
    """Posts as a later table of sites or people would be: seen from the region they lie in."""

    region_columns = ("region",)


@pytest.fixture
def posts(db: None) -> Posts:
    for region, level in ((ORIGIN, "township"), (DESTINATION, "township"), (ELSEWHERE, "county")):
        post(region, level)
    return Posts(Post)


QUESTIONS: dict[str, Callable[[Posts], object]] = {
    "逐条": list,
    "取一条": lambda posts: posts.first(),
    "按号": lambda posts: posts.get(pk=1),
    "计数": lambda posts: posts.count(),
    "有没有": lambda posts: posts.exists(),
    "汇总": lambda posts: posts.aggregate(Count("pk")),
    "筛过再问": lambda posts: list(posts.filter(line="civil_affairs").exclude(pk=0).order_by("pk")[:5]),
    "只要值": lambda posts: list(posts.values_list("region", flat=True)),
    "分组": lambda posts: list(posts.values("line").annotate(Count("pk"))),
    "流式": lambda posts: list(posts.iterator()),
    "子查询": lambda posts: list(Post.objects.filter(pk__in=posts.values("pk"))),
    "批量取": lambda posts: posts.in_bulk([1]),
    "并集": lambda posts: list(posts.unscoped().union(posts)),
    "或": lambda posts: list(posts.unscoped().filter(pk=0) | posts),
    "异或": lambda posts: list(posts.unscoped().filter(pk=0) ^ posts),
    "修改": lambda posts: posts.update(level="county"),
    "删除": lambda posts: posts.delete(),
    "手写": lambda posts: list(posts.raw("SELECT * FROM government_post")),
    "看执行计划": lambda posts: posts.explain(),
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_question_without_a_scope_is_refused(posts: Posts, question: Callable[[Posts], object]) -> None:
    with pytest.raises(ScopeMissing):
        question(posts)
    assert Post.objects.count() == 3


def test_an_officer_sees_what_lies_in_reach_of_a_post(posts: Posts) -> None:
    who = officer("li")
    hold(who, post(ORIGIN))
    seen = posts.visible_to(who, purpose="经办")
    assert [row.region for row in seen] == [ORIGIN]
    assert seen.count() == 1
    assert not seen.filter(region=DESTINATION).exists()
    assert seen.filter(Q(region=ORIGIN) | Q(region=DESTINATION)).count() == 1


def test_a_narrowed_question_stays_narrow(posts: Posts) -> None:
    who = officer("li")
    hold(who, post(ORIGIN))
    assert posts.filter(region=DESTINATION).visible_to(who, purpose="经办").count() == 0


def test_an_officer_without_a_post_sees_nothing(posts: Posts) -> None:
    assert posts.visible_to(officer("li"), purpose="经办").count() == 0


def test_a_separate_duty_sees_nothing(posts: Posts) -> None:
    assert posts.visible_to(officer("audit", duty="auditor"), purpose="审计").count() == 0


def test_only_what_an_officer_sees_can_be_changed(posts: Posts) -> None:
    who = officer("li")
    hold(who, post(ORIGIN))
    assert posts.visible_to(who, purpose="经办").update(line="organisation") == 1
    assert Post.objects.filter(line="organisation").get().region == ORIGIN


@pytest.mark.parametrize("purpose", ["", " "])
def test_seeing_needs_a_purpose(posts: Posts, purpose: str) -> None:
    with pytest.raises(ValueError, match="用途"):
        posts.visible_to(officer("li"), purpose=purpose)


def test_asking_for_all_leaves_the_question_before_it_scoped(posts: Posts) -> None:
    assert posts.unscoped().count() == 3
    with pytest.raises(ScopeMissing):
        posts.count()


def test_only_those_who_act_for_nobody_ask_for_all() -> None:
    asking = re.compile(r"\.unscoped(_with_joined)?\(\)")
    modules = [path for path in tracked_files() if path.suffix == ".py" and name(path).startswith("src/")]
    found = {name(path): len(asking.findall(re.sub(r'""".*?"""', "", text(path), flags=re.DOTALL))) for path in modules}
    assert {file: n for file, n in found.items() if n} == ACT_FOR_NOBODY
    assert (ROOT / "src/anju/government/scoped.py").exists()


def test_only_providers_and_who_evaluates_ask_by_asked() -> None:
    asking = re.compile(r"(?<![A-Za-z])[Aa]sked(\([^()]*\))?\.(of|columns)\(")
    modules = {name(path): text(path) for path in tracked_files() if path.suffix == ".py"}
    found = {file for file, told in modules.items() if file.startswith("src/") and asking.search(told)}
    assert found - {"src/anju/register/asking.py"} == ASK_THROUGH_ASKED
