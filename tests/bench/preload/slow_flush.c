/*
 * A disk whose flush takes longer: each fdatasync() and fsync() first sleeps for as many
 * microseconds as BENCH_FLUSH_DELAY_US says. A library to preload, never part of croft.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

typedef int flush_fn(int fd);

static void delay(void)
{
	const char *text = getenv("BENCH_FLUSH_DELAY_US");
	long us = text ? strtol(text, NULL, 10) : 0;

	nanosleep(&(struct timespec){ us / 1000000, us % 1000000 * 1000 }, NULL);
}

/*
 * dlsym() gives no pointer to a function: ISO C has no cast for it, so the bytes are read as one.
 */
static int flush(const char *name, int fd)
{
	union {
		void *object;
		flush_fn *call;
	} real = { .object = dlsym(RTLD_NEXT, name) };

	delay();
	return real.call(fd);
}

int fdatasync(int fd)
{
	return flush("fdatasync", fd);
}

int fsync(int fd)
{
	return flush("fsync", fd);
}
