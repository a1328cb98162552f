/*
 * A process that outlives a test program which ends in the middle of a row, and does what that
 * cannot do any more: wakes the cluster if it was frozen, stops it and removes its folder.
 */
#ifndef CROFT_SRC_TESTING_CLUSTER_GUARD_H
#define CROFT_SRC_TESTING_CLUSTER_GUARD_H

#include <sys/types.h>

void cluster_guard_start(const char *folder);
/* There is nothing left to guard. */
void cluster_guard_stop(void);

/*
 * Sends a signal to a server and its processes. The server stops first and goes on last, so that it
 * starts no process meanwhile.
 */
void cluster_signal(pid_t server, int signal);

#endif
