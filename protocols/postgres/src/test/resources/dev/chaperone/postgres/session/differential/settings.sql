SHOW server_encoding
--
SHOW search_path
--
SET search_path = pg_catalog, public
--
SHOW search_path
--
RESET search_path
--
SET TimeZone = 'Asia/Tokyo'
--
SELECT '2024-01-01 00:00:00+00'::timestamptz
--
SET DateStyle = 'German, DMY'
--
SELECT date '2024-02-01', '01.02.2024'::date
--
SET IntervalStyle = 'iso_8601'
--
SELECT interval '1 day 2 hours'
--
SET extra_float_digits = 0
--
SELECT 0.1::float8 + 0.2::float8
--
SET bytea_output = 'escape'
--
SELECT '\x0061ff'::bytea
--
SHOW application_name
--
SET application_name = 'my program'
--
SHOW application_name
--
RESET application_name
--
SHOW application_name
--
SET application_name = 'another'; SHOW application_name
--
SET lc_monetary = 'C'
--
SELECT 12.3::money
--
SET client_min_messages = 'debug1'
--
SELECT 1
--
SET client_min_messages = 'notice'
--
DROP TABLE IF EXISTS nowhere
--
SET statement_timeout = '20ms'
--
SELECT pg_sleep(5)
--
RESET statement_timeout
--
SET xmloption = content
--
RESET ALL
--
DISCARD ALL
--
SHOW TimeZone
--
SELECT 1 AS a; SELECT 2 AS b, 3 AS c; SELECT WHERE false
--
SELECT 1; SELECT 1/0; SELECT 2
--
SET TimeZone = 'UTC'; SELECT '2024-01-01 00:00:00+00'::timestamptz; RESET TimeZone
--
BEGIN; SELECT 1; COMMIT; SELECT 2
--
BEGIN; SELECT 1/0; COMMIT
--
ROLLBACK
--
;;
--

--
/* nothing */
