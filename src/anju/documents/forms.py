"""文种: which forms of letters there are, how each is laid out, and which of them are formal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from anju.documents.refusals import NoSuchForm


@dataclass(frozen=True, slots=True)
class Form:
    """A 文种. ``words`` and ``layout``: the names of its files (`anju.documents.rendering.files`).

    ``formal``: it speaks for the office to others, so that it has a number and a second person. ``open``: anybody may read it, so that ID
    numbers are masked in it whoever takes it. ``personal``: whom it is about gets it.
    """

    name: str
    words: str
    layout: str
    formal: bool = False
    open: bool = False
    personal: bool = False

    @property
    def imprinted(self) -> bool:
        """Whether its last page ends with a 版记: who else gets it and, but on a 函, who printed it when (GB/T 9704)."""
        return self.layout in ("notice", "letter")


forms: Mapping[str, Form] = {
    form.name: form
    for form in (
        Form("通知", "notice", "notice", formal=True),
        Form("函", "letter", "letter", formal=True),
        Form("介绍信", "introduction", "triple", formal=True),
        Form("决议", "resolution", "plain", formal=True),
        Form("证明", "certificate", "plain", formal=True, personal=True),
        Form("告知", "information", "plain", formal=True, personal=True),
        Form("公示", "publication", "plain", open=True),
        Form("回执", "receipt", "plain"),
        Form("表", "form", "form"),
        Form("记录", "record", "form"),
        Form("协议", "agreement", "form"),
        Form("结算单", "statement", "form", personal=True),
        Form("名单", "list", "list"),
    )
}
"""Every form that the pages may name; a house test compares."""


def form_of(name: str) -> Form:
    """A form by its name. Raises `NoSuchForm`."""
    if name not in forms:
        raise NoSuchForm(f"没有“{name}”这个文种；可以是：{'、'.join(forms)}。")
    return forms[name]
