/*
 * Processes that tests start and that must not outlive the test program, however that ends: a row
 * that aborts, a time-out, Ctrl-C.
 */
#ifndef CROFT_TESTING_CHILD_H
#define CROFT_TESTING_CHILD_H

#include <sys/types.h>

/*
 * fork(), whose child gets `signal` when the thread that called this ends: so call it in one that
 * lives as long as the child shall. Aborts when there can be no child.
 */
pid_t child_fork(int signal);

#endif
