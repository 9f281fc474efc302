"""What the database holds of insurers' lists beyond Django's constraints, on both engines; and row-level security."""

from __future__ import annotations

from anju.government.second_wall import policy
from anju.register.walls import codes_are_digits
from anju.walls.wall import never_when, seen_within, stands

stands(
    never_when(
        "list_row_never_rewritten",
        "payments_listrow",
        "UPDATE",
        "(1 = 1)",
        "名单收下以后不改写；错了的，撤回那一批，或者交一份改好的。",
    ),
    codes_are_digits("payments", "listrow", ["county"]),
    codes_are_digits("payments", "finding", ["county", "origin", "destination"]),
    seen_within("payments_listrow", policy(["county"])),
    seen_within("payments_finding", policy(["county", "origin", "destination"])),
)
