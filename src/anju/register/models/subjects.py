"""What every subject of the guideline has: an id that grows with time, facts, and a revision that tells two writers apart."""

from django.core.validators import RegexValidator
from django.db import models

from anju.government.columns import code_or_blank, is_code, new_id, place

__all__ = ["Subject", "code_or_blank", "is_code", "new_id", "place", "region_code"]

region_code = RegexValidator(r"^\d{12}$", "统计用区划代码是 12 位数字。")


class Subject(models.Model):
    """Somebody or something that the guideline speaks of.

    ``facts`` are recorded facts by the term's code: true/false, a value's code, a number, a day as ISO text. A special value
    beside numbers stands as ``"code.special": true``. What is not there is unknown.
    """

    facts = models.JSONField("事实", default=dict)
    revision = models.PositiveIntegerField("版次", default=1)

    class Meta:
        abstract = True
