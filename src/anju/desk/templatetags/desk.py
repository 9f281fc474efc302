"""What the templates of the desk need beyond the site's own tags."""

from django import template

from anju.check.explanation import Explained
from anju.desk.queries.judged import anchor_of

register = template.Library()
register.filter("anchor", anchor_of)


@register.filter
def figure(answer: Explained) -> str:
    """The figure that a decision worked out; a share of a whole (占比) in percent with one digit."""
    try:
        return f"{float(answer.label):.1%}" if answer.name.endswith("占比") else answer.label
    except ValueError:  # there is nothing to take a share of
        return answer.label
