"""psycopg 3: synchronous, asynchronous, pipelines, text and binary, its pool."""

import json
import threading

import psycopg
import psycopg_pool
from psycopg import sql
from psycopg.types.json import Jsonb

from cases import DENIED, ENDLESS, HELD, TOLD_AT_ONCE, TYPED, case, run


def connect(**options):
    return psycopg.connect("", autocommit=True, **options)


def rows(connection, statement, parameters=None, **options):
    return connection.execute(statement, parameters, **options).fetchall()


def round_trip(binary):
    with connect() as c:
        c.execute("DROP TABLE IF EXISTS psycopg_typed")
        columns = ", ".join(f"c{i} {name}" for i, (name, _) in enumerate(TYPED))
        c.execute(f"CREATE TABLE psycopg_typed ({columns}, j jsonb)")
        values = [value for _, value in TYPED] + [Jsonb({"a": [1, None, "ü"]})]
        holders = ("%b" if binary else "%t", ) * len(values)
        # A null has no binary form of its own in psycopg, and the adaptor chooses.
        c.execute(f"INSERT INTO psycopg_typed VALUES ({', '.join(holders)})", values)
        got = c.cursor(binary=binary).execute("SELECT * FROM psycopg_typed")
        described = [[one.name, one.type_code] for one in got.description]
        read = got.fetchall()
        c.execute("DROP TABLE psycopg_typed")
        return [list(read[0][:-1]), read[0][-1] == {"a": [1, None, "ü"]}, described]


@case
def types_text():
    return round_trip(False)


@case
def types_binary():
    return round_trip(True)


@case
def prepared():
    with connect() as c:
        got = [rows(c, "SELECT %s::int * 2, %s::text", (i, f"n{i}"), prepare=True) for i in range(8)]
        c.prepare_threshold = 1
        got += [rows(c, "SELECT %s::int + 1", (i, )) for i in range(8)]
        return got


@case
def statements_of_sql():
    with connect() as c:
        c.execute("PREPARE p (int) AS SELECT $1 + 1")
        got = rows(c, "EXECUTE p (41)")
        c.execute("DEALLOCATE p")
        return got


@case
def several_statements():
    with connect() as c:
        cursor = c.execute("SELECT 1; SELECT 'two', 2; SELECT 3 WHERE false")
        got = [cursor.fetchall()]
        while cursor.nextset():
            got.append(cursor.fetchall())
        return got


@case
def pipeline():
    with connect() as c:
        c.execute("CREATE TABLE psycopg_piped (i int PRIMARY KEY)")
        with c.pipeline():
            cursors = [c.execute("INSERT INTO psycopg_piped VALUES (%s) RETURNING i", (i, )) for i in range(50)]
            cursors.append(c.execute("SELECT count(*) FROM psycopg_piped"))
        got = [cursor.fetchone()[0] for cursor in cursors]
        c.execute("DROP TABLE psycopg_piped")
        return got


@case
def pipeline_error():
    with connect() as c:
        c.execute("CREATE TABLE psycopg_piped (i int PRIMARY KEY)")
        got = []
        try:
            with c.pipeline() as p:
                c.execute("INSERT INTO psycopg_piped VALUES (1)")
                p.sync()
                c.execute("INSERT INTO psycopg_piped VALUES (2)")
                c.execute("INSERT INTO psycopg_piped VALUES (1)")
                c.execute("INSERT INTO psycopg_piped VALUES (3)")
        except psycopg.Error as e:
            got.append(e.sqlstate)
        got += rows(c, "SELECT i FROM psycopg_piped ORDER BY i")
        c.execute("DROP TABLE psycopg_piped")
        return got


@case
def batch():
    with connect() as c:
        c.execute("CREATE TABLE psycopg_batch (i int, t text)")
        cursor = c.cursor()
        cursor.executemany("INSERT INTO psycopg_batch VALUES (%s, %s)", [(i, f"n{i}") for i in range(300)])
        got = [cursor.rowcount] + rows(c, "SELECT count(*), sum(i), max(t) FROM psycopg_batch")
        c.execute("DROP TABLE psycopg_batch")
        return got


@case
def cursor():
    with connect() as c, c.transaction():
        c.execute("DECLARE portions SCROLL CURSOR FOR SELECT i FROM generate_series(1, 50) i")
        got = rows(c, "FETCH 7 FROM portions")
        c.execute("MOVE FORWARD 30 FROM portions")
        got += rows(c, "FETCH 2 FROM portions", binary=True)
        got += rows(c, "FETCH BACKWARD 1 FROM portions")
        c.execute("CLOSE portions")
        return got


@case
def row_by_row():
    with connect() as c, c.cursor() as cursor:
        return sum(row[0] for row in cursor.stream("SELECT i FROM generate_series(1, 5000) i"))


@case
def cancel():
    with connect() as c:
        said = []

        def ask():
            try:
                c.cancel_safe(timeout=30)  # over TLS, until the server has closed
            except psycopg.Error as e:
                said.append(str(e))

        timer = threading.Timer(0.5, ask)
        timer.start()
        try:
            rows(c, ENDLESS)
            said.append("ran")
        except psycopg.Error as e:
            said.append(e.sqlstate)
        timer.join()
        return said + rows(c, "SELECT 1")


@case
def transaction_error():
    with connect() as c:
        c.execute("CREATE TABLE psycopg_once (i int PRIMARY KEY)")
        got = []
        with c.transaction():
            c.execute("INSERT INTO psycopg_once VALUES (1)")
            try:
                with c.transaction():
                    c.execute("INSERT INTO psycopg_once VALUES (1)")
            except psycopg.Error as e:
                got += [e.sqlstate, e.diag.constraint_name, e.diag.table_name]
            c.execute("INSERT INTO psycopg_once VALUES (2)")
        try:
            with c.transaction():
                c.execute("INSERT INTO psycopg_once VALUES (3)")
                rows(c, "SELECT 1/0")
        except psycopg.Error as e:
            got += [e.sqlstate, str(e.diag.message_primary), c.info.transaction_status.name]
        got += rows(c, "SELECT i FROM psycopg_once ORDER BY i")
        c.execute("DROP TABLE psycopg_once")
        return got


@case
def failed_transaction():
    with psycopg.connect("") as c:
        got = []
        for statement in ("SELECT no_such_column", "SELECT 1"):
            try:
                got.append(rows(c, statement))
            except psycopg.Error as e:
                got += [e.sqlstate, e.diag.statement_position, c.info.transaction_status.name]
        c.rollback()
        return got + rows(c, "SELECT 2")


@case
def notify():
    with connect() as listening, connect() as notifying:
        listening.execute("LISTEN psycopg_news")
        notifying.execute("SELECT pg_notify('psycopg_news', %s)", ("hello", ))
        notifying.execute("NOTIFY psycopg_news, 'again'")
        got = [[n.channel, n.payload] for n in listening.notifies(timeout=30, stop_after=2)]
        listening.execute("UNLISTEN *")
        return got


@case
def large_object():
    with connect() as c, c.transaction():
        c.execute("SET LOCAL chaperone.intent = 'bulk work'")
        oid = rows(c, "SELECT lo_from_bytea(0, %b)", (b"abc" * 1000, ))[0][0]
        descriptor = rows(c, "SELECT lo_open(%s, 393216)", (oid, ))[0][0]
        got = rows(c, "SELECT lo_lseek64(%s, 2999, 0), length(loread(%s, 10))", (descriptor, descriptor))
        got += rows(c, "SELECT lowrite(%s, %b), lo_close(%s)", (descriptor, b"xyz", descriptor))
        got += rows(c, "SELECT right(encode(lo_get(%s), 'escape'), 5), lo_unlink(%s)", (oid, oid))
        return got


@case
async def asynchronous():
    c = await psycopg.AsyncConnection.connect("", autocommit=True)
    async with c:
        async with c.pipeline():
            cursors = [await c.execute("SELECT %s::int8", (i, ), binary=True) for i in range(20)]
        got = [(await one.fetchone())[0] for one in cursors]
        async with c.cursor() as streaming:
            got.append(sum([row[0] async for row in streaming.stream("SELECT i FROM generate_series(1, 300) i")]))
        return got


@case
def pool():
    def reset(c):
        c.autocommit = True
        c.execute("DISCARD ALL")
        c.autocommit = False

    with psycopg_pool.ConnectionPool("", min_size=2, max_size=3, reset=reset, open=True,
                                     check=psycopg_pool.ConnectionPool.check_connection) as p:
        got = []
        for i in range(12):
            with p.connection() as c:
                c.execute("CREATE TEMPORARY TABLE mine (i int)")
                c.execute("SET statement_timeout = '7s'")
                got += rows(c, "SELECT %s::int", (i, ), prepare=True)
        with p.connection() as c:
            got += rows(c, "SHOW statement_timeout")
        return got


@case
def reset():
    with connect() as c:
        got = []
        for statement in ("RESET ALL", "DEALLOCATE ALL", "CLOSE ALL", "UNLISTEN *", "DISCARD TEMP", "DISCARD PLANS",
                          "DISCARD SEQUENCES", "DISCARD ALL"):
            c.execute("SET lock_timeout = '5s'")
            c.execute(statement)
            got.append([statement] + rows(c, "SHOW lock_timeout"))
        return got


@case
def newer_libpq():
    got = []
    for options in ({"min_protocol_version": "3.0", "max_protocol_version": "3.2"},
                    {"channel_binding": "disable"}, {"gssencmode": "prefer"}):
        with connect(**options) as c:
            got.append(rows(c, "SELECT 1"))
    return got


@case
def copy():
    with connect() as c:
        c.execute("CREATE TABLE psycopg_copied (i int, t text, n numeric, b bytea)")
        with c.cursor().copy("COPY psycopg_copied FROM STDIN") as into:
            for i in range(2000):
                into.write_row((i, f"t\t{i}\\ 'ü'\n" if i % 7 else None, i / 4, bytes([i % 256])))
        with c.cursor().copy("COPY psycopg_copied (i, t) FROM STDIN (FORMAT binary)") as into:
            into.set_types(["int4", "text"])
            for i in range(2000, 2500):
                into.write_row((i, f"binary {i}"))
        with c.cursor().copy("COPY psycopg_copied (i, t) FROM STDIN (FORMAT csv, HEADER)") as into:
            into.write("i,t\n9000,\"a,")
            into.write("b\"\n9001,\n")
        got = rows(c, "SELECT count(*), count(t), sum(i), sum(n), md5(string_agg(t, ',' ORDER BY i)) FROM psycopg_copied")
        c.execute("SET chaperone.intent = 'bulk work'")
        with c.cursor().copy("COPY (SELECT * FROM psycopg_copied WHERE i < 20 ORDER BY i) TO STDOUT") as out:
            out.set_types(["int4", "text", "numeric", "bytea"])
            got += list(out.rows())
        with c.cursor().copy("COPY (SELECT i, t FROM psycopg_copied ORDER BY i) TO STDOUT (FORMAT binary)") as out:
            got.append(sum(len(part) for part in out))
        c.execute("DROP TABLE psycopg_copied")
        return got


@case
def copy_that_fails():
    with connect() as c:
        c.execute("CREATE TABLE psycopg_copied (i int)")
        got = []
        try:
            with c.cursor().copy("COPY psycopg_copied FROM STDIN") as into:
                into.write("1\n2\nthree\n")
        except psycopg.Error as e:
            got += [e.sqlstate, e.diag.context]
        try:
            with c.cursor().copy("COPY psycopg_copied FROM STDIN") as into:
                into.write("1\n")
                raise ValueError("changed its mind")
        except ValueError as e:
            got.append(str(e))
        got += rows(c, "SELECT count(*) FROM psycopg_copied")
        c.execute("DROP TABLE psycopg_copied")
        return got


@case
def identifiers_and_types_of_ones_own():
    with connect() as c:
        c.execute('CREATE TYPE "Psycopg mood" AS ENUM (\'sad\', \'glad\')')
        c.execute(sql.SQL("CREATE TABLE {} (m {})").format(sql.Identifier("Psycopg ünï"), sql.Identifier("Psycopg mood")))
        c.execute('INSERT INTO "Psycopg ünï" VALUES (%s)', ("glad", ))
        got = rows(c, 'SELECT m, m::text FROM "Psycopg ünï"')
        info = psycopg.types.TypeInfo.fetch(c, '"Psycopg mood"')
        got.append(info.name)
        c.execute('DROP TABLE "Psycopg ünï"')
        c.execute('DROP TYPE "Psycopg mood"')
        return got


def decided(statement, parameters=None, **options):
    """How a statement fared: {"ran": rows} or what the gateway said instead."""
    notices = []
    with connect() as c:
        c.add_notice_handler(lambda diagnostic: notices.append(diagnostic.message_primary))
        try:
            return {"ran": c.execute(statement, parameters, **options).rowcount, "notices": notices}
        except psycopg.Error as e:
            return {"sqlstate": e.sqlstate, "detail": json.loads(e.diag.message_detail), "message": e.diag.message_primary,
                    "notices": notices, "after": rows(c, "SELECT 1")[0][0]}


@case
def policy_granted():
    return decided(HELD + "%s", ("grant me", ))


@case
def policy_refused():
    return decided(HELD + "%b", ("refuse me", ))


@case
def policy_pending():
    return decided(TOLD_AT_ONCE)


@case
def policy_denied():
    return decided(DENIED, prepare=True)


@case
def policy_denied_in_pipeline():
    with connect() as c:
        got = []
        try:
            with c.pipeline():
                c.execute("SELECT 1")
                c.execute(DENIED)
                c.execute("SELECT 2")
        except psycopg.Error as e:
            got.append(e.sqlstate)
        return {"said": got, "after": rows(c, "SELECT 3")[0][0]}


@case
def policy_denied_copy():
    with connect() as c:
        got = []
        for statement in ("COPY vault.keys TO STDOUT", "COPY vault.keys FROM STDIN"):
            try:
                with c.cursor().copy(statement) as copying:
                    if "TO" in statement:
                        list(copying)
            except psycopg.Error as e:
                got.append(e.sqlstate)
        return {"said": got, "after": rows(c, "SELECT 3")[0][0]}


@case
def policy_masked():
    with connect() as c:
        texts = [rows(c, "SELECT id, name, email FROM customers ORDER BY id", binary=b) for b in (False, True)]
        return {"names": [row[1] for row in texts[0]], "emails": [row[2] for part in texts for row in part]}


run()
