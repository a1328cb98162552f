/*
 * The stages that a request goes through: one table, from top to bottom. Private to core/http.
 */
#ifndef CROFT_CORE_HTTP_PIPELINE_H
#define CROFT_CORE_HTTP_PIPELINE_H

#include <stdbool.h>

#include "answers.h"
#include "base/err.h"

struct http_exchange;

enum pipeline_result {
	PIPELINE_BODY,    /* come again when the body is in */
	PIPELINE_SUSPEND, /* suspend the connection, wire_hand_over(), come again when resumed */
	PIPELINE_DONE,    /* x->answer is to be sent */
};

/* From the next stage on, on the calling thread, which is that of x->place. */
enum pipeline_result pipeline_run(struct http_exchange *x);

enum stage_result {
	STAGE_NEXT,
	STAGE_SUSPEND,  /* the next stage runs on the thread that x->hand_over gives the request */
	STAGE_ANSWERED, /* on with the stages that need an answer */
	STAGE_FAILED,   /* the same, once the error is the answer; see stage_fail() */
};

/* What a stage needs before it can run. */
enum stage_needs {
	NEEDS_HEAD,
	NEEDS_BODY,
	NEEDS_ANSWER,
	STAGES_END, /* no stage: the end of the table */
};

typedef enum stage_result stage_fn(struct http_exchange *x);

struct pipeline_stage {
	stage_fn *run;
	enum stage_needs needs;
	/* what it answers, for the document; NULL: nothing of its own */
	answers_fn *tells;
};

/* Remembers the error for the one place that answers it. */
enum stage_result stage_fail(struct http_exchange *x, enum app_err err);

/* stage_head.c */
stage_fn stage_give_request_id, stage_check_head, stage_apply_cors;
/* stage_route.c */
stage_fn stage_find_route;
/* stage_body.c */
stage_fn stage_check_body;
/* load.c */
stage_fn stage_refuse_overload;
/* stage_sender.c */
stage_fn stage_screen_sender, stage_admit_sender;
/* stage_thread.c */
stage_fn stage_set_deadline, stage_choose_thread;
/* stage_budget.c */
stage_fn stage_budget_query;
/* stage_input.c */
stage_fn stage_bind_input;
/* stage_run.c */
stage_fn stage_run_operation;
/* stage_answer.c */
stage_fn stage_hold_result, stage_render_answer, stage_hold_answer, stage_choose_coding,
	stage_compress_answer;

/*
 * Of a query that was run (stage_budget.c): notes what it cost. True when its time was up: what it
 * did is dropped, and it waits to begin again in POOL_READ.
 */
bool query_was_cut(struct http_exchange *x);

#endif
