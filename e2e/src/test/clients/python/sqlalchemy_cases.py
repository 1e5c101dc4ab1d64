"""SQLAlchemy: its start-up, reflection, ORM and pool, over psycopg and asyncpg."""

import asyncio
import json
import ssl
from datetime import datetime, timezone
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import create_async_engine

from cases import DENIED, HELD, TOLD_AT_ONCE, case, environment, run


class Base(orm.DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "alchemy_author"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str] = orm.mapped_column(unique=True)
    joined: orm.Mapped[datetime] = orm.mapped_column(sa.DateTime(timezone=True))
    mood: orm.Mapped[str] = orm.mapped_column(sa.Enum("sad", "glad", name="alchemy_mood"))
    books: orm.Mapped[list["Book"]] = orm.relationship(back_populates="author", cascade="all, delete-orphan")


class Book(Base):
    __tablename__ = "alchemy_book"
    id: orm.Mapped[UUID] = orm.mapped_column(primary_key=True)
    title: orm.Mapped[str] = orm.mapped_column(sa.String(80), index=True)
    price: orm.Mapped[Decimal] = orm.mapped_column(sa.Numeric(12, 4))
    tags: orm.Mapped[list[str]] = orm.mapped_column(postgresql.ARRAY(sa.Text))
    extra: orm.Mapped[dict] = orm.mapped_column(postgresql.JSONB)
    author_id: orm.Mapped[int] = orm.mapped_column(sa.ForeignKey(Author.id, ondelete="CASCADE"))
    author: orm.Mapped[Author] = orm.relationship(back_populates="books")


# Everything comes from libpq's environment variables.
engine = sa.create_engine("postgresql+psycopg://", pool_size=2, pool_pre_ping=True)


@case
def start_up():
    with engine.connect() as c:
        return [c.dialect.default_schema_name, list(c.dialect.server_version_info)]


@case
def creates_and_reflects():
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    reflected = sa.MetaData()
    reflected.reflect(engine, only=["alchemy_author", "alchemy_book"])
    inspector = sa.inspect(engine)
    return [
        sorted(reflected.tables),
        [[c.name, str(c.type), c.nullable] for c in reflected.tables["alchemy_book"].columns],
        [[k["constrained_columns"], k["referred_table"], k["options"]] for k in inspector.get_foreign_keys("alchemy_book")],
        [[i["name"], i["column_names"], i["unique"]] for i in inspector.get_indexes("alchemy_book")],
        [u["column_names"] for u in inspector.get_unique_constraints("alchemy_author")],
        [e["labels"] for e in inspector.get_enums() if e["name"] == "alchemy_mood"],
    ]


@case
def object_mapping():
    with orm.Session(engine) as session:
        for a in range(3):
            author = Author(name=f"Author {a}", joined=datetime(2024, 2, 29, a, tzinfo=timezone.utc), mood="glad")
            author.books = [
                Book(id=UUID(int=a * 100 + b), title=f"Book {a}.{b} 'ü'", price=Decimal("12.3400") * b,
                     tags=["a", "b,c"], extra={"n": [1, None]})
                for b in range(40)]
            session.add(author)
        session.commit()
    with orm.Session(engine) as session:
        found = session.scalars(
            sa.select(Author).options(orm.selectinload(Author.books)).order_by(Author.name)).all()
        got = [[a.name, a.joined.astimezone(timezone.utc).isoformat(), a.mood, len(a.books)] for a in found]
        total, most = session.execute(
            sa.select(sa.func.count(), sa.func.max(Book.price)).join(Author).where(Author.name == "Author 1")).one()
        got += [total, str(most)]
        book = session.get(Book, UUID(int=101))
        got += [book.title, book.tags, book.extra]
        book.extra = {"changed": True}
        session.delete(found[0])
        session.commit()
        got.append(session.scalar(sa.select(sa.func.count()).select_from(Book)))
        got.append(session.scalar(sa.select(Book.extra).where(Book.id == UUID(int=101))))
        return got


@case
def conflict_and_savepoint():
    with orm.Session(engine) as session:
        got = []
        try:
            with session.begin_nested():
                session.add(Author(name="Author 1", joined=datetime.now(timezone.utc), mood="sad"))
        except sa.exc.IntegrityError as e:
            got.append(e.orig.sqlstate)
        session.execute(
            postgresql.insert(Author)
            .values(name="Author 1", joined=datetime(2020, 1, 1, tzinfo=timezone.utc), mood="sad")
            .on_conflict_do_update(index_elements=["name"], set_={"mood": "sad"}))
        session.commit()
        got += session.scalars(sa.select(Author.mood).where(Author.name == "Author 1")).all()
        return got


@case
def isolation():
    with engine.connect().execution_options(isolation_level="SERIALIZABLE") as c:
        got = [c.scalar(sa.text("SHOW transaction_isolation"))]
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as c:
        got.append(c.scalar(sa.text("SHOW transaction_isolation")))
    return got


@case
def pool():
    got = []
    for i in range(10):
        with engine.connect() as c:
            got.append(c.scalar(sa.text("SELECT CAST(:i AS integer)"), {"i": i}))
    return got


@case
async def over_asyncpg():
    trust = ssl.create_default_context(cafile=environment("PGSSLROOTCERT"))
    url = sa.URL.create(
        "postgresql+asyncpg", environment("PGUSER"), environment("PGPASSWORD"), environment("PGHOST"),
        int(environment("PGPORT")), environment("PGDATABASE"))
    asynchronous = create_async_engine(url, connect_args={"ssl": trust})
    async with asynchronous.begin() as c:
        got = [list(row) for row in await c.execute(
            sa.select(Author.name, Author.mood, sa.func.count(Book.id)).outerjoin(Book).group_by(Author.id).order_by(Author.name))]
        got.append((await c.execute(sa.select(Book.extra, Book.tags).where(Book.id == UUID(int=102)))).one()[:])
    await asynchronous.dispose()
    return [list(one) for one in got]


def decided(statement, **parameters):
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as c:
        notices = []
        c.connection.driver_connection.add_notice_handler(lambda one: notices.append(one.message_primary))
        try:
            return {"ran": c.execute(sa.text(statement), parameters).rowcount, "notices": notices}
        except sa.exc.DBAPIError as e:
            return {"sqlstate": e.orig.sqlstate, "detail": json.loads(e.orig.diag.message_detail),
                    "message": e.orig.diag.message_primary, "notices": notices, "after": c.scalar(sa.text("SELECT 1"))}


@case
def policy_granted():
    return decided(HELD + ":name", name="grant me")


@case
def policy_refused():
    return decided(HELD + ":name", name="refuse me")


@case
def policy_pending():
    return decided(TOLD_AT_ONCE)


@case
def policy_denied():
    return decided(DENIED)


@case
def policy_masked():
    customers = sa.table("customers", sa.column("id"), sa.column("name"), sa.column("email"))
    with engine.connect() as c:
        got = c.execute(sa.select(customers).order_by(customers.c.id)).all()
    return {"names": [row.name for row in got], "emails": [row.email for row in got]}


@case
def goes_away():
    Base.metadata.drop_all(engine)
    return sa.inspect(engine).has_table("alchemy_book")


run()
