SELECT relname FROM pg_class WHERE relname = 'pg_class'
--
SELECT n.nspname, c.relname, c.relkind FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'pg_catalog' AND c.relkind = 'r' ORDER BY 1, 2 LIMIT 10
--
SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_name = 'pg_type' ORDER BY ordinal_position
--
SELECT typname, typlen, typbyval FROM pg_type WHERE oid < 30 ORDER BY oid
--
SELECT format('%s %I %L', 'a', 'b c', 'd''e'), quote_ident('X'), quote_literal(E'a\\b'), quote_nullable(NULL)
--
SELECT regexp_replace('foobarbaz', 'b(..)', 'X\1Y', 'g'), regexp_matches('abc123', '([a-z]+)(\d+)'), split_part('a,b,c', ',', 2)
--
SELECT substring('hello' FROM 2 FOR 3), position('l' IN 'hello'), trim(BOTH 'x' FROM 'xxhixx'), overlay('abcdef' PLACING 'ZZ' FROM 3)
--
SELECT extract(epoch FROM timestamp '2024-01-01'), date_trunc('month', timestamp '2024-02-29 12:00'), age(date '2024-03-01', date '2024-01-31'), to_char(timestamp '2024-02-29 13:14:15', 'YYYY-MM-DD HH24:MI:SS')
--
SELECT greatest(1, 2, NULL), least(1, 2), coalesce(NULL, 3), nullif(1, 1), num_nulls(1, NULL)
--
SELECT '{"a":{"b":[1,2,3]}}'::jsonb #> '{a,b,1}', '{"a":1}'::jsonb || '{"b":2}', jsonb_pretty('{"a":[1]}'), jsonb_path_query_array('[1,2,3]', '$[*] ? (@ > 1)')
--
SELECT * FROM jsonb_to_recordset('[{"a":1,"b":"x"},{"a":2}]') AS r(a int, b text)
--
SELECT * FROM json_table('[{"a":1},{"a":2}]'::jsonb, '$[*]' COLUMNS (a int PATH '$.a', n FOR ORDINALITY))
--
SELECT md5('x'), encode(sha256('x'), 'hex'), length('äö'), octet_length('äö'), reverse('abc'), ascii('a'), chr(8364)
--
SELECT width_bucket(5.35, 0.024, 10.06, 5), round(2.5), round(-2.567, 2), trunc(1.9), mod(7, 3), power(2, 10), |/ 25
--
SELECT array_position(ARRAY['a','b'], 'b'), array_cat(ARRAY[1], ARRAY[2]), ARRAY[1,2,3] @> ARRAY[2], array_to_string(ARRAY[1,NULL,3], ',', '*')
--
SELECT 1 = ANY (ARRAY[1,2]), 3 <> ALL (ARRAY[1,2]), ROW(1,2) < ROW(1,3), (1,2) IS DISTINCT FROM (1,NULL)
--
SELECT xmin IS NOT NULL, ctid FROM pg_class WHERE oid = 'pg_class'::regclass AND false
--
SELECT a.*, b.* FROM (SELECT 1 AS x, 2 AS x) a, (SELECT 3 AS x) b
--
SELECT generate_series(1, 3), generate_series(1, 2)
--
SELECT current_catalog = current_database(), current_schema, current_schemas(false)
--
SELECT lo_from_bytea(0, 'x') > 0
--
SELECT has_table_privilege('pg_class', 'select'), pg_typeof(1.0), pg_column_size(1::int8)
--
SELECT to_regclass('nowhere'), to_regtype('int')
--
SELECT $1
--
SELECT $1::int + $2::int
--
SELECT 'a' 'b'
--
SELECT 'a'
  'b'
--
SELECT U&'d\0061t\+000061', E'\u20ac', $tag$it's$tag$, N'national', x'ff'
--
SELECT "a""b" FROM (SELECT 1 AS "a""b") "T T"
--
SELECT /* a /* nested */ comment */ 1 -- and a line
