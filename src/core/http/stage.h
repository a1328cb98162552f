/*
 * What a stage of a request is, and all that there are; pipeline.c says in which order they run.
 * Private to core/http.
 */
#ifndef CROFT_SRC_CORE_HTTP_STAGE_H
#define CROFT_SRC_CORE_HTTP_STAGE_H

#include <stdbool.h>

#include "base/err.h"
#include "exchange.h"

enum stage_result {
	STAGE_NEXT,
	/* the next stage runs on the thread that x->hand_over gives the request */
	STAGE_SUSPEND,
	/* on with the stages that need an answer */
	STAGE_ANSWERED,
	/* the same, once the error is the answer; see stage_fail() */
	STAGE_FAILED,
};

typedef enum stage_result stage_fn(struct http_exchange *x);
/* Whether a stage is for this request; those that are not are passed over. */
typedef bool stage_when_fn(const struct http_exchange *x);

/* Remembers the error for the one place that answers it. */
static inline enum stage_result stage_fail(struct http_exchange *x, enum app_err err)
{
	x->err = err;
	return STAGE_FAILED;
}

/* stage_head.c */
stage_fn stage_give_request_id, stage_check_head, stage_apply_cors;
stage_when_fn when_cors;
/* stage_route.c */
stage_fn stage_find_route;
/* stage_limits.c */
stage_fn stage_limit_network, stage_limit_user, stage_tell_limit;
stage_when_fn when_limited, when_user_limited, when_told_limit;
/* stage_body.c */
stage_fn stage_check_body;
/* stage_overload.c */
stage_fn stage_refuse_overload;
/* stage_sender.c */
stage_fn stage_screen_sender, stage_admit_sender;
stage_when_fn when_screened, when_admitted;
/* NULL: nobody is known by a cookie. */
const char *sender_cookie_name(const struct http_exchange *x);
/* stage_csrf.c */
stage_fn stage_check_csrf;
stage_when_fn when_by_cookie;
/* stage_modules.c */
stage_fn stage_run_before_sender, stage_run_before_operation, stage_run_over_answer;
stage_when_fn when_staged, when_finished;
/* stage_thread.c */
stage_fn stage_set_deadline, stage_choose_thread;
/* stage_budget.c */
stage_fn stage_budget_query;
/* stage_input.c */
stage_fn stage_bind_input;
/* stage_wishes.c */
stage_fn stage_take_wishes;
stage_when_fn when_wished;
/* stage_run.c */
stage_fn stage_run_operation;
/* stage_answer.c */
stage_fn stage_hold_result, stage_render_answer, stage_hold_answer, stage_choose_coding,
	stage_compress_answer;
stage_when_fn when_packed;

/*
 * Of a query that was run (stage_budget.c): notes what it cost. True when its time was up: what it
 * did is dropped, and it waits to begin again in POOL_READ.
 */
bool query_was_cut(struct http_exchange *x);

/* The same of the stages of modules that were run before it. */
bool stages_were_cut(struct http_exchange *x);

#endif
