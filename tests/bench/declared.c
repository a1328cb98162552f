/*
 * What a table by declaration costs beside operations written by hand: those of posts, and the same
 * of the same table from one list of columns, in turn, on the database of the settings, which has
 * posts. JSON in, JSON out, CPU time of all threads.
 */
#include "core/columns.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/boot.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "core/app.h"
#include "core/db.h"
#include "modules/posts/internal.h"
#include "modules/users.h"

enum {
	/* calls of one kind before the other has its turn: not in step with the indexing */
	EACH = 37,
	AUTHOR = 2,
	POSTS = 10000, /* of them; at least so many are there */
	LINE = 512,
};

/* ---- posts by declaration ---- */

static const char *const statuses[] = { "draft", "published", "archived", NULL };

struct writer {
	int64_t id;
	const char *username;
};

struct label {
	int64_t id;
	const char *name;
};

SCHEMA(writer,
	FIELD(struct writer, id, .required = true),
	FIELD(struct writer, username, .required = true));

SCHEMA(label,
	FIELD(struct label, id, .required = true),
	FIELD(struct label, name, .required = true));

static const struct model label_model = { .name = "label", .table = "tags", .row = &label_schema };

static const struct relation writer_of_entry = {
	.kind = BELONGS_TO,
	.model = &user_model,
	.key = "author_id",
};

static const struct relation labels_of_entry = {
	.kind = MANY_TO_MANY,
	.model = &label_model,
	.through = "post_tags",
	.through_ours = "post_id",
	.through_theirs = "tag_id",
};

COLUMNS(entry,
	(SEARCHED, title, .min_len = 1, .max_len = 200, .sort = true),
	(TEXT, content, .max_len = 20000, .preset = "", .search = true),
	(TEXT, status, .choices = statuses, .preset = "draft", .filter = FILTER_EQ | FILTER_IN),
	(OWNER, author_id),
	(ONE, author, writer, &writer_of_entry, .required = true),
	(MANY, tags, label, &labels_of_entry),
	(TIME_OR_NULL, published_at, .in = NOT_INPUT, .filter = FILTER_RANGE | FILTER_NULL));

static const struct model entry_model = {
	.name = "entry",
	.table = "posts",
	.row = &entry_schema,
	.soft_delete = true,
	.timestamps = true,
	.fts_table = "posts_fts",
	.fts_column = "search",
};

static enum app_err before_create(struct ctx *c, void *in)
{
	struct entry_create *entry = in;
	bool published = str_eq(entry->status, "published");
	entry->published_at.is = published ? GIVEN : IS_NULL;
	entry->published_at.value = published ? ctx_now(c) : (struct instant){ 0 };
	return APP_OK;
}

static enum app_err before_update(struct ctx *c, const void *row, void *set)
{
	struct entry_set *entry = set;
	if (str_eq(entry->status.value, "published") &&
	    ((const struct entry *)row)->published_at.is != GIVEN)
		entry->published_at = (struct maybe_instant){ GIVEN, ctx_now(c) };
	return APP_OK;
}

CRUD_OPERATIONS(entries, entry, ACCESS_USER, ACCESS_USER, .model = &entry_model,
		.visible = post_visible, .before_create = before_create,
		.before_update = before_update);

/* ---- the calls ---- */

struct bench {
	struct app app;
	struct arena arena;
	struct ctx c;
	struct buf answer;
	int64_t ids[POSTS];
};

/* Of call number `i`: the post it is about, and how its parameter in the path is called. */
struct call {
	int64_t i, id;
	const char *key;
};
typedef void input_fn(char *line, const struct call *in);

static void input_get(char *line, const struct call *in)
{
	snprintf(line, LINE, "{\"%s\":%" PRId64 "}", in->key, in->id);
}

static void input_list(char *line, const struct call *in)
{
	snprintf(line, LINE, "{\"sort\":\"-created_at\",\"page\":%" PRId64 "}", in->i * 7 % 20 + 1);
}

static void input_create(char *line, const struct call *in)
{
	snprintf(line, LINE,
		 "{\"title\":\"Post %" PRId64 " of a bench\",\"status\":\"published\",\"content\":"
		 "\"The quiet machine changes the modern compass. As a rule the early bicycle "
		 "paints the simple meadow rarely.\"}",
		 in->i);
}

static void input_update(char *line, const struct call *in)
{
	snprintf(line, LINE, "{\"%s\":%" PRId64 ",\"title\":\"Changed for the %" PRId64 ". time\"}",
		 in->key, in->id, in->i);
}

struct verb {
	const char *name;
	const struct operation *hand, *declared;
	input_fn *input;
	bool as_superuser; /* of posts that others wrote */
};

static const struct verb verbs[] = {
	{ "get", &posts_get, &entries_get, input_get, true },
	{ "list of 20", &posts_list, &entries_list, input_list, false },
	{ "create", &posts_create, &entries_create, input_create, false },
	{ "update", &posts_update, &entries_update, input_update, true },
};

static void fault_say(const char *line)
{
	fprintf(stderr, "tests/bench/declared: %s\n", line);
}

static void failure_say(const struct ctx *c, enum app_err err)
{
	fault_say(c->failure.cause ? c->failure.cause : ctx_failure_text(c, err));
}

static _Noreturn void die(struct bench *b, enum app_err err, const char *what)
{
	fault_say(what);
	failure_say(&b->c, err);
	exit(1);
}

static void call(struct bench *b, const struct verb *verb, const struct operation *op, int64_t i)
{
	char line[LINE];
	verb->input(line, &(struct call){
				  .i = i,
				  .id = b->ids[i * 7 % POSTS],
				  .key = op == verb->hand ? "post_id" : "id",
			  });
	ctx_recover(&b->c);
	b->c.actor = (struct actor){
		.kind = ACTOR_USER,
		.user_id = AUTHOR,
		.is_superuser = verb->as_superuser,
	};
	buf_init(&b->answer, &b->arena);
	enum app_err err = op_run(&b->c, op, line, strlen(line), &b->answer);
	if (err)
		die(b, err, op->name);
	arena_reset(&b->arena);
}

static const char SQL_IDS[] = "SELECT id FROM posts WHERE deleted_at IS NULL ORDER BY id LIMIT $1";

static void ids_read(struct bench *b)
{
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	size_t count = 0;
	enum app_err err = db_query(&b->c, SQL_IDS, BIND((int64_t)POSTS), &rows);
	while (!err && !(err = db_rows_next(&rows, &has_row)) && has_row)
		b->ids[count++] = db_column_int(&rows, 0);
	if (err || count < POSTS)
		die(b, err, "too few posts");
	arena_reset(&b->arena);
}

/* ---- measuring ---- */

static int64_t clock_ns(clockid_t id)
{
	struct timespec now;
	clock_gettime(id, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static int64_t some_run(struct bench *b, const struct verb *verb, const struct operation *op,
			int64_t from)
{
	int64_t before = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	for (int i = 0; i < EACH; i++)
		call(b, verb, op, from + i);
	return clock_ns(CLOCK_PROCESS_CPUTIME_ID) - before;
}

static void verb_compare(struct bench *b, const struct verb *verb, int64_t seconds)
{
	int64_t hand = 0, declared = 0, calls = 0;
	some_run(b, verb, verb->hand, 0);
	some_run(b, verb, verb->declared, 0);
	int64_t end = clock_ns(CLOCK_MONOTONIC) + seconds * INT64_C(1000000000);
	while (!calls || clock_ns(CLOCK_MONOTONIC) < end) {
		/* other posts each, or the second would find what the first has left warm */
		hand += some_run(b, verb, verb->hand, 2 * calls);
		declared += some_run(b, verb, verb->declared, 2 * calls + EACH);
		calls += EACH;
	}
	printf("%-12s %9.1f %9.1f %6.2f\n", verb->name, (double)hand / (double)calls / 1000,
	       (double)declared / (double)calls / 1000, (double)declared / (double)hand);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	static struct bench b;
	struct boot *boot = NULL;
	const struct boot_report report = { .fault = fault_say, .failure = failure_say };
	if (argc != 2 ||
	    boot_up(&(struct boot_args){ .report = &report, .signs = true }, BOOT_READY, &boot))
		return 2;
	arena_init(&b.arena, 0);
	b.app = *boot_app(boot);
	b.app.authenticator = NULL; /* what an account is now is asked alike by both */
	ctx_init(&b.c, &b.app, &b.arena);
	ids_read(&b);
	printf("%-12s %9s %9s %6s\n", "operation", "by hand", "declared", "ratio");
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		verb_compare(&b, &verbs[i], strtoll(argv[1], NULL, 10));
	arena_done(&b.arena);
	boot_down(boot);
	return 0;
}
