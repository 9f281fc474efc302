"""The desk as a Django app: pages alone, no tables."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """What an officer sees."""

    name = "anju.desk"
