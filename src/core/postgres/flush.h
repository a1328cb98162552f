/*
 * What is acknowledged is on the server's disk, whatever a server, a role or a proxy has for a
 * preset. More, such as waiting for a replica, is left as it is.
 */
#ifndef CROFT_SRC_CORE_POSTGRES_FLUSH_H
#define CROFT_SRC_CORE_POSTGRES_FLUSH_H

/*
 * SQL that says so; `local` is "true" for the transaction, or "false" for the session, which then
 * keeps it though the preset changes.
 */
#define POSTGRES_SQL_FLUSH(local) \
	"SELECT set_config('synchronous_commit', coalesce(nullif(" \
	"current_setting('synchronous_commit'), 'off'), 'local'), " local ");"

#endif
