/* Databases and schemas of the cluster; see postgres.h. */
#include "testing/postgres.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "cluster.h"
#include "testing/rows.h"

static struct {
	char shared[POSTGRES_URL_ROOM]; /* the database whose schemas postgres_schema() makes */
	int databases, schemas;
} made;

void postgres_sql(const char *url, const char *sql)
{
	PGconn *conn = PQconnectdb(url);
	PGresult *result = PQexec(conn, sql);
	ExecStatusType status = PQresultStatus(result);
	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(conn));
	PQclear(result);
	PQfinish(conn);
}

static void database_make(char url[POSTGRES_URL_ROOM], const char *how)
{
	char admin[POSTGRES_URL_ROOM], name[32], sql[128];
	postgres_start();
	cluster_url(admin, "postgres");
	snprintf(name, sizeof(name), "t%d", ++made.databases);
	snprintf(sql, sizeof(sql), "CREATE DATABASE %s%s", name, how);
	postgres_sql(admin, sql);
	cluster_url(url, name);
}

void postgres_database(char url[POSTGRES_URL_ROOM])
{
	database_make(url, "");
}

void postgres_database_in(char url[POSTGRES_URL_ROOM], const char *language)
{
	char how[80];
	snprintf(how, sizeof(how), " TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE '%s'",
		 language);
	database_make(url, how);
}

void postgres_schema(char url[POSTGRES_URL_ROOM])
{
	static const char path[] = "?options=-csearch_path%3D";
	char name[32], sql[64];
	if (!*made.shared)
		postgres_database(made.shared);
	snprintf(name, sizeof(name), "s%d", ++made.schemas);
	snprintf(sql, sizeof(sql), "CREATE SCHEMA %s", name);
	postgres_sql(made.shared, sql);
	assert_true(strlen(made.shared) + strlen(path) + strlen(name) < POSTGRES_URL_ROOM);
	strcat(strcat(strcpy(url, made.shared), path), name);
}

void postgres_prefer_indexes(void)
{
	static const char *const ways[] = { "seqscan", "sort", "incremental_sort", "bitmapscan" };
	char url[POSTGRES_URL_ROOM], sql[128];
	postgres_schema(url);
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		snprintf(sql, sizeof(sql), "ALTER ROLE CURRENT_USER SET enable_%s = off", ways[i]);
		postgres_sql(url, sql);
	}
}
