/*
 * Waiting for what a row wants to see, in place of sleeping and hoping: AWAIT(file_is_there("x")).
 * A row never counts on how long something takes; only what never comes fails it, after PATIENCE_S,
 * and not before AWAIT_LOOKS_LEAST looks.
 */
#ifndef CROFT_TESTING_AWAIT_H
#define CROFT_TESTING_AWAIT_H

#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>

enum {
	PATIENCE_S = 120,
	/* However long they take: on a busy machine a single look may take minutes. */
	AWAIT_LOOKS_LEAST = 20,
};

struct await {
	/* zero: it has not begun */
	int64_t until_us, pause_us;
	int looks;
};

/*
 * Sleeps for a moment, at first a short one; false once PATIENCE_S are over, and so many looks were
 * taken.
 */
bool await_more(struct await *await);
/* The same, but fails the row, naming what did not come. */
void await_or_fail(struct await *await, const char *what, const char *file, int line);

/*
 * Looks again and again until the condition holds. It may have effects: it is not looked at once it
 * has held.
 */
#define AWAIT(condition) \
	for (struct await await_ = { 0 }; !(condition);) \
	await_or_fail(&await_, #condition, __FILE__, __LINE__)

/* Takes the semaphore; false when it was not posted within PATIENCE_S. */
bool await_sem(sem_t *sem);

/*
 * TEST_START_DELAY_MS makes each server that the tests start wait so long before it begins, as on a
 * machine that is slow to start programs. Called by the new process; the servers themselves know
 * nothing of it.
 */
void await_start_delay(void);

#endif
