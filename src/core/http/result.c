/* The status of a result, its Location and ETag; and all of an answer that is to be kept. */
#include "result.h"

#include <string.h>

#include "core/idempotency.h"
#include "core/model.h"
#include "exchange.h"
#include "server.h"

/* What a .status_of gives is the author's, and is told only when it is one of the document's. */
enum app_err result_status(struct http_exchange *x, int *ret)
{
	const struct route *route = x->route;
	int given = route->status_of ? route->status_of(x->call.out) : 0;
	int usual = route_status(route);
	*ret = given ? given : usual;
	if (*ret == usual || *ret == route->other_status)
		return APP_OK;
	return ctx_fail_cause(&x->c, APP_INTERNAL,
			      "its .status_of gave %d, which is neither .status (%d) nor "
			      ".other_status (%d)",
			      given, usual, route->other_status);
}

const struct field *result_id(const struct schema *out)
{
	const struct field *id = schema_field(out, "id");
	return id && id->type == FIELD_INT && !id->maybe ? id : NULL;
}

/* The new row's address: the collection's, and the id that the answer has. */
const char *result_location(struct http_exchange *x, int status)
{
	const struct field *field = status == 201 ? result_id(x->op->out) : NULL;
	int64_t id;
	if (!field)
		return NULL;
	memcpy(&id, (const char *)x->call.out + field->offset, sizeof(id));
	return arena_printf(&x->arena, "%s%.*s/%lld", x->server->options.root_path,
			    (int)strcspn(x->raw_target, "?"), x->raw_target, (long long)id);
}

const char *result_etag(struct http_exchange *x)
{
	char etag[MODEL_ETAG_ROOM];
	model_etag(x->op->out, x->call.out, etag);
	return *etag ? arena_strdup(&x->arena, etag) : NULL;
}

enum app_err result_answer(struct op_call *call, struct idempotency_answer *ret)
{
	struct http_exchange *x = EXCHANGE_OF(call, call);
	const struct schema *out = call->op->out;
	enum app_err err = result_status(x, &ret->status);
	if (err || !out || ret->status == 204)
		return err;
	struct buf body;
	buf_init(&body, &x->arena);
	schema_render(out, call->out, &body);
	ret->location = result_location(x, ret->status);
	ret->etag = result_etag(x);
	ret->body = buf_text(&body);
	ret->len = body.len;
	return APP_OK;
}
