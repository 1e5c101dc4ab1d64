CREATE TABLE dept (id int PRIMARY KEY, name text NOT NULL UNIQUE)
--
CREATE TABLE emp (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text, dept int REFERENCES dept, pay numeric(10,2) DEFAULT 1000, boss int, since date)
--
INSERT INTO dept VALUES (1, 'east'), (2, 'west'), (3, 'empty')
--
INSERT INTO emp (name, dept, pay, boss, since) SELECT 'e' || i, 1 + i % 2, 100 * i, NULLIF(i / 3, 0), date '2020-01-01' + i FROM generate_series(1, 30) i
--
SELECT * FROM emp ORDER BY id
--
SELECT name, pay FROM emp WHERE pay BETWEEN 500 AND 900 ORDER BY pay DESC
--
SELECT d.name, count(*), sum(e.pay), avg(e.pay), min(e.since), max(e.name) FROM dept d LEFT JOIN emp e ON e.dept = d.id GROUP BY d.name HAVING count(*) > 0 ORDER BY 1
--
SELECT * FROM dept NATURAL JOIN (VALUES (1, 'east'), (2, 'nowhere')) v(id, name)
--
SELECT e.name, b.name AS boss FROM emp e JOIN emp b ON e.boss = b.id WHERE e.dept = 1 ORDER BY e.id LIMIT 5 OFFSET 2
--
SELECT name FROM emp e WHERE EXISTS (SELECT FROM emp x WHERE x.boss = e.id) ORDER BY id
--
SELECT name FROM emp WHERE dept IN (SELECT id FROM dept WHERE name LIKE 'w%') AND pay > ALL (SELECT 100 * i FROM generate_series(1, 5) i) ORDER BY id
--
WITH RECURSIVE up(id, name, depth) AS (SELECT id, name, 0 FROM emp WHERE boss IS NULL UNION ALL SELECT e.id, e.name, depth + 1 FROM emp e JOIN up ON e.boss = up.id) SELECT depth, count(*) FROM up GROUP BY depth ORDER BY depth
--
WITH raised AS (UPDATE emp SET pay = pay * 1.1 WHERE id <= 3 RETURNING id, name, pay) SELECT * FROM raised ORDER BY id
--
WITH gone AS (DELETE FROM emp WHERE id > 28 RETURNING *) SELECT count(*), sum(pay) FROM gone
--
SELECT name, pay, rank() OVER (PARTITION BY dept ORDER BY pay DESC), lag(pay) OVER w, sum(pay) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM emp WINDOW w AS (ORDER BY id) ORDER BY id
--
SELECT dept, name, sum(pay) FROM emp GROUP BY GROUPING SETS ((dept, name), (dept), ()) ORDER BY dept NULLS LAST, name NULLS LAST LIMIT 12
--
SELECT dept FROM emp UNION SELECT id FROM dept EXCEPT SELECT 2 INTERSECT SELECT 2 ORDER BY 1
--
SELECT DISTINCT ON (dept) dept, name, pay FROM emp ORDER BY dept, pay DESC
--
SELECT x.* FROM dept d CROSS JOIN LATERAL (SELECT name, pay FROM emp e WHERE e.dept = d.id ORDER BY pay LIMIT 2) x ORDER BY 1
--
SELECT CASE WHEN pay > 2000 THEN 'rich' WHEN pay IS NULL THEN 'none' ELSE 'poor' END AS how, count(*) FROM emp GROUP BY 1 ORDER BY 1
--
SELECT e, e.*, (e).name FROM emp e WHERE id = 4
--
SELECT json_agg(d ORDER BY id), jsonb_object_agg(name, id ORDER BY id), array_agg(name ORDER BY id), string_agg(name, ', ' ORDER BY id) FROM dept d
--
SELECT a, b FROM unnest(ARRAY[1,2,3], ARRAY['x','y']) WITH ORDINALITY u(a, b, n) ORDER BY n
--
VALUES (1, 'one'), (2, 'two'), (3, NULL)
--
TABLE dept ORDER BY id
--
SELECT
--
SELECT FROM dept
--
SELECT 1 WHERE false
--
SELECT nope FROM emp
--
SELECT * FROM nowhere
--
SELECT nofunction(1)
--
SELEC 1
--
SELECT 'unterminated
--
SELECT 1 +
--
INSERT INTO dept VALUES (1, 'twice')
--
INSERT INTO dept VALUES (9, NULL)
--
INSERT INTO emp (name, dept) VALUES ('lost', 99)
--
INSERT INTO dept VALUES (4, 'north') ON CONFLICT (id) DO UPDATE SET name = excluded.name RETURNING *
--
INSERT INTO dept VALUES (4, 'south') ON CONFLICT (id) DO UPDATE SET name = excluded.name RETURNING *
--
INSERT INTO dept VALUES (4, 'south') ON CONFLICT DO NOTHING
--
MERGE INTO dept d USING (VALUES (4, 'polar'), (5, 'new')) v(id, name) ON d.id = v.id WHEN MATCHED THEN UPDATE SET name = v.name WHEN NOT MATCHED THEN INSERT VALUES (v.id, v.name)
--
UPDATE emp e SET dept = d.id FROM dept d WHERE d.name = 'polar' AND e.id = 1 RETURNING e.id, d.name
--
DELETE FROM emp USING dept d WHERE emp.dept = d.id AND d.name = 'polar'
--
SELECT * FROM emp FOR UPDATE SKIP LOCKED LIMIT 1
--
EXPLAIN (COSTS OFF) SELECT * FROM dept WHERE id = 1
--
EXPLAIN (COSTS OFF, FORMAT JSON) SELECT count(*) FROM dept
--
SELECT repeat('x', 200000) AS long
--
SELECT i, repeat(chr(65 + i % 26), i) FROM generate_series(1, 300) i
--
TRUNCATE emp
--
DROP TABLE emp, dept
