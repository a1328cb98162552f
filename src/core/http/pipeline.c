/*
 * What happens to a request, in reading order. A stage goes on, fails, answers, or lets go of the
 * thread until another one has done the work; then the next stage runs.
 */
#include "exchange.h"

#include "core/db.h"
#include "core/log.h"
#include "server.h"

static const struct stage stages[] = {
	{ "request id", stage_request_id, NEEDS_HEAD, NULL },
	{ "guard", stage_guard, NEEDS_HEAD, answers_of_guard },
	{ "cors", stage_cors, NEEDS_HEAD, NULL },
	{ "route", stage_route, NEEDS_HEAD, answers_of_route },
	{ "size limit", stage_size_limit, NEEDS_HEAD, answers_of_size_limit },
	{ "authenticate", stage_authenticate, NEEDS_HEAD, answers_of_authenticate },
	{ "deadline", stage_deadline, NEEDS_BODY, NULL },
	/* from here on by a worker, when it may block or is large */
	{ "place", stage_place, NEEDS_BODY, NULL },
	{ "authenticate late", stage_authenticate_late, NEEDS_BODY, NULL },
	/* from here on in a lane of its own, when it is dear */
	{ "lane", stage_lane, NEEDS_BODY, NULL },
	{ "bind", stage_bind, NEEDS_BODY, answers_of_bind },
	{ "execute", stage_execute, NEEDS_BODY, answers_of_execute },
	{ "place answer", stage_place_answer, NEEDS_BODY, NULL },
	{ "render", stage_render, NEEDS_BODY, answers_of_render },
	{ NULL, NULL, NEEDS_BODY, NULL },
};

void answers_collect(const struct route *route, struct answers *ret)
{
	*ret = (struct answers){ 0 };
	for (const struct stage *stage = stages; stage->run; stage++)
		if (stage->tells)
			stage->tells(route, ret);
}

enum stage_result stage_fail(struct http_exchange *x, enum app_err err)
{
	x->err = err;
	return STAGE_FAILED;
}

/* 501 is the client's: a method or coding that nobody promised. */
static bool is_fault(const struct http_exchange *x)
{
	return app_err_status(x->err) >= 500 && x->err != APP_NOT_IMPLEMENTED && !x->is_turned_away;
}

static enum pipeline_state pipeline_fail(struct http_exchange *x)
{
	x->err = op_judge(&x->c, x->op, x->err);
	if (is_fault(x))
		log_failure(&x->c, LOG_LEVEL_ERROR, "request failed", x->err);
	answer_error(x, x->err);
	return PIPELINE_DONE;
}

static enum pipeline_state stages_run(struct http_exchange *x)
{
	while (!x->err && x->stage->run) {
		if (x->stage->needs == NEEDS_BODY && !x->begun)
			return PIPELINE_BODY;
		enum stage_result result = (x->stage++)->run(x);
		if (place_is_over(x)) {
			place_to_lane(x);
			return PIPELINE_SUSPEND;
		}
		switch (result) {
		case STAGE_NEXT: continue;
		case STAGE_SUSPEND: return PIPELINE_SUSPEND;
		case STAGE_ANSWERED: return PIPELINE_DONE;
		case STAGE_FAILED: break;
		}
		break;
	}
	return x->err ? pipeline_fail(x) : PIPELINE_DONE;
}

/* An answer that there is no room for becomes a refusal, which has room. */
static void hold_answer(struct http_exchange *x)
{
	enum app_err err = unsent_hold(x);
	if (!err)
		return;
	x->err = err;
	pipeline_fail(x);
}

/*
 * What the stages read on this thread is of one state of the database: who asks, the rows, their
 * total.
 */
enum pipeline_state pipeline_run(struct http_exchange *x)
{
	struct db *db = x->server->app->db;
	if (!x->stage)
		x->stage = stages;
	db_reads_begin(db);
	enum pipeline_state state = stages_run(x);
	db_reads_end(db);
	if (state == PIPELINE_DONE)
		hold_answer(x);
	if (state == PIPELINE_DONE && answer_wants_gzip(x))
		state = place_gzip(x);
	return state;
}
