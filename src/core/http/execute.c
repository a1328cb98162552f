/*
 * The stages from the body to the result: the input, the operation, and the answer from its
 * output.
 */
#include "exchange.h"

#include <string.h>

#include "core/model.h"
#include "parse/pairs.h"
#include "parse/range.h"
#include "server.h"

static enum app_err bind_input(struct http_exchange *x)
{
	const struct schema *schema = op_in(x->op);
	struct input input = { .path = x->path_pairs };
	if (x->path.query) {
		enum app_err err = pairs_read(&x->c, "query", x->path.query, x->path.query_len,
					      &input.query);
		if (err)
			return err;
	}
	if (schema_uses(schema, IN_FORM)) {
		enum app_err err = pairs_read(&x->c, "form", x->body.data, x->body.len,
					      &input.form);
		if (err)
			return err;
	} else if (x->body.len && schema_uses(schema, IN_BODY)) {
		input.body = x->body.data;
		input.body_len = x->body.len;
	}
	if (schema_uses(schema, IN_HEADER))
		input.headers = wire_headers(x);
	return schema_bind(&x->c, schema, &input, x->call.in);
}

static void call_done(struct op_call *call, enum app_err err)
{
	struct http_exchange *x = EXCHANGE_OF(call, call);
	x->is_done = !err && call->op->kind == COMMAND;
	wire_resume(x, call->is_refused ? load_refuse(x) : err);
}

/*
 * A raw handler of an operation takes its parameters and no others; its body, and requests without
 * operation, are its own.
 */
static bool is_bound(const struct route *route)
{
	const struct operation *op = route->op;
	return op && !(route->handle &&
		       (schema_uses(op_in(op), IN_BODY) || schema_uses(op_in(op), IN_FORM)));
}

enum stage_result stage_bind(struct http_exchange *x)
{
	if (!is_bound(x->route))
		return STAGE_NEXT;
	x->call = (struct op_call){
		.c = &x->c,
		.op = x->op,
		.in = arena_raw(&x->arena, op_in(x->op)->size),
	};
	enum app_err err = bind_input(x);
	if (!err)
		err = body_bound(x);
	return err ? stage_fail(x, err) : STAGE_NEXT;
}

/* An operation without parameters refuses any. */
void answers_of_bind(const struct route *route, struct answers *answers)
{
	if (is_bound(route))
		answers->fails |= answers_bit(APP_INVALID);
}

static enum app_err call_start(struct http_exchange *x)
{
	return op_call_start(&x->call, call_done);
}

enum stage_result stage_execute(struct http_exchange *x)
{
	enum app_err err = unsent_admits(x);
	if (err)
		return stage_fail(x, err);
	if (x->route->handle) {
		err = x->route->handle(&x->c, x);
		return err ? stage_fail(x, err) : STAGE_ANSWERED;
	}
	x->call.out = op_out_new(&x->c, x->op);
	x->call.client = place_client(x);
	if (!op_call_stays(&x->call)) {
		x->c.budget = NULL; /* of this thread's time, not of the next one's */
		x->hand_over = call_start;
		return STAGE_SUSPEND;
	}
	err = op_call_run(&x->call);
	place_note_cost(x);
	return err ? stage_fail(x, err) : STAGE_NEXT;
}

static bool is_list(const struct operation *op)
{
	for (size_t i = 0; op->in && i < op->in->count; i++)
		if (op->in->fields[i].type == FIELD_LIST_QUERY)
			return true;
	return false;
}

/*
 * What is named in the path may not be there. A list of what belongs to it is empty then, unless it
 * says that it fails.
 */
static bool names_a_row(const struct route *route)
{
	return strchr(route->path, '{') && !is_list(route->op);
}

static bool has_if_match(const struct schema *in)
{
	for (size_t i = 0; in && i < in->count; i++)
		if (in->fields[i].in == IN_HEADER && !strcmp(in->fields[i].name, "if_match"))
			return true;
	return false;
}

void answers_of_execute(const struct route *route, struct answers *answers)
{
	const struct operation *op = route->op;
	answers->etag = answers->unchanged = answers->part = route->html;
	if (!op)
		return;
	for (size_t i = 0; i < OP_FAILURES_MAX && op->fails_with[i]; i++)
		answers->fails |= answers_bit(op->fails_with[i]);
	if (names_a_row(route))
		answers->fails |= answers_bit(APP_NOT_FOUND);
	if (has_if_match(op->in))
		answers->fails |= answers_bit(APP_PRECONDITION_FAILED);
}

/* NULL: it has none that could be told. */
static const struct field *id_field(const struct schema *out)
{
	for (size_t i = 0; i < out->count; i++) {
		const struct field *field = &out->fields[i];
		if (field->type == FIELD_INT && !field->maybe && strcmp(field->name, "id") == 0)
			return field;
	}
	return NULL;
}

/* The new row's address: the collection's, and the id that the answer has. */
static void add_location(struct http_exchange *x)
{
	const struct field *field = id_field(x->op->out);
	int64_t id;
	if (!field)
		return;
	memcpy(&id, (const char *)x->call.out + field->offset, sizeof(id));
	http_add_header(x, "Location",
			arena_printf(&x->arena, "%s%.*s/%lld", x->server->options.root_path,
				     (int)strcspn(x->raw_target, "?"), x->raw_target,
				     (long long)id));
}

/* What is embedded changes without its owner, and the ETag is the owner's alone. */
static bool embeds(const struct schema *schema)
{
	for (size_t i = 0; i < schema->count; i++)
		if (schema->fields[i].relation)
			return true;
	return false;
}

/*
 * RFC 9110 §8.8.3 and §13.1.2: true when the client has this very state of the row, and 304 was
 * answered.
 */
static bool add_etag(struct http_exchange *x)
{
	char etag[MODEL_ETAG_ROOM];
	model_etag(x->op->out, x->call.out, etag);
	if (!*etag)
		return false;
	http_add_header(x, "ETag", arena_strdup(&x->arena, etag));
	const char *known = x->head.value[GUARD_IF_NONE_MATCH];
	if (x->method != GET || !known || embeds(x->op->out) || !etag_none_match_hits(known, etag))
		return false;
	x->answer.status = 304;
	return true;
}

enum stage_result stage_render(struct http_exchange *x)
{
	const struct route *route = x->route;
	int status = route->status_of ? route->status_of(x->call.out) : route->status;
	if (!status)
		status = 200;
	if (status == 204 || !x->op->out) {
		x->answer.status = status;
		return STAGE_NEXT;
	}
	if (status == 201)
		add_location(x);
	if (add_etag(x))
		return STAGE_NEXT;
	enum app_err err = http_answer_schema(x, status, x->op->out, x->call.out);
	return err ? stage_fail(x, err) : STAGE_NEXT;
}

void answers_of_render(const struct route *route, struct answers *answers)
{
	const struct schema *out = route->op ? route->op->out : NULL;
	if (route->handle || !out || route->status == 204)
		return;
	answers->location = route->status == 201 && id_field(out);
	answers->etag = model_has_etag(out);
	answers->unchanged = answers->etag && route->method == GET && !embeds(out);
}
