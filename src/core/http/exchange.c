/*
 * Making and dropping exchanges. Each event-loop thread keeps a few dropped ones, arenas and all,
 * so that a request on a busy server allocates nothing here.
 */
#include "exchange.h"
#include "body.h"
#include "unsent.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "server.h"

enum {
	KEPT_MAX = 64,         /* per thread */
	EXCHANGE_ARENA = 8192, /* enough for an ordinary request and its answer */
};

struct kept {
	struct http_exchange *first;
	int count;
};

static pthread_once_t kept_once = PTHREAD_ONCE_INIT;
static pthread_key_t kept_key;
static _Thread_local struct kept *kept;

static void exchange_free(struct http_exchange *x)
{
	arena_done(&x->arena);
	free(x);
}

static void kept_free(void *arg)
{
	struct kept *mine = arg;
	while (mine->first) {
		struct http_exchange *x = mine->first;
		mine->first = x->next_free;
		exchange_free(x);
	}
	free(mine);
}

static void kept_key_new(void)
{
	pthread_key_create(&kept_key, kept_free);
}

static struct kept *kept_here(void)
{
	if (!kept) {
		pthread_once(&kept_once, kept_key_new);
		kept = mem_new(1, sizeof(*kept));
		pthread_setspecific(kept_key, kept);
	}
	return kept;
}

struct http_exchange *exchange_new(struct http_server *server)
{
	struct kept *mine = kept_here();
	struct http_exchange *x = mine->first;
	struct arena arena;
	if (x) {
		mine->first = x->next_free;
		mine->count--;
		arena = x->arena;
		memset(x, 0, sizeof(*x));
	} else {
		x = mem_new(1, sizeof(*x));
		arena_init(&arena, EXCHANGE_ARENA);
	}
	x->arena = arena;
	x->server = server;
	ctx_init(&x->c, server->app, &x->arena);
	x->c.request_id = x->request_id;
	x->sender.address = x->client;
	x->c.client = &x->sender;
	buf_init(&x->body, &x->arena);
	return x;
}

void exchange_drop(struct http_exchange *x)
{
	if (x->answer.fd > 0) /* found, but the client left before it was sent */
		close(x->answer.fd);
	body_drop(x);
	unsent_drop(x);
	struct kept *mine = kept_here();
	if (mine->count >= KEPT_MAX) {
		exchange_free(x);
		return;
	}
	arena_reset(&x->arena);
	x->next_free = mine->first;
	mine->first = x;
	mine->count++;
}
