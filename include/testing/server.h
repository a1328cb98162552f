/*
 * A real croft server as a process of its own: a free port, a scratch folder, a database file, and
 * its log in a file. The binary is $CROFT_BINARY, or build/croft. It ends with the thread that
 * starts it: start servers in the main one.
 */
#ifndef CROFT_TESTING_SERVER_H
#define CROFT_TESTING_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct server {
	pid_t pid;
	int port;
	/* holds croft.db, secret and log */
	char folder[64];
	/* of the first superuser, once server_sign_in() was called */
	char token[512];
};

#define SERVER_PASSWORD "correct horse battery"

/*
 * Starts in a new folder; `sets` are "section.key=value", NULL-terminated, or NULL. Aborts when it
 * does not start. Limits on time are generous unless `sets` says otherwise: a row about one sets
 * it.
 */
void server_start(struct server *server, const char *const *sets);
/*
 * The two halves of it, for several that start at once: begins in a new folder (or the one it has)
 * and waits for nothing; waits until it listens.
 */
void server_begin(struct server *server, const char *const *sets);
void server_await(struct server *server);
/*
 * Starts in a new folder (or the one it has) with the log into `log_fd`, or -1: with standard
 * output and error closed. Waits for nothing: the caller finds out when it listens and sets ->port.
 */
void server_spawn(struct server *server, const char *const *sets, int log_fd);
/* Starts again in the same folder, after server_kill() or server_stop(). */
void server_restart(struct server *server, const char *const *sets);
/*
 * The same in the folder that it has, or a new one, with these arguments behind `croft serve` and
 * these variables alone: for rows about where settings come from.
 */
void server_start_bare(struct server *server, const char *const *args, const char *const *environ_);
/* Makes the folder, for what a row puts there before the start. */
void server_folder(struct server *server);
/* SIGTERM; waits; returns the exit status (or 128 + the signal). */
int server_stop(struct server *server);
/* SIGKILL; waits */
void server_kill(struct server *server);
/* Stops it if it runs and removes the folder; fails the test when a sanitizer complained. */
void server_end(struct server *server);
/* Signs the first superuser in and keeps the token; comes again while the answer is 503. */
void server_sign_in(struct server *server);
/* The whole log so far; the caller frees it. */
char *server_log(const struct server *server);
/*
 * How often the piece, with its quotes swapped as in json.h, is in it. No request waits for the
 * log: lines may come after the answer, so AWAIT() them.
 */
int server_logged(const struct server *server, const char *piece);

#endif
