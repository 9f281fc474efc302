"""What one may ask of the government: who holds which post on a day, what that lets them see, and where a place is."""

from anju.government.queries.reach import (
    Scope,
    asking_once,
    held_posts,
    once,
    posts_of,
    reaching,
    region_on,
    visible_regions,
)

__all__ = ["Scope", "asking_once", "held_posts", "once", "posts_of", "reaching", "region_on", "visible_regions"]
