/* The library's header, for all files here. */
#ifndef CROFT_SRC_CORE_SQLITE_LIBRARY_H
#define CROFT_SRC_CORE_SQLITE_LIBRARY_H

/*
 * Debian's library has the hook; its header shows it to those who say so. See sqlite_counts_open()
 * for one that has not.
 */
#define SQLITE_ENABLE_PREUPDATE_HOOK 1
#include <sqlite3.h>
#pragma weak sqlite3_preupdate_hook
#pragma weak sqlite3_preupdate_old
#pragma weak sqlite3_preupdate_new
#pragma weak sqlite3_preupdate_count

#endif
