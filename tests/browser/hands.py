"""What the officers of 张家's story do without a browser, in the database of the site: a call a line comes in, its answer goes out."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.conf import settings

from tests.cases.moving import Story, day, month
from tests.government.pages.officer import signed_in


class Hands(Story):
    """The story, and the officers' ways into the site."""

    def session(self, line: str, level: str, side: str, second: bool = False) -> str:
        """The cookie of an officer who has come in."""
        office = self.seat(line, level, side)
        who = (self.offices.second if second else self.offices.at)(office.line, office.level, office.region)
        who.set_unusable_password()
        who.save()
        return str(signed_in(who).cookies[settings.SESSION_COOKIE_NAME].value)

    def days(self, *ago: int) -> list[str]:
        """Days as one types them."""
        return [day(one).isoformat() for one in ago]

    def names_of_months(self, *ago: int) -> list[str]:
        """Months as one types them."""
        return [month(one) for one in ago]


def main() -> None:
    """Answer until nobody asks any more."""
    hands = Hands()
    for line in sys.stdin:
        name, given, named = json.loads(line)
        answer: Any = getattr(hands, name)(*given, **named)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
