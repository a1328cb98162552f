/* A connection that is lost while its COMMIT is under way: what comes of it is not known. */
#ifndef CROFT_TESTS_CORE_POSTGRES_LOST_H
#define CROFT_TESTS_CORE_POSTGRES_LOST_H

#include "core/db/store.h"

static inline void commit_lose(struct store *s)
{
	store_do(s, "CREATE TABLE a (b integer);"
		    "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
		    " PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;"
		    "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON a DEFERRABLE INITIALLY DEFERRED"
		    " FOR EACH ROW EXECUTE FUNCTION die()");
	assert_int_equal(store_try(s, "INSERT INTO a VALUES (1)"), APP_UNAVAILABLE);
	assert_string_equal(ctx_failure_code(&s->scene.c, APP_UNAVAILABLE), "outcome_unknown");
}

#endif
