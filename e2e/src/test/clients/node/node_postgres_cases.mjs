// node-postgres: its client, its pool, pg-cursor; text, and binary where it offers that. Says what it
// got as cases.py does.
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import Cursor from 'pg-cursor';

const endless = 'SELECT count(*) FROM generate_series(1, 100000000000)';
const held = 'DELETE FROM customers WHERE id < 0 AND name = ';
const ssl = { ca: readFileSync(process.env.PGSSLROOTCERT, 'utf8') };
// The driver's own reading of these words would set its ssl anew.
delete process.env.PGSSLMODE;

async function withClient(work, options = {}) {
  const client = new pg.Client({ ssl, ...options });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const rows = async (client, ...query) =>
  (await client.query(...query)).rows.map((row) => Object.values(row));

// A value of each type as text, so that nothing is lost to JavaScript's numbers and dates.
const typed = [
  ['boolean', true],
  ['smallint', -32768],
  ['integer', 2147483647],
  ['bigint', '-9223372036854775808'],
  ['numeric(40,10)', '123456789012345678901234567890.0123456789'],
  ['double precision', 0.1],
  ['text', 'späße ✓ \'quoted\' \\ "twice"\n'],
  ['bytea', Buffer.from(Array.from({ length: 256 }, (_, i) => i))],
  ['timestamptz', new Date('2024-02-29T23:59:59.123Z')],
  ['uuid', '00112233-4455-6677-8899-aabbccddeeff'],
  ['jsonb', { a: [1, null, 'ü'] }],
  ['integer[]', [1, null, -3]],
  ['text[]', ['a,b', 'c"d', null, '', 'NULL']],
  ['text', null],
];

const roundTrip = (binary) =>
  withClient(async (client) => {
    const columns = typed.map(([name], i) => `c${i} ${name}`).join(', ');
    const holders = typed.map((_, i) => `$${i + 1}`).join(', ');
    await client.query(`CREATE TABLE node_typed (${columns})`);
    await client.query(`INSERT INTO node_typed VALUES (${holders})`, typed.map(([, value]) => value));
    const { rows: read, fields } = await client.query({ text: 'SELECT * FROM node_typed', binary });
    await client.query('DROP TABLE node_typed');
    const values = Object.values(read[0]).map((value) =>
      Buffer.isBuffer(value) ? value.toString('hex') : value);
    return [values, fields.map((field) => [field.name, field.dataTypeID, field.format])];
  });

const decided = (...query) =>
  withClient(async (client) => {
    const notices = [];
    client.on('notice', (notice) => notices.push(notice.message));
    try {
      return { ran: (await client.query(...query)).rowCount, notices };
    } catch (e) {
      const after = (await client.query('SELECT 1 AS one')).rows[0].one;
      return { sqlstate: e.code, detail: JSON.parse(e.detail), message: e.message, notices, after };
    }
  });

const cases = {
  types_text: () => roundTrip(false),
  types_binary: () => roundTrip(true),

  prepared: () =>
    withClient(async (client) => {
      const got = [];
      for (let i = 0; i < 6; i++) {
        got.push(await rows(client, { name: 'twice', text: 'SELECT $1::int * 2 AS twice, $2::text AS name', values: [i, `n${i}`] }));
      }
      return got;
    }),

  several_statements: () =>
    withClient(async (client) => {
      const results = await client.query("SELECT 1 AS a; SELECT 'two' AS b; SELECT 3 AS c WHERE false");
      return results.map((result) => [result.command, result.rows]);
    }),

  // Sent without waiting for the answers before.
  pipeline: () =>
    withClient(async (client) => {
      const queries = Array.from({ length: 50 }, (_, i) => rows(client, 'SELECT $1::int AS i', [i]));
      const failed = rows(client, 'SELECT 1 / $1::int AS i', [0]).catch((e) => e.code);
      const after = rows(client, 'SELECT 1 AS one');
      return Promise.all([...queries, failed, after]);
    }, { pipeline: true }),

  cursor: () =>
    withClient(async (client) => {
      const cursor = client.query(new Cursor('SELECT i FROM generate_series(1, $1::int) i', [50]));
      const got = [];
      for (let part = await cursor.read(7); part.length > 0; part = await cursor.read(7)) {
        got.push(part.map((row) => row.i));
      }
      const left = client.query(new Cursor('SELECT i FROM generate_series(1, 5000) i'));
      await left.read(3);
      await left.close();
      got.push(await rows(client, 'SELECT 2 AS two'));
      return got;
    }),

  cancel: () =>
    withClient(async (client) => {
      const query = new pg.Query(endless);
      const failed = new Promise((resolve) => query.on('error', (e) => resolve(e.code)));
      client.query(query);
      // The driver asks to cancel without TLS, as libpq did before 17.
      setTimeout(() => new pg.Client({ ssl: false }).cancel(client, query), 500);
      return [await failed, await rows(client, 'SELECT 1 AS one')];
    }),

  transaction_error: () =>
    withClient(async (client) => {
      const got = [];
      await client.query('CREATE TABLE node_once (i int PRIMARY KEY)');
      await client.query('BEGIN');
      await client.query('INSERT INTO node_once VALUES (1)');
      await client.query('SAVEPOINT s');
      await client.query('INSERT INTO node_once VALUES ($1)', [1]).catch((e) => got.push([e.code, e.constraint, e.table]));
      await client.query('SELECT 1').catch((e) => got.push(e.code));
      await client.query('ROLLBACK TO s');
      await client.query('INSERT INTO node_once VALUES (2)');
      await client.query('COMMIT');
      await client.query('BEGIN');
      await client.query('SELECT 1/0').catch((e) => got.push([e.code, e.message]));
      got.push((await client.query('COMMIT')).command);
      got.push(await rows(client, 'SELECT i FROM node_once ORDER BY i'));
      await client.query('DROP TABLE node_once');
      return got;
    }),

  notify: () =>
    withClient((listening) =>
      withClient(async (notifying) => {
        const heard = new Promise((resolve) => listening.on('notification', (n) => resolve([n.channel, n.payload])));
        await listening.query('LISTEN node_news');
        await notifying.query("SELECT pg_notify('node_news', $1)", ['hello']);
        return heard;
      })),

  large_object: () =>
    withClient(async (client) => {
      await client.query("SET chaperone.intent = 'bulk work'");
      await client.query('BEGIN');
      const oid = (await client.query('SELECT lo_from_bytea(0, $1) AS oid', [Buffer.from('abc'.repeat(1000))])).rows[0].oid;
      const got = [await rows(client, 'SELECT length(lo_get($1)) AS l', [oid]), await rows(client, 'SELECT lo_unlink($1) AS u', [oid])];
      await client.query('COMMIT');
      return got;
    }),

  copy: () =>
    withClient(async (client) => {
      await client.query('CREATE TABLE node_copied (i int, t text)');
      await client.query("SET chaperone.intent = 'bulk work'");
      const lines = Array.from({ length: 2000 }, (_, i) => `${i}\tline ${i} 'ü'\n`);
      await pipeline(Readable.from(lines), client.query(copyFrom('COPY node_copied FROM STDIN')));
      const got = [await rows(client, 'SELECT count(*), sum(i), max(t) FROM node_copied')];
      let read = '';
      const stream = client.query(copyTo('COPY (SELECT * FROM node_copied ORDER BY i) TO STDOUT (FORMAT csv)'));
      for await (const part of stream) read += part;
      got.push(read.length, read.slice(0, 40));
      const failing = client.query(copyFrom('COPY node_copied FROM STDIN'));
      await pipeline(Readable.from(['one\ttwo\n']), failing).catch((e) => got.push(e.code));
      got.push(await rows(client, 'SELECT count(*) FROM node_copied'));
      await client.query('DROP TABLE node_copied');
      return got;
    }),

  pool: async () => {
    const pool = new pg.Pool({ ssl, max: 4 });
    const got = await Promise.all(Array.from({ length: 20 }, (_, i) => pool.query('SELECT $1::int AS i', [i])));
    const client = await pool.connect();
    await client.query("SET statement_timeout = '7s'");
    await client.query('DISCARD ALL');
    client.release();
    got.push(await pool.query('SHOW statement_timeout'));
    await pool.end();
    return got.map((result) => result.rows);
  },

  reset: () =>
    withClient(async (client) => {
      const got = [];
      for (const statement of ['RESET ALL', 'DISCARD ALL']) {
        await client.query("SET lock_timeout = '5s'");
        await client.query(statement);
        got.push(await rows(client, 'SHOW lock_timeout'));
      }
      return got;
    }),

  policy_granted: () => decided(`${held}$1`, ['grant me']),
  policy_refused: () => decided(`${held}$1`, ['refuse me']),
  policy_pending: () => decided('DELETE FROM kept WHERE id < 0'),
  policy_denied: () => decided('SELECT k FROM vault.keys'),
  policy_masked: () =>
    withClient(async (client) => {
      const got = (await client.query('SELECT id, name, email FROM customers ORDER BY id')).rows;
      return { names: got.map((row) => row.name), emails: got.map((row) => row.email) };
    }),
};

for (const [name, work] of Object.entries(cases)) {
  const line = { case: name };
  let timer;
  try {
    const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error('took too long')), 60_000); });
    line.got = await Promise.race([work(), late]);
  } catch (e) {
    line.failed = e.stack;
  } finally {
    clearTimeout(timer);
  }
  console.log(JSON.stringify(line));
}
process.exit(0);
