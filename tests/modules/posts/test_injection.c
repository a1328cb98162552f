/*
 * SQL in every parameter of the lists and in the path, over HTTP and on both databases: each is
 * refused, or taken as the text it is and finds nothing; no table changes.
 */
#include "testing/rows.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "testing/client.h"
#include "testing/postgres.h"
#include "testing/server.h"

static const char *const payloads[] = {
	"'",
	"\"",
	"\\",
	"`id`",
	"1'",
	"1 OR 1=1",
	"1' OR '1'='1",
	"' OR 1=1 --",
	"1'--",
	"1/**/OR/**/1=1",
	"id;DROP TABLE posts",
	"id; DELETE FROM users; --",
	"1;ATTACH DATABASE ':memory:' AS x",
	"1 UNION SELECT password_hash FROM users",
	"') UNION SELECT 1,password_hash,3,4,5,6,7,8 FROM users--",
	"(SELECT password_hash FROM users)",
	"CASE WHEN 1=1 THEN id ELSE title END",
	"title COLLATE NOCASE",
	"id) FROM users--",
	"id,(SELECT 1)",
	"randomblob(1000000000)",
	"pg_sleep(10)",
	"$1",
	"?1",
	"0x31",
	"1::text",
	"password_hash",
	"%27 OR 1=1--",
	"%2527",
	"\xc0\xa7 OR 1=1",
	"\xef\xbc\x87 OR 1=1--",
};

enum { PAYLOADS = sizeof(payloads) / sizeof(payloads[0]) };

/* What comes before the payload; `text`: any text is a value there. */
static const struct place {
	const char *target;
	bool text;
} places[] = {
	{ "/api/v1/posts?sort=", false },
	{ "/api/v1/posts?sort=-id,", false },
	{ "/api/v1/posts?fields=", false },
	{ "/api/v1/posts?include=", false },
	{ "/api/v1/posts?page=", false },
	{ "/api/v1/posts?per_page=", false },
	{ "/api/v1/posts?cursor=", false },
	{ "/api/v1/posts?with_total=", false },
	{ "/api/v1/posts?id=", false },
	{ "/api/v1/posts?id__in=1,", false },
	{ "/api/v1/posts?author_id=", false },
	{ "/api/v1/posts?status=", false },
	{ "/api/v1/posts?status__in=draft,", false },
	{ "/api/v1/posts?created_at__gt=", false },
	{ "/api/v1/posts?published_at__isnull=", false },
	{ "/api/v1/posts?skip=", false },
	{ "/api/v1/posts?limit=", false },
	{ "/api/v1/posts?order_by=", false },
	{ "/api/v1/posts?ordering=id,", false },
	{ "/api/v1/posts?filters=", false },
	{ "/api/v1/posts?filters=id:", false },
	{ "/api/v1/posts?filters=id:[1,", false },
	{ "/api/v1/posts?search=", true },
	{ "/api/v1/posts?q=", true },
	{ "/api/v1/posts?title=", true },
	{ "/api/v1/posts?title__like=", true },
	{ "/api/v1/posts?title__in=", true },
	{ "/api/v1/posts?x", false },
	{ "/api/v1/posts/", false },
	{ "/api/v1/users/1/posts?sort=", false },
	{ "/api/v1/users?sort=", false },
	{ "/api/v1/users?fields=", false },
	{ "/api/v1/users?id=", false },
	{ "/api/v1/users?is_active=", false },
	{ "/api/v1/users?created_at__lte=", false },
	{ "/api/v1/users?username=", true },
	{ "/api/v1/users?username__like=", true },
	{ "/api/v1/users?email=", true },
	{ "/api/v1/users?q=", true },
	{ "/api/v1/users/", false },
};

enum { PLACES = sizeof(places) / sizeof(places[0]) };

static void encode(const char *text, char *out)
{
	for (; *text; text++) {
		if (isalnum((unsigned char)*text))
			*out++ = *text;
		else
			out += sprintf(out, "%%%02X", (unsigned char)*text);
	}
	*out = '\0';
}

/* Nothing of a table's may come out; a list that was answered must be an empty one. */
static void has_no_effect(const struct server *server, const struct place *place,
			  const char *payload)
{
	char encoded[512], target[1024];
	encode(payload, encoded);
	snprintf(target, sizeof(target), "%s%s", place->target, encoded);
	struct reply reply = client_ask(server, "GET", target, NULL);
	/* 400: what no text may hold; 404: a path that is no id at all */
	bool refused = reply.status == 422 || reply.status == 400 ||
		       (reply.status == 404 && !strchr(target, '?'));
	bool empty = place->text && reply.status == 200 && reply_int(&reply, "total") == 0;
	if ((!refused && !empty) || strstr(reply.body, "$argon2"))
		fail_msg("%s: %d %s", target, reply.status, reply.body);
	reply_done(&reply);
}

/* What the lists say of everything that is stored. */
static char *everything(const struct server *server)
{
	struct reply posts = client_ask(server, "GET", "/api/v1/posts?include=author,tags", NULL);
	struct reply users = client_ask(server, "GET", "/api/v1/users", NULL);
	char *text = NULL;
	assert_int_equal(posts.status, 200);
	assert_int_equal(users.status, 200);
	assert_true(asprintf(&text, "%s%s", posts.body, users.body) > 0);
	reply_done(&posts);
	reply_done(&users);
	return text;
}

static void write_posts(const struct server *server)
{
	struct reply reply = client_ask(server, "POST", "/api/v1/posts/batch",
					"{'items':[{'title':'Engines','tags':['m']},"
					"{'title':'Bread','status':'published'}]}");
	assert_int_equal(reply.status, 201);
	reply_done(&reply);
}

static void nothing_takes_sql(const char *const *sets)
{
	struct server server;
	server_start(&server, sets);
	server_sign_in(&server);
	write_posts(&server);
	char *before = everything(&server);
	for (size_t i = 0; i < PLACES; i++)
		for (size_t k = 0; k < PAYLOADS; k++)
			has_no_effect(&server, &places[i], payloads[k]);
	char *after = everything(&server);
	assert_string_equal(after, before);
	free(before);
	free(after);
	server_end(&server);
}

static void on_sqlite(void **state)
{
	(void)state;
	nothing_takes_sql(NULL);
}

static void on_postgresql(void **state)
{
	(void)state;
	char url[POSTGRES_URL_ROOM], set[POSTGRES_URL_ROOM + 16];
	postgres_database(url);
	snprintf(set, sizeof(set), "database.url=%s", url);
	nothing_takes_sql((const char *const[]){ set, NULL });
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW("SQL in a parameter is refused or is a text, on SQLite", on_sqlite),
		ROW("SQL in a parameter is refused or is a text, on PostgreSQL", on_postgresql),
	};
	return rows_run("modules/posts/injection", rows, sizeof(rows) / sizeof(rows[0]));
}
