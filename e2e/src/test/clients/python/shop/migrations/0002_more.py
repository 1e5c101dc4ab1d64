"""Columns that came later, and rows that a migration makes."""

import django.contrib.postgres.fields
from django.db import migrations, models


def first_shelf(apps, _):
    apps.get_model("shop", "Shelf").objects.create(name="first")


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
        migrations.AddField("Item", "extra", models.JSONField(default=dict)),
        migrations.AddField(
            "Item",
            "tags",
            django.contrib.postgres.fields.ArrayField(models.CharField(max_length=20), default=list),
        ),
        migrations.AddField("Item", "picture", models.BinaryField(null=True)),
        migrations.RunPython(first_shelf, migrations.RunPython.noop),
    ]
