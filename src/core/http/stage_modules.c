/*
 * The stages that run those of modules, each in its place. Which a route has stands in its entry of
 * the router; what they may ask of a request, in ask.c.
 */
#include "answer_add.h"
#include "answers.h"
#include "core/log.h"
#include "exchange.h"
#include "server.h"
#include "stage.h"
#include "wire.h"

/* ---- running them ---- */

/* What refuses says so by itself; how to sign in is its own. */
static enum stage_result refused(struct http_exchange *x, const struct module_stage *stage,
				 enum app_err err)
{
	x->challenge = stage->challenge;
	log_debug(&x->c, "a stage of a module refused", LOG_TEXT("stage", stage->name));
	return stage_fail(x, err);
}

/* Once, in whatever place a request meets them first. */
static void read_headers(struct http_exchange *x, const struct router_stages *stages)
{
	if (stages->header_count && !x->stage_headers)
		x->stage_headers = wire_headers_named(x, stages->headers, stages->header_count);
}

static enum stage_result run_those(struct http_exchange *x, const struct router_stage *at)
{
	for (; at && at->stage; at++) {
		size_t before = x->answer.header_count;
		x->module_stage = at;
		enum app_err err = at->stage->run(&x->c, x);
		if (answer_is_overfull(x))
			err = answer_refuse_headers(x, before, err);
		if (err)
			return refused(x, at->stage, err);
	}
	x->module_stage = NULL;
	return STAGE_NEXT;
}

bool when_staged(const struct http_exchange *x)
{
	return x->stages != NULL;
}

enum stage_result stage_run_before_sender(struct http_exchange *x)
{
	const struct router_stages *stages = x->stages;
	read_headers(x, stages);
	return run_those(x, stages->at[BEFORE_SENDER]);
}

enum stage_result stage_run_before_operation(struct http_exchange *x)
{
	if (!x->stages->at[BEFORE_OPERATION])
		return STAGE_NEXT;
	enum stage_result result = run_those(x, x->stages->at[BEFORE_OPERATION]);
	return stages_were_cut(x) ? STAGE_SUSPEND : result;
}

/* What it set by its table has room; the answer is made, and is not undone for the rest. */
static void tell_overfull(struct http_exchange *x, const struct module_stage *stage)
{
	x->answer.is_overfull = false;
	log_error(&x->c, "a stage of a module adds more headers than an answer has room for",
		  LOG_TEXT("stage", stage->name));
}

/* Those of any answer; of a refusal before the route was known, too. */
static const struct router_stages *stages_over(const struct http_exchange *x)
{
	return x->route ? x->stages : x->server->rest;
}

bool when_finished(const struct http_exchange *x)
{
	const struct router_stages *stages = stages_over(x);
	return stages && stages->at[OVER_ANSWER];
}

enum stage_result stage_run_over_answer(struct http_exchange *x)
{
	const struct router_stages *stages = stages_over(x);
	const struct router_stage *at = stages->at[OVER_ANSWER];
	read_headers(x, stages);
	for (; at && at->stage; at++) {
		x->module_stage = at;
		at->stage->finish(&x->c, x);
		if (x->answer.is_overfull)
			tell_overfull(x, at->stage);
	}
	x->module_stage = NULL;
	return STAGE_NEXT;
}

/* ---- what they tell the document ---- */

static void add_failures(const struct router_entry *entry, enum module_place place,
			 struct answers *answers)
{
	const struct router_stage *at = entry->stages ? entry->stages->at[place] : NULL;
	for (; at && at->stage; at++)
		for (size_t i = 0; i < OP_FAILURES_MAX && at->stage->fails_with[i]; i++)
			answers->fails |= answers_bit(at->stage->fails_with[i]);
}

void answers_before_sender(const struct router_entry *entry, struct answers *answers)
{
	add_failures(entry, BEFORE_SENDER, answers);
}

void answers_before_operation(const struct router_entry *entry, struct answers *answers)
{
	add_failures(entry, BEFORE_OPERATION, answers);
}
