/*
 * What others want to know of a commit, as bits. A write raises them; once it is durable, and
 * before its submitter is told, whoever listens hears of it, once for all writes that shared the
 * commit. Other croft processes hear of it a moment later.
 *
 * Bits of what was rolled back are dropped with it. Those of what was committed are always told, in
 * the process that did it, also when nobody knows whether it was (DB_OUTCOME_UNKNOWN). To others
 * they may be lost: who is killed right after a commit tells nobody. So a listener looks by itself
 * as well, and what it hears is only why it need not wait that long.
 */
#ifndef CROFT_CORE_DB_SIGNAL_H
#define CROFT_CORE_DB_SIGNAL_H

#include "base/ctx.h"

struct db;
struct ticker;

enum db_signal {
	/* There are rows to index for a full-text search, or there is a new index. */
	DB_SEARCH = 1,
	/* What is kept in memory of who may do what has changed, such as the keys of tokens. */
	DB_IDENTITY = 2,
};
enum {
	/* How many there are. */
	DB_SIGNALS = 2,
	DB_SIGNALS_ALL = (1 << DB_SIGNALS) - 1,
};

/* Only inside a write. */
void db_signal(struct ctx *c, unsigned signals);

/*
 * Called on the thread that committed, or one that hears of others: it sets a flag, wakes somebody
 * and returns. It must not call what is here.
 */
typedef void db_heard(void *arg, unsigned signals);
void db_signal_listen(struct db *db, db_heard *heard, void *arg);
/* No call is under way when this is done, and none follows. */
void db_signal_unlisten(struct db *db, db_heard *heard, void *arg);

/* Between the two, listeners hear of other processes as well. For a server. */
void db_signal_others_begin(struct db *db, struct ticker *ticker);
void db_signal_others_end(struct db *db);

#endif
