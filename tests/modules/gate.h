/*
 * A server on each database with root, Ada and Bob, whom rows ask as; and all rows of all tables,
 * to see what has changed. What is answered is looked at on the way. For programs that try all
 * routes: see modules/routes.h.
 */
#ifndef CROFT_TESTS_MODULES_GATE_H
#define CROFT_TESTS_MODULES_GATE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/config.h"
#include "core/dialect.h"
#include "testing/client.h"
#include "testing/stage.h"
#include "testing/store.h"

enum { GATES = 2, GATE_THINGS = 16 };
enum gate_who { BY_NOBODY, BY_ADA, BY_BOB, BY_ROOT, GATE_PEOPLE };

/* It is in what is Bob's alone: his e-mail, his name, his draft. No answer to Ada has it. */
#define GATE_MARK "bobsownword"
#define GATE_PASSWORD "engine of brass"

struct gate {
	const char *database;
	/* The same database, without the server: for looking at rows. */
	struct stage stage;
	struct server server;
	char token[GATE_PEOPLE][512];
	/* What is Bob's, once it is there: see modules/routes.h. */
	struct gate_thing {
		char parameter[64];
		long id;
	} things[GATE_THINGS];
	size_t thing_count;
};
static struct gate gates[GATES] = { { .database = "SQLite" }, { .database = "PostgreSQL" } };

/* How many answers there were; and the first that had what none may have, or NULL. */
static long gate_answers;
static char *gate_leak;

/* ---- asking ---- */

static inline void gate_look(const char *method, const char *target, const struct reply *reply)
{
	static const char *const never[] = { "$argon2", "\"password_hash\":" };
	gate_answers++;
	for (size_t i = 0; i < COUNT_OF(never); i++) {
		bool has = strstr(reply->body, never[i]) ||
			   (reply->head && strstr(reply->head, never[i]));
		if (has && !gate_leak &&
		    asprintf(&gate_leak, "%s %s: %s", method, target, reply->body) < 0)
			abort();
	}
}

static inline struct reply gate_ask(const struct gate *gate, enum gate_who who,
				    const struct request *request)
{
	struct reply reply;
	struct request whole = *request;
	whole.token = who == BY_NOBODY ? NULL : gate->token[who];
	client_call(&gate->server, &whole, &reply);
	gate_look(request->method, request->target, &reply);
	return reply;
}

static inline struct reply gate_must(const struct gate *gate, enum gate_who who,
				     const struct request *request, int status)
{
	struct reply reply = gate_ask(gate, who, request);
	if (reply.status != status)
		fail_msg("%s: %s %s %s: %d, not %d: %s", gate->database, request->method,
			 request->target, request->body ? request->body : "", reply.status, status,
			 reply.body);
	return reply;
}

/* ---- opening ---- */

static inline void gate_sign_in(struct gate *gate, enum gate_who who, const char *name)
{
	char body[128];
	snprintf(body, sizeof(body), "{'login':'%s','password':'" GATE_PASSWORD "'}", name);
	struct reply reply = gate_must(
		gate, BY_NOBODY,
		&(struct request){ "POST", "/api/v1/auth/login", NULL, body, NULL }, 200);
	reply_text(&reply, "access_token", gate->token[who], sizeof(gate->token[who]));
	reply_done(&reply);
}

static inline void gate_account(struct gate *gate, enum gate_who who, const char *name,
				const char *mark)
{
	char body[256];
	snprintf(body, sizeof(body),
		 "{'username':'%s','email':'%s@example.com','full_name':'%s',"
		 "'password':'" GATE_PASSWORD "'}",
		 name, mark, mark);
	struct reply reply = gate_must(
		gate, BY_ROOT, &(struct request){ "POST", "/api/v1/users", NULL, body, NULL }, 201);
	reply_done(&reply);
	gate_sign_in(gate, who, name);
}

static inline void gate_open(struct gate *gate)
{
	stage_open_empty(&gate->stage, NULL);
	struct ctx *c = &gate->stage.scene.c;
	const struct db_options *options = config_group(c->app->config, &db_option_group);
	const char *url = arena_printf(c->arena, "database.url=%s", options->url);
	server_start(&gate->server, (const char *const[]){ url, "auth.cookies=true", NULL });
	server_sign_in(&gate->server);
	strcpy(gate->token[BY_ROOT], gate->server.token);
	gate_account(gate, BY_ADA, "ada", "ada");
	gate_account(gate, BY_BOB, "bob", GATE_MARK);
}

static inline int gates_open(void **state)
{
	(void)state;
	gate_open(&gates[0]);
	store_is_postgres = true;
	gate_open(&gates[1]);
	return 0;
}

static inline int gates_close(void **state)
{
	(void)state;
	for (size_t i = 0; i < GATES; i++) {
		server_end(&gates[i].server);
		stage_close(&gates[i].stage);
	}
	free(gate_leak);
	return 0;
}

/* ---- all rows of all tables ---- */

/* What was refused has a row of its own, a second later. */
#define REFUSED_ASIDE " WHERE outcome = 'ok'"

struct gate_rows {
	const char **at;
	size_t count;
};

static inline void gate_column(struct buf *out, const struct db_rows *rows, int column)
{
	size_t len = 0;
	const char *text;
	buf_printf(out, " %s=", db_column_name(rows, column));
	switch (db_column_type(rows, column)) {
	case DB_NULL: buf_add_text(out, "null"); break;
	case DB_BOOL:
	case DB_INT: buf_printf(out, "%lld", (long long)db_column_int(rows, column)); break;
	case DB_REAL: buf_printf(out, "%.17g", db_column_real(rows, column)); break;
	default:
		text = db_column_text(rows, column, &len);
		for (size_t i = 0; i < len; i++)
			buf_printf(out, text[i] > ' ' && text[i] < 127 ? "%c" : "\\%02x",
				   (unsigned char)text[i]);
	}
}

static inline void gate_add_row(struct gate *gate, struct gate_rows *all, const char *text)
{
	all->at = arena_grow(gate->stage.scene.c.arena, all->at, all->count * sizeof(*all->at),
			     (all->count + 1) * sizeof(*all->at));
	all->at[all->count++] = text;
}

/* Each row of what it asks for as a text; of a list of names, with `table` NULL, the name alone. */
static inline void gate_read(struct gate *gate, const char *sql, const char *table,
			     struct gate_rows *ret)
{
	struct ctx *c = &gate->stage.scene.c;
	AUTO(db_rows) rows = { 0 };
	bool has_row = false;
	stage_ok(&gate->stage, db_query(c, sql, BIND(), &rows));
	for (;;) {
		struct buf out;
		stage_ok(&gate->stage, db_rows_next(&rows, &has_row));
		if (!has_row)
			return;
		if (!table) {
			gate_add_row(gate, ret,
				     arena_strdup(c->arena, db_column_text(&rows, 0, NULL)));
			continue;
		}
		buf_init(&out, c->arena);
		buf_add_text(&out, table);
		for (int i = 0; i < db_column_count(&rows); i++)
			gate_column(&out, &rows, i);
		gate_add_row(gate, ret, buf_text(&out));
	}
}

static inline int gate_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Both databases have the same tables; SQLite tells which. */
static inline struct gate_rows gate_rows(struct gate *gate)
{
	struct ctx *c = &gate->stage.scene.c;
	struct gate_rows tables = { 0 }, all = { 0 };
	const struct db_dialect *dialect = db_dialect(&gates[0].stage.scene.c);
	gate_read(&gates[0], dialect->catalog->tables, NULL, &tables);
	for (size_t i = 0; i < tables.count; i++)
		gate_read(gate,
			  arena_printf(c->arena, "SELECT * FROM %s%s", tables.at[i],
				       str_eq(tables.at[i], "audit") ? REFUSED_ASIDE : ""),
			  tables.at[i], &all);
	qsort(all.at, all.count, sizeof(*all.at), gate_compare);
	return all;
}

/* Fails the row unless all is as it was. */
static inline void gate_same(struct gate *gate, const struct gate_rows *before, const char *after)
{
	struct gate_rows now = gate_rows(gate);
	for (size_t i = 0; i < before->count || i < now.count; i++) {
		const char *was = i < before->count ? before->at[i] : "nothing";
		const char *is = i < now.count ? now.at[i] : "nothing";
		if (strcmp(was, is) != 0)
			fail_msg("%s: %s has changed rows. Before:\n%s\nand now:\n%s",
				 gate->database, after, was, is);
	}
}

#endif
