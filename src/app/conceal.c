/*
 * See conceal.h. Called once as the program begins, and once more when the settings say
 * otherwise.
 */
#include "app/conceal.h"

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "internal.h"

static struct rlimit before;

/*
 * glibc's malloc then fills what is freed with this byte, and what it gives with the opposite,
 * zeros. What it does not fill are blocks of up to 1 KiB, of which it keeps some for the same
 * thread; ours are wiped by mem.c, and those of the libraries that hold what clients send, such
 * as libmicrohttpd's 32 KiB of a connection, are larger. It costs less than can be measured.
 */
static void memory_wipes_itself(void)
{
#ifdef M_PERTURB
	enum { FREED = 0xff };
	mallopt(M_PERTURB, FREED);
#endif
}

/*
 * The soft limit alone, as an unprivileged process could not raise the hard one again. Where
 * cores go to a program (core_pattern begins with |), the kernel does not look at the limit, but
 * at the flag.
 */
void conceal_begin(void)
{
	if (getrlimit(RLIMIT_CORE, &before) == 0)
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, before.rlim_max });
	prctl(PR_SET_DUMPABLE, 0);
	memory_wipes_itself();
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
