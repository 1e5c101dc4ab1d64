"""asyncpg: binary throughout, statements prepared by itself, its pool."""

import asyncio
import io
import json

import asyncpg

from cases import DENIED, ENDLESS, HELD, TOLD_AT_ONCE, TYPED, case, plain, run


async def connect(**options):
    return await asyncpg.connect(**options)


@case
async def types_binary():
    c = await connect()
    columns = ", ".join(f"c{i} {name}" for i, (name, _) in enumerate(TYPED))
    await c.execute(f"CREATE TABLE asyncpg_typed ({columns}, j jsonb)")
    await c.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")
    values = [value for _, value in TYPED] + [{"a": [1, None, "ü"]}]
    holders = ", ".join(f"${i + 1}" for i in range(len(values)))
    # Timestamps without a zone and with one are told apart by the driver.
    await c.execute(f"INSERT INTO asyncpg_typed VALUES ({holders})", *values)
    row = await c.fetchrow("SELECT * FROM asyncpg_typed")
    got = [plain(list(row.values())[:-1]), row["j"] == {"a": [1, None, "ü"]}]
    await c.execute("DROP TABLE asyncpg_typed")
    await c.close()
    return got


@case
async def types_text():
    c = await connect()
    await c.set_type_codec("numeric", encoder=str, decoder=str, schema="pg_catalog", format="text")
    await c.set_type_codec("uuid", encoder=str, decoder=str, schema="pg_catalog", format="text")
    got = await c.fetchrow(
        "SELECT $1::numeric, $2::uuid, null::numeric",
        "12345678901234567890.5", "00112233-4455-6677-8899-aabbccddeeff")
    await c.close()
    return list(got.values())


@case
async def types_of_ones_own():
    c = await connect()
    await c.execute("CREATE TYPE asyncpg_mood AS ENUM ('sad', 'glad')")
    await c.execute("CREATE TYPE asyncpg_pair AS (m asyncpg_mood, n int[])")
    # asyncpg asks the catalogue for what such types consist of.
    got = await c.fetchrow("SELECT ROW('glad', '{1,2}')::asyncpg_pair AS p, ARRAY['sad']::asyncpg_mood[] AS m")
    got = [list(got["p"].values()), got["m"]]
    await c.execute("DROP TYPE asyncpg_pair; DROP TYPE asyncpg_mood")
    await c.close()
    return got


@case
async def prepared():
    c = await connect()
    statement = await c.prepare("SELECT $1::int * 2 AS twice, $2::text AS name")
    got = [list((await statement.fetchrow(i, f"n{i}")).values()) for i in range(6)]
    got += [[a.name, a.type.name] for a in statement.get_attributes()]
    got += [t.name for t in statement.get_parameters()]
    await c.close()
    return got


@case
async def pipeline():
    c = await connect()
    await c.execute("CREATE TABLE asyncpg_batch (i int PRIMARY KEY, t text)")
    await c.executemany("INSERT INTO asyncpg_batch VALUES ($1, $2)", [(i, f"n{i}") for i in range(300)])
    got = [list((await c.fetchrow("SELECT count(*), sum(i), max(t) FROM asyncpg_batch")).values())]
    got += [r["i"] for r in await c.fetchmany("INSERT INTO asyncpg_batch VALUES ($1, 'x') RETURNING i",
                                              [(i,) for i in range(1000, 1020)])]
    await c.execute("DROP TABLE asyncpg_batch")
    await c.close()
    return got


@case
async def cursor():
    c = await connect()
    async with c.transaction():
        got = sum([row[0] async for row in c.cursor("SELECT i FROM generate_series(1, 500) i", prefetch=7)])
        portion = await c.cursor("SELECT i FROM generate_series($1::int, 50) i", 11)
        got = [got] + [row[0] for row in await portion.fetch(3)]
    await c.close()
    return got


@case
async def cancel():
    c = await connect()
    got = []
    try:
        await c.fetchval(ENDLESS, timeout=0.5)
    except asyncio.TimeoutError:
        got.append("timeout")
    task = asyncio.create_task(c.fetchval(ENDLESS))
    await asyncio.sleep(0.5)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        got.append("cancelled")
    got.append(await c.fetchval("SELECT 1"))
    await c.close()
    return got


@case
async def transaction_error():
    c = await connect()
    await c.execute("CREATE TABLE asyncpg_once (i int PRIMARY KEY)")
    got = []
    async with c.transaction():
        await c.execute("INSERT INTO asyncpg_once VALUES (1)")
        try:
            async with c.transaction():
                await c.execute("INSERT INTO asyncpg_once VALUES ($1)", 1)
        except asyncpg.PostgresError as e:
            got += [e.sqlstate, e.constraint_name]
        await c.execute("INSERT INTO asyncpg_once VALUES (2)")
    try:
        async with c.transaction():
            await c.fetchval("SELECT 1 / $1::int", 0)
    except asyncpg.PostgresError as e:
        got += [e.sqlstate, str(e)]
    got += [r[0] for r in await c.fetch("SELECT i FROM asyncpg_once ORDER BY i")]
    await c.execute("DROP TABLE asyncpg_once")
    await c.close()
    return got


@case
async def notify():
    listening, notifying = await connect(), await connect()
    heard = asyncio.Queue()
    await listening.add_listener("asyncpg_news", lambda c, pid, channel, payload: heard.put_nowait([channel, payload]))
    await notifying.execute("SELECT pg_notify('asyncpg_news', $1)", "hello")
    got = await asyncio.wait_for(heard.get(), 30)
    await listening.close()
    await notifying.close()
    return got


@case
async def large_object():
    c = await connect()
    await c.execute("SET chaperone.intent = 'bulk work'")
    async with c.transaction():
        oid = await c.fetchval("SELECT lo_from_bytea(0, $1)", b"abc" * 1000)
        got = [await c.fetchval("SELECT length(lo_get($1))", oid), await c.fetchval("SELECT lo_unlink($1)", oid)]
    await c.close()
    return got


@case
async def copy():
    c = await connect()
    await c.execute("CREATE TABLE asyncpg_copied (i int, t text, n numeric)")
    await c.execute("SET chaperone.intent = 'bulk work'")
    got = [await c.copy_records_to_table("asyncpg_copied", records=[(i, f"t {i} 'ü'", i) for i in range(2000)])]
    got.append(await c.copy_to_table("asyncpg_copied", source=io.BytesIO(b"9000,x,1.5\n9001,,2\n"), format="csv"))
    whole = io.BytesIO()
    got.append(await c.copy_from_query("SELECT * FROM asyncpg_copied WHERE i > $1 ORDER BY i", 1990, output=whole, format="csv"))
    got.append(whole.getvalue().decode())
    whole = io.BytesIO()
    got.append(await c.copy_from_table("asyncpg_copied", output=whole, format="binary"))
    got.append(len(whole.getvalue()))
    try:
        await c.copy_to_table("asyncpg_copied", source=io.BytesIO(b"one\n"))
    except asyncpg.PostgresError as e:
        got.append(e.sqlstate)
    got.append(await c.fetchval("SELECT count(*) FROM asyncpg_copied"))
    await c.execute("DROP TABLE asyncpg_copied")
    await c.close()
    return got


@case
async def pool():
    async with asyncpg.create_pool(min_size=2, max_size=4) as p:
        # Its reset: advisory locks, CLOSE ALL, UNLISTEN, RESET ALL.
        async def one(i):
            async with p.acquire() as c:
                await c.execute("SET statement_timeout = '7s'")
                return await c.fetchval("SELECT $1::int", i)
        got = await asyncio.gather(*(one(i) for i in range(20)))
        return got + [await p.fetchval("SHOW statement_timeout")]


@case
async def reset():
    # Its own cache would speak of statements that DISCARD ALL has made the server forget.
    c = await connect(statement_cache_size=0)
    await c.execute("SET lock_timeout = '5s'")
    await c.reset()
    got = [await c.fetchval("SHOW lock_timeout")]
    await c.execute("SET lock_timeout = '5s'")
    await c.execute("DISCARD ALL")
    got.append(await c.fetchval("SHOW lock_timeout"))
    await c.close()
    return got


@case
async def server_settings():
    c = await connect(server_settings={"search_path": "pg_catalog, public", "statement_timeout": "9s"})
    got = [await c.fetchval("SHOW search_path"), await c.fetchval("SHOW statement_timeout"), str(c.get_server_version())]
    await c.close()
    return got


async def decided(statement, *parameters):
    notices = []
    c = await connect()
    c.add_log_listener(lambda _, message: notices.append(message.message))
    try:
        return {"ran": await c.execute(statement, *parameters), "notices": notices}
    except asyncpg.PostgresError as e:
        return {"sqlstate": e.sqlstate, "detail": json.loads(e.detail), "message": e.message, "notices": notices,
                "after": await c.fetchval("SELECT 1")}
    finally:
        await c.close()


@case
async def policy_granted():
    return await decided(HELD + "'grant me, asyncpg'")


@case
async def policy_refused():
    return await decided(HELD + "'refuse me, asyncpg'")


@case
async def policy_pending():
    return await decided(TOLD_AT_ONCE)


@case
async def policy_denied():
    return await decided(DENIED)


@case
async def policy_masked():
    c = await connect()
    got = await c.fetch("SELECT id, name, email FROM customers ORDER BY id")
    await c.close()
    return {"names": [row["name"] for row in got], "emails": [row["email"] for row in got]}


run()
