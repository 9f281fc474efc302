"""The forms of the separate duties: accounts, posts, regions and the journal."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anju.government.lines import Line
from anju.government.models import Region, duties_of_people
from anju.government.queries.places import the_place
from anju.government.refusals import Refused
from anju.journal.queries import deeds, object_kinds

_no_date = _("这不是日期，写成 2026-06-30。")


class DayField(forms.DateField):
    """A day, in the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(error_messages={"invalid": _no_date}, input_formats=["%Y-%m-%d"], **kwargs)


class PlaceInput(forms.TextInput):
    """Its suggestions stand below it (components/field.html)."""


class PlaceField(forms.CharField):
    """A region by name or code, with suggestions while it is typed; cleaned, it is the `Region` of today.

    With `former` it may be one that was given up, for what still carries its code.
    """

    widget = PlaceInput

    def __init__(
        self, *, kinds: tuple[Region.Kind, ...] = tuple(Region.Kind), former: bool = False, **kwargs: Any
    ) -> None:
        self.kinds, self.former = kinds, former
        super().__init__(max_length=120, **kwargs)
        self.widget.attrs |= {
            "class": "form-control",
            "autocomplete": "off",
            "hx-get": reverse_lazy("government:suggest"),
            "hx-trigger": "input changed delay:250ms",
            "hx-sync": "this:replace",
        }

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        """Tell the widget where its suggestions go."""
        bound = super().get_bound_field(form, field_name)
        self.widget.attrs |= {"list": f"{bound.auto_id}_places", "hx-target": f"#{bound.auto_id}_places"}
        return bound

    def clean(self, value: Any) -> Any:
        """The region, or None. Raises `ValidationError`."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return the_place(text, timezone.localdate(), kinds=self.kinds, former=self.former)
        except Refused as refused:
            raise ValidationError(str(refused), code="place") from refused


def carried_out(form: forms.Form, act: Callable[[dict[str, Any]], object]) -> bool:
    """Whether what the form asks for was done; the form says why not."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def told(form: forms.Form) -> list[str]:
    """Why a form was not taken, in sentences that say where; for a page that does not show its fields."""
    return [
        f"“{form.fields[name].label}”：{error}" if name in form.fields and form.fields[name].label else str(error)
        for name, errors in form.errors.items()
        for error in errors
    ]


def _networks() -> forms.CharField:
    return forms.CharField(
        label=_("从哪些网段来"),
        required=False,
        max_length=300,
        help_text=_("写成 10.20.0.0/16 或 10.20.3.4，几个之间用逗号隔开；不填就是哪里都行。"),
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", "spellcheck": "false"}),
    )


_longest = timedelta(days=3 * 366)


def _checked_days(given: dict[str, Any], since: date | None) -> dict[str, Any]:
    if since and given.get("until") and not since < given["until"] <= since + _longest:
        raise ValidationError(_("终止日要晚于起始日，最长三年。"), code="days")
    return given


class NewOfficer(forms.Form):
    """An account."""

    account = forms.CharField(
        label=_("账号"),
        max_length=40,
        help_text=_("小写字母开头，可有数字、点、横线，3 到 40 位。开了不能改。"),
        widget=forms.TextInput(
            attrs={"class": "form-control", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    name = forms.CharField(
        label=_("姓名"), max_length=60, widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"})
    )
    duty = forms.ChoiceField(
        label=_("职责"),
        choices=[(duty.value, duty.label) for duty in duties_of_people],
        help_text=_("一个账号只有一种职责，开了不能改。管理员和审计员看不到任何人的资料。"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    by_city = forms.BooleanField(
        label=_("只用全市统一登录，不设口令"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )


class Rename(forms.Form):
    """An officer's name."""

    name = forms.CharField(
        label=_("姓名"), max_length=60, widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"})
    )


class Appointment(forms.Form):
    """A post for an officer."""

    region = PlaceField(
        label=_("地方"),
        help_text=_(
            "区县、乡镇、村社区的名称或者代码。已撤并的地方填旧代码：接手的人凭那里的岗位，照旧看到和办理仍登记在旧代码下的人和户。"
        ),
        former=True,
    )
    line = forms.ChoiceField(
        label=_("条线"), choices=Line.choices, widget=forms.Select(attrs={"class": "form-select", "lang": "zh-Hans"})
    )
    since = DayField(label=_("起"))
    until = DayField(label=_("止"), required=False, help_text=_("那天起不再任职；不填就是一直。"))


class LastDay(forms.Form):
    """From when on something is no more."""

    until = DayField(label=_("止"))


class NewPost(forms.Form):
    """A post."""

    region = PlaceField(label=_("地方"), help_text=_("区县、乡镇、村社区的名称或者代码。"))
    line = forms.ChoiceField(
        label=_("条线"), choices=Line.choices, widget=forms.Select(attrs={"class": "form-select", "lang": "zh-Hans"})
    )
    since = DayField(label=_("起"))


class NewClient(forms.Form):
    """Another office's system."""

    name = forms.CharField(
        label=_("名称"),
        max_length=60,
        help_text=_("哪个单位的哪个系统，比如“宜昌市人社局社保系统”。它办的每一步都用这个名字记日志。"),
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    region = PlaceField(label=_("地方"), help_text=_("它替哪里的岗位办：区县、乡镇、村社区的名称或者代码。"))
    line = forms.ChoiceField(
        label=_("条线"), choices=Line.choices, widget=forms.Select(attrs={"class": "form-select", "lang": "zh-Hans"})
    )
    since = DayField(label=_("起"))
    until = DayField(label=_("止"), help_text=_("那天起不再能用；最长三年，到期前可以延。"))
    networks = _networks()

    def clean(self) -> dict[str, Any]:
        """Days in order, and not for ever. Raises `ValidationError`."""
        return _checked_days(super().clean() or self.cleaned_data, self.cleaned_data.get("since"))


class ChangeClient(forms.Form):
    """Until when another office's system is there, and from where it asks."""

    until = DayField(label=_("止"), help_text=_("那天起不再能用；最长三年。"))
    networks = _networks()

    def clean(self) -> dict[str, Any]:
        """Not for ever. Raises `ValidationError`."""
        return _checked_days(super().clean() or self.cleaned_data, timezone.localdate())


class RenewKey(forms.Form):
    """Another secret."""

    at_once = forms.BooleanField(
        label=_("旧密钥马上作废（泄露了要勾）"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )


class PostFilter(forms.Form):
    """Which posts are listed."""

    region = PlaceField(label=_("地方"), required=False, former=True)
    line = forms.ChoiceField(
        label=_("条线"),
        choices=[("", _("全部")), *Line.choices],
        required=False,
        widget=forms.Select(attrs={"class": "form-select", "lang": "zh-Hans"}),
    )
    closed = forms.BooleanField(
        label=_("只看已撤销的"), required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
    )
    after = forms.IntegerField(required=False, widget=forms.HiddenInput)


class CountyFilter(forms.Form):
    """Which county is opened."""

    county = PlaceField(label=_("区县"), kinds=(Region.Kind.COUNTY,), former=True)


class NewVillage(forms.Form):
    """A village or community under a township."""

    township = PlaceField(label=_("乡镇、街道"), kinds=(Region.Kind.TOWNSHIP,))
    name = forms.CharField(
        label=_("村社区名称"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    code = forms.RegexField(
        label=_("代码"),
        regex=r"^\d{12}$",
        help_text=_("统计用区划代码，12 位。"),
        error_messages={"invalid": _("统计用区划代码是 12 位数字。")},
        widget=forms.TextInput(attrs={"class": "form-control number", "inputmode": "numeric", "autocomplete": "off"}),
    )
    since = DayField(label=_("起"), required=False, help_text=_("不填就是和乡镇、街道一样早。"))

    def day(self) -> date:
        """From when on it is named."""
        since: date = self.cleaned_data["since"] or self.cleaned_data["township"].since
        return since


class RenameVillage(forms.Form):
    """Another name from a day on."""

    name = forms.CharField(
        label=_("新名称"), max_length=60, widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"})
    )
    since = DayField(label=_("起"))


class CloseVillage(forms.Form):
    """No more from a day on, and what it became."""

    successor = PlaceField(label=_("并入"), kinds=(Region.Kind.TOWNSHIP, Region.Kind.VILLAGE))
    until = DayField(label=_("止"))


def _with_all(words: Mapping[str, str]) -> list[tuple[str, Any]]:
    return [("", _("全部")), *sorted(words.items(), key=lambda item: item[0])]


class JournalFilter(forms.Form):
    """Which entries are asked for."""

    who = forms.CharField(
        label=_("干部"),
        required=False,
        max_length=60,
        help_text=_("账号或者姓名；程序自己做的写“系统”。"),
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", "autocapitalize": "none"}),
    )
    action = forms.ChoiceField(
        label=_("操作"),
        required=False,
        choices=lambda: _with_all(deeds()),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    kind = forms.ChoiceField(
        label=_("对象"),
        required=False,
        choices=lambda: _with_all(object_kinds()),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    object = forms.CharField(
        label=_("对象标识"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", "spellcheck": "false"}),
    )
    since = DayField(label=_("从哪天"), required=False)
    until = DayField(label=_("到哪天"), required=False)
    result = forms.ChoiceField(
        label=_("结果"),
        required=False,
        choices=[("", _("全部")), ("done", _("办成")), ("refused", _("拒绝")), ("failed", _("没成"))],
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def clean(self) -> dict[str, Any]:
        """Days in order. Raises `ValidationError`."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("since") and given.get("until") and given["since"] > given["until"]:
            raise ValidationError(_("起日晚于止日。"), code="order")
        return given


class ExportJournal(forms.Form):
    """Why the entries are taken along."""

    purpose = forms.CharField(
        label=_("事由"),
        max_length=500,
        help_text=_("写进日志，别人查得到。"),
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}),
    )
