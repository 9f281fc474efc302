"""Why a letter cannot be made, told to whoever asked for it."""

from anju.government.refusals import Refused


class NoSuchForm(Refused):
    """A 文种 that nobody has described."""


class TemplateBroken(Refused):
    """A file that says how letters look, or what they say, cannot be read."""


class NoChineseFont(Refused):
    """This machine has no font to print Chinese with."""


class ContentChanged(Refused):
    """What lies sealed is not what was issued."""
