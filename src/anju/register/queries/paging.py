"""Pages of a list by key (`anju.government.queries.paging`)."""

from anju.government.queries.paging import Listing, Page, counted, most_counted, page, page_and_count, page_size, spans

__all__ = ["Listing", "Page", "counted", "most_counted", "page", "page_and_count", "page_size", "spans"]
