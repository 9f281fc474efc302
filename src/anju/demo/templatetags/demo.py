"""What the demo's templates need."""

from django import template

from anju.demo.cast import Cast, Role

register = template.Library()


@register.filter
def role_of(cast: Cast, account: str) -> Role | None:
    """The role that an account plays; none for an account that somebody opened in the demo."""
    return cast.by_account.get(account)
