/*
 * Answers that are not sent yet. A client may ask and never read, so what the server holds for its
 * answer is counted from the moment that its rows are read until the last byte is out: against one
 * budget, and those of one client against a share of it. What does not fit is dropped at once and
 * refused; a change is refused before it is made, since afterwards it is told whatever that takes.
 * Whom there was no room for is remembered: reaper.c then cuts off those who do not take theirs.
 */
#include "unsent.h"

#include <string.h>

#include "base/mem.h"
#include "body.h"
#include "client.h"
#include "exchange.h"
#include "load.h"
#include "mark.h"
#include "peer.h"
#include "server.h"
#include "wipe.h"

enum { UNSENT_FREE = 16 * 1024 /* not counted: an ordinary answer */ };

static void own_drop(struct http_exchange *x)
{
	struct buf *own = &x->answer.own;
	if (!own->arena)
		mem_drop(own->data, own->len); /* all that was ever written there */
	*own = (struct buf){ 0 };
}

struct buf *unsent_buf(struct http_exchange *x)
{
	struct buf *out = &x->answer.own;
	own_drop(x);
	/* where it is small; a large one grows on the heap, where growing leaves nothing behind */
	buf_init(out, mark_footprint(x) > UNSENT_FREE ? NULL : &x->arena);
	return out;
}

void unsent_replace(struct http_exchange *x, struct buf *form)
{
	own_drop(x);
	x->answer.own = *form;
	if (form->arena)
		return;
	/* on the heap room is counted: no more than it takes */
	x->answer.own.data = mem_move(NULL, 0, form->len);
	x->answer.own.room = form->len;
	memcpy(x->answer.own.data, form->data, form->len);
	mem_drop(form->data, form->len);
}

static int64_t held_now(const struct http_exchange *x)
{
	const struct buf *own = &x->answer.own;
	size_t bytes = mark_footprint(x) + (own->arena ? 0 : own->room);
	return bytes > UNSENT_FREE ? (int64_t)bytes : 0;
}

static int64_t share_most(const struct http_exchange *x)
{
	return x->server->options.answer_memory / TALLY_SHARE;
}

static atomic_int_fast64_t *share_of(const struct http_exchange *x)
{
	return tally_of(&x->server->unsent.by_client, client_key(x));
}

/* Of two answers at once that are both larger than the share, both may be refused. */
static bool add_to_share(struct http_exchange *x, int64_t more, int64_t most)
{
	if (!x->unsent)
		x->unsent_share = share_of(x);
	return !x->unsent_share || tally_add_one(x->unsent_share, x->unsent, more, most);
}

enum room { ROOM, ROOM_FOR_OTHERS, NO_ROOM };

/* Counts `bytes` in place of what was counted before, or nothing when there is no room for that. */
static enum room held_recount(struct http_exchange *x, int64_t bytes, int64_t most)
{
	int64_t more = bytes - x->unsent;
	if (!more)
		return ROOM;
	if (!tally_add(&x->server->unsent.held, more, most))
		return NO_ROOM;
	int64_t share = most == INT64_MAX ? most : share_most(x);
	if (!add_to_share(x, more, share)) {
		(void)tally_add(&x->server->unsent.held, -more, 0);
		return ROOM_FOR_OTHERS;
	}
	x->unsent = bytes;
	return ROOM;
}

/* What changed nothing may be asked again. */
static bool may_be_refused(const struct http_exchange *x)
{
	if (x->op && x->op->vital)
		return false;
	if (x->err)
		return x->err == APP_INVALID;
	return x->op ? x->op->kind == QUERY : x->method == GET;
}

static enum app_err refuse_for_all(struct http_exchange *x, int64_t bytes)
{
	/* which one is remembered of two at once is all the same */
	atomic_int_fast64_t *wanted = &x->server->unsent.wanted;
	if (bytes > atomic_load_explicit(wanted, memory_order_relaxed))
		atomic_store_explicit(wanted, bytes, memory_order_relaxed);
	return load_refuse_busy(x);
}

static enum app_err refuse_for_share(struct http_exchange *x)
{
	return load_refuse(x, "You have not taken other answers yet; try again when you have");
}

static enum app_err unsent_refuse(struct http_exchange *x, enum room room, int64_t bytes,
				  int64_t most)
{
	mark_undo(x);
	if (bytes > most) {
		load_turned_away(x);
		return ctx_fail_retry(
			&x->c, APP_UNAVAILABLE, RETRY_NEVER,
			"This answer is larger than the server can hold: ask for less");
	}
	return room == ROOM_FOR_OTHERS ? refuse_for_share(x) : refuse_for_all(x, bytes);
}

/* Whoever was refused for want of room has it, or another who wants as much: nobody need go. */
static void note_held(struct http_exchange *x, int64_t bytes)
{
	atomic_int_fast64_t *wanted = &x->server->unsent.wanted;
	int64_t most = atomic_load_explicit(wanted, memory_order_relaxed);
	if (most && bytes >= most)
		atomic_store_explicit(wanted, 0, memory_order_relaxed);
}

enum app_err unsent_hold(struct http_exchange *x)
{
	int64_t bytes = held_now(x), all = x->server->options.answer_memory;
	int64_t most = may_be_refused(x) ? tally_for_queries(all) : INT64_MAX;
	enum room room = held_recount(x, bytes, most);
	if (room != ROOM)
		return unsent_refuse(x, room, bytes, most);
	note_held(x, bytes);
	return APP_OK;
}

static bool is_within(const atomic_int_fast64_t *sum, int64_t most)
{
	return !sum || atomic_load_explicit(sum, memory_order_relaxed) <= most;
}

enum app_err unsent_admits(struct http_exchange *x)
{
	if (may_be_refused(x) || (x->op && x->op->vital))
		return APP_OK;
	if (!is_within(&x->server->unsent.held, x->server->options.answer_memory))
		return refuse_for_all(x, UNSENT_FREE);
	return is_within(share_of(x), share_most(x)) ? APP_OK : refuse_for_share(x);
}

/* Lets go of what was made in the arena since the body of the request was in, and of `body`. */
static void let_go(struct http_exchange *x, struct buf body)
{
	struct leftover left = { .body = body, .share = x->unsent_share };
	if (x->mark.stage)
		arena_part(&x->arena, x->mark.arena, &left.rows);
	int64_t kept = held_now(x);
	left.counted = x->unsent - kept;
	x->unsent = kept;
	wipe_leftover(x->server, &left);
}

/*
 * What is left to do is to send the body: when that is not there, all that was made in the arena
 * may go.
 */
static void work_give_back(struct http_exchange *x)
{
	const struct answer *answer = &x->answer;
	if (!x->mark.stage || answer->own.arena ||
	    (answer->body && answer->body != answer->own.data))
		return;
	x->answer.header_count = 0; /* their values were there */
	x->call = (struct op_call){ 0 };
	x->c.failure = (struct failure){ 0 };
	x->c.left = x->mark.c.left;
	body_drop(x);
	let_go(x, (struct buf){ 0 });
}

void unsent_begin(struct http_exchange *x)
{
	if (!x->unsent)
		return;
	work_give_back(x);
	peer_holds(x->peer, x->unsent);
}

void unsent_drop(struct http_exchange *x)
{
	struct buf own = x->answer.own;
	x->answer.own = (struct buf){ 0 };
	let_go(x, own.arena ? (struct buf){ 0 } : own);
}
