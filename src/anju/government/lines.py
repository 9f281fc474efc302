"""Lines 条线 and levels 层级: in which column of the government, and how high, a post stands.

The codes are those that the guideline's pages use for 由谁 (`0-terms.md`); a test holds both equal.
"""

from django.db import models


class Line(models.TextChoices):
    """A column of the government from the village to the city."""

    CIVIL_AFFAIRS = "civil_affairs", "民政"
    ORGANISATION = "organisation", "组织"
    PUBLIC_SECURITY = "public_security", "公安"
    HUMAN_RESOURCES = "human_resources", "人社"
    MEDICAL_SECURITY = "medical_security", "医保"
    AGRICULTURE = "agriculture", "农业农村"
    CULTURE = "culture", "文旅"
    DEVELOPMENT = "development", "发改"
    RURAL_REVITALISATION = "rural_revitalisation", "乡村振兴"
    GOVERNMENT = "government", "党委政府"
    COMMITTEE = "committee", "村居"
    COLLECTIVE = "collective", "集体"


class Level(models.TextChoices):
    """How high a post stands; its region's code has as many significant digits."""

    VILLAGE = "village", "村社区"
    TOWNSHIP = "township", "乡镇"
    COUNTY = "county", "区县"
    CITY = "city", "市"
