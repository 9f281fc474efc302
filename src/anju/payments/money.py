"""Amounts of money: `Decimal` with two places in the program, whole cents in the database, so that both engines add them exactly."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

_cent = Decimal("0.01")
most = Decimal("9999999.99")


class CentsField(models.BigIntegerField[Any, Any]):
    """An amount in yuan. What has a part of a cent is refused, never rounded."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.validators = [MinValueValidator(Decimal(0)), MaxValueValidator(most)]

    def from_db_value(self, value: int | None, expression: object, connection: BaseDatabaseWrapper) -> Decimal | None:
        """Cents as yuan."""
        return None if value is None else Decimal(int(value)).scaleb(-2)

    def to_python(self, value: Any) -> Decimal | None:
        """An amount from what a form, a file or the program gives. Raises `ValidationError`."""
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return Decimal(str(value))
        except ArithmeticError as error:
            raise ValidationError(_("金额写数字，比如 420.50。")) from error

    def get_prep_value(self, value: Any) -> int | None:
        """Yuan as cents. Raises `ValidationError` for a part of a cent."""
        amount = self.to_python(value)
        if amount is None:
            return None
        return cents(amount)

    def formfield(self, **kwargs: Any) -> Any:
        """A field with two places."""
        return forms.DecimalField(min_value=_cent, max_value=most, decimal_places=2, **kwargs)


def cents(amount: Decimal) -> int:
    """How many cents. Raises `ValidationError` for what is no amount to the cent."""
    if not amount.is_finite() or amount != amount.quantize(_cent):
        raise ValidationError(_("金额精确到分。"))
    return int(amount.scaleb(2))


def shares(amount: Decimal, people: int) -> list[Decimal]:
    """An amount in equal parts to the cent; what does not divide goes to the first, a cent each."""
    whole, left = divmod(cents(amount), people)
    return [Decimal(whole + (number < left)).scaleb(-2) for number in range(people)]
