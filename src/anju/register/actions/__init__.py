"""What one may do to the register: each one transaction, one entry in the journal, and then whoever depends on it looks again."""

from anju.register.actions.ending import end_person, restore_person
from anju.register.actions.facts import record_facts
from anju.register.actions.joining import ask_join, join, refuse_join
from anju.register.actions.looks import look, reveal
from anju.register.actions.party_life import begin_party_life, end_party_life
from anju.register.actions.people import (
    change_person,
    create_household,
    create_person,
    create_site,
    join_household,
    leave_household,
    place_household,
    place_person,
)
from anju.register.actions.relations import move_relation, withdraw_relation
from anju.register.actions.wishes import record_wish

__all__ = [
    "ask_join",
    "begin_party_life",
    "change_person",
    "create_household",
    "create_person",
    "create_site",
    "end_party_life",
    "end_person",
    "join",
    "join_household",
    "leave_household",
    "look",
    "move_relation",
    "place_household",
    "place_person",
    "record_facts",
    "record_wish",
    "refuse_join",
    "restore_person",
    "reveal",
    "withdraw_relation",
]
