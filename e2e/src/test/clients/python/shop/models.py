"""What it stores."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Shelf(models.Model):
    name = models.CharField(max_length=40, unique=True)


class Item(models.Model):
    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE)
    title = models.CharField(max_length=80, db_index=True)
    price = models.DecimalField(max_digits=12, decimal_places=4)
    code = models.UUIDField(unique=True)
    added = models.DateTimeField()
    extra = models.JSONField(default=dict)
    tags = ArrayField(models.CharField(max_length=20), default=list)
    picture = models.BinaryField(null=True)


class Customer(models.Model):
    id = models.IntegerField(primary_key=True)
    name = models.TextField()
    email = models.TextField()

    class Meta:
        managed = False
        db_table = "customers"
