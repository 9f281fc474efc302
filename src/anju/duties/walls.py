"""What the database holds of duties beyond Django's constraints; and row-level security on PostgreSQL."""

from anju.government.second_wall import policy
from anju.walls.wall import never_when, no_overlap, seen_within, stands

stands(
    never_when(
        "duty_opened_never_rewritten",
        "duties_duty",
        "UPDATE",
        '(OLD.closed_on IS NOT NULL OR NEW.opened_on <> OLD.opened_on OR NEW.opened_at <> OLD.opened_at OR NEW."row" <> OLD."row" '
        "OR NEW.decision <> OLD.decision OR NEW.version_id <> OLD.version_id)",
        "开出的应办不改写依据；了结了的不再改。",
    ),
    never_when(
        "guideline_version_never_rewritten",
        "duties_guidelineversion",
        "UPDATE",
        "(1 = 1)",
        "用过的指导意见不能改写。",
        columns="version, first_used_on, pages",
    ),
    no_overlap(
        "county_value_no_overlap",
        "duties_countyvalue",
        ["county", "parameter"],
        "这个参数在这段时间里已经有本区县的值，请核对起止日。",
    ),
    seen_within("duties_duty", policy(["origin", "destination", "insured"])),
)
