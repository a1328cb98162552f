/*
 * The log of slow statements. A driver measures from the start of a statement until its last row
 * was read, so what the caller does between rows counts too, and calls this when it took longer
 * than database.slow_query_ms.
 */
#include "core/db_driver.h"
#include "core/log.h"

/* The SQL is constant text with $1 … in the place of values: nothing that a client sent. */
void db_slow_log(const struct ctx *c, const char *sql, int64_t took_us, int64_t rows)
{
	log_warn(c, "slow statement", LOG_TEXT("sql", sql),
		 LOG_REAL("ms", (double)took_us / 1000.0), LOG_INT("rows", rows));
}
