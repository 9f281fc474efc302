"""A model field whose text lies sealed in the database and stays sealed in Python until somebody asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.core.checks import CheckMessage, Error
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from anju.sealing.ciphertext import Place, Sealed, seal

if TYPE_CHECKING:
    from django.db.models import Field
    from django.db.models.expressions import Combinable
else:

    class Field(models.Field):
        """Django's field, with a place for the types that only a type checker reads."""

        def __class_getitem__(cls, _: object) -> type:
            return cls


_Set = TypeVar("_Set")
_Get = TypeVar("_Get")


class _SealedAttribute(DeferredAttribute):
    """``person.phone = "138…"`` seals at once; ``person.phone`` is a `Sealed`, ``person.phone.reveal()`` the text."""

    field: SealedField[Any, Any]

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        found = super().__get__(instance, cls)
        if instance is None or not isinstance(found, bytes):
            return found
        return Sealed(found, self.field.place(instance))

    def __set__(self, instance: models.Model, value: str | bytes | memoryview | Sealed | None) -> None:
        if isinstance(value, str):
            value = seal(value, self.field.place(instance))
        elif isinstance(value, Sealed):
            value = value.ciphertext
        instance.__dict__[self.field.attname] = None if value is None else bytes(value)


class SealedField(Field[_Set, _Get]):
    """A text that only this row and column opens (`anju.sealing.ciphertext`).

    Equality and order mean nothing on sealed bytes: search by a blind index beside it. A mass insert writes
    ``seal(text, Place(table, field, row))``. The model's primary key must be a UUID with a default: the value is bound to it
    before the row is saved; renaming the table or column needs a rewrite of its values.
    """

    descriptor_class = _SealedAttribute

    if TYPE_CHECKING:
        _pyi_private_set_type: str | Sealed | Combinable  # type of what is assigned, read by the mypy plugin
        _pyi_private_get_type: Sealed

    def place(self, instance: models.Model) -> Place:
        """Where this field's value of one row belongs."""
        if instance.pk is None:
            raise ValueError("a sealed value needs the primary key of its row first")
        return Place(self.model._meta.db_table, self.attname, instance.pk)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """The sealed bytes, as they stand on the row."""
        return getattr(model_instance, self.attname)

    def get_prep_value(self, value: Any) -> Any:
        """Sealed values pass; a plain text never reaches a statement, not even as something to compare with."""
        if value is None or hasattr(value, "resolve_expression"):
            return value
        if isinstance(value, Sealed):
            return value.ciphertext
        raise TypeError(f"{self.model.__name__}.{self.name} is sealed: assign it on a row, search by its blind index")

    def get_internal_type(self) -> str:
        """Its column is one of bytes."""
        return "BinaryField"

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """A sealed field needs a row with a UUID of its own."""
        problems = super().check(**kwargs)
        pk = self.model._meta.pk
        if not (isinstance(pk, models.UUIDField) and pk.has_default()):
            problems.append(
                Error(f"{self.model.__name__} 有加密字段，主键必须是带默认值的 UUIDField", obj=self, id="sealing.E001")
            )
        return problems
