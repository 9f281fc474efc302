"""What the database holds of 重新核定 beyond Django's constraints; and row-level security on PostgreSQL."""

from __future__ import annotations

from anju.government.second_wall import policy
from anju.payments.walls import together
from anju.register.walls import codes_are_digits
from anju.walls.wall import never_when, seen_within, stands

_form = "payments_reassessment"
_agreed_stays = "复核过的核定表不改写、不删除；情况变了，重新核定一张。"
_columns = ", ".join(
    ["household_id", "since", "basis", "asked_by_id", "asked_at", "asked_for"]
    + [f"{side}_{name}" for side in ("stays", "goes") for name in ("payer", "kind", "people", "amount")]
)


def _counted(side: str) -> str:
    """How many people of a side count, and -1 where nobody stands on it."""
    return (
        "(SELECT CASE WHEN count(*) = 0 THEN -1 ELSE COALESCE(sum(CASE WHEN p.counted THEN 1 ELSE 0 END), 0) END "
        f"FROM payments_part AS p WHERE p.reassessment_id = NEW.id AND p.side = '{side}')"
    )


def _agreed(row: str) -> str:
    return f"(EXISTS (SELECT 1 FROM {_form} AS r WHERE r.id = {row}.reassessment_id AND r.agreed_at IS NOT NULL))"


_within = f"EXISTS (SELECT 1 FROM {_form} AS r WHERE r.id = reassessment_id AND ({policy(['r.stays_payer', 'r.goes_payer'])}))"

stands(
    never_when("reassessment_never_rewritten", _form, "UPDATE", "(1 = 1)", _agreed_stays, columns=_columns),
    never_when(
        "reassessment_agreed_once",
        _form,
        "UPDATE",
        "(OLD.agreed_at IS NOT NULL)",
        _agreed_stays,
        columns="agreed_by_id, agreed_at",
    ),
    never_when("reassessment_agreed_is_kept", _form, "DELETE", "(OLD.agreed_at IS NOT NULL)", _agreed_stays),
    *(
        together(
            f"reassessment_counts_its_people_{event.lower()}",
            _form,
            event,
            f"(NEW.agreed_at IS NOT NULL AND (NEW.stays_people <> {_counted('stays')} OR NEW.goes_people <> {_counted('goes')}))",
            "核定人数和名下计入的人数不一样，或者有一份没有人；请撤回重做。",
        )
        for event in ("INSERT", "UPDATE")
    ),
    together("part_before_it_is_agreed", "payments_part", "INSERT", _agreed("NEW"), _agreed_stays),
    never_when("part_never_rewritten", "payments_part", "UPDATE", "(1 = 1)", _agreed_stays),
    together("part_of_what_is_agreed_is_kept", "payments_part", "DELETE", _agreed("OLD"), _agreed_stays),
    codes_are_digits("payments", "reassessment", ["stays_payer", "goes_payer"]),
    seen_within(_form, policy(["stays_payer", "goes_payer"])),
    seen_within("payments_part", _within),
)
