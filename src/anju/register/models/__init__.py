"""What is stored of people, households and sites. A day on which something holds is ``since ≤ day < until``."""

from anju.register.models.facts import CountyFacts, Former
from anju.register.models.formerly import Formerly
from anju.register.models.joinings import Joining, Stage
from anju.register.models.people import Household, Membership, Person, Site
from anju.register.models.relations import PartyLife, Relation
from anju.register.models.wishes import Wish

__all__ = [
    "CountyFacts",
    "Former",
    "Formerly",
    "Household",
    "Joining",
    "Membership",
    "PartyLife",
    "Person",
    "Relation",
    "Site",
    "Stage",
    "Wish",
]
