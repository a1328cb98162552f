/*
 * Every list of every module that the binary has: each sort that is offered, alone and with each
 * equality filter, as a user and as a superuser, is asked of the database with its plan. A list
 * that would sort or walk through a whole table fails here, with the index that is missing. A new
 * module is tried without a line of its own.
 */
#include "testing/stage.h"

#include <stdio.h>
#include <string.h>

#include "app/modules.h"
#include "base/arena.h"
#include "base/str.h"
#include "core/module.h"
#include "core/trace.h"
#include "modules/posts/internal.h"
#include "testing/postgres.h"
#include "testing/store.h"

enum { LISTS_MOST = 64, VALUES_MOST = 16, TEXT_ROOM = 512 };

enum place { SQLITE, SQLITE_ANALYZED, POSTGRES, PLACES };

/* One operation that lists, on one kind of database. */
struct subject {
	const struct operation *op;
	const struct field *list;
	enum place place;
	char sentence[TEXT_ROOM];
};

/* One question to it. */
struct question {
	const struct subject *subject;
	int who;
	const struct field *filter; /* NULL: none */
	const char *value;
	const struct field *sort;
	bool descending;
};

static struct stage stage;

/* ---- what a list offers ---- */

static bool is_sorted_by(const struct field *field)
{
	return field->sort && !field->secret && !field->relation && !field->not_column;
}

static bool is_filtered_by(const struct field *field)
{
	return field->filter & FILTER_EQ && !field->secret && !field->relation &&
	       !field->not_column;
}

/*
 * Whether very many rows may have the same value: then what it finds must come in order. Else it
 * may be sorted.
 */
static bool is_shared(const struct schema *row, const struct field *field)
{
	if (field->choices || field->type == FIELD_BOOL)
		return true;
	for (size_t i = 0; i < row->count; i++) {
		const struct relation *relation = row->fields[i].relation;
		if (relation && relation->kind == BELONGS_TO && str_eq(relation->key, field->name))
			return true;
	}
	return false;
}

static void values_of(const struct field *field, const char *ret[VALUES_MOST])
{
	size_t count = 0;
	switch (field->type) {
	case FIELD_BOOL:
		ret[count++] = "true";
		ret[count++] = "false";
		break;
	case FIELD_INSTANT: ret[count++] = STAGE_TIME; break;
	case FIELD_DATE: ret[count++] = "2026-02-28"; break;
	case FIELD_TEXT:
		for (; field->choices && field->choices[count] && count < VALUES_MOST - 1; count++)
			ret[count] = field->choices[count];
		if (!count)
			ret[count++] = field->format == FORMAT_UUID
					       ? "00000000-0000-0000-0000-000000000000"
					       : "some";
		break;
	default: ret[count++] = "2";
	}
	ret[count] = NULL;
}

/* ---- asking ---- */

/* Members that the operation wants besides what is asked of the list: ids in its path. */
static void add_required(struct buf *json, const struct operation *op)
{
	for (size_t i = 0; i < op->in->count; i++)
		if (op->in->fields[i].required)
			buf_printf(json, ",'%s':%d", op->in->fields[i].name, ADA_ID);
}

static const char *json_of(const struct question *q, const char *cursor)
{
	struct buf json;
	buf_init(&json, stage.scene.c.arena);
	buf_printf(&json, "{'with_total':false,'per_page':1,'sort':'%s%s'",
		   q->descending ? "-" : "", q->sort->name);
	if (q->filter)
		buf_printf(&json, ",'%s':'%s'", q->filter->name, q->value);
	if (cursor)
		buf_printf(&json, ",'cursor':'%s'", cursor);
	add_required(&json, q->subject->op);
	buf_add_char(&json, '}');
	return buf_text(&json);
}

/* Calls it and returns what it asked of the database. */
static const struct trace_statement *ask(const struct subject *s, int who, const char *json,
					 const char **ret_answer)
{
	struct trace *trace = trace_begin(&stage.scene.c);
	enum app_err err = stage_call(&stage, who, s->op, json, ret_answer);
	trace_end(trace);
	if (err)
		fail_msg("%s %s: %s", s->op->name, json, *ret_answer);
	return trace_statements(trace);
}

static bool may_call(const struct operation *op, int who)
{
	ctx_recover(&stage.scene.c);
	stage.scene.c.actor = stage_actor(&stage.scene.c, who);
	return op_authorize(&stage.scene.c, op->access, op->permission) == APP_OK;
}

/* ---- judging ---- */

static int lines_with(const char *plan, const char *part, const char *other)
{
	int found = 0;
	for (const char *at = plan; *at; at += *at == '\n') {
		size_t len = strcspn(at, "\n");
		const char *line = arena_strndup(stage.scene.c.arena, at, len);
		found += strstr(line, part) && strstr(line, other);
		at += len;
	}
	return found;
}

static bool has_line(const char *plan, const char *part, const char *other)
{
	return lines_with(plan, part, other) > 0;
}

/*
 * On PostgreSQL the parts of a list are bounded each, and what they found may be sorted: a page or
 * two.
 */
static bool sorts(const char *plan)
{
	bool has_bounded_parts = has_line(plan, "Append", "") && lines_with(plan, "Limit", "") >= 3;
	return has_line(plan, "TEMP B-TREE", "ORDER BY") ||
	       lines_with(plan, "Sort  (", "") > has_bounded_parts;
}

/* The first table that a statement reads from; in the arena. */
static const char *table_of(const char *sql)
{
	const char *at = strstr(sql, " FROM ");
	while (at && at[strlen(" FROM ")] == '(')
		at = strstr(at + 1, " FROM ");
	assert_non_null(at);
	at += strlen(" FROM ");
	return arena_strndup(stage.scene.c.arena, at, strcspn(at, " "));
}

/*
 * Whether SQLite looks at rows one by one although the statement says which. PostgreSQL weighs that
 * by what rows hold.
 */
static bool walks(const char *sql, const char *plan)
{
	if (store_is_postgres)
		return has_line(plan, "Seq Scan", "");
	return (strstr(sql, " = $") || strstr(sql, " = '")) &&
	       has_line(plan, arena_printf(stage.scene.c.arena, "SCAN %s", table_of(sql)), "");
}

static const char *index_for(const struct question *q, const char *sql)
{
	const char *table = table_of(sql);
	struct buf out;
	buf_init(&out, stage.scene.c.arena);
	buf_printf(&out, "CREATE INDEX … ON %s (", table);
	if (q->filter)
		buf_printf(&out, "%s, ", q->filter->name);
	if (!q->filter || is_shared(q->subject->list->object, q->filter))
		if (q->sort != q->filter && !str_eq(q->sort->name, "id"))
			buf_printf(&out, "%s, ", q->sort->name);
	buf_printf(&out, "id)%s;",
		   strstr(sql, "deleted_at IS NULL") ? " WHERE deleted_at IS NULL" : "");
	return buf_text(&out);
}

static void judge(const struct question *q, const struct trace_statement *at, bool is_first)
{
	if (!strstr(at->sql, " LIMIT "))
		return;
	bool may_sort = q->filter && !is_shared(q->subject->list->object, q->filter);
	bool is_sorted = sorts(at->plan) && !may_sort;
	if (!is_sorted && !(is_first && walks(at->sql, at->plan)))
		return;
	fail_msg("%s sorted by %s%s%s%s%s%s %s.\nAn index for it, after what the list itself asks "
		 "for: %s\n%s\n%s",
		 q->subject->op->name, q->descending ? "-" : "", q->sort->name,
		 q->filter ? " with " : "", q->filter ? q->filter->name : "", q->filter ? "=" : "",
		 q->filter ? q->value : "",
		 is_sorted ? "sorts all that it finds to show one page"
			   : "looks at rows one by one to find those it is asked for",
		 index_for(q, at->sql), at->sql, at->plan);
}

static void judge_all(const struct question *q, const char *cursor, const char **ret_answer)
{
	const struct trace_statement *at = ask(q->subject, q->who, json_of(q, cursor), ret_answer);
	for (; at; at = at->next)
		judge(q, at, !cursor);
}

/* The first page, and the one that its cursor leads to. */
static void judge_pages(const struct question *q)
{
	static const char member[] = "'next_cursor':'";
	const char *answer;
	scene_next(&stage.scene);
	judge_all(q, NULL, &answer);
	const char *cursor = strstr(answer, member);
	if (!cursor)
		return;
	cursor += strlen(member);
	judge_all(q, arena_strndup(stage.scene.c.arena, cursor, strcspn(cursor, "'")), &answer);
}

static void judge_sorts(struct question *q)
{
	const struct schema *row = q->subject->list->object;
	for (size_t i = 0; i < row->count; i++) {
		q->sort = &row->fields[i];
		for (int descending = 0; is_sorted_by(q->sort) && descending < 2; descending++) {
			q->descending = descending;
			judge_pages(q);
		}
	}
}

static void judge_filter(struct question *q)
{
	const char *values[VALUES_MOST];
	values_of(q->filter, values);
	for (size_t i = 0; values[i]; i++) {
		q->value = values[i];
		judge_sorts(q);
	}
}

static void judge_actor(const struct subject *s, int who)
{
	struct question q = { .subject = s, .who = who };
	const struct schema *row = s->list->object;
	judge_sorts(&q);
	for (size_t i = 0; i < row->count; i++) {
		q.filter = &row->fields[i];
		if (is_filtered_by(q.filter))
			judge_filter(&q);
	}
}

/* ---- what it embeds ---- */

static void judge_include(const struct subject *s, int who, const char *name)
{
	const char *answer;
	struct buf json;
	scene_next(&stage.scene);
	buf_init(&json, stage.scene.c.arena);
	buf_printf(&json, "{'with_total':false,'include':'%s'", name);
	add_required(&json, s->op);
	buf_add_char(&json, '}');
	const struct trace_statement *at = ask(s, who, buf_text(&json), &answer);
	for (; at; at = at->next) {
		if (!strstr(at->sql, "croft_owner"))
			continue;
		for (const char *table = strstr(at->sql, " FROM "); table;
		     table = strstr(table + 1, " FROM ")) {
			const char *from = table + strlen(" FROM ");
			const char *scan = arena_printf(stage.scene.c.arena,
							store_is_postgres ? "Seq Scan on %.*s"
									  : "SCAN %.*s",
							(int)strcspn(from, " ("), from);
			if (*from != '(' && has_line(at->plan, scan, ""))
				fail_msg("%s with include=%s reads a whole table\n%s\n%s",
					 s->op->name, name, at->sql, at->plan);
		}
	}
}

static void judge_includes(const struct subject *s, int who)
{
	const struct schema *row = s->list->object;
	for (size_t i = 0; i < row->count; i++)
		if (row->fields[i].relation && !row->fields[i].secret)
			judge_include(s, who, row->fields[i].name);
}

/* ---- rows of the built-in tables, so that pages have a next one ---- */

#define MANY "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "

static const char SQL_USERS[] =
	"INSERT INTO users (username, username_key, email, email_key, is_active, is_superuser,"
	" created_at, updated_at) " MANY
	"SELECT 'user' || i, 'user' || i, 'user' || i || '@example.com', 'user' || i || "
	"'@example.com', i % 50 <> 0, i % 200 = 0, i, i "
	"FROM n";
static const char SQL_POSTS[] =
	"INSERT INTO posts (author_id, title, status, published_at, created_at, updated_at,"
	" deleted_at) " MANY
	"SELECT CASE WHEN i % 3 = 0 THEN 2 ELSE i % 40 + 1 END, 'title ' || (i % 500),"
	" CASE i % 20 WHEN 0 THEN 'archived' WHEN 1 THEN 'draft' WHEN 2 THEN 'draft'"
	" ELSE 'published' END, i * 1000, i * 1000, 3000000 - i, CASE WHEN i % 100 = 7 THEN i END "
	"FROM n";

static void rows_add(void)
{
	stage_exec(&stage, SQL_USERS);
	stage_exec(&stage, SQL_POSTS);
	stage_exec(&stage,
		   "INSERT INTO tags (id, name, name_key) VALUES (1, 'a', 'a'), (2, 'b', 'b')");
	stage_exec(&stage, "INSERT INTO post_tags SELECT id, id % 2 + 1 FROM posts");
}

static void is_led_by_indexes(void **state)
{
	const struct subject *s = *state;
	static const int actors[] = { AS_ADA, AS_ROOT };
	store_is_postgres = s->place == POSTGRES;
	if (store_is_postgres)
		postgres_prefer_indexes();
	stage_open(&stage);
	rows_add();
	if (s->place == SQLITE_ANALYZED)
		stage_exec(&stage, "ANALYZE");
	for (size_t i = 0; i < COUNT_OF(actors); i++) {
		if (!may_call(s->op, actors[i]))
			continue;
		judge_actor(s, actors[i]);
		judge_includes(s, actors[i]);
	}
	stage_close(&stage);
}

/* ---- the rows of this test ---- */

static struct subject subjects[LISTS_MOST];
static struct CMUnitTest rows[LISTS_MOST];
static size_t count;

static void add_row(const struct operation *op, const struct field *list, enum place place)
{
	static const char *const places[PLACES] = { "", ", after ANALYZE", " (postgres)" };
	assert_true(count < LISTS_MOST);
	struct subject *s = &subjects[count];
	*s = (struct subject){ op, list, place, "" };
	snprintf(s->sentence, sizeof(s->sentence),
		 "%s: an index leads each sort with each filter%s", op->name, places[place]);
	rows[count++] = (struct CMUnitTest)ROW_OF(s->sentence, is_led_by_indexes, s);
}

static void add_operation(const struct operation *op)
{
	const struct field *list = op ? schema_list_field(op->in) : NULL;
	for (enum place place = 0; list && place < PLACES; place++)
		add_row(op, list, place);
}

int main(void)
{
	for (const struct module *const *m = app_modules; *m; m++) {
		for (const struct route *r = (*m)->routes; !route_is_end(r); r++)
			add_operation(r->op);
		for (const struct operation *const *op = (*m)->operations; op && *op; op++)
			add_operation(*op);
	}
	return _cmocka_run_group_tests("modules/lists", rows, count, NULL, NULL);
}
