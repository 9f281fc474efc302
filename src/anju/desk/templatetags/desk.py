"""What the templates of the desk need beyond the site's own tags."""

from django import template

from anju.desk.queries.judged import anchor_of

register = template.Library()
register.filter("anchor", anchor_of)
