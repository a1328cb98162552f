/* See conceal.h. Called once as the program begins, and once more when the settings say otherwise. */
#include "conceal.h"

#include <sys/prctl.h>
#include <sys/resource.h>

static struct rlimit before;

/*
 * The soft limit alone, as an unprivileged process could not raise the hard one again. Where cores go to a program
 * (core_pattern begins with |), the kernel does not look at the limit, but at the flag.
 */
void conceal_begin(void)
{
	if (getrlimit(RLIMIT_CORE, &before) == 0)
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, before.rlim_max });
	prctl(PR_SET_DUMPABLE, 0);
}

void conceal_stay(void)
{
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
}

void conceal_end(void)
{
	setrlimit(RLIMIT_CORE, &before);
	prctl(PR_SET_DUMPABLE, 1);
}
