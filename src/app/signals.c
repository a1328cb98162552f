/*
 * Signals of the server. What is sent to daemons out of habit must not cut requests off: it is
 * logged. SIGHUP and SIGUSR1, by whoever rotates logs, open a log that is a file anew; else there
 * is nothing to do, for settings are read at the start alone.
 */
#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/attr.h"
#include "core/app.h"
#include "core/log.h"

/*
 * The system would end the process for each of these. Faults of the program itself are not among
 * them.
 */
static const int habitual[] = { SIGHUP,  SIGUSR1, SIGUSR2, SIGALRM,  SIGVTALRM,
				SIGPROF, SIGPOLL, SIGPWR,  SIGSTKFLT };

static bool has_terminal(void)
{
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* nohup(1) and others who start us say so in this way. */
static bool is_ignored(int number)
{
	struct sigaction now;
	return !sigaction(number, NULL, &now) && now.sa_handler == SIG_IGN;
}

void signals_take(struct signals *ret)
{
	sigemptyset(&ret->stop);
	sigaddset(&ret->stop, SIGTERM);
	sigaddset(&ret->stop, SIGINT);
	sigaddset(&ret->stop, SIGQUIT);
	/* a limit on CPU time (ulimit -t) is reached; the system kills soon after */
	sigaddset(&ret->stop, SIGXCPU);
	ret->taken = ret->stop;
	for (size_t i = 0; i < COUNT_OF(habitual); i++)
		sigaddset(&ret->taken, habitual[i]);
	for (int number = SIGRTMIN; number <= SIGRTMAX; number++)
		sigaddset(&ret->taken, number);
	if (is_ignored(SIGHUP))
		sigdelset(&ret->taken, SIGHUP);
	else if (has_terminal())
		sigaddset(&ret->stop, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &ret->taken, NULL);
}

static bool opens_log(const struct ctx *c, int number)
{
	return (number == SIGHUP || number == SIGUSR1) && log_open_anew(c->app->log);
}

static void log_taken(struct ctx *c, int number)
{
	const char *known = sigabbrev_np(number);
	char name[32];
	if (known)
		snprintf(name, sizeof(name), "SIG%s", known);
	else
		snprintf(name, sizeof(name), "SIGRTMIN+%d", number - SIGRTMIN);
	if (opens_log(c, number))
		log_info(c, "log file opened anew", LOG_TEXT("signal", name));
	else
		log_warn(c,
			 "signal ignored: stop with SIGTERM, and start again to read settings anew",
			 LOG_TEXT("signal", name));
}

static int64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int wait_until(const sigset_t *set, int64_t until_ns)
{
	int64_t left_ns = until_ns - now_ns();
	if (left_ns < 0)
		left_ns = 0;
	return sigtimedwait(set, NULL,
			    &(struct timespec){ .tv_sec = (time_t)(left_ns / 1000000000),
						.tv_nsec = (long)(left_ns % 1000000000) });
}

bool signals_wait(struct ctx *c, const struct signals *signals, int64_t ms)
{
	int64_t until_ns = now_ns() + ms * 1000000;
	for (;;) {
		int got = ms < 0 ? sigwaitinfo(&signals->taken, NULL)
				 : wait_until(&signals->taken, until_ns);
		if (got > 0 && sigismember(&signals->stop, got))
			return true;
		if (got > 0)
			log_taken(c, got);
		else if (errno != EINTR)
			return false;
	}
}

void signals_let_end(const struct signals *signals)
{
	sigset_t ends = signals->stop;
	/* a terminal's end may be told twice, by the system and by the shell */
	sigdelset(&ends, SIGHUP);
	/* comes again with each second of CPU time */
	sigdelset(&ends, SIGXCPU);
	pthread_sigmask(SIG_UNBLOCK, &ends, NULL);
}
