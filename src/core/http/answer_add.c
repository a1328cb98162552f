/*
 * Adding headers to an answer. There is room for all that the tables of modules can ask for, and
 * the start refuses tables that ask for more; what their functions add is counted as it comes.
 */
#include "answer_add.h"

#include <string.h>

#include "base/str.h"
#include "exchange.h"
#include "mark.h"

enum {
	/* Those of stages over the answer, of an error, of limits, of the coding of the body. */
	LATER_HEADERS = ROUTER_SETS_MAX + 7,
	/* Those until the work is done. */
	WORK_HEADERS = ANSWER_HEADERS_MAX - LATER_HEADERS,
};

/*
 * RFC 9110 §5.5: no value has control bytes but the tab. The library refuses CR and LF, and the
 * whole answer with them; the others it would send.
 */
static const char *header_value(struct arena *arena, const char *value)
{
	size_t len = strlen(value);
	if (!str_has_control(value, len))
		return value;
	char *clean = arena_strndup(arena, value, len);
	for (char *at = clean; *at; at++)
		if (*at != '\t' && str_has_control(at, 1))
			*at = ' ';
	return clean;
}

/* One without a value the library refuses, and the whole answer with it. */
static void header_add(struct http_exchange *x, struct answer_header header, size_t most)
{
	struct answer *answer = &x->answer;
	if (!header.value || !*header.value)
		return;
	if (answer->header_count >= most) {
		answer->is_overfull = true;
		return;
	}
	header.value = header_value(&x->arena, header.value);
	answer->headers[answer->header_count++] = header;
}

void answer_add_header(struct http_exchange *x, const char *name, const char *value)
{
	header_add(x, (struct answer_header){ .name = name, .value = value }, ANSWER_HEADERS_MAX);
}

void http_add_header(struct http_exchange *x, const char *name, const char *value)
{
	header_add(x, (struct answer_header){ .name = name, .value = value }, WORK_HEADERS);
}

void answer_set_header(struct http_exchange *x, const struct module_header *header,
		       const char *value)
{
	struct answer *answer = &x->answer;
	for (size_t i = 0; i < answer->header_count; i++) {
		if (answer->headers[i].of != header)
			continue;
		if (value && *value)
			answer->headers[i].value = header_value(&x->arena, value);
		return;
	}
	header_add(x, (struct answer_header){ header->name, value, header }, ANSWER_HEADERS_MAX);
}

bool answer_is_overfull(const struct http_exchange *x)
{
	return x->answer.is_overfull || x->answer.header_count > WORK_HEADERS;
}

enum app_err answer_refuse_headers(struct http_exchange *x, size_t before, enum app_err err)
{
	bool is_answered = x->answer.status;
	if (is_answered && !err)
		mark_undo(x);
	else
		x->answer.header_count = before;
	x->answer.is_overfull = false;
	return err ? err
		   : ctx_fail_cause(&x->c, APP_INTERNAL,
				    "it adds more headers than an answer has room for");
}
