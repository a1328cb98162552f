/*
 * The signals that a server gets: which stop it, and which would end it at once if nobody took
 * them.
 */
#ifndef CROFT_SRC_APP_SIGNALS_H
#define CROFT_SRC_APP_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct ctx;

struct signals {
	/* SIGTERM, SIGINT, SIGQUIT, SIGXCPU; SIGHUP where there is a terminal */
	sigset_t stop;
	/* those, and all that are only logged */
	sigset_t taken;
};

/* Blocks them in this thread and those that it starts later. Before any other thread is there. */
void signals_take(struct signals *ret);
/*
 * Waits that long (for ever if negative) to be told to stop; logs what else comes. False when the
 * time is up.
 */
bool signals_wait(struct ctx *c, const struct signals *signals, int64_t ms);
/* From now on the next one that stops ends the process at once, but for SIGHUP and SIGXCPU. */
void signals_let_end(const struct signals *signals);

#endif
