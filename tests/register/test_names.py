"""Names are sorted and found by how they are read."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from anju.government.second_wall import everything
from anju.register.models import Person
from anju.register.names import pinyin_of, pinyin_of_person
from tests.register.cast import DESTINATION, ORIGIN

READ = {
    "张青山": ("zqs", "zhang qing shan"),
    "曾青山": ("zqs", "zeng qing shan"),
    "单秀英": ("sxy", "shan xiu ying"),
    "单于青": ("cyq", "chan yu qing"),
    "覃长河": ("qch", "qin chang he"),
    "仇小河": ("qxh", "qiu xiao he"),
    "解春来": ("xcl", "xie chun lai"),
    "查良": ("zl", "zha liang"),
    "区秋月": ("oqy", "ou qiu yue"),
    "翟明": ("zm", "zhai ming"),
    "缪明": ("mm", "miao ming"),
    "尉迟明": ("ycm", "yu chi ming"),
    "万俟明": ("mqm", "mo qi ming"),
    "长孙明": ("zsm", "zhang sun ming"),
    "明曾": ("mc", "ming ceng"),
    "曾": ("z", "zeng"),
    "Ann": ("a", "ann"),
    "": ("", ""),
}


@pytest.mark.parametrize(("name", "read"), READ.items(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_person_is_found_as_the_surname_is_read(name: str, read: tuple[str, str]) -> None:
    assert pinyin_of_person(name) == read


@pytest.mark.parametrize(("name", "read"), [("解放小区", "jfxq"), ("单家坪", "djp"), ("幸福家园", "xfjy")])
def test_a_place_has_no_surname(name: str, read: str) -> None:
    assert pinyin_of(name)[0] == read


@pytest.mark.django_db
def test_who_was_registered_before_is_found_so_too() -> None:
    spell = import_module("anju.register.migrations.0008_surnames_as_they_are_read").spell
    with everything():
        for name, old in (("曾青山", "cqs"), ("张青山", "zqs")):
            Person.objects.create(name=name, initials=old, pinyin=old, origin=ORIGIN, destination=DESTINATION)
        spell(apps, None)
        found = dict(Person.objects.unscoped().values_list("name", "initials"))
    assert found == {"曾青山": "zqs", "张青山": "zqs"}
