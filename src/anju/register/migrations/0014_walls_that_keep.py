from django.db import migrations


class Migration(migrations.Migration):
    """Changes no table: after it the walls are built that the version before did not have (`anju.walls`)."""

    dependencies = [
        ("register", "0013_both_places_listed"),
    ]

    operations = []
