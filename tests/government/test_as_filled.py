"""A form is written into its page as it was filled; everything else of the page stays as it was."""

from __future__ import annotations

import pytest

from anju.government.as_filled import as_filled

SAID = '<p role="status">再看一遍</p>'
PAGE = (
    "<!doctype html>\n<html><!-- 注 --><body><p>A &amp; B&nbsp;&#20013; &lt;b></p>"
    '<details class="a&amp;b"><summary>改</summary>'
    '<form method="post" action="/a/one/" novalidate><input type="hidden" name="seen" value="2"><input name="why" value=""></form>'
    '</details><details><form method="post" action="/a/two/">{}<button name="go" value="1">办</button></form></details>'
    '<form method="get" action="/a/three/"><input name="why"></form></body></html>'
)


def filled(field: str, path: str = "/a/two/", **fields: list[str]) -> str | None:
    return as_filled(PAGE.format(field), "/a/?on=1", path, fields, SAID)


@pytest.mark.parametrize(
    ("field", "given", "expected"),
    [
        ('<input name="why" value="旧">', ["核对"], '<input name="why" value="核对">'),
        ('<input type="date" name="why" required>', ["2026-01-02"], '<input type="date" name="why" required value="2026-01-02">'),
        ('<input name="why">', ['"><script>x</script>'], '<input name="why" value="&quot;&gt;&lt;script&gt;x&lt;/script&gt;">'),
        ('<input name="why" aria-label="甲 &amp; 乙">', ["丙"], '<input name="why" aria-label="甲 &amp; 乙" value="丙">'),
        ('<input name="why"><input name="why">', ["甲", "乙"], '<input name="why" value="甲"><input name="why" value="乙">'),
        ('<textarea name="why">旧&amp;旧</textarea>', ["</textarea>新"], '<textarea name="why">\n&lt;/textarea&gt;新</textarea>'),
        (
            '<select name="why"><option value="a" selected>甲</option><option value="b">乙</option></select>',
            ["b"],
            '<select name="why"><option value="a">甲</option><option value="b" selected>乙</option></select>',
        ),
        (
            '<input type="radio" name="why" value="" checked><input type="radio" name="why" value="1">',
            ["1"],
            '<input type="radio" name="why" value=""><input type="radio" name="why" value="1" checked>',
        ),
        ('<input type="checkbox" name="why">', ["on"], '<input type="checkbox" name="why" checked>'),
        ('<input type="checkbox" name="else" checked>', ["on"], '<input type="checkbox" name="else">'),
        ('<input type="hidden" name="why" value="新">', ["旧"], '<input type="hidden" name="why" value="新">'),
        ('<input type="file" name="why">', ["名单.xlsx"], '<input type="file" name="why">'),
        ('<input type="password" name="why">', ["口令"], '<input type="password" name="why">'),
        ('<input name="else" value="今天">', ["核对"], '<input name="else" value="今天">'),
    ],
    ids=[
        "文字", "日期", "像标签的文字", "别的属性照旧", "同名两格", "多行", "选单", "单选", "勾选", "勾掉的",
        "页面自己的", "文件不填", "口令不填", "没有填过的",
    ],
)  # fmt: skip
def test_a_field_is_as_it_was_filled(field: str, given: list[str], expected: str) -> None:
    page = filled(field, why=given)
    assert page is not None
    second = PAGE.format(expected).replace('action="/a/two/">', f'action="/a/two/">{SAID}')
    assert page == second.replace("<details><form", "<details open><form")


def test_of_several_forms_it_is_the_one_that_was_sent() -> None:
    page = filled("", "/a/one/", why=["核对"], seen=["1"])
    assert page is not None
    assert f'novalidate>{SAID}<input type="hidden" name="seen" value="2"><input name="why" value="核对">' in page
    assert '<details class="a&amp;b" open>' in page
    assert page.count("核对") == 1


@pytest.mark.parametrize("path", ["/a/three/", "/a/four/", "/a/"], ids=["只是查找", "没有的", "这一页本身"])
def test_a_page_without_the_form_stays(path: str) -> None:
    assert filled("", path, why=["核对"]) is None


@pytest.mark.parametrize(
    "action", ["", ' action=""', ' action="?on=2"', ' action="./"'], ids=["不写", "空", "只有问的", "相对"]
)
def test_a_form_that_sends_to_its_own_page(action: str) -> None:
    page = as_filled(f'<form method="POST"{action}><input name="why"></form>', "/a/?on=1", "/a/", {"why": ["核对"]}, "")
    assert page is not None
    assert 'value="核对"' in page
