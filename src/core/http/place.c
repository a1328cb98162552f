/* Giving a request to a worker. */
#include "place.h"

#include "client.h"
#include "core/app.h"
#include "exchange.h"
#include "pipeline.h"
#include "server.h"
#include "wire.h"

/* Suspended already: when it is not done here, on to the thread that a stage has chosen. */
static void run_on_worker(struct pool_job *job)
{
	struct http_exchange *x = EXCHANGE_OF(job, job);
	x->place = x->lane == POOL_READ ? IN_LANE : IN_POOL;
	if (pipeline_run(x) == PIPELINE_DONE)
		wire_resume(x, APP_OK);
	else
		wire_hand_over(x);
}

static enum app_err hand_to_worker(struct http_exchange *x)
{
	x->job = (struct pool_job){ .run = run_on_worker, .client = client_key(x) };
	return pool_submit(x->server->app->pool, x->lane, &x->job);
}

enum pool_lane place_lane(const struct http_exchange *x)
{
	return x->op && x->op->vital ? POOL_VITAL : POOL_WORK;
}

enum stage_result place_on_worker(struct http_exchange *x, enum pool_lane lane)
{
	x->lane = lane;
	x->hand_over = hand_to_worker;
	return STAGE_SUSPEND;
}
