/*
 * Encrypted connections to PostgreSQL: what sslmode and sslrootcert let through and what they
 * refuse. Needs openssl.
 */
#include "core/db/store.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "testing/postgres.h"
#include "testing/program.h"

static char url[POSTGRES_URL_ROOM];

static void folder_run(const char *command)
{
	char all[1024];
	snprintf(all, sizeof(all), "cd %s && (%s) >tls.log 2>&1", postgres_folder(), command);
	if (system(all) != 0)
		fail_msg("failed: %s", all);
}

/*
 * "ours" signs the server's certificate, which is for localhost alone; "theirs" is just another
 * authority.
 */
static void certificates_make(void)
{
	folder_run("for ca in ours theirs; do openssl req -x509 -newkey ec -pkeyopt "
		   "ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=$ca -keyout $ca.key "
		   "-out $ca.crt || exit 1; done");
	folder_run("openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
		   "-subj /CN=localhost -keyout data/server.key -out server.csr && "
		   "echo subjectAltName=DNS:localhost >server.ext && "
		   "openssl x509 -req -in server.csr -CA ours.crt -CAkey ours.key -days 2 "
		   "-extfile server.ext -out data/server.crt");
	folder_run("chmod 600 data/server.key && chmod 644 ours.crt theirs.crt && "
		   "chown --reference=data data/server.key data/server.crt");
}

static bool connects(const char *wanted)
{
	PGconn *conn = PQconnectdb(wanted);
	bool ok = PQstatus(conn) == CONNECTION_OK;
	PQfinish(conn);
	return ok;
}

/* Plain connections are refused from now on. */
static void encryption_demand(void)
{
	char wanted[POSTGRES_URL_ROOM + 32];
	folder_run("printf 'hostssl all all 127.0.0.1/32 trust\\n' >data/pg_hba.conf");
	postgres_sql(url, "ALTER SYSTEM SET ssl = on");
	postgres_sql(url, "SELECT pg_reload_conf()");
	snprintf(wanted, sizeof(wanted), "%s?sslmode=require", url);
	AWAIT(connects(wanted));
}

static int group_setup(void **state)
{
	(void)state;
	postgres_database(url);
	certificates_make();
	encryption_demand();
	return 0;
}

struct tls_case {
	const char *host, *sslmode;
	const char *authority; /* whose certificate is trusted; NULL: none is named */
	const char *says;      /* part of the refusal; NULL: it connects */
	bool for_ever;         /* refused for what no waiting mends */
};

static const char *url_of(struct scene *scene, const struct tls_case *k)
{
	const char *file = k->authority ? arena_printf(&scene->arena, "&sslrootcert=%s/%s.crt",
						       postgres_folder(), k->authority)
					: "";
	/* The certificate is for a name; the address keeps the name server out of it. */
	return arena_printf(&scene->arena,
			    "postgresql://croft:hunter2@%s%s?hostaddr=127.0.0.1&sslmode=%s%s",
			    k->host, strrchr(url, ':'), k->sslmode, file);
}

static void connects_or_says_why(void **state)
{
	const struct tls_case *k = *state;
	struct store s;
	scene_open(&s.scene);
	const struct db_options options = { .url = url_of(&s.scene, k) };
	enum app_err err = db_open(&s.scene.c, &options, &s.db);
	if (k->says) {
		assert_int_equal(err, k->for_ever ? APP_INVALID : APP_UNAVAILABLE);
		store_says_text(&s, err, k->says);
		text_assert_lacks(ctx_failure_text(&s.scene.c, err), "hunter2");
	} else {
		must(err);
		s.scene.app.db = s.db;
		assert_int_equal(store_int(&s, "SELECT CAST(ssl AS integer) FROM pg_stat_ssl"
					       " WHERE pid = pg_backend_pid()"),
				 1);
		db_close(s.db);
	}
	scene_close(&s.scene);
}

#define TLS(sentence, ...) \
	ROW_OF(sentence, connects_or_says_why, (&(struct tls_case){ __VA_ARGS__ }))

int main(void)
{
	const struct CMUnitTest rows[] = {
		TLS("require encrypts, whoever answers", "127.0.0.1", "require", NULL, NULL, false),
		TLS("verify-ca accepts the right authority", "127.0.0.1", "verify-ca", "ours", NULL,
		    false),
		TLS("verify-full accepts the right authority and name", "localhost", "verify-full",
		    "ours", NULL, false),
		TLS("verify-ca refuses another authority", "localhost", "verify-ca", "theirs",
		    "certificate verify failed", false),
		TLS("verify-full refuses another authority", "localhost", "verify-full", "theirs",
		    "certificate verify failed", false),
		TLS("verify-full refuses another name", "127.0.0.1", "verify-full", "ours",
		    "does not match host name", false),
		TLS("a missing file of the authority is named", "localhost", "verify-full",
		    "nobodys", "nobodys.crt\" does not exist", true),
		TLS("sslmode=disable is refused by a server that demands encryption", "127.0.0.1",
		    "disable", NULL, "no encryption", false),
	};
	return rows_run_with("core/postgres tls", rows, COUNT_OF(rows), group_setup, NULL);
}
