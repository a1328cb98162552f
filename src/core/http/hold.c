/*
 * Answers that are given later: a client that is told to come again in a moment, and asks again at
 * once instead, would have as much of the server as it can take just by being refused. While its
 * refusal is held back the connection waits, which costs nothing. Each is held for the same time,
 * so they end in the order in which they came.
 */
#include "hold.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
#include "exchange.h"
#include "wire.h"

/* Between two rounds, so that ending many costs one look; they may last so much longer. */
enum { ROUND_MS = 20 };

struct holds {
	pthread_mutex_t lock;
	pthread_cond_t wake; /* the first one came, or it is stopping */
	pthread_t thread;
	struct http_exchange *first, **end;
	int64_t each_us;
	bool stopping;
};

/* Those whose time is up, as a list; all of them when it is stopping. */
static struct http_exchange *holds_take(struct holds *holds)
{
	struct http_exchange *due = holds->first, **end = &holds->first;
	int64_t now = clock_monotonic_us();
	while (*end && (holds->stopping || (*end)->held_until_us <= now))
		end = &(*end)->next_held;
	if (end == &holds->first)
		return NULL;
	holds->first = *end;
	*end = NULL;
	if (!holds->first)
		holds->end = &holds->first;
	return due;
}

/* Once resumed, an exchange belongs to its event loop. */
static void holds_resume(struct http_exchange *due)
{
	while (due) {
		struct http_exchange *next = due->next_held;
		wire_resume_held(due);
		due = next;
	}
}

static void holds_wait(struct holds *holds)
{
	while (!holds->first && !holds->stopping)
		pthread_cond_wait(&holds->wake, &holds->lock);
}

static void *holds_main(void *arg)
{
	struct holds *holds = arg;
	pthread_mutex_lock(&holds->lock);
	while (!holds->stopping || holds->first) {
		holds_wait(holds);
		struct http_exchange *due = holds_take(holds);
		pthread_mutex_unlock(&holds->lock);
		holds_resume(due);
		nanosleep(&(struct timespec){ .tv_nsec = ROUND_MS * 1000000L }, NULL);
		pthread_mutex_lock(&holds->lock);
	}
	pthread_mutex_unlock(&holds->lock);
	return NULL;
}

struct holds *holds_new(int64_t each_ms)
{
	struct holds *holds = mem_new(1, sizeof(*holds));
	holds->end = &holds->first;
	holds->each_us = MILLISECONDS_US(each_ms);
	pthread_mutex_init(&holds->lock, NULL);
	pthread_cond_init(&holds->wake, NULL);
	if (thread_start(&holds->thread, "http-holds", holds_main, holds))
		mem_out(0);
	return holds;
}

bool holds_add(struct holds *holds, struct http_exchange *x)
{
	pthread_mutex_lock(&holds->lock);
	bool taken = holds->each_us && !holds->stopping;
	if (taken) {
		bool was_empty = !holds->first;
		x->next_held = NULL;
		x->held_until_us = clock_monotonic_us() + holds->each_us;
		*holds->end = x;
		holds->end = &x->next_held;
		if (was_empty)
			pthread_cond_signal(&holds->wake);
	}
	pthread_mutex_unlock(&holds->lock);
	return taken;
}

void holds_stop(struct holds *holds)
{
	pthread_mutex_lock(&holds->lock);
	holds->stopping = true;
	pthread_cond_signal(&holds->wake);
	pthread_mutex_unlock(&holds->lock);
}

void holds_drop(struct holds *holds)
{
	holds_stop(holds);
	pthread_join(holds->thread, NULL);
	pthread_cond_destroy(&holds->wake);
	pthread_mutex_destroy(&holds->lock);
	free(holds);
}
