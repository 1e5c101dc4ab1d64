SET nosuch = 1
--
SET my.setting = 'x'
--
SHOW my.setting
--
SELECT current_setting('my.setting'), current_setting('nosuch.setting', true)
--
SELECT set_config('my.setting', 'y', false)
--
CREATE SCHEMA app_one
--
CREATE TABLE app_one.parts (id int, region text, v text) PARTITION BY LIST (region)
--
CREATE TABLE app_one.parts_eu PARTITION OF app_one.parts FOR VALUES IN ('eu')
--
CREATE TABLE app_one.parts_rest PARTITION OF app_one.parts DEFAULT
--
INSERT INTO app_one.parts SELECT i, CASE WHEN i % 2 = 0 THEN 'eu' ELSE 'us' END, 'v' || i FROM generate_series(1, 10) i
--
SELECT tableoid::regclass::text, * FROM app_one.parts ORDER BY id
--
CREATE VIEW app_one.seen AS SELECT id, upper(v) AS v FROM app_one.parts
--
SELECT * FROM app_one.seen ORDER BY id LIMIT 3
--
CREATE MATERIALIZED VIEW app_one.kept AS SELECT region, count(*) FROM app_one.parts GROUP BY region
--
REFRESH MATERIALIZED VIEW app_one.kept
--
SELECT * FROM app_one.kept ORDER BY 1
--
CREATE FUNCTION app_one.twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2'
--
SELECT app_one.twice(21)
--
CREATE FUNCTION app_one.rows(n int) RETURNS TABLE (a int, b text) LANGUAGE plpgsql AS $$BEGIN FOR i IN 1..n LOOP a := i; b := 'r' || i; RETURN NEXT; END LOOP; END$$
--
SELECT * FROM app_one.rows(3)
--
SELECT app_one.rows(2)
--
CREATE PROCEDURE app_one.work(INOUT x int) LANGUAGE plpgsql AS $$BEGIN RAISE NOTICE 'working on %', x; x := x + 1; END$$
--
CALL app_one.work(1)
--
DO $$BEGIN RAISE NOTICE 'a notice'; RAISE WARNING 'a warning' USING HINT = 'a hint', DETAIL = 'a detail'; END$$
--
DO $$BEGIN RAISE EXCEPTION 'own error' USING ERRCODE = 'P1234'; END$$
--
CREATE FUNCTION app_one.stamp() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.v := NEW.v || '!'; RETURN NEW; END$$
--
CREATE TRIGGER stamp BEFORE INSERT ON app_one.parts_eu FOR EACH ROW EXECUTE FUNCTION app_one.stamp()
--
INSERT INTO app_one.parts VALUES (11, 'eu', 'stamped') RETURNING *
--
CREATE TABLE app_one.gen (a int, b int GENERATED ALWAYS AS (a * 2) STORED, CHECK (a < 100))
--
INSERT INTO app_one.gen VALUES (1), (2) RETURNING b
--
INSERT INTO app_one.gen VALUES (100)
--
INSERT INTO app_one.gen (a, b) VALUES (1, 1)
--
ALTER TABLE app_one.gen ADD COLUMN c text DEFAULT 'new'
--
SELECT * FROM app_one.gen ORDER BY a
--
CREATE INDEX ON app_one.gen (a)
--
CREATE SEQUENCE app_one.s START 5
--
SELECT nextval('app_one.s'), currval('app_one.s'), setval('app_one.s', 50), lastval()
--
COMMENT ON TABLE app_one.gen IS 'a comment'
--
SELECT obj_description('app_one.gen'::regclass)
--
CREATE TEMP TABLE scratch ON COMMIT DROP AS SELECT 1 AS one
--
CREATE TEMP TABLE scratch AS SELECT 1 AS one
--
SELECT * FROM scratch
--
DROP TABLE scratch
--
SELECT * INTO app_one.copied FROM app_one.gen
--
CREATE TABLE app_one.inh () INHERITS (app_one.copied)
--
INSERT INTO app_one.inh VALUES (7, 14, 'child')
--
SELECT * FROM app_one.copied ORDER BY a
--
SELECT * FROM ONLY app_one.copied ORDER BY a
--
ANALYZE app_one.gen
--
VACUUM app_one.gen
--
CREATE RULE r AS ON INSERT TO app_one.inh DO INSTEAD NOTHING
--
INSERT INTO app_one.inh VALUES (8, 16, 'ruled')
--
GRANT SELECT ON app_one.gen TO PUBLIC
--
REVOKE ALL ON app_one.gen FROM PUBLIC
--
ALTER TABLE app_one.gen ENABLE ROW LEVEL SECURITY
--
CREATE POLICY few ON app_one.gen USING (a = 1)
--
DROP SCHEMA app_one
--
DROP SCHEMA app_one CASCADE
--
LISTEN channel
--
NOTIFY channel, 'payload'
--
SELECT pg_notify('channel', 'another')
--
UNLISTEN *
