/* Children that end with the test program; see testing/child.h. */
#include "testing/child.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "child_follow.h"

void child_follow(pid_t parent, int signal)
{
	prctl(PR_SET_PDEATHSIG, signal);
	/* It may have ended before it was asked. */
	if (getppid() != parent)
		_exit(126);
}

pid_t child_fork(int signal)
{
	pid_t parent = getpid(), pid = fork();
	if (pid < 0) {
		perror("fork");
		abort();
	}
	if (!pid)
		child_follow(parent, signal);
	return pid;
}
