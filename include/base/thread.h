/*
 * Threads and waiting, as all of ours want them: signals are for the threads that wait for them,
 * and a wait has an end by the monotonic clock.
 */
#ifndef CROFT_BASE_THREAD_H
#define CROFT_BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

/* The name has at most 15 bytes. It blocks all signals. 0, or the number of the system's error. */
int thread_start(pthread_t *ret_thread, const char *name, void *(*run)(void *), void *arg) MUST_USE;

/* A condition for thread_wait(). */
void thread_cond_init(pthread_cond_t *cond);
/*
 * Until the condition is signalled, or until then by the monotonic clock, in microseconds, and
 * perhaps for no reason: who waits looks again. False when the time was up.
 */
bool thread_wait(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t until_us);

#endif
