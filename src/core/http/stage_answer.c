/*
 * The stages that make the answer of what the operation gave: room for it, its headers, its body,
 * and the coding that the body is sent in.
 */
#include <string.h>

#include "answer.h"
#include "answer_add.h"
#include "answers.h"
#include "conditions.h"
#include "core/idempotency.h"
#include "core/model.h"
#include "exchange.h"
#include "mark.h"
#include "parse/accept.h"
#include "place.h"
#include "result.h"
#include "server.h"
#include "stage.h"
#include "unsent.h"

enum {
	RENDER_ON_LOOP = 32 * 1024,   /* bytes that an operation has read */
	COMPRESS_ON_LOOP = 32 * 1024, /* bytes of an answer; 1 KiB takes 13 us to compress */
};

enum stage_result stage_hold_result(struct http_exchange *x)
{
	size_t read = mark_footprint(x);
	enum app_err err = unsent_hold(x);
	if (err)
		return stage_fail(x, err);
	if (x->place == ON_LOOP && read > RENDER_ON_LOOP)
		return place_on_worker(x, place_lane(x));
	return STAGE_NEXT;
}

/* ---- what the operation gave ---- */

/* What is embedded changes without its owner, and the ETag is the owner's alone. */
static bool has_relations(const struct schema *schema)
{
	for (size_t i = 0; i < schema->count; i++)
		if (schema->fields[i].relation)
			return true;
	return false;
}

/*
 * RFC 9110 §8.8.3; §13.2.1: what is no success is told whatever the condition. *ret_unchanged: the
 * client has this very state of the row.
 */
static enum app_err add_etag(struct http_exchange *x, int status, bool *ret_unchanged)
{
	const char *etag = result_etag(x);
	enum app_err err = APP_OK;
	*ret_unchanged = false;
	if (status < 300)
		err = conditions_check_read(x, etag, ret_unchanged);
	if (err)
		return err;
	answer_add_header(x, "ETag", etag);
	*ret_unchanged = *ret_unchanged && !has_relations(x->op->out);
	return APP_OK;
}

/* Of a change with a key: the answer that is kept, be it of now or of before. */
static enum stage_result render_kept(struct http_exchange *x)
{
	const struct idempotency_answer *answer = &x->call.once->answer;
	const struct schema *out = x->op->out;
	enum app_err err = APP_OK;
	if (x->call.once->is_repeated)
		answer_add_header(x, "Idempotency-Replayed", "true");
	answer_add_header(x, "Location", answer->location);
	answer_add_header(x, "ETag", answer->etag);
	x->answer.status = answer->status;
	if (answer->body)
		err = http_answer(x, answer->status, schema_media_type(out), answer->body,
				  answer->len);
	else if (out && answer->status != 204)
		err = http_answer_schema(x, answer->status, out, x->call.out);
	return err ? stage_fail(x, err) : STAGE_NEXT;
}

/* RFC 9111 §5.2.2 */
static void set_kept(struct http_exchange *x, int status)
{
	int seconds = x->route->kept_s;
	if (seconds && status < 300)
		x->answer.cache_control = arena_printf(&x->arena, "public, max-age=%d", seconds);
}

enum stage_result stage_render_answer(struct http_exchange *x)
{
	int status;
	if (x->call.once)
		return render_kept(x);
	enum app_err err = result_status(x, &status);
	if (err)
		return stage_fail(x, err);
	set_kept(x, status);
	if (status == 204 || !x->op->out) {
		x->answer.status = status;
		return STAGE_NEXT;
	}
	answer_add_header(x, "Location", result_location(x, status));
	bool is_unchanged;
	err = add_etag(x, status, &is_unchanged);
	if (!err && is_unchanged)
		x->answer.status = 304;
	else if (!err)
		err = http_answer_schema(x, status, x->op->out, x->call.out);
	return err ? stage_fail(x, err) : STAGE_NEXT;
}

void answers_of_render_answer(const struct router_entry *entry, struct answers *answers)
{
	const struct route *route = entry->route;
	const struct schema *out = route->op ? route->op->out : NULL;
	if (route->handle || !out || route->status == 204)
		return;
	bool creates = route->status == 201 || route->other_status == 201;
	answers->location = creates && result_id(out);
	answers->etag = model_has_etag(out);
	if (!answers->etag || route->method != GET)
		return;
	answers->unchanged = !has_relations(out);
	answers->matched = true;
	answers->fails |= answers_bit(APP_PRECONDITION_FAILED);
}

/* ---- any answer ---- */

/* One that there is no room for becomes a refusal, which has room. */
enum stage_result stage_hold_answer(struct http_exchange *x)
{
	enum app_err err = unsent_hold(x);
	return err ? stage_fail(x, err) : STAGE_NEXT;
}

/* Nothing goes elsewhere before the body is in. */
static bool compresses_elsewhere(const struct http_exchange *x)
{
	return x->place == ON_LOOP && x->mark.stage && !x->answer.packed &&
	       x->answer.len > COMPRESS_ON_LOOP;
}

enum stage_result stage_choose_coding(struct http_exchange *x)
{
	answer_add_header(x, "Vary", "Accept-Encoding");
	x->answer.gzip = accept_gzip(x->head.value[GUARD_ACCEPT_ENCODING]);
	if (x->answer.gzip && compresses_elsewhere(x))
		return place_on_worker(x, place_lane(x));
	return STAGE_NEXT;
}

/* Where nobody had time for a large one it goes as it is. */
bool when_packed(const struct http_exchange *x)
{
	return x->answer.gzip && !compresses_elsewhere(x);
}

enum stage_result stage_compress_answer(struct http_exchange *x)
{
	answer_compress(x);
	return STAGE_NEXT;
}
