-- Values of every common type, written and read back. Statements end with a line of two dashes.
SELECT 1::int2, 2147483647::int4, -9223372036854775808::int8, 1.5::float4, 'NaN'::float8, '-Infinity'::float8
--
SELECT 0.1::numeric, 1e-20::numeric, 'NaN'::numeric, 'Infinity'::numeric, 123456789012345678901234567890.000001::numeric(40,6)
--
SELECT true, false, NULL::bool
--
SELECT ''::text, 'ünï¢ødé 😀'::text, E'tab\tline\nend'::text, 'pad'::char(10), 'cut off here'::varchar(7), 'n'::name, 'c'::"char"
--
SELECT '\x00ff10'::bytea, ''::bytea, decode('YWJj', 'base64')
--
SELECT '2024-02-29'::date, 'infinity'::date, '0044-03-15 BC'::date
--
SELECT '23:59:60'::time, '12:34:56.789012+03'::timetz, '1 year 2 mons -3 days 04:05:06.7'::interval
--
SELECT '2024-02-29 12:34:56.123456'::timestamp, '2024-02-29 12:34:56.123456+02'::timestamptz, '-infinity'::timestamptz
--
SELECT 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid, '08:00:2b:01:02:03'::macaddr, '10.0.0.0/8'::cidr, '::1'::inet
--
SELECT '{"a":[1,2,{"b":null}]}'::json, '{"b":1,"a":2,"a":3}'::jsonb, '$.a[*] ? (@ > 1)'::jsonpath
--
SELECT '<a b="c">d</a>'::text, B'10110'::bit(5), B'1'::varbit(8), '$12.34'::text
--
SELECT ARRAY[1,2,NULL]::int[], '{{a,b},{c,"d e"}}'::text[], '[0:1]={5,6}'::int[], '{}'::int[]
--
SELECT int4range(1, 10, '[)'), numrange(NULL, 5), 'empty'::int8range, int4multirange(int4range(1,3), int4range(7,9))
--
SELECT point(1,2), box '((0,0),(1,1))', circle '<(0,0),2>', path '[(0,0),(1,1)]', polygon '((0,0),(1,1),(1,0))', lseg '[(0,0),(1,1)]'
--
SELECT 'fat & rat'::tsquery, to_tsvector('simple', 'a fat cat sat')
--
SELECT 'pg_class'::regclass, 'int4'::regtype, 'now()'::regprocedure, 1::oid, '(0,1)'::tid, '16/B374D848'::pg_lsn
--
SELECT ROW(1, 'a', NULL), ROW(ROW(1)), ROW()
--
SELECT 'x'::unknown_type
--
SELECT 'abc'::int
--
SELECT 1/0
--
SELECT 32768::int2
--
SELECT '2024-13-01'::date
--
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')
--
CREATE TYPE pair AS (a int, b text)
--
CREATE DOMAIN positive AS int CHECK (VALUE > 0)
--
SELECT 'ok'::mood, array_length(enum_range(NULL::mood), 1)
--
SELECT 'angry'::mood
--
SELECT 1::positive
--
SELECT 0::positive
--
SELECT ('1,x')::pair
--
DROP TYPE mood, pair
--
DROP DOMAIN positive
