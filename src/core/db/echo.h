/* Telling all statements in the log, from when the database is open until it is closed. */
#ifndef CROFT_SRC_CORE_DB_ECHO_H
#define CROFT_SRC_CORE_DB_ECHO_H

#include "core/db_driver.h"

void db_echo_begin(struct db *db);
/* Nothing, where it was not begun. */
void db_echo_end(struct db *db);

#endif
