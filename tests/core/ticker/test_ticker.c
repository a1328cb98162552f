/* threaded */
/* The ticker: turns come again and again, are taken early when asked for, and end for good. */
#include "core/ticker.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "testing/await.h"
#include "testing/child.h"
#include "testing/rows.h"

enum { SELDOM_MS = 24 * 3600 * 1000, OFTEN_MS = 1 };

/* What one of the things does that it is given to do. */
struct counter {
	atomic_int calls;
	struct tick *tick;
	int wakes; /* itself, so many times */
	/* a call tells that it has begun, and waits for the next; NULL: it does neither */
	sem_t *entered;
	sem_t *go;
	atomic_bool left;
};

static void count(void *arg)
{
	struct counter *counter = arg;
	if (counter->wakes > 0) {
		counter->wakes--;
		ticker_wake(counter->tick);
	}
	if (counter->entered) {
		sem_post(counter->entered);
		sem_wait(counter->go);
	}
	atomic_store(&counter->left, true);
	atomic_fetch_add(&counter->calls, 1);
}

static struct ticker *ticker;

static int setup(void **state)
{
	(void)state;
	ticker = ticker_new();
	return ticker ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	ticker_drop(ticker);
	return 0;
}

static void turns_come_again_and_again(void **state)
{
	(void)state;
	struct counter one = { 0 }, other = { 0 };
	one.tick = ticker_add(ticker, OFTEN_MS, count, &one);
	other.tick = ticker_add(ticker, OFTEN_MS, count, &other);
	AWAIT(atomic_load(&one.calls) >= 5 && atomic_load(&other.calls) >= 5);
	ticker_remove(one.tick);
	ticker_remove(other.tick);
}

static void a_turn_that_is_asked_for_comes_at_once(void **state)
{
	(void)state;
	struct counter seldom = { 0 };
	seldom.tick = ticker_add(ticker, SELDOM_MS, count, &seldom);
	for (int i = 1; i <= 3; i++) {
		ticker_wake(seldom.tick);
		AWAIT(atomic_load(&seldom.calls) == i);
	}
	ticker_remove(seldom.tick);
}

/* Asked for from within, and by others while the turn lasts: one more, however often. */
static void a_turn_that_is_asked_for_during_one_follows_it(void **state)
{
	(void)state;
	sem_t entered, go;
	sem_init(&entered, 0, 0);
	sem_init(&go, 0, 0);
	struct counter held = { .entered = &entered, .go = &go };
	held.tick = ticker_add(ticker, SELDOM_MS, count, &held);
	ticker_wake(held.tick);
	assert_true(await_sem(&entered));
	for (int i = 0; i < 3; i++)
		ticker_wake(held.tick);
	sem_post(&go);
	assert_true(await_sem(&entered));
	sem_post(&go);
	AWAIT(atomic_load(&held.calls) == 2);
	/* what else it was asked for would come before this one, which is asked for later */
	struct counter later = { 0 };
	later.tick = ticker_add(ticker, SELDOM_MS, count, &later);
	ticker_wake(later.tick);
	AWAIT(atomic_load(&later.calls) == 1);
	assert_int_equal(atomic_load(&held.calls), 2);
	ticker_remove(later.tick);
	ticker_remove(held.tick);
	sem_destroy(&entered);
	sem_destroy(&go);
}

static void one_that_always_wants_more_keeps_nobody_waiting(void **state)
{
	(void)state;
	struct counter greedy = { .wakes = INT32_MAX }, other = { 0 };
	greedy.tick = ticker_add(ticker, SELDOM_MS, count, &greedy);
	other.tick = ticker_add(ticker, OFTEN_MS, count, &other);
	ticker_wake(greedy.tick);
	AWAIT(atomic_load(&greedy.calls) >= 100 && atomic_load(&other.calls) >= 5);
	ticker_remove(greedy.tick);
	ticker_remove(other.tick);
}

struct remover {
	struct tick *tick;
	sem_t begins;
};

static void *remove_it(void *arg)
{
	struct remover *remover = arg;
	sem_post(&remover->begins);
	ticker_remove(remover->tick);
	return NULL;
}

static void removing_waits_for_the_turn_under_way(void **state)
{
	(void)state;
	sem_t entered, go;
	pthread_t thread;
	struct remover remover;
	sem_init(&entered, 0, 0);
	sem_init(&go, 0, 0);
	sem_init(&remover.begins, 0, 0);
	struct counter held = { .entered = &entered, .go = &go };
	remover.tick = held.tick = ticker_add(ticker, SELDOM_MS, count, &held);
	ticker_wake(held.tick);
	assert_true(await_sem(&entered));
	assert_int_equal(pthread_create(&thread, NULL, remove_it, &remover), 0);
	assert_true(await_sem(&remover.begins));
	sem_post(&go);
	pthread_join(thread, NULL);
	assert_true(atomic_load(&held.left));
	assert_int_equal(atomic_load(&held.calls), 1);
	sem_destroy(&remover.begins);
	sem_destroy(&entered);
	sem_destroy(&go);
}

static void after_removal_no_turn_comes(void **state)
{
	(void)state;
	struct counter gone = { 0 }, other = { 0 };
	gone.tick = ticker_add(ticker, OFTEN_MS, count, &gone);
	other.tick = ticker_add(ticker, OFTEN_MS, count, &other);
	AWAIT(atomic_load(&gone.calls) >= 1);
	ticker_remove(gone.tick);
	int before = atomic_load(&gone.calls), others = atomic_load(&other.calls);
	AWAIT(atomic_load(&other.calls) >= others + 10);
	assert_int_equal(atomic_load(&gone.calls), before);
	ticker_remove(other.tick);
}

/* What it says goes into a pipe; no image of the memory is kept. */
static void add_and_end(int64_t every_ms, int said)
{
	const struct rlimit none = { 0, 0 };
	struct counter unused = { 0 };
	setrlimit(RLIMIT_CORE, &none);
	dup2(said, STDERR_FILENO);
	_exit(ticker_add(ticker, every_ms, count, &unused) ? 0 : 1);
}

/* Its turn would always be due, and all others wait for it for ever. */
static void a_turn_without_a_pause_is_a_fault(void **state)
{
	const int64_t every_ms = *(const int64_t *)*state;
	char text[512] = "";
	int said[2], status = 0;
	assert_int_equal(pipe(said), 0);
	pid_t pid = child_fork(SIGKILL);
	if (!pid)
		add_and_end(every_ms, said[1]);
	close(said[1]);
	assert_true(read(said[0], text, sizeof(text) - 1) > 0);
	close(said[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	assert_non_null(strstr(text, "there is a pause between two turns"));
}

int main(void)
{
	static const int64_t none = 0, negative = -1;
	const struct CMUnitTest rows[] = {
		ROW("turns come again and again", turns_come_again_and_again),
		ROW("a turn that is asked for comes at once",
		    a_turn_that_is_asked_for_comes_at_once),
		ROW("one that is asked for during a turn follows it, once",
		    a_turn_that_is_asked_for_during_one_follows_it),
		ROW("one that always wants more keeps nobody waiting",
		    one_that_always_wants_more_keeps_nobody_waiting),
		ROW("removing waits for the turn under way", removing_waits_for_the_turn_under_way),
		ROW("after removal no turn comes", after_removal_no_turn_comes),
		ROW_OF("a turn that is always due is a fault", a_turn_without_a_pause_is_a_fault,
		       &none),
		ROW_OF("a turn that was due before it was added is a fault",
		       a_turn_without_a_pause_is_a_fault, &negative),
	};
	return rows_run_with("core/ticker", rows, COUNT_OF(rows), setup, teardown);
}
