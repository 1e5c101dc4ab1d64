"""Django: start-up, migrations forth and back, its ORM and its test of the schema."""

import io
import json
from datetime import datetime, timezone
from decimal import Decimal
from uuid import UUID

import django
from django.conf import settings
from django.core.management import call_command

from cases import DENIED, HELD, TOLD_AT_ONCE, case, environment, run

settings.configure(
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": environment("PGDATABASE"),
            "USER": environment("PGUSER"),
            "PASSWORD": environment("PGPASSWORD"),
            "HOST": environment("PGHOST"),
            "PORT": environment("PGPORT"),
            "CONN_HEALTH_CHECKS": True,
            "CONN_MAX_AGE": 60,
            "OPTIONS": {"sslmode": "verify-full", "sslrootcert": environment("PGSSLROOTCERT")},
        }
    },
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.postgres", "shop"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
    SECRET_KEY="signs nothing here",
)
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.db import DatabaseError, IntegrityError, connection, transaction  # noqa: E402
from django.db.models import Avg, Count, F  # noqa: E402
from shop.models import Customer, Item, Shelf  # noqa: E402


def command(*words, **options):
    said = io.StringIO()
    call_command(*words, stdout=said, no_color=True, **options)
    return said.getvalue().splitlines()


@case
def start_up():
    connection.ensure_connection()
    return [connection.vendor, connection.pg_version, connection.is_usable()]


@case
def migrates():
    command("migrate", verbosity=0, interactive=False)
    return command("showmigrations") + command("migrate", "--check", verbosity=0)


@case
def is_as_its_models_say():
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        described = connection.introspection.get_table_description(cursor, "shop_item")
        constraints = connection.introspection.get_constraints(cursor, "shop_item")
        return [
            sorted(name for name in tables if name.startswith("shop_")),
            [[one.name, one.type_code, one.null_ok] for one in described],
            sorted([one["columns"], one["primary_key"], one["unique"], one["index"]] for one in constraints.values()),
        ]


@case
def objects():
    shelf = Shelf.objects.get(name="first")
    Item.objects.bulk_create(
        Item(shelf=shelf, title=f"Item {i} 'ü'", price=Decimal("1.2500") * i, code=UUID(int=i),
             added=datetime(2024, 2, 29, 1, i % 60, tzinfo=timezone.utc), extra={"n": [i, None]},
             tags=["a", "b,c"], picture=bytes(range(16)))
        for i in range(120))
    Item.objects.filter(code=UUID(int=5)).update(price=F("price") + 1, extra={"changed": True})
    one = Item.objects.select_related("shelf").get(code=UUID(int=5))
    got = [one.title, str(one.price), one.extra, one.tags, one.added.isoformat(), one.shelf.name, bytes(one.picture).hex()]
    got += [str(Item.objects.aggregate(a=Avg("price"))["a"]), Shelf.objects.annotate(n=Count("item")).get().n]
    got += [Item.objects.filter(extra__n__0__gt=110).count(), Item.objects.filter(tags__contains=["a"]).count()]
    got += list(Item.objects.order_by("-title").values_list("title", flat=True)[:3])
    got.append(Item.objects.filter(price__gt=100).delete()[0])
    made, created = User.objects.get_or_create(username="ada", defaults={"email": "ada@example.org"})
    return got + [made.username, created]


@case
def transactions():
    got = []
    with transaction.atomic():
        Shelf.objects.create(name="second")
        try:
            with transaction.atomic():
                Shelf.objects.create(name="first")
        except IntegrityError as e:
            got.append(e.__cause__.sqlstate)
        got.append(Shelf.objects.select_for_update().filter(name="second").count())
    try:
        with transaction.atomic():
            Shelf.objects.create(name="third")
            raise ValueError("changed its mind")
    except ValueError as e:
        got.append(str(e))
    return got + sorted(Shelf.objects.values_list("name", flat=True))


@case
def explains():
    return len(Item.objects.filter(title__startswith="Item").explain()) > 0


def decided(statement, *parameters):
    notices = []
    connection.ensure_connection()
    handler = lambda diagnostic: notices.append(diagnostic.message_primary)  # noqa: E731
    connection.connection.add_notice_handler(handler)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return {"ran": cursor.rowcount, "notices": notices}
    except DatabaseError as e:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            after = cursor.fetchone()[0]
        diagnostic = e.__cause__.diag
        return {"sqlstate": e.__cause__.sqlstate, "detail": json.loads(diagnostic.message_detail),
                "message": diagnostic.message_primary, "notices": notices, "after": after}
    finally:
        connection.connection.remove_notice_handler(handler)


@case
def policy_granted():
    return decided(HELD + "%s", "grant me")


@case
def policy_refused():
    return decided(HELD + "%s", "refuse me")


@case
def policy_pending():
    return decided(TOLD_AT_ONCE)


@case
def policy_denied():
    return decided(DENIED)


@case
def policy_masked():
    got = list(Customer.objects.order_by("id"))
    return {"names": [one.name for one in got], "emails": [one.email for one in got]}


@case
def migrates_back():
    command("migrate", "shop", "0001", verbosity=0, interactive=False)
    columns = [field.name for field in connection.introspection.get_table_description(connection.cursor(), "shop_item")]
    for application in ("shop", "auth", "contenttypes"):
        command("migrate", application, "zero", verbosity=0, interactive=False)
    return columns + command("showmigrations")


run()
