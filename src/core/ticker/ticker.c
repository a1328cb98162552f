/* The ticker: a list of what there is to do and the thread that takes what is due first. */
#include "core/ticker.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"

struct tick {
	struct ticker *ticker;
	tick_fn *fn;
	void *arg;
	int64_t every_us, due_us;
	bool running;
	struct tick *next;
};

struct ticker {
	pthread_t thread;
	pthread_mutex_t lock; /* guards all below, and what is in the list */
	pthread_cond_t wake;  /* the list or a time in it has changed, or it is stopping */
	pthread_cond_t ended; /* a call is over */
	struct tick *first;
	bool stopping;
};

/* NULL: there is nothing to do. */
static struct tick *tick_next(const struct ticker *ticker)
{
	struct tick *next = ticker->first;
	for (struct tick *at = next; at; at = at->next)
		if (at->due_us < next->due_us)
			next = at;
	return next;
}

/* Called and left with the lock held. */
static void tick_call(struct ticker *ticker, struct tick *tick)
{
	int64_t now = clock_monotonic_us();
	tick->due_us += tick->every_us;
	if (tick->due_us <= now)
		tick->due_us = now + tick->every_us;
	tick->running = true;
	pthread_mutex_unlock(&ticker->lock);
	tick->fn(tick->arg);
	pthread_mutex_lock(&ticker->lock);
	tick->running = false;
	pthread_cond_broadcast(&ticker->ended);
}

static void *ticker_main(void *arg)
{
	struct ticker *ticker = arg;
	pthread_mutex_lock(&ticker->lock);
	while (!ticker->stopping) {
		struct tick *tick = tick_next(ticker);
		if (!tick)
			pthread_cond_wait(&ticker->wake, &ticker->lock);
		else if (tick->due_us > clock_monotonic_us())
			thread_wait(&ticker->wake, &ticker->lock, tick->due_us);
		else
			tick_call(ticker, tick);
	}
	pthread_mutex_unlock(&ticker->lock);
	return NULL;
}

static void ticker_free(struct ticker *ticker)
{
	pthread_cond_destroy(&ticker->ended);
	pthread_cond_destroy(&ticker->wake);
	pthread_mutex_destroy(&ticker->lock);
	free(ticker);
}

struct ticker *ticker_new(void)
{
	struct ticker *ticker = mem_new(1, sizeof(*ticker));
	pthread_mutex_init(&ticker->lock, NULL);
	thread_cond_init(&ticker->wake);
	pthread_cond_init(&ticker->ended, NULL);
	if (!thread_start(&ticker->thread, "ticker", ticker_main, ticker))
		return ticker;
	ticker_free(ticker);
	return NULL;
}

void ticker_drop(struct ticker *ticker)
{
	if (!ticker)
		return;
	assert(!ticker->first && "something was added and not removed");
	pthread_mutex_lock(&ticker->lock);
	ticker->stopping = true;
	pthread_cond_signal(&ticker->wake);
	pthread_mutex_unlock(&ticker->lock);
	pthread_join(ticker->thread, NULL);
	ticker_free(ticker);
}

struct tick *ticker_add(struct ticker *ticker, int64_t every_ms, tick_fn *fn, void *arg)
{
	assert(every_ms > 0 && "there is a pause between two turns");
	struct tick *tick = mem_new(1, sizeof(*tick));
	*tick = (struct tick){
		.ticker = ticker, .fn = fn, .arg = arg, .every_us = MILLISECONDS_US(every_ms)
	};
	pthread_mutex_lock(&ticker->lock);
	tick->due_us = clock_monotonic_us() + tick->every_us;
	tick->next = ticker->first;
	ticker->first = tick;
	pthread_cond_signal(&ticker->wake);
	pthread_mutex_unlock(&ticker->lock);
	return tick;
}

/* Not earlier than now, so that those who are due already come first. */
void ticker_wake(struct tick *tick)
{
	struct ticker *ticker = tick->ticker;
	int64_t now = clock_monotonic_us();
	pthread_mutex_lock(&ticker->lock);
	if (tick->due_us > now) {
		tick->due_us = now;
		pthread_cond_signal(&ticker->wake);
	}
	pthread_mutex_unlock(&ticker->lock);
}

void ticker_remove(struct tick *tick)
{
	if (!tick)
		return;
	struct ticker *ticker = tick->ticker;
	assert(!pthread_equal(pthread_self(), ticker->thread) && "it would wait for itself");
	pthread_mutex_lock(&ticker->lock);
	struct tick **at = &ticker->first;
	while (*at != tick)
		at = &(*at)->next;
	*at = tick->next;
	while (tick->running)
		pthread_cond_wait(&ticker->ended, &ticker->lock);
	pthread_mutex_unlock(&ticker->lock);
	free(tick);
}
