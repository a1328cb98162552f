/* If-Match and If-None-Match. Range and If-Range are answer_file.c's: nothing else has parts. */
#include "conditions.h"

#include "exchange.h"
#include "parse/etag.h"

enum app_err conditions_check_read(struct http_exchange *x, const char *etag, bool *ret_unchanged)
{
	*ret_unchanged = false;
	if (x->method != GET)
		return APP_OK;
	if (!etag_match_holds(x->head.value[GUARD_IF_MATCH], etag))
		return ctx_fail(&x->c, APP_PRECONDITION_FAILED,
				"If-Match does not name the ETag that this has now");
	*ret_unchanged = etag && etag_none_match_hits(x->head.value[GUARD_IF_NONE_MATCH], etag);
	return APP_OK;
}

bool conditions_has_if_match(const struct operation *op)
{
	const struct field *field = op && op->in ? schema_field(op->in, "if_match") : NULL;
	return field && field->in == IN_HEADER;
}

enum app_err conditions_check_write(struct http_exchange *x)
{
	if (x->method == GET)
		return APP_OK;
	if (!conditions_has_if_match(x->op) &&
	    !etag_match_holds(x->head.value[GUARD_IF_MATCH], NULL))
		return ctx_fail(&x->c, APP_PRECONDITION_FAILED,
				"What this request changes has no ETag that If-Match could name");
	if (x->head.value[GUARD_IF_NONE_MATCH])
		return ctx_fail(&x->c, APP_PRECONDITION_FAILED,
				"If-None-Match is for reads: with it nothing is changed");
	return APP_OK;
}
