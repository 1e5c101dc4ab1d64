"""The tables."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Shelf",
            [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=40, unique=True))],
        ),
        migrations.CreateModel(
            "Item",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("title", models.CharField(max_length=80, db_index=True)),
                ("price", models.DecimalField(max_digits=12, decimal_places=4)),
                ("code", models.UUIDField(unique=True)),
                ("added", models.DateTimeField()),
                ("shelf", models.ForeignKey("shop.Shelf", on_delete=django.db.models.deletion.CASCADE)),
            ],
        ),
    ]
