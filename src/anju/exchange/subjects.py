"""What a staged row may say of its subject beside facts: the columns of the file, where they stand in the register, and their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from anju.register.models import Household, Person, Relation, Site, Wish


@dataclass(frozen=True, slots=True)
class Field:
    """One column of the file beside the facts.

    ``stored``: the column of the subject's row; "" where it stands elsewhere (who belongs to which household). ``longest``: in characters.
    ``sealed`` lies sealed in the register, and is shown masked. ``place``: a region's code.
    """

    column: str
    label: str
    stored: str = ""
    longest: int = 0
    sealed: bool = False
    place: bool = False


person_fields = (
    Field("@name", "姓名", "name", Person._meta.get_field("name").max_length or 0),
    Field("@id", "证件号码", "number", 18, sealed=True),
    Field("@sex", "性别", "sex", 1),
    Field("@people", "民族", "people", Person._meta.get_field("people").max_length or 0),
    Field("birth_date", "出生日期", "birth_date"),
    Field("@phone", "联系电话", "phone", 40, sealed=True),
    Field("@household", "户编号", "", Household._meta.get_field("code").max_length or 0),
    Field("@relation", "与户主关系", "", 12),
    Field("@origin", "迁出地", "origin", place=True),
    Field("@destination", "迁入地", "destination", place=True),
)
household_fields = (
    Field("@household", "户编号", "code", Household._meta.get_field("code").max_length or 0),
    Field("@head", "户主姓名", "", 60),
    Field("@origin", "迁出地", "origin", place=True),
    Field("@destination", "迁入地", "destination", place=True),
    Field("@site", "安置点", "site_id", Site._meta.get_field("name").max_length or 0),
    Field("@address", "住址", "address", 200, sealed=True),
)
site_fields = (
    Field("@site", "安置点", "name", Site._meta.get_field("name").max_length or 0),
    Field("@region", "所在地", "region", place=True),
)
relation_fields = (
    Field("@name", "姓名", "", 60),
    Field("@id", "证件号码", "", 18, sealed=True),
    Field("@kind", "关系", "kind"),
    Field("@holder", "归属地", "holder", place=True),
    Field("@unit", "归属单位", "place_name", Relation._meta.get_field("place_name").max_length or 0),
    Field("@since", "起", "since"),
    Field("@because", "原因", "because"),
    Field("@evidence", "凭据", "evidence", Relation._meta.get_field("evidence").max_length or 0),
)
wish_fields = (
    Field("@name", "姓名", "", 60),
    Field("@id", "证件号码", "", 18, sealed=True),
    Field("@kind", "意愿", "kind"),
    Field("@choice", "选择", "choice"),
    Field("@on", "表态日", "on"),
    Field("@how", "方式", "how", Wish._meta.get_field("how").max_length or 0),
)
paid_fields = (
    Field("@name", "姓名", "", 60),
    Field("@id", "证件号码", "", 18, sealed=True),
    Field("@kind", "救助"),
    Field("@month", "发放月份"),
    Field("@payer", "发放地", place=True),
    Field("@amount", "金额", "", 20),
    Field("@on", "发放日期"),
)
insured_fields = (
    Field("@name", "姓名", "", 60),
    Field("@id", "证件号码", "", 18, sealed=True),
    Field("@household", "户编号", "", Household._meta.get_field("code").max_length or 0),
    Field("@month", "参保月份"),
    Field("@place", "参保地", place=True),
    Field("@months", "缴费月数", "", 10),
)
fields: Mapping[str, Sequence[Field]] = {
    "person": person_fields,
    "household": household_fields,
    "site": site_fields,
    "relation": relation_fields,
    "wish": wish_fields,
    "paid": paid_fields,
    "insured": insured_fields,
}
"""By kind of subject, in the order in which they are shown."""
titles: Mapping[str, str] = {
    "person": _("人"),
    "household": _("户"),
    "site": _("安置点"),
    "relation": _("关系"),
    "wish": _("意愿"),
    "paid": _("发放"),
    "insured": _("参保"),
}
