/*
 * A database whose tables are not those of the modules: whoever starts on it is told so, and
 * nothing is served. What mends it goes on.
 */
#include "database.h"

#include <stdio.h>

#include "testing/postgres.h"

#define SQL_LACKING \
	"DROP INDEX posts_published_idx; ALTER TABLE posts DROP COLUMN published_at;" \
	"DROP TABLE post_tags"
#define SAYS_LACKING \
	"The tables of the database are not those of the models. Model post: the table posts has " \
	"no column published_at. Model post: there is no table post_tags. Write the migration " \
	"that is missing (croft migrate new NAME --auto), apply it (croft migrate up), or set " \
	"the model right."

enum { FAILED = 1 };

struct fixture {
	struct program p;
	char set[POSTGRES_URL_ROOM + 32]; /* database.url */
};

static void fixture_open(struct fixture *f, bool is_postgres)
{
	char url[POSTGRES_URL_ROOM] = "sqlite:data/croft.db";
	program_open(&f->p);
	if (is_postgres)
		postgres_database(url);
	snprintf(f->set, sizeof(f->set), "database.url=%s", url);
	program(&f->p, "--set", f->set, "migrate", "up");
	program_assert_code(&f->p, 0);
	if (is_postgres)
		postgres_sql(url, SQL_LACKING);
	else
		change(&f->p, "data/croft.db", SQL_LACKING);
}

static void a_start_is_refused(void **state)
{
	struct fixture f;
	fixture_open(&f, *state);
	program(&f.p, "--set", f.set, "--set", "server.port=0", "serve");
	program_assert_code(&f.p, FAILED);
	text_assert_has(f.p.err, SAYS_LACKING);
	program_close(&f.p);
}

static void a_command_is_refused(void **state)
{
	struct fixture f;
	fixture_open(&f, *state);
	program(&f.p, "--set", f.set, "run", "users.list", "{}");
	program_assert_code(&f.p, FAILED);
	text_assert_has(f.p.err, SAYS_LACKING);
	program_close(&f.p);
}

static void migrations_go_on(void **state)
{
	struct fixture f;
	fixture_open(&f, *state);
	program(&f.p, "--set", f.set, "migrate", "status");
	program_assert_code(&f.p, 0);
	program_close(&f.p);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("a start is refused, and all that is missing named", a_start_is_refused),
		ROW_OF("on PostgreSQL, too", a_start_is_refused, "postgres"),
		ROW("a command that runs an operation is refused", a_command_is_refused),
		ROW_OF("a command is refused on PostgreSQL, too", a_command_is_refused, "postgres"),
		ROW("migrations, which mend it, go on", migrations_go_on),
		ROW_OF("migrations go on on PostgreSQL, too", migrations_go_on, "postgres"),
	};
	return rows_run("cli/tables", rows, COUNT_OF(rows));
}
