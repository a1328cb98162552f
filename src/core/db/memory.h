/*
 * The beginning and the end of a database's memory of numbers; the rest is in core/db_driver.h and
 * core/db.h.
 */
#ifndef CROFT_SRC_CORE_DB_MEMORY_H
#define CROFT_SRC_CORE_DB_MEMORY_H

#include "core/db_driver.h"

void db_memory_init(struct db_memory *memory);
void db_memory_done(struct db_memory *memory);

#endif
