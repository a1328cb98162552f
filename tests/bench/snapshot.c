/*
 * What it costs that all reads of a request are of one state of the database: the same queries
 * between db_reads_begin() and db_reads_end() and without them, in turn, on one thread. Wall time,
 * and CPU time of this process and, on PostgreSQL, of the server's process that answers it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "core/app.h"
#include "core/db.h"

enum {
	ROWS = 10000,
	PER_PAGE = 20,
	EACH = 100, /* requests of one kind before the other has its turn */
	READS_MOST = 3,
};

static const char SQL_TABLE[] =
	"CREATE TABLE bench_rows (id bigint PRIMARY KEY, name text NOT NULL);"
	"INSERT INTO bench_rows (id, name) WITH RECURSIVE n(i) AS "
	"(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) SELECT i, 'A name' FROM n;";
static const char SQL_ONE[] = "SELECT id, name FROM bench_rows WHERE id = $1";
static const char SQL_PAGE[] = "SELECT id, name FROM bench_rows WHERE id > $1 ORDER BY id LIMIT $2";
static const char SQL_BACKEND[] = "SELECT pg_backend_pid()";

struct bench {
	struct app app;
	struct arena arena;
	struct ctx c;
	int64_t server; /* its process; 0: there is none */
};

struct cost {
	int64_t requests, wall_ns, client_ns, server_ns;
};

static _Noreturn void die(struct bench *b, enum app_err err)
{
	const char *why = b->c.failure.cause ? b->c.failure.cause : ctx_failure_text(&b->c, err);
	fprintf(stderr, "tests/bench/snapshot: %s\n", why);
	exit(1);
}

/* ---- the work ---- */

static enum app_err make_table(struct ctx *c, void *unused)
{
	(void)unused;
	return db_script(c, SQL_TABLE, sizeof(SQL_TABLE) - 1, 1);
}

/* Returns the first column of the last row. */
static int64_t rows_read(struct bench *b, const char *sql, struct db_binds binds)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	int64_t last = 0;
	enum app_err err = db_query(&b->c, sql, binds, &rows);
	while (!err && !(err = db_rows_next(&rows, &has_row)) && has_row)
		last = db_column_int(&rows, 0);
	if (err)
		die(b, err);
	return last;
}

/* Rows by their key, as of a token and its account, and then a page. */
static void request(struct bench *b, int reads, bool together)
{
	int64_t id = rand() % (ROWS - PER_PAGE) + 1;
	if (together)
		db_reads_begin(b->app.db);
	for (int i = 0; i < reads; i++) {
		if (i < READS_MOST - 1)
			rows_read(b, SQL_ONE, BIND(id));
		else
			rows_read(b, SQL_PAGE, BIND(id, (int64_t)PER_PAGE));
	}
	if (together)
		db_reads_end(b->app.db);
	arena_reset(&b->arena);
}

/* ---- measuring ---- */

static int64_t clock_ns(clockid_t id)
{
	struct timespec now;
	clock_gettime(id, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* The first number of schedstat: nanoseconds on a CPU. */
static int64_t server_ns(const struct bench *b)
{
	char path[64], line[128];
	if (!b->server)
		return 0;
	snprintf(path, sizeof(path), "/proc/%" PRId64 "/schedstat", b->server);
	FILE *file = fopen(path, "r");
	bool ok = file && fgets(line, sizeof(line), file);
	if (file)
		fclose(file);
	return ok ? strtoll(line, NULL, 10) : 0;
}

static void some_run(struct bench *b, int reads, bool together, struct cost *cost)
{
	int64_t wall = clock_ns(CLOCK_MONOTONIC), client = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	int64_t server = server_ns(b);
	for (int i = 0; i < EACH; i++)
		request(b, reads, together);
	cost->wall_ns += clock_ns(CLOCK_MONOTONIC) - wall;
	cost->client_ns += clock_ns(CLOCK_PROCESS_CPUTIME_ID) - client;
	cost->server_ns += server_ns(b) - server;
	cost->requests += EACH;
}

static double us(int64_t ns, const struct cost *cost)
{
	return (double)ns / (double)cost->requests / 1000;
}

static void row_print(int reads, const struct cost *alone, const struct cost *together)
{
	printf("%-8d %8.1f %9.1f %6.2f", reads, us(alone->wall_ns, alone),
	       us(together->wall_ns, together), (double)together->wall_ns / (double)alone->wall_ns);
	printf(" %11.1f %9.1f %6.2f", us(alone->client_ns, alone),
	       us(together->client_ns, together),
	       (double)together->client_ns / (double)alone->client_ns);
	if (alone->server_ns)
		printf(" %11.1f %9.1f %6.2f", us(alone->server_ns, alone),
		       us(together->server_ns, together),
		       (double)together->server_ns / (double)alone->server_ns);
	putchar('\n');
}

static void reads_compare(struct bench *b, int reads, int64_t seconds)
{
	struct cost alone = { 0 }, together = { 0 }, warm = { 0 };
	some_run(b, reads, false, &warm);
	some_run(b, reads, true, &warm);
	while (alone.wall_ns + together.wall_ns < seconds * INT64_C(1000000000)) {
		some_run(b, reads, false, &alone);
		some_run(b, reads, true, &together);
	}
	row_print(reads, &alone, &together);
}

int main(int argc, char **argv)
{
	struct bench b = { 0 };
	if (argc != 3)
		return 2;
	/* one connection for the reads, so that one process of the server answers all of them */
	struct db_options options = { .url = argv[1], .pool_min = 1, .pool_max = 1 };
	arena_init(&b.arena, 0);
	ctx_init(&b.c, &b.app, &b.arena);
	enum app_err err = db_open(&b.c, &options, &b.app.db);
	if (!err)
		err = db_write_slow(&b.c, make_table, NULL);
	if (err)
		die(&b, err);
	if (db_may_block(b.app.db))
		b.server = rows_read(&b, SQL_BACKEND, BIND());
	printf("%-8s %8s %9s %6s %11s %9s %6s", "reads", "alone", "together", "ratio", "CPU alone",
	       "together", "ratio");
	puts(b.server ? " server alone  together  ratio" : "");
	for (int reads = 1; reads <= READS_MOST; reads++)
		reads_compare(&b, reads, strtoll(argv[2], NULL, 10));
	db_close(b.app.db);
	arena_done(&b.arena);
	return 0;
}
