"""The hashes of an officer's last passwords."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("government", "0004_clients")]
    operations = [
        migrations.AddField("officer", "former_passwords", models.JSONField(default=list, editable=False)),
    ]
