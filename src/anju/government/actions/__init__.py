"""What one may do to accounts, posts, regions and other offices' systems: the security administrator alone, and the command line for
the first account; and what the auditor may take out of the journal.

Each is one transaction with its entry in the journal. Whatever is refused is refused with a sentence (`Refused`) and changes nothing.
"""

from anju.government.actions.accounts import (
    create_officer,
    disable,
    enable,
    forget_second_factors,
    rename,
    set_password,
    unlock,
)
from anju.government.actions.clients import change_client, create_client, end_client, renew_key
from anju.government.actions.posts import appoint, close_post, end_post, give_post, open_post, withdraw_post
from anju.government.actions.regions import add_village, close_village, rename_village

__all__ = [
    "add_village",
    "appoint",
    "change_client",
    "close_post",
    "close_village",
    "create_client",
    "create_officer",
    "disable",
    "enable",
    "end_client",
    "end_post",
    "forget_second_factors",
    "give_post",
    "open_post",
    "rename",
    "rename_village",
    "renew_key",
    "set_password",
    "unlock",
    "withdraw_post",
]
