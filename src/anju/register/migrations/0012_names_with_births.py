from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0011_joinings"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="person",
            name="person_name",
        ),
        migrations.RemoveIndex(
            model_name="person",
            name="person_unnumbered",
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("joined_into", None), ("number_index", None)),
                fields=["pinyin", "id"],
                name="person_unnumbered",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                fields=["name", "birth_date"], name="person_name", opclasses=["varchar_pattern_ops", "date_ops"]
            ),
        ),
    ]
