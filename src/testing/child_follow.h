/* For children of child_fork() that become another user. */
#ifndef CROFT_SRC_TESTING_CHILD_FOLLOW_H
#define CROFT_SRC_TESTING_CHILD_FOLLOW_H

#include <sys/types.h>

/*
 * In the child of `parent`: the promise of child_fork() anew, for one that has become another user
 * since, which ends the first.
 */
void child_follow(pid_t parent, int signal);

#endif
