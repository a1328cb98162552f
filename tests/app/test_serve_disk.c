/* threaded */
/*
 * A server whose disk fills up or fails while clients write. What was acknowledged must be there
 * afterwards, reads go on, the answers say what is wrong, and service resumes by itself.
 */
#include "app/disk.h"

#include <pthread.h>
#include <sqlite3.h>

#include "core/db/store.h"
#include "testing/await.h"
#include "testing/client.h"
#include "testing/json.h"
#include "testing/program.h"
#include "testing/server.h"

enum { WRITERS = 8, WANTED = 40, ROOM = 400000 };

#define TEXT_20 "canary-of-the-content "
#define TEXT_100 TEXT_20 TEXT_20 TEXT_20 TEXT_20 TEXT_20
#define TEXT_1000 TEXT_100 TEXT_100 TEXT_100 TEXT_100 TEXT_100 TEXT_100 TEXT_100 TEXT_100 TEXT_100

/* Numbers its posts; remembers which were acknowledged, and counts the answers. */
struct writer {
	struct server *server;
	int number;
	atomic_bool stop;
	atomic_long created, full, failed;
	long odd, sent, room;
	char odd_body[256];
	bool *acknowledged; /* by number; as many as were sent: refusals may come at any rate */
};

struct crowd {
	struct server server;
	struct writer writers[WRITERS];
	pthread_t threads[WRITERS];
};

static int status_of(struct server *server, const char *target)
{
	struct reply reply = client_ask(server, "GET", target, NULL);
	int status = reply.status;
	reply_done(&reply);
	return status;
}

static void writer_note(struct writer *w, const struct reply *reply)
{
	if (w->sent == w->room) {
		w->room = w->room ? 2 * w->room : 1024;
		w->acknowledged = realloc(w->acknowledged, (size_t)w->room);
		assert_non_null(w->acknowledged);
	}
	w->acknowledged[w->sent] = reply->status == 201;
	switch (reply->status) {
	case 201: w->created++; break;
	case 507: w->full += json_has(reply->body, "'code':'storage_full'"); break;
	case 500:
	case 503: w->failed++; break;
	default:
		w->odd++;
		snprintf(w->odd_body, sizeof(w->odd_body), "%d %s", reply->status, reply->body);
	}
}

/* Each post has two tags of its own: a half-written one would lack them. */
static void *write_posts(void *arg)
{
	struct writer *w = arg;
	for (; !atomic_load(&w->stop); w->sent++) {
		char body[2048];
		snprintf(body, sizeof(body),
			 "{'title':'w%d-%ld','content':'" TEXT_1000 "',"
			 "'tags':['a%d-%ld','b%d-%ld']}",
			 w->number, w->sent, w->number, w->sent, w->number, w->sent);
		struct reply reply = client_ask(w->server, "POST", "/api/v1/posts", body);
		writer_note(w, &reply);
		reply_done(&reply);
	}
	return NULL;
}

static void crowd_start(struct crowd *crowd)
{
	disk_reset();
	memset(crowd, 0, sizeof(*crowd));
	server_start(&crowd->server, NULL);
	server_sign_in(&crowd->server);
	for (int i = 0; i < WRITERS; i++) {
		crowd->writers[i].server = &crowd->server;
		crowd->writers[i].number = i;
		pthread_create(&crowd->threads[i], NULL, write_posts, &crowd->writers[i]);
	}
}

enum { CREATED, FULL, FAILED };

static long crowd_count(const struct crowd *crowd, int what)
{
	long count = 0;
	for (int i = 0; i < WRITERS; i++) {
		const struct writer *w = &crowd->writers[i];
		count += what == CREATED ? w->created : what == FULL ? w->full : w->failed;
	}
	return count;
}

/* Until so many more answers of a kind have come. */
static void crowd_await(struct crowd *crowd, int what, const char *sentence)
{
	long wanted = crowd_count(crowd, what) + WANTED;
	for (struct await await = { 0 }; crowd_count(crowd, what) < wanted;)
		if (!await_more(&await))
			fail_msg("%s: %ld created, %ld full, %ld failed, last odd: %s", sentence,
				 crowd_count(crowd, CREATED), crowd_count(crowd, FULL),
				 crowd_count(crowd, FAILED), crowd->writers[0].odd_body);
}

static void crowd_stop(struct crowd *crowd)
{
	for (int i = 0; i < WRITERS; i++) {
		struct writer *w = &crowd->writers[i];
		atomic_store(&w->stop, true);
		pthread_join(crowd->threads[i], NULL);
		if (w->odd)
			fail_msg("an answer that is none of those expected: %s", w->odd_body);
	}
}

static void crowd_end(struct crowd *crowd)
{
	server_end(&crowd->server);
	for (int i = 0; i < WRITERS; i++)
		free(crowd->writers[i].acknowledged);
	test_free(crowd);
}

/* ---- the file afterwards, as SQLite sees it and without croft ---- */

static int first_text(void *arg, int columns, char **values, char **names)
{
	(void)columns, (void)names;
	snprintf(arg, 64, "%s", values[0] ? values[0] : "null");
	return 0;
}

static void file_says(sqlite3 *file, const char *sql, const char *expected)
{
	char text[64] = "";
	char *why = NULL;
	if (sqlite3_exec(file, sql, first_text, text, &why))
		fail_msg("%s: %s", sql, why);
	if (strcmp(text, expected) != 0)
		fail_msg("%s: '%s', not '%s'", sql, text, expected);
}

static void crowd_check_rows(const struct crowd *crowd, sqlite3 *file)
{
	char sql[160];
	for (int i = 0; i < WRITERS; i++)
		for (long n = 0; n < crowd->writers[i].sent; n++) {
			if (!crowd->writers[i].acknowledged[n])
				continue;
			snprintf(sql, sizeof(sql),
				 "SELECT count(*) FROM tags WHERE name IN ('a%d-%ld', 'b%d-%ld')",
				 i, n, i, n);
			file_says(file, sql, "2");
		}
}

/*
 * Every acknowledged post is there, every post is whole, and there is none that nobody tried to
 * write.
 */
static void crowd_check_file(struct crowd *crowd)
{
	char path[128], sql[160];
	sqlite3 *file;
	snprintf(path, sizeof(path), "%s/croft.db", crowd->server.folder);
	assert_int_equal(sqlite3_open(path, &file), SQLITE_OK);
	file_says(file, "PRAGMA integrity_check", "ok");
	file_says(file, "PRAGMA foreign_key_check", "");
	file_says(file,
		  "SELECT count(*) FROM posts WHERE (SELECT count(*) FROM post_tags WHERE"
		  " post_id = posts.id) <> 2",
		  "0");
	file_says(file, "SELECT (SELECT count(*) FROM tags) - 2 * (SELECT count(*) FROM posts)",
		  "0");
	snprintf(sql, sizeof(sql), "SELECT count(*) BETWEEN %ld AND %ld FROM posts",
		 crowd_count(crowd, CREATED),
		 crowd_count(crowd, CREATED) + crowd_count(crowd, FAILED));
	file_says(file, sql, "1");
	crowd_check_rows(crowd, file);
	sqlite3_close(file);
}

/* At most a line for the request and two about what went wrong; nothing that clients sent. */
static void crowd_check_log(const struct crowd *crowd)
{
	char *log = server_log(&crowd->server);
	long lines = 0, sent = 0;
	for (const char *at = log; (at = strchr(at, '\n')); at++)
		lines++;
	for (int i = 0; i < WRITERS; i++)
		sent += crowd->writers[i].sent;
	assert_true(lines < 3 * sent + 1000);
	assert_null(strstr(log, "canary-of-the-content"));
	assert_null(strstr(log, crowd->server.token));
	assert_null(strstr(log, SERVER_PASSWORD));
	free(log);
}

static void check_serves_reads(struct server *server)
{
	assert_int_equal(status_of(server, "/health/live"), 200);
	assert_int_equal(status_of(server, "/api/v1/posts?include=tags&per_page=5"), 200);
	assert_int_equal(status_of(server, "/api/v1/posts/1"), 200);
}

/* ---- rows ---- */

static void a_full_disk_refuses_writes_until_there_is_room(void **state)
{
	(void)state;
	struct crowd *crowd = test_malloc(sizeof(*crowd));
	crowd_start(crowd);
	crowd_await(crowd, CREATED, "writing works at first");
	disk->room = ROOM;
	crowd_await(crowd, FULL, "writes are answered with 507 once the disk is full");
	check_serves_reads(&crowd->server);
	struct reply reply = client_ask(&crowd->server, "GET", "/health/ready", NULL);
	assert_int_equal(reply.status, 503);
	assert_non_null(strstr(reply.body, "storage is full"));
	reply_done(&reply);

	disk->room = DISK_ROOMY;
	crowd_await(crowd, CREATED, "writing works again once there is room");
	AWAIT(status_of(&crowd->server, "/health/ready") == 200);
	crowd_stop(crowd);
	assert_int_equal(crowd_count(crowd, FAILED), 0);
	crowd_check_log(crowd);
	assert_int_equal(server_stop(&crowd->server), 0);
	crowd_check_file(crowd);
	crowd_end(crowd);
}

static void a_limit_is_a_full_disk(void **state)
{
	struct crowd *crowd = test_malloc(sizeof(*crowd));
	crowd_start(crowd);
	crowd_await(crowd, CREATED, "writing works at first");
	disk->write_fails = *(const int *)*state;
	crowd_await(crowd, FULL, "writes are answered with 507 at the limit");
	check_serves_reads(&crowd->server);
	assert_int_equal(status_of(&crowd->server, "/health/ready"), 503);
	disk_reset();
	crowd_await(crowd, CREATED, "writing works again without it");
	AWAIT(status_of(&crowd->server, "/health/ready") == 200);
	crowd_stop(crowd);
	assert_int_equal(crowd_count(crowd, FAILED), 0);
	assert_int_equal(server_stop(&crowd->server), 0);
	crowd_check_file(crowd);
	crowd_end(crowd);
}

/* The log can be written to all the while, so no commit fails and no connection is at fault. */
static void a_limit_that_the_database_file_meets(void **state)
{
	(void)state;
	char path[128];
	struct stat st;
	struct crowd *crowd = test_malloc(sizeof(*crowd));
	crowd_start(crowd);
	crowd_await(crowd, CREATED, "writing works at first");
	snprintf(path, sizeof(path), "%s/croft.db", crowd->server.folder);
	assert_int_equal(stat(path, &st), 0);
	disk->limited = st.st_ino;
	AWAIT(disk->failed > 0);
	crowd_await(crowd, CREATED, "writing goes on while nothing can be written back");
	AWAIT(status_of(&crowd->server, "/health/ready") == 503);
	struct reply reply = client_ask(&crowd->server, "GET", "/health/ready", NULL);
	assert_non_null(strstr(reply.body, "the database file cannot grow: no room, or its limit"));
	reply_done(&reply);
	disk_reset();
	AWAIT(status_of(&crowd->server, "/health/ready") == 200);
	crowd_stop(crowd);
	assert_int_equal(crowd_count(crowd, FULL) + crowd_count(crowd, FAILED), 0);
	assert_int_equal(server_stop(&crowd->server), 0);
	char *log = server_log(&crowd->server);
	assert_null(strstr(log, "was replaced"));
	assert_int_equal(
		json_count(log,
			   "the database file cannot grow: no room, or its limit; until it can"),
		1);
	assert_int_equal(json_count(log, "the database file can grow again"), 1);
	free(log);
	crowd_check_file(crowd);
	crowd_end(crowd);
}

static void a_server_that_ends_with_a_full_disk_starts_again(void **state)
{
	(void)state;
	struct crowd *crowd = test_malloc(sizeof(*crowd));
	crowd_start(crowd);
	disk->room = ROOM;
	crowd_await(crowd, FULL, "writes are answered with 507 once the disk is full");
	crowd_stop(crowd);
	server_kill(&crowd->server);
	server_restart(&crowd->server, NULL);
	/* A sign-in is a write; who was signed in still is. */
	assert_int_equal(status_of(&crowd->server, "/api/v1/users/me"), 200);
	check_serves_reads(&crowd->server);
	assert_int_equal(server_stop(&crowd->server), 0);
	disk_reset();
	crowd_check_file(crowd);
	crowd_end(crowd);
}

/* As where a full-text index is worked at before the start looks. */
static void a_disk_that_is_known_to_be_full_does_not_stop_a_start(void **state)
{
	(void)state;
	struct store store;
	disk_reset();
	store_is_postgres = false;
	store_open(&store);
	store_do(&store, "CREATE TABLE a (b text)");
	disk->room = 0;
	assert_int_equal(store_try(&store, "INSERT INTO a VALUES (zeroblob(100000))"),
			 APP_STORAGE_FULL);
	ctx_recover(&store.scene.c);
	assert_int_equal(db_ping(&store.scene.c), APP_STORAGE_FULL);
	ctx_recover(&store.scene.c);
	assert_int_equal(db_reach(&store.scene.c), APP_OK);
	assert_int_equal(store_int(&store, "SELECT count(*) FROM a"), 0);
	disk_reset();
	store_close(&store);
}

static void a_start_on_a_full_disk_says_so(void **state)
{
	(void)state;
	struct program p;
	disk_reset();
	program_open(&p);
	disk->room = 0;
	program_run(&p,
		    &(struct program_run){ .args = (const char *const[]){ "migrate", "up", NULL },
					   .environ = (const char *const[]){ disk_fd, NULL } });
	program_assert_code(&p, 1);
	text_assert_has(p.err, "the storage is full");
	program_close(&p);
}

/*
 * `fails` is set to EIO for a while, under load; then the process is killed, as an operator might.
 */
static void survive(atomic_int *fails)
{
	struct crowd *crowd = test_malloc(sizeof(*crowd));
	crowd_start(crowd);
	crowd_await(crowd, CREATED, "writing works at first");
	*fails = EIO;
	crowd_await(crowd, FAILED, "writes fail while the disk does");
	check_serves_reads(&crowd->server);
	assert_int_equal(status_of(&crowd->server, "/health/ready"), 503);

	disk_reset();
	crowd_await(crowd, CREATED, "writing works again once the disk does");
	assert_int_equal(status_of(&crowd->server, "/health/ready"), 200);
	crowd_stop(crowd);
	crowd_check_log(crowd);
	server_kill(&crowd->server);
	server_restart(&crowd->server, NULL);
	assert_int_equal(server_stop(&crowd->server), 0);
	crowd_check_file(crowd);
	crowd_end(crowd);
}

static void a_disk_that_cannot_sync_loses_nothing_acknowledged(void **state)
{
	(void)state;
	survive(&disk->sync_fails);
}

static void a_disk_that_cannot_write_loses_nothing_acknowledged(void **state)
{
	(void)state;
	survive(&disk->write_fails);
}

static void a_full_disk_of_the_log_does_not_stop_the_server(void **state)
{
	(void)state;
	struct crowd *crowd = test_malloc(sizeof(*crowd));
	crowd_start(crowd);
	crowd_await(crowd, CREATED, "writing works at first");
	disk->log_fails = ENOSPC;
	crowd_await(crowd, CREATED, "writing works while the log cannot be written");
	check_serves_reads(&crowd->server);
	AWAIT(disk->failed > 0);
	disk_reset();
	crowd_stop(crowd);
	assert_int_equal(server_stop(&crowd->server), 0);
	char *log = server_log(&crowd->server);
	assert_json_has(log, "'event':'stopped'");
	free(log);
	crowd_check_file(crowd);
	crowd_end(crowd);
}

static const struct CMUnitTest rows[] = {
	ROW("a full disk refuses writes with 507 until there is room, and reads go on",
	    a_full_disk_refuses_writes_until_there_is_room),
	ROW_OF("the limit on the size of a file is a full disk", a_limit_is_a_full_disk,
	       (&(int){ EFBIG })),
	ROW_OF("a quota is a full disk", a_limit_is_a_full_disk, (&(int){ EDQUOT })),
	ROW("a limit that only the database file meets leaves the connection as it is",
	    a_limit_that_the_database_file_meets),
	ROW("a server that ends with a full disk starts again and has all it acknowledged",
	    a_server_that_ends_with_a_full_disk_starts_again),
	ROW("a disk that is known to be full does not stop a start",
	    a_disk_that_is_known_to_be_full_does_not_stop_a_start),
	ROW("a start on a full disk says so", a_start_on_a_full_disk_says_so),
	ROW("a disk that cannot sync loses nothing acknowledged, and service resumes by itself",
	    a_disk_that_cannot_sync_loses_nothing_acknowledged),
	ROW("a disk that cannot write loses nothing acknowledged, and service resumes by itself",
	    a_disk_that_cannot_write_loses_nothing_acknowledged),
	ROW("a full disk of the log does not stop the server",
	    a_full_disk_of_the_log_does_not_stop_the_server),
};

int main(int argc, char **argv)
{
	return disk_main(argc, argv, "app/serve_disk", rows, sizeof(rows) / sizeof(rows[0]));
}
