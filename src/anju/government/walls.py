"""What Django's constraints cannot say: an officer holds the same post only once on a day."""

from anju.walls.wall import no_overlap, stands

stands(
    no_overlap(
        "holding_no_overlap",
        "government_postholding",
        ["officer_id", "post_id"],
        "这位干部在这段时间里已经有这个岗位。",
    )
)
