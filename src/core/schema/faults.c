/*
 * The list of faults of one bind, in the shape of the FastAPI contract. What is wrong is decided
 * elsewhere.
 */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "internal.h"

/* ---- locations ---- */

enum { PLACE_NAME_MAX = 200 };

static void add_name(struct buf *out, const char *name)
{
	/* A client's own may be long. */
	json_add_text(out, name, str_utf8_cut(name, strlen(name), PLACE_NAME_MAX));
}

static void add_place(struct buf *out, const struct place *at)
{
	if (at->up) {
		add_place(out, at->up);
		buf_add_char(out, ',');
	}
	if (at->name)
		add_name(out, at->name);
	else
		buf_add_int(out, (int64_t)at->index);
}

static const char *place_text(struct arena *arena, const struct place *at)
{
	struct buf out;
	buf_init(&out, arena);
	buf_add_char(&out, '[');
	add_place(&out, at);
	buf_add_char(&out, ']');
	return buf_text(&out);
}

/* ---- the list ---- */

bool faults_are_full(const struct binder *b)
{
	return b->faults >= FIELD_FAULTS_MAX;
}

static void fault_append(struct binder *b, struct field_fault *fault)
{
	if (b->last)
		b->last->next = fault;
	else
		b->first = fault;
	b->last = fault;
	b->faults++;
}

static const char *subject_echo(struct binder *b, const struct subject *s)
{
	if (s->secret)
		return NULL;
	if (s->echo)
		return s->echo;
	if (s->node.item)
		return echo_node(b, s->node);
	return s->text ? echo_text(b, s->text, s->len) : "null";
}

void fault_add(struct binder *b, const struct subject *s, const char *type, const char *ctx,
	       const char *format, ...)
{
	if (faults_are_full(b))
		return;
	struct field_fault *fault = arena_zero(b->c->arena, sizeof(*fault));
	va_list args;
	va_start(args, format);
	fault->msg = arena_vprintf(b->c->arena, format, args);
	va_end(args);
	fault->type = type;
	fault->loc = place_text(b->c->arena, s->at);
	fault->input = subject_echo(b, s);
	fault->ctx = ctx;
	fault_append(b, fault);
}

void fault_missing(struct binder *b, const struct place *at, const char *echo)
{
	struct subject s = { .at = at, .echo = echo };
	fault_add(b, &s, "missing", NULL, "Field required");
}

void fault_extra(struct binder *b, const struct subject *s)
{
	struct subject shown = *s;
	if (s->at->name && echo_hides(b, s->at->name))
		shown.secret = true;
	fault_add(b, &shown, "extra_forbidden", NULL, "Extra inputs are not permitted");
}

const char *fault_ctx(struct binder *b, const char *key, const char *text)
{
	struct buf out;
	buf_init(&out, b->c->arena);
	buf_printf(&out, "{\"%s\":", key);
	json_add_text(&out, text, strlen(text));
	buf_add_char(&out, '}');
	return buf_text(&out);
}

/* ["body","title"] → body.title: how a location reads in a sentence. */
static const char *loc_in_words(struct arena *arena, const char *loc)
{
	char *words = arena_strdup(arena, loc), *out = words;
	for (const char *at = loc; *at; at++)
		if (!strchr("[]\"", *at))
			*out++ = *at == ',' ? '.' : *at;
	*out = '\0';
	return words;
}

enum app_err faults_finish(struct binder *b)
{
	struct ctx *c = b->c;
	if (!b->first)
		return APP_OK;
	if (c->failure.err)
		return APP_INVALID;
	enum app_err err = ctx_fail(c, APP_INVALID, "%s: %s%s",
				    loc_in_words(c->arena, b->first->loc), b->first->msg,
				    b->faults > 1 ? " (and more)" : "");
	c->failure.fields = b->first;
	return err;
}

/* ---- for everyone ---- */

/*
 * The list so far, when what failed before is such a list too. The faults were made by us, so they
 * may change.
 */
static void binder_resume(struct binder *b)
{
	if (b->c->failure.err != APP_INVALID)
		return;
	b->first = (struct field_fault *)(uintptr_t)b->c->failure.fields;
	for (struct field_fault *at = b->first; at;
	     at = (struct field_fault *)(uintptr_t)at->next) {
		b->last = at;
		b->faults++;
	}
}

enum app_err schema_fault(struct ctx *c, const char *where, const char *name, const char *format,
			  ...)
{
	struct binder b = { .c = c };
	struct place root = { .name = where }, member = { .up = &root, .name = name };
	struct subject s = { .at = name ? &member : &root, .secret = true };
	va_list args;
	va_start(args, format);
	const char *text = arena_vprintf(c->arena, format, args);
	va_end(args);
	binder_resume(&b);
	fault_add(&b, &s, "value_error", "{\"error\":{}}", "Value error, %s", text);
	if (c->failure.err == APP_INVALID && c->failure.fields)
		return APP_INVALID;
	return faults_finish(&b);
}

static void fault_render(const struct field_fault *fault, struct buf *out)
{
	buf_add_lit(out, "{\"type\":");
	json_add_text(out, fault->type, strlen(fault->type));
	buf_add_lit(out, ",\"loc\":");
	buf_add_text(out, fault->loc);
	buf_add_lit(out, ",\"msg\":");
	json_add_text(out, fault->msg, strlen(fault->msg));
	if (fault->input) {
		buf_add_lit(out, ",\"input\":");
		buf_add_text(out, fault->input);
	}
	if (fault->ctx) {
		buf_add_lit(out, ",\"ctx\":");
		buf_add_text(out, fault->ctx);
	}
	buf_add_char(out, '}');
}

void schema_faults_render(const struct field_fault *faults, struct buf *out)
{
	buf_add_char(out, '[');
	for (const struct field_fault *fault = faults; fault; fault = fault->next) {
		if (fault != faults)
			buf_add_char(out, ',');
		fault_render(fault, out);
	}
	buf_add_char(out, ']');
}
