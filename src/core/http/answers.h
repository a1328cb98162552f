/*
 * What a route's requests may be answered with, for the document. Each stage of the pipeline tells
 * its part, beneath the code that answers so (see struct stage); openapi_responses.c prints the
 * whole. Private to core/http.
 */
#ifndef CROFT_HTTP_ANSWERS_H
#define CROFT_HTTP_ANSWERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "core/route.h"

struct answers {
	uint64_t fails;       /* a bit for each enum app_err */
	uint64_t fails_early; /* the same, of those that may come before the route is known */
	bool etag, unchanged, location; /* of a success: ETag, 304 to If-None-Match, Location */
	bool part;                      /* 206 and 416 to Range */
};

static inline uint64_t answers_bit(enum app_err err)
{
	return UINT64_C(1) << err;
}

typedef void answers_fn(const struct route *route, struct answers *answers);

/* pipeline.c: all that the stages tell of the route. */
void answers_collect(const struct route *route, struct answers *ret);

/* Beneath the stages of the same names. */
answers_fn answers_of_check_head, answers_of_find_route, answers_of_check_body,
	answers_of_refuse_overload, answers_of_admit_sender, answers_of_bind_input,
	answers_of_run_operation, answers_of_render_answer;

#endif
