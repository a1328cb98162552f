/*
 * A made-up API of three versions, for tests of them: the second changes how one note is read and
 * has news, the third lists notes otherwise and deletes none.
 */
#ifndef CROFT_TESTS_CORE_ROUTER_NOTES_H
#define CROFT_TESTS_CORE_ROUTER_NOTES_H

#include "core/module.h"
#include "core/op.h"
#include "core/route.h"
#include "core/schema.h"

struct note_ref {
	int64_t note_id;
};
struct note_id {
	int64_t id;
};
struct note {
	int64_t id;
	const char *text;
};
/* Two of one name: no document has both. */
SCHEMA(note,
	FIELD(struct note, id, .required = true),
	FIELD(struct note, text, .required = true));
SCHEMA_OF(title_schema, "note", struct note, FIELD(struct note, id, .required = true));
SCHEMA_OF(made_schema, "made", struct note, FIELD(struct note, id, .required = true));
SCHEMA(note_ref, FIELD(struct note_ref, note_id, .in = IN_PATH));
SCHEMA(note_id, FIELD(struct note_id, id, .in = IN_PATH));

static enum app_err give_note(struct ctx *c, void *in, void *ret)
{
	(void)c, (void)in;
	*(struct note *)ret = (struct note){ 7, "T" };
	return APP_OK;
}

static enum app_err give_none(struct ctx *c, void *in, void *ret)
{
	(void)in, (void)ret;
	return ctx_fail(c, APP_NOT_FOUND, "there is no such note");
}

#define NOTE_OP(name_, run_, ...) \
	{ \
		.name = name_, .access = ACCESS_PUBLIC, .light = true, .run = run_, __VA_ARGS__ \
	}
static const struct operation list_1 = NOTE_OP("notes.list_1", give_note, .out = &made_schema);
static const struct operation list_3 = NOTE_OP("notes.list_3", give_note, .out = &made_schema);
static const struct operation get_1 = NOTE_OP("notes.get_1", give_note, .in = &note_id_schema,
					      .out = &note_schema);
static const struct operation get_2 = NOTE_OP("notes.get_2", give_none, .in = &note_ref_schema,
					      .out = &title_schema);
static const struct operation make = NOTE_OP("notes.make", give_note, .out = &made_schema);
static const struct operation make_2 = NOTE_OP("notes.make_2", give_note, .out = &made_schema);
static const struct operation drop = NOTE_OP("notes.drop", give_none, .in = &note_ref_schema,
					     .kind = COMMAND);
static const struct operation read_news = NOTE_OP("notes.read_news", give_none, .kind = QUERY);
static const struct operation ping = NOTE_OP("notes.ping", give_none, .kind = QUERY);

static const struct route notes_routes[] = {
	{ GET, "/notes", .op = &list_1 },
	{ POST, "/notes", &make, .status = 201, .deprecated = "2026-06-30" },
	{ GET, "/notes/{id}", .op = &get_1 },
	{ DELETE, "/notes/{note_id}", &drop, .status = 204, .last_version = 2 },
	{ GET, "/ping", &ping, .root = true },
	{ GET, "/notes/{note_id}", &get_2, .version = 2 },
	{ POST, "/notes", &make_2, .status = 201, .version = 2 },
	{ GET, "/notes", &list_3, .version = 3 },
	{ 0 },
};
static const struct api_version notes_versions[] = API_VERSIONS(
	{ 1, .deprecated = "2027-01-01", .sunset = "2027-07-01" },
	{ 2, .deprecated = "2028-02-29" });
static const struct module notes_module = {
	.name = "notes",
	.doc = "What was noted.",
	.routes = notes_routes,
	.versions = notes_versions,
};
static const struct route news_routes[] = { { GET, "/news", .op = &read_news }, { 0 } };
static const struct module news_module = {
	.name = "news",
	.doc = "What is new.",
	.version = 2,
	.routes = news_routes,
};
static const struct module *const notes_modules[] = { &notes_module, &news_module, NULL };

#endif
