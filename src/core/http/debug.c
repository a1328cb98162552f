/*
 * A fault of the program, told to its author: where it happened, why, and in which statement. The
 * texts are those of the log, which hold no values; see struct failure.
 */
#include "debug.h"

#include <string.h>

#include "core/app.h"
#include "core/json.h"
#include "exchange.h"
#include "server.h"

enum { FACTS_MAX = 5 };

struct fact {
	const char *name, *value;
};

/* Ours, and in the build: a style sheet. Nothing else loads, and nothing runs. */
static const char page_csp[] = "default-src 'none'; style-src 'self'; base-uri 'none'; "
			       "form-action 'none'; frame-ancestors 'none'";

bool debug_tells(const struct http_exchange *x, enum app_err err)
{
	return x->server->app->options->environment == ENV_LOCAL && app_err_status(err) == 500;
}

/* As its author wrote it: what a client put in the place of {names} is not told. */
static const char *route_text(struct http_exchange *x)
{
	return x->entry ? arena_printf(&x->arena, "%s %s", x->method_text, x->entry->path) : NULL;
}

static void facts_of(struct http_exchange *x, enum app_err err, struct fact facts[FACTS_MAX])
{
	static const struct failure none = { 0 };
	const struct failure *failure = x->c.failure.err == err ? &x->c.failure : &none;
	const char *place = failure->file
				    ? arena_printf(&x->arena, "%s:%d", failure->file, failure->line)
				    : NULL;
	facts[0] = (struct fact){ "cause", failure->cause ? failure->cause : failure->text };
	facts[1] = (struct fact){ "statement", failure->statement };
	facts[2] = (struct fact){ "place", place };
	facts[3] = (struct fact){ "operation", x->op ? x->op->name : NULL };
	facts[4] = (struct fact){ "route", route_text(x) };
}

void debug_add_member(struct http_exchange *x, enum app_err err, struct buf *out)
{
	struct fact facts[FACTS_MAX];
	const char *comma = "";
	facts_of(x, err, facts);
	buf_add_lit(out, ",\"debug\":{");
	for (size_t i = 0; i < FACTS_MAX; i++) {
		if (!facts[i].value)
			continue;
		buf_printf(out, "%s\"%s\":", comma, facts[i].name);
		json_add_text(out, facts[i].value, strlen(facts[i].value));
		comma = ",";
	}
	buf_add_char(out, '}');
}

/* ---- the page ---- */

static void add_escaped(struct buf *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&': buf_add_lit(out, "&amp;"); break;
		case '<': buf_add_lit(out, "&lt;"); break;
		case '>': buf_add_lit(out, "&gt;"); break;
		case '"': buf_add_lit(out, "&quot;"); break;
		case '\'': buf_add_lit(out, "&#39;"); break;
		default: buf_add_char(out, *text);
		}
	}
}

static void add_fact(struct buf *out, const char *name, const char *value)
{
	if (!value)
		return;
	buf_printf(out, "<h2>%s</h2>\n<pre>", name);
	add_escaped(out, value);
	buf_add_lit(out, "</pre>\n");
}

void debug_answer_page(struct http_exchange *x, enum app_err err)
{
	struct fact facts[FACTS_MAX];
	struct buf out;
	facts_of(x, err, facts);
	buf_init(&out, &x->arena);
	buf_printf(&out,
		   "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
		   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		   "<title>500 Internal Server Error</title>\n"
		   "<link rel=\"stylesheet\" href=\"%s/croft.css\">\n<main>\n"
		   "<h1>Internal Server Error</h1>\n"
		   "<p class=\"about\">Shown because app.environment is local; elsewhere the "
		   "log alone says it.</p>\n",
		   x->server->options.root_path);
	for (size_t i = 0; i < FACTS_MAX; i++)
		add_fact(&out, facts[i].name, facts[i].value);
	add_fact(&out, "request id", x->request_id);
	buf_add_lit(&out, "</main>\n</html>\n");
	x->answer.type = "text/html; charset=utf-8";
	x->answer.csp = page_csp;
	x->answer.body = out.data;
	x->answer.len = out.len;
}
