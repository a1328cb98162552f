/*
 * The bodies that are held in memory, and what they become when they are bound. Room is taken as
 * bytes come, whatever was announced, and all of it is counted: many clients that never finish
 * shall not use up what the server has, nor one alone what all may have.
 */
#include "body.h"

#include "base/mem.h"
#include "client.h"
#include "exchange.h"
#include "load.h"
#include "mark.h"
#include "server.h"

/* not counted: an ordinary input */
enum { BOUND_FREE = 16 * 1024 };

static int64_t body_next_room(const struct http_exchange *x, int64_t wanted)
{
	int64_t announced = x->head.content_length;
	int64_t most = announced > 0 ? announced : x->body_limit;
	int64_t room = 2 * (int64_t)x->body.room;
	if (room < BODY_FREE)
		room = BODY_FREE;
	if (room > most)
		room = most;
	return room < wanted ? wanted : room;
}

/*
 * Who asks is whoever it is known to be by now: not an account yet, where the database may block.
 */
static bool body_count_share(struct http_exchange *x, int64_t more)
{
	struct http_server *server = x->server;
	if (!x->body_held)
		x->body_share = tally_of(&server->body_by_client, client_key(x));
	return !x->body_share || tally_add_one(x->body_share, x->body_held, more,
					       server->options.body_memory / TALLY_SHARE);
}

static enum app_err body_refuse(struct http_exchange *x, const char *why)
{
	load_turned_away(x);
	return ctx_fail_retry(&x->c, APP_UNAVAILABLE, 1, "%s", why);
}

/* Counts `more` bytes, or refuses. */
static enum app_err body_count(struct http_exchange *x, int64_t more)
{
	struct http_server *server = x->server;
	if (!tally_add_one(&server->body_held, x->body_held, more, server->options.body_memory))
		return body_refuse(x, "The server holds too many unfinished requests; try again in "
				      "a moment");
	if (!body_count_share(x, more)) {
		(void)tally_add(&server->body_held, -more, 0);
		return body_refuse(x, "You have too many unfinished requests; try again when some "
				      "are done");
	}
	x->body_held += more;
	return APP_OK;
}

static enum app_err body_grow(struct http_exchange *x, int64_t room)
{
	struct buf *body = &x->body;
	if (room <= BODY_FREE) {
		buf_reserve(body, (size_t)room);
		return APP_OK;
	}
	enum app_err err = body_count(x, room - x->body_held);
	if (err)
		return err;
	/* on the heap, where growing leaves nothing behind */
	struct buf larger = { .data = mem_move(NULL, 0, (size_t)room), .room = (size_t)room };
	buf_add(&larger, body->data, body->len);
	buf_done(body);
	*body = larger;
	return APP_OK;
}

enum app_err body_add(struct http_exchange *x, const char *data, size_t len)
{
	int64_t wanted = (int64_t)(x->body.len + len);
	if (wanted > x->body_limit)
		return ctx_fail(&x->c, APP_TOO_LARGE, "The body has more than %lld bytes",
				(long long)x->body_limit);
	if (wanted > (int64_t)x->body.room) {
		enum app_err err = body_grow(x, body_next_room(x, wanted));
		if (err)
			return err;
	}
	buf_add(&x->body, data, len);
	return APP_OK;
}

enum app_err body_bound(struct http_exchange *x)
{
	int64_t bytes = (int64_t)mark_footprint(x);
	if (bytes <= BOUND_FREE || bytes <= x->bound_held)
		return APP_OK;
	enum app_err err = body_count(x, bytes - x->bound_held);
	if (!err)
		x->bound_held = bytes;
	return err;
}

void body_drop(struct http_exchange *x)
{
	buf_done(&x->body);
	(void)tally_add(&x->server->body_held, -x->body_held, 0);
	if (x->body_held && x->body_share)
		(void)tally_add(x->body_share, -x->body_held, 0);
	x->body_held = x->bound_held = 0;
}
