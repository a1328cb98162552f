/*
 * Another process that has the database of a row open, and does what it is told. It is forked while
 * this one has no threads: before the row opens its own.
 */
#ifndef CROFT_TESTS_CORE_DB_OTHER_H
#define CROFT_TESTS_CORE_DB_OTHER_H

#include "store.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <time.h>

#include "core/ticker.h"

enum other_order {
	OTHER_RAISE = 'r',  /* run its SQL and raise DB_SEARCH */
	OTHER_DIE = 'd',    /* the same, and be killed between the commit and telling of it */
	OTHER_LEAVE = 'l',  /* the same, close the database and end */
	OTHER_LISTEN = 'b', /* begin to hear others */
	OTHER_COUNT = 'c',  /* how often it has heard DB_SEARCH */
};

/* its first answer, unasked */
enum { OTHER_OPEN = 1 };

struct other {
	pid_t pid;
	int orders, answers; /* pipes */
};

/* ---- in the other process ---- */

static atomic_int other_heard;

static inline void other_on_signal(void *arg, unsigned signals)
{
	(void)arg;
	atomic_fetch_add(&other_heard, (signals & DB_SEARCH) != 0);
}

static inline void other_killer(void *arg, unsigned signals)
{
	(void)arg, (void)signals;
	raise(SIGKILL);
}

static inline enum app_err other_write(struct ctx *c, void *sql)
{
	enum app_err err = db_script(c, sql, strlen(sql), 1);
	db_signal(c, DB_SEARCH);
	return err;
}

static inline int other_obey(struct store *s, char order, const char *sql)
{
	if (order == OTHER_COUNT)
		return atomic_load(&other_heard);
	if (order == OTHER_LISTEN) {
		db_signal_others_begin(s->db, s->scene.app.ticker);
		return 0;
	}
	if (order == OTHER_DIE)
		db_signal_listen(s->db, other_killer, NULL);
	return (int)db_write(&s->scene.c, other_write, (void *)(uintptr_t)sql);
}

static inline bool other_answer(const struct other *pipes, int answer)
{
	return write(pipes->answers, &answer, sizeof(answer)) == sizeof(answer);
}

/* Ends without the destructors and exit handlers of the program that it is a copy of. */
static inline _Noreturn void other_main(const struct other *pipes, const char *url, const char *sql)
{
	static struct store s;
	char order = 0;
	const struct db_options options = store_patient((struct db_options){ .url = url });
	scene_open(&s.scene);
	/* a row that failed here would go on with those that follow it */
	if (db_open(&s.scene.c, &options, &s.db))
		_exit(1);
	s.scene.app.db = s.db;
	s.scene.app.ticker = ticker_new();
	db_signal_listen(s.db, other_on_signal, NULL);
	bool is_asked = other_answer(pipes, OTHER_OPEN);
	while (is_asked && order != OTHER_LEAVE && read(pipes->orders, &order, 1) == 1)
		is_asked = other_answer(pipes, other_obey(&s, order, sql));
	db_signal_others_end(s.db);
	ticker_drop(s.scene.app.ticker);
	store_close(&s);
	_exit(0);
}

/* ---- in this one ---- */

static inline int other_hear(const struct other *other)
{
	int answer;
	return read(other->answers, &answer, sizeof(answer)) == sizeof(answer) ? answer : -1;
}

static inline void other_start(struct other *other, const char *url, const char *sql)
{
	int orders[2], answers[2];
	assert_int_equal(pipe(orders), 0);
	assert_int_equal(pipe(answers), 0);
	other->pid = fork();
	assert_true(other->pid >= 0);
	if (!other->pid) {
		close(orders[1]);
		close(answers[0]);
		other_main(&(struct other){ 0, orders[0], answers[1] }, url, sql);
	}
	close(orders[0]);
	close(answers[1]);
	other->orders = orders[1];
	other->answers = answers[0];
	/* what the row does to the database from here on, it does to one that both have open */
	assert_int_equal(other_hear(other), OTHER_OPEN);
}

/* What it answers; -1: it died. */
static inline int other_do(const struct other *other, enum other_order order)
{
	const char byte = (char)order;
	assert_int_equal(write(other->orders, &byte, 1), 1);
	return other_hear(other);
}

static inline void other_end(struct other *other)
{
	close(other->orders);
	close(other->answers);
	assert_int_equal(waitpid(other->pid, NULL, 0), other->pid);
}

#endif
