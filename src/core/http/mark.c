/* Marking the moment, and going back to it. */
#include "mark.h"

#include <string.h>
#include <unistd.h>

#include "unsent.h"

void mark_set(struct http_exchange *x)
{
	x->mark = (struct exchange_mark){
		.stage = x->stage,
		.arena = arena_mark(&x->arena),
		.footprint = arena_footprint(&x->arena),
		.header_count = x->answer.header_count,
		.c = x->c,
	};
}

void mark_undo(struct http_exchange *x)
{
	struct actor actor = x->c.actor;
	if (x->answer.fd > 0)
		close(x->answer.fd);
	unsent_drop(x);
	struct answer begun = { .header_count = x->mark.header_count };
	memcpy(begun.headers, x->answer.headers, sizeof(begun.headers));
	x->answer = begun;
	x->c = x->mark.c;
	x->c.actor = actor;
	x->err = APP_OK;
	x->challenge = NULL;
	x->call = (struct op_call){ 0 };
	arena_rewind(&x->arena, x->mark.arena);
}
