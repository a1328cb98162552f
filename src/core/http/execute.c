/*
 * The stages from the body to the result. A QUERY runs right here on the event loop; whatever blocks goes to the
 * pool and a COMMAND to the database's writer, while the connection is suspended.
 */
#include "exchange.h"

#include <string.h>

#include "core/model.h"
#include "peers.h"
#include "range.h"
#include "server.h"

/* Always a stop, even without a body: an answer queued while the library hands us the headers ends the connection. */
enum stage_result stage_receive(struct http_exchange *x)
{
	(void)x;
	return STAGE_BODY;
}

/* ---- off the event loop, when the database may block ---- */

static struct http_exchange *exchange_of(struct pool_job *job)
{
	return (struct http_exchange *)(void *)((char *)job - offsetof(struct http_exchange, job));
}

static void offload_run(struct pool_job *job)
{
	struct http_exchange *x = exchange_of(job);
	x->off_loop = true;
	if (pipeline_run(x) == PIPELINE_DONE) {
		wire_resume(x, APP_OK);
		return;
	}
	/* suspended already: on to the lane or the writer that the operation wants */
	enum app_err err = x->hand_over(x);
	if (err)
		wire_resume(x, app_fail_retry(&x->c, err, 1,
					      "The server is busy; try again in a moment"));
}

static enum app_err hand_rest_to_pool(struct http_exchange *x)
{
	x->job = (struct pool_job){ .run = offload_run };
	return pool_submit(x->server->app->pool, POOL_WORK, &x->job);
}

/* From here on the client waits for us: what is still at work when its time is up is stopped, and so told. */
static void work_begin(struct http_exchange *x)
{
	peer_enter(x->peer, PEER_WORK, 0);
	x->c.deadline_us = x->c.clock->monotonic_us(x->c.clock) +
			   SECONDS_US(x->server->options.total_seconds);
}

enum stage_result stage_offload(struct http_exchange *x)
{
	work_begin(x);
	if (!x->server->db_blocks || !x->op || x->op->light)
		return STAGE_NEXT;
	x->hand_over = hand_rest_to_pool;
	return STAGE_SUSPEND;
}

static enum app_err bind_input(struct http_exchange *x)
{
	const struct schema *schema = op_in(x->op);
	struct input input = { .path = x->path_pairs };
	if (x->path.query) {
		enum app_err err = path_pairs(&x->c, "query", x->path.query, x->path.query_len,
					      &input.query);
		if (err)
			return err;
	}
	if (schema_uses(schema, IN_FORM)) {
		enum app_err err = path_pairs(&x->c, "form", x->body.data, x->body.len,
					      &input.form);
		if (err)
			return err;
	} else if (x->body.len && schema_uses(schema, IN_BODY)) {
		input.body = x->body.data;
		input.body_len = x->body.len;
	}
	if (schema_uses(schema, IN_HEADER))
		input.headers = wire_headers(x);
	return schema_bind(&x->c, schema, &input, x->in);
}

enum stage_result stage_bind(struct http_exchange *x)
{
	if (x->route->handle)
		return STAGE_NEXT;
	x->in = arena_raw(&x->arena, op_in(x->op)->size);
	enum app_err err = bind_input(x);
	return err ? stage_fail(x, err) : STAGE_NEXT;
}

enum stage_result stage_authorize(struct http_exchange *x)
{
	if (x->route->handle)
		return STAGE_NEXT;
	enum app_err err = op_authorize_input(&x->c, x->op, x->in);
	return err ? stage_fail(x, err) : STAGE_NEXT;
}

/* ---- on other threads ---- */

static enum app_err write_run(struct ctx *c, void *arg)
{
	struct http_exchange *x = arg;
	return x->op->run(c, x->in, x->out);
}

static void write_done(struct db_write *write, enum app_err err)
{
	wire_resume(write->arg, err);
}

static enum app_err hand_to_writer(struct http_exchange *x)
{
	x->write = (struct db_write){ .c = &x->c, .run = write_run, .arg = x, .done = write_done };
	return db_write_submit(x->server->app->db, &x->write);
}

static void work_run(struct pool_job *job)
{
	struct http_exchange *x = exchange_of(job);
	enum app_err err = APP_OK;
	if (x->prepare)
		err = op_prepare(&x->c, x->op, x->in, x->out);
	if (!err && x->op->kind == COMMAND) {
		err = hand_to_writer(x);
		if (!err)
			return; /* the writer has it now: x is no longer ours */
		err = app_fail_retry(&x->c, err, 1, "The server is busy; try again in a moment");
	} else if (!err) {
		db_reads_begin(x->server->app->db);
		err = x->op->run(&x->c, x->in, x->out);
		db_reads_end(x->server->app->db);
	}
	wire_resume(x, err);
}

static enum app_err hand_to_pool(struct http_exchange *x)
{
	x->job = (struct pool_job){ .run = work_run };
	enum pool_lane lane = x->prepare ? x->op->prepare_lane : POOL_WORK;
	return pool_submit(x->server->app->pool, lane, &x->job);
}

enum stage_result stage_execute(struct http_exchange *x)
{
	if (x->route->handle) {
		enum app_err err = x->route->handle(&x->c, x);
		return err ? stage_fail(x, err) : STAGE_ANSWERED;
	}
	const struct operation *op = x->op;
	x->out = op_out_new(&x->c, op);
	x->prepare = op_wants_prepare(op, x->in);
	if (x->prepare || op->kind == COMMAND || (op->heavy && !x->off_loop)) {
		x->hand_over = x->prepare || op->kind == QUERY ? hand_to_pool : hand_to_writer;
		return STAGE_SUSPEND;
	}
	enum app_err err = op->run(&x->c, x->in, x->out);
	return err ? stage_fail(x, err) : STAGE_NEXT;
}

/* The new row's address: the collection's, and the id that the answer has. */
static void add_location(struct http_exchange *x)
{
	const struct schema *out = x->op->out;
	for (size_t i = 0; i < out->count; i++) {
		const struct field *field = &out->fields[i];
		if (field->type != FIELD_INT || field->maybe || strcmp(field->name, "id") != 0)
			continue;
		int64_t id;
		memcpy(&id, (const char *)x->out + field->offset, sizeof(id));
		http_add_header(x, "Location",
				arena_printf(&x->arena, "%.*s/%lld",
					     (int)strcspn(x->raw_target, "?"), x->raw_target,
					     (long long)id));
		return;
	}
}

/* What is embedded changes without its owner, and the ETag is the owner's alone. */
static bool embeds(const struct schema *schema)
{
	for (size_t i = 0; i < schema->count; i++)
		if (schema->fields[i].relation)
			return true;
	return false;
}

/* RFC 9110 §8.8.3 and §13.1.2: true when the client has this very state of the row, and 304 was answered. */
static bool add_etag(struct http_exchange *x)
{
	char etag[MODEL_ETAG_ROOM];
	model_etag(x->op->out, x->out, etag);
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
	int status = route->status_of ? route->status_of(x->out) : route->status;
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
	enum app_err err = http_answer_schema(x, status, x->op->out, x->out);
	return err ? stage_fail(x, err) : STAGE_NEXT;
}
