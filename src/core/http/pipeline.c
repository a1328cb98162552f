/*
 * What happens to a request, in reading order. A stage that is for the request goes on, fails,
 * answers, or lets go of the thread until another one has done the work; then the next stage runs.
 */
#include "pipeline.h"

#include "answer.h"
#include "answers.h"
#include "core/app.h"
#include "core/audit.h"
#include "core/db.h"
#include "core/log.h"
#include "exchange.h"
#include "loop.h"
#include "server.h"
#include "stage.h"

/* What a stage needs before it can run. */
enum stage_needs {
	NEEDS_HEAD,
	NEEDS_BODY,
	NEEDS_ANSWER,
	STAGES_END, /* no stage: the end of the table */
};

struct pipeline_stage {
	stage_fn *run;
	enum stage_needs needs;
	/* NULL: it is for every request */
	stage_when_fn *when;
	/* what it answers, for the document; NULL: nothing of its own */
	answers_fn *tells;
};

/* clang-format off */
static const struct pipeline_stage stages[] = {
	{ stage_give_request_id,      NEEDS_HEAD,   NULL,              NULL },
	{ stage_check_head,           NEEDS_HEAD,   NULL,              answers_of_check_head },
	{ stage_apply_cors,           NEEDS_HEAD,   when_cors,         NULL },
	{ stage_find_route,           NEEDS_HEAD,   NULL,              answers_of_find_route },
	{ stage_limit_network,        NEEDS_HEAD,   when_limited,      answers_of_limits },
	{ stage_run_before_sender,    NEEDS_HEAD,   when_staged,       answers_before_sender },
	{ stage_check_body,           NEEDS_HEAD,   exchange_has_body, answers_of_check_body },
	{ stage_refuse_overload,      NEEDS_HEAD,   NULL,              answers_of_refuse_overload },
	{ stage_screen_sender,        NEEDS_HEAD,   when_screened,     NULL },
	{ stage_check_csrf,           NEEDS_HEAD,   when_by_cookie,    NULL },
	{ stage_limit_user,           NEEDS_HEAD,   when_user_limited, NULL },

	{ stage_set_deadline,         NEEDS_BODY,   NULL,              NULL },
	/* from here on by a worker, when it may block or is large */
	{ stage_choose_thread,        NEEDS_BODY,   NULL,              NULL },
	{ stage_admit_sender,         NEEDS_BODY,   when_admitted,     answers_of_admit_sender },
	{ stage_check_csrf,           NEEDS_BODY,   when_by_cookie,    NULL },
	/* unless that was known with the head */
	{ stage_limit_user,           NEEDS_BODY,   when_user_limited, NULL },
	/* from here on in a lane of its own, when it is dear */
	{ stage_budget_query,         NEEDS_BODY,   loop_bounds_query, NULL },
	{ stage_run_before_operation, NEEDS_BODY,   when_staged,       answers_before_operation },
	{ stage_bind_input,           NEEDS_BODY,   NULL,              answers_of_bind_input },
	{ stage_take_wishes,          NEEDS_BODY,   when_wished,       answers_of_take_wishes },
	{ stage_run_operation,        NEEDS_BODY,   NULL,              answers_of_run_operation },
	{ stage_hold_result,          NEEDS_BODY,   NULL,              NULL },
	{ stage_render_answer,        NEEDS_BODY,   NULL,              answers_of_render_answer },

	{ stage_hold_answer,          NEEDS_ANSWER, NULL,              NULL },
	{ stage_tell_limit,           NEEDS_ANSWER, when_told_limit,   NULL },
	{ stage_run_over_answer,      NEEDS_ANSWER, when_finished,     NULL },
	{ stage_choose_coding,        NEEDS_ANSWER, answer_is_compressible, NULL },
	{ stage_compress_answer,      NEEDS_ANSWER, when_packed,       NULL },
	{ NULL,                       STAGES_END,   NULL,              NULL },
};
/* clang-format on */

void http_answers(const struct router_entry *entry, struct answers *answers)
{
	for (const struct pipeline_stage *stage = stages; stage->run; stage++)
		if (stage->tells)
			stage->tells(entry, answers);
}

/* 501 is the client's: a method or coding that nobody promised. */
static bool is_fault(const struct http_exchange *x)
{
	return app_err_status(x->err) >= 500 && x->err != APP_NOT_IMPLEMENTED && !x->is_turned_away;
}

static void skip_to_answer(struct http_exchange *x)
{
	while (x->stage->needs < NEEDS_ANSWER)
		x->stage++;
}

static void answer_failure(struct http_exchange *x)
{
	x->err = op_judge(&x->c, x->op, x->err);
	if (is_fault(x))
		log_failure(&x->c, LOG_LEVEL_ERROR, "request failed", x->err);
	else if (x->err == APP_FORBIDDEN && x->op)
		audit_note(&x->c, x->op->name, x->err, (struct touched){ 0 });
	answer_error(x, x->err);
	skip_to_answer(x);
}

/* Runs those that need no more than `has`; true when one of them lets go of the thread. */
static bool stages_run(struct http_exchange *x, enum stage_needs has)
{
	while (x->stage->needs <= has) {
		const struct pipeline_stage *stage = x->stage++;
		if (stage->when && !stage->when(x))
			continue;
		switch (stage->run(x)) {
		case STAGE_NEXT: break;
		case STAGE_SUSPEND: return true;
		case STAGE_ANSWERED: skip_to_answer(x); break;
		case STAGE_FAILED: answer_failure(x); break;
		}
	}
	return false;
}

/*
 * Runs those before the answer. What they read on this thread is of one state of the database: who
 * asks, the rows, their total.
 */
static bool work_run(struct http_exchange *x)
{
	struct db *db = x->server->app->db;
	db_reads_begin(db);
	bool is_let_go = stages_run(x, x->state == EXCHANGE_HEAD ? NEEDS_HEAD : NEEDS_BODY);
	db_reads_end(db);
	return is_let_go;
}

enum pipeline_result pipeline_run(struct http_exchange *x)
{
	if (!x->stage)
		x->stage = stages;
	if (x->state != EXCHANGE_ANSWERED) {
		if (x->err) /* of the thread that had it */
			answer_failure(x);
		else if (work_run(x))
			return PIPELINE_SUSPEND;
		if (x->stage->needs == NEEDS_BODY)
			return PIPELINE_BODY;
		exchange_enter(x, EXCHANGE_ANSWERED);
	}
	return stages_run(x, NEEDS_ANSWER) ? PIPELINE_SUSPEND : PIPELINE_DONE;
}
