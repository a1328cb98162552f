/*
 * What happens to a request, in reading order. A stage goes on, fails, answers, or lets go of the thread until
 * another one has done the work; then the next stage runs. The head stages run when the headers are in, the
 * others when the body is.
 */
#include "exchange.h"

#include "core/db.h"
#include "core/log.h"
#include "server.h"

static const struct stage stages[] = {
	/* with the headers */
	{ "request id", stage_request_id },
	{ "guard", stage_guard },
	{ "cors", stage_cors },
	{ "route", stage_route },
	{ "size limit", stage_size_limit },
	{ "authenticate", stage_authenticate },
	{ "receive", stage_receive },
	/* with the body */
	{ "offload", stage_offload }, /* below: on a worker when the database may block */
	{ "authenticate late", stage_authenticate_late },
	{ "bind", stage_bind },
	{ "authorize", stage_authorize },
	{ "execute", stage_execute },
	{ "render", stage_render },
	{ NULL, NULL },
};

enum stage_result stage_fail(struct http_exchange *x, enum app_err err)
{
	x->err = err;
	return STAGE_FAILED;
}

static enum pipeline_state pipeline_fail(struct http_exchange *x)
{
	/* 501 is the client's: a method or coding that nobody promised */
	if (app_err_status(x->err) >= 500 && x->err != APP_NOT_IMPLEMENTED)
		log_failure(&x->c, LOG_LEVEL_ERROR, "request failed", x->err);
	answer_error(x, x->err);
	return PIPELINE_DONE;
}

static enum pipeline_state stages_run(struct http_exchange *x)
{
	while (!x->err && x->stage->run) {
		switch ((x->stage++)->run(x)) {
		case STAGE_NEXT: continue;
		case STAGE_BODY: return PIPELINE_BODY;
		case STAGE_SUSPEND: return PIPELINE_SUSPEND;
		case STAGE_ANSWERED: return PIPELINE_DONE;
		case STAGE_FAILED: break;
		}
		break;
	}
	return x->err ? pipeline_fail(x) : PIPELINE_DONE;
}

/* What the stages read on this thread is of one state of the database: who asks, the rows, their total. */
enum pipeline_state pipeline_run(struct http_exchange *x)
{
	struct db *db = x->server->app->db;
	if (!x->stage)
		x->stage = stages;
	db_reads_begin(db);
	enum pipeline_state state = stages_run(x);
	db_reads_end(db);
	return state;
}
