// Tries pgx and its pool; says what it got as cases.py does.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	endless = "SELECT count(*) FROM generate_series(1, 100000000000)"
	held    = "DELETE FROM customers WHERE id < 0 AND name = $1"
)

type work func(ctx context.Context) (any, error)

func connect(ctx context.Context) *pgx.Conn {
	return must(pgx.Connect(ctx, ""))
}

// A failure that is no part of what is tried ends the case.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func code(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return fmt.Sprint(err)
}

func all(ctx context.Context, c *pgx.Conn, sql string, arguments ...any) []string {
	rows := must(c.Query(ctx, sql, arguments...))
	var got []string
	for rows.Next() {
		got = append(got, fmt.Sprint(must(rows.Values())...))
	}
	if rows.Err() != nil {
		panic(rows.Err())
	}
	return got
}

func run(ctx context.Context, c *pgx.Conn, sql string, arguments ...any) {
	must(c.Exec(ctx, sql, arguments...))
}

func typesIn(mode pgx.QueryExecMode, format int16) work {
	return func(ctx context.Context) (any, error) {
		c := connect(ctx)
		defer c.Close(ctx)
		run(ctx, c, "CREATE TABLE pgx_typed (b boolean, s smallint, i integer, l bigint, n numeric(40,10), d double precision,"+
			" t text, y bytea, z timestamptz, u uuid, j jsonb, ia integer[], ta text[], nothing text, iv interval)")
		number := new(big.Int)
		number.SetString("1234567890123456789012345678900123456789", 10)
		instant := time.Date(2024, 2, 29, 23, 59, 59, 123456000, time.UTC)
		bytes := make([]byte, 256)
		for i := range bytes {
			bytes[i] = byte(i)
		}
		var uuid pgtype.UUID
		_ = must(0, uuid.Scan("00112233-4455-6677-8899-aabbccddeeff"))
		one := int32(1)
		run(ctx, c, "INSERT INTO pgx_typed VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
			mode, true, int16(-32768), int32(2147483647), int64(-9223372036854775808),
			pgtype.Numeric{Int: number, Exp: -10, Valid: true}, 0.1, "späße ✓ 'quoted' \\ \"twice\"\n", bytes, instant, uuid,
			`{"a": [1, null, "ü"]}`, []*int32{&one, nil}, []string{"a,b", "c\"d", "", "NULL"}, nil,
			pgtype.Interval{Days: 3, Microseconds: 5, Valid: true})
		rows := must(c.Query(ctx, "SELECT * FROM pgx_typed", pgx.QueryResultFormats{format}))
		var got []string
		for rows.Next() {
			for i, raw := range rows.RawValues() {
				got = append(got, fmt.Sprintf("%d %d %x", rows.FieldDescriptions()[i].DataTypeOID, rows.FieldDescriptions()[i].Format, raw))
			}
			for _, value := range must(rows.Values()) {
				if zoned, is := value.(time.Time); is {
					value = zoned.UTC()
				}
				got = append(got, fmt.Sprintf("%v", value))
			}
		}
		run(ctx, c, "DROP TABLE pgx_typed")
		return got, rows.Err()
	}
}

func prepared(ctx context.Context) (any, error) {
	c := connect(ctx)
	defer c.Close(ctx)
	described := must(c.Prepare(ctx, "twice", "SELECT $1::int * 2, $2::text"))
	got := []string{fmt.Sprint(described.ParamOIDs)}
	for i := range 6 {
		got = append(got, all(ctx, c, "twice", i, fmt.Sprint("n", i))...)
	}
	for _, mode := range []pgx.QueryExecMode{pgx.QueryExecModeCacheDescribe, pgx.QueryExecModeDescribeExec, pgx.QueryExecModeExec, pgx.QueryExecModeSimpleProtocol} {
		got = append(got, all(ctx, c, "SELECT $1::int + 1", mode, 41)...)
	}
	return got, c.DeallocateAll(ctx)
}

func pipeline(ctx context.Context) (any, error) {
	c := connect(ctx)
	defer c.Close(ctx)
	run(ctx, c, "CREATE TABLE pgx_batch (i int PRIMARY KEY)")
	got := []string{}
	batch := &pgx.Batch{}
	for i := range 50 {
		batch.Queue("INSERT INTO pgx_batch VALUES ($1) RETURNING i", i).QueryRow(func(row pgx.Row) error {
			var one int
			err := row.Scan(&one)
			got = append(got, fmt.Sprint(one))
			return err
		})
	}
	got = append(got, fmt.Sprint(c.SendBatch(ctx, batch).Close()))
	failing := &pgx.Batch{}
	failing.Queue("INSERT INTO pgx_batch VALUES (100)")
	failing.Queue("INSERT INTO pgx_batch VALUES (1)")
	failing.Queue("INSERT INTO pgx_batch VALUES (101)")
	got = append(got, code(c.SendBatch(ctx, failing).Close()))
	got = append(got, all(ctx, c, "SELECT count(*) FROM pgx_batch")...)
	// Two segments of one pipeline: the failure of the first leaves the second alone.
	p := c.PgConn().StartPipeline(ctx)
	p.SendQueryParams("SELECT 1/0", nil, nil, nil, nil)
	p.SendPipelineSync()
	p.SendQueryParams("SELECT 'second'", nil, nil, nil, nil)
	p.SendPipelineSync()
	_ = p.Flush()
	for range 6 {
		results, err := p.GetResults()
		if reader, is := results.(*pgconn.ResultReader); is {
			read := reader.Read()
			got = append(got, fmt.Sprintf("%s %v", read.Rows, code(read.Err)))
		} else {
			got = append(got, fmt.Sprintf("%T %s", results, code(err)))
		}
	}
	got = append(got, fmt.Sprint(p.Close()))
	run(ctx, c, "DROP TABLE pgx_batch")
	return got, nil
}

func cursor(ctx context.Context) (any, error) {
	c := connect(ctx)
	defer c.Close(ctx)
	run(ctx, c, "BEGIN")
	run(ctx, c, "DECLARE portion CURSOR FOR SELECT i FROM generate_series(1, 50) i")
	got := all(ctx, c, "FETCH 7 FROM portion")
	run(ctx, c, "MOVE 10 FROM portion")
	got = append(got, all(ctx, c, "FETCH 3 FROM portion")...)
	run(ctx, c, "CLOSE portion")
	run(ctx, c, "COMMIT")
	return got, nil
}

func cancel(ctx context.Context) (any, error) {
	c := connect(ctx)
	defer c.Close(ctx)
	time.AfterFunc(500*time.Millisecond, func() { _ = c.PgConn().CancelRequest(ctx) })
	_, err := c.Exec(ctx, endless)
	return append(all(ctx, c, "SELECT 1"), code(err)), nil
}

func transactionError(ctx context.Context) (any, error) {
	c := connect(ctx)
	defer c.Close(ctx)
	run(ctx, c, "CREATE TABLE pgx_once (i int PRIMARY KEY)")
	got := []string{}
	outer := must(c.Begin(ctx))
	must(outer.Exec(ctx, "INSERT INTO pgx_once VALUES (1)"))
	inner := must(outer.Begin(ctx))
	_, err := inner.Exec(ctx, "INSERT INTO pgx_once VALUES ($1)", 1)
	got = append(got, code(err))
	_, err = inner.Exec(ctx, "SELECT 1")
	got = append(got, code(err), fmt.Sprint(inner.Rollback(ctx)))
	must(outer.Exec(ctx, "INSERT INTO pgx_once VALUES (2)"))
	got = append(got, fmt.Sprint(outer.Commit(ctx)))
	failing := must(c.Begin(ctx))
	_, err = failing.Exec(ctx, "SELECT 1/0")
	got = append(got, code(err), fmt.Sprint(failing.Commit(ctx)))
	got = append(got, all(ctx, c, "SELECT i FROM pgx_once ORDER BY i")...)
	run(ctx, c, "DROP TABLE pgx_once")
	return got, nil
}

func notify(ctx context.Context) (any, error) {
	listening, notifying := connect(ctx), connect(ctx)
	defer listening.Close(ctx)
	defer notifying.Close(ctx)
	run(ctx, listening, "LISTEN pgx_news")
	run(ctx, notifying, "SELECT pg_notify('pgx_news', $1)", "hello")
	got, err := listening.WaitForNotification(ctx)
	if err != nil {
		return nil, err
	}
	return []string{got.Channel, got.Payload}, nil
}

// By the driver's own API, in the transaction that it asks for.
func largeObject(ctx context.Context) (any, error) {
	c := connect(ctx)
	defer c.Close(ctx)
	run(ctx, c, "SET chaperone.intent = 'bulk work'")
	tx := must(c.Begin(ctx))
	objects := tx.LargeObjects()
	oid := must(objects.Create(ctx, 0))
	object := must(objects.Open(ctx, oid, pgx.LargeObjectModeRead|pgx.LargeObjectModeWrite))
	got := []any{must(object.Write([]byte("hello, large object"))), must(object.Seek(7, 0))}
	read := make([]byte, 5)
	got = append(got, must(object.Read(read)), string(read), object.Truncate(4), object.Close(), objects.Unlink(ctx, oid))
	return fmt.Sprint(got...), tx.Commit(ctx)
}

func copyRows(ctx context.Context) (any, error) {
	c := connect(ctx)
	defer c.Close(ctx)
	run(ctx, c, "CREATE TABLE pgx_copied (i int, t text, n numeric)")
	run(ctx, c, "SET chaperone.intent = 'bulk work'")
	rows := [][]any{}
	for i := range 2000 {
		rows = append(rows, []any{i, fmt.Sprint("t ", i, " 'ü'"), i})
	}
	got := []string{fmt.Sprint(must(c.CopyFrom(ctx, pgx.Identifier{"pgx_copied"}, []string{"i", "t", "n"}, pgx.CopyFromRows(rows))))}
	tag, err := c.PgConn().CopyFrom(ctx, strings.NewReader("9000\tx\t1.5\n"), "COPY pgx_copied FROM STDIN")
	got = append(got, tag.String(), code(err))
	var whole strings.Builder
	tag, err = c.PgConn().CopyTo(ctx, &whole, "COPY (SELECT * FROM pgx_copied WHERE i > 1990 ORDER BY i) TO STDOUT (FORMAT csv)")
	got = append(got, tag.String(), code(err), whole.String())
	tag, err = c.PgConn().CopyFrom(ctx, strings.NewReader("one\n"), "COPY pgx_copied FROM STDIN")
	got = append(got, tag.String(), code(err))
	got = append(got, all(ctx, c, "SELECT count(*), sum(i) FROM pgx_copied")...)
	run(ctx, c, "DROP TABLE pgx_copied")
	return got, nil
}

func pool(ctx context.Context) (any, error) {
	config := must(pgxpool.ParseConfig(""))
	config.MaxConns = 4
	config.AfterRelease = func(c *pgx.Conn) bool {
		_, err := c.Exec(context.Background(), "DISCARD ALL", pgx.QueryExecModeSimpleProtocol)
		// The driver's cache speaks of statements that the server has forgotten.
		return err == nil && c.DeallocateAll(context.Background()) == nil
	}
	p := must(pgxpool.NewWithConfig(ctx, config))
	defer p.Close()
	got := make([]int, 20)
	var group sync.WaitGroup
	for i := range got {
		group.Go(func() {
			if err := p.QueryRow(ctx, "SELECT $1::int", i).Scan(&got[i]); err != nil {
				got[i] = -1
			}
		})
	}
	group.Wait()
	return got, p.Ping(ctx)
}

func reset(ctx context.Context) (any, error) {
	c := connect(ctx)
	defer c.Close(ctx)
	var got []string
	for _, statement := range []string{"RESET ALL", "DISCARD ALL"} {
		run(ctx, c, "SET lock_timeout = '5s'")
		run(ctx, c, statement, pgx.QueryExecModeSimpleProtocol)
		got = append(got, all(ctx, c, "SHOW lock_timeout", pgx.QueryExecModeSimpleProtocol)...)
	}
	return got, nil
}

func decided(sql string, arguments ...any) work {
	return func(ctx context.Context) (any, error) {
		config := must(pgx.ParseConfig(""))
		notices := []string{}
		config.OnNotice = func(_ *pgconn.PgConn, notice *pgconn.Notice) { notices = append(notices, notice.Message) }
		c := must(pgx.ConnectConfig(ctx, config))
		defer c.Close(ctx)
		tag, err := c.Exec(ctx, sql, arguments...)
		var e *pgconn.PgError
		if errors.As(err, &e) {
			var one int
			_ = must(0, c.QueryRow(ctx, "SELECT 1").Scan(&one))
			return map[string]any{"sqlstate": e.Code, "detail": json.RawMessage(e.Detail), "message": e.Message, "notices": notices, "after": one}, nil
		}
		return map[string]any{"ran": tag.String(), "notices": notices}, err
	}
}

func masked(ctx context.Context) (any, error) {
	c := connect(ctx)
	defer c.Close(ctx)
	rows := must(c.Query(ctx, "SELECT name, email FROM customers ORDER BY id"))
	var names, emails []*string
	for rows.Next() {
		var name, email *string
		_ = must(0, rows.Scan(&name, &email))
		names, emails = append(names, name), append(emails, email)
	}
	return map[string]any{"names": names, "emails": emails}, rows.Err()
}

func report(name string, do work) {
	line := map[string]any{"case": name}
	defer func() {
		if failure := recover(); failure != nil {
			line["failed"] = fmt.Sprint(failure)
		}
		fmt.Println(string(must(json.Marshal(line))))
	}()
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	got, err := do(ctx)
	if err != nil {
		line["failed"] = err.Error()
	} else {
		line["got"] = got
	}
}

func main() {
	if len(os.Args) != 1 {
		fmt.Fprintln(os.Stderr, "takes no arguments; libpq's environment variables say where to connect")
		os.Exit(2)
	}
	report("types_text", typesIn(pgx.QueryExecModeExec, pgx.TextFormatCode))
	report("types_binary", typesIn(pgx.QueryExecModeCacheStatement, pgx.BinaryFormatCode))
	report("prepared", prepared)
	report("pipeline", pipeline)
	report("cursor", cursor)
	report("cancel", cancel)
	report("transaction_error", transactionError)
	report("notify", notify)
	report("large_object", largeObject)
	report("copy", copyRows)
	report("pool", pool)
	report("reset", reset)
	report("policy_granted", decided(held, "grant me"))
	report("policy_refused", decided(held, "refuse me"))
	report("policy_pending", decided("DELETE FROM kept WHERE id < 0"))
	report("policy_denied", decided("SELECT k FROM vault.keys"))
	report("policy_masked", masked)
}
