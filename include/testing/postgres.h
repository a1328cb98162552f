/*
 * A PostgreSQL cluster of the test program's own: in a scratch folder, on a free port of 127.0.0.1
 * and without passwords, run by the user postgres (or nobody) when the tests are root. It starts
 * when it is first needed and is stopped and removed when the program ends.
 */
#ifndef CROFT_TESTING_POSTGRES_H
#define CROFT_TESTING_POSTGRES_H

enum { POSTGRES_URL_ROOM = 128 };

/*
 * The URL of a new empty database. Starts the cluster when it does not run; fails the test when
 * that cannot be.
 */
void postgres_database(char url[POSTGRES_URL_ROOM]);
/* The same with the order and the case of letters as a language has them: "tr". */
void postgres_database_in(char url[POSTGRES_URL_ROOM], const char *language);
/*
 * The same for a new empty schema of one database: quicker, for rows that need no database of their
 * own.
 */
void postgres_schema(char url[POSTGRES_URL_ROOM]);
/* Runs one statement there as its owner. */
void postgres_sql(const char *url, const char *sql);
/*
 * From here on sessions are asked what they can do, not what they like: of small tables they would
 * rather read and sort the whole.
 */
void postgres_prefer_indexes(void);

/* The same port and data before and after. */
void postgres_start(void);
/* Shuts down at once, as a crash would (pg_ctl stop -m immediate). */
void postgres_stop_immediately(void);
/*
 * Stops the processes of the cluster where they are, so that connections are open and nobody
 * answers; and lets go.
 */
void postgres_freeze(void);
void postgres_thaw(void);
/*
 * A streaming standby of the cluster, made when it is first started; what the databases hold by
 * then is in it. postgres_replica_url() tells where a database of the cluster is found there.
 */
void postgres_replica_start(void);
void postgres_replica_stop(void);
void postgres_replica_url(const char *url, char ret_url[POSTGRES_URL_ROOM]);
/* The scratch folder; the server's user may read it. */
const char *postgres_folder(void);

#endif
