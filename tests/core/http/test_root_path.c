/*
 * server.root_path: a real nginx shows the server under /croft and takes that off, or does not.
 * What a client is sent to is always where it can go.
 */
#include "testing/rows.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/attr.h"
#include "testing/await.h"
#include "testing/child.h"
#include "testing/client.h"
#include "testing/json.h"
#include "testing/port.h"
#include "testing/program.h"
#include "testing/server.h"

static struct server croft, front, passing; /* the last two: nginx as clients see it */

/* ---- nginx ---- */

static bool nginx_answers(void)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/nginx.pid", croft.folder);
	return access(path, F_OK) == 0;
}

/* As docs/proxy.md has it, and one that does not take the prefix off. */
static void nginx_start(void)
{
	char path[128];
	front = croft;
	passing = croft;
	front.port = port_free();
	passing.port = port_free();
	snprintf(path, sizeof(path), "%s/nginx.conf", croft.folder);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file,
		"daemon off; master_process off; worker_processes 1; pid %1$s/nginx.pid;\n"
		"error_log %1$s/nginx.errors; events { worker_connections 64; }\n"
		"http { access_log off; client_body_temp_path %1$s/b; proxy_temp_path %1$s/p;\n"
		"fastcgi_temp_path %1$s/f; uwsgi_temp_path %1$s/u; scgi_temp_path %1$s/s;\n"
		"proxy_http_version 1.1; proxy_set_header Connection '';\n"
		"server { listen 127.0.0.1:%3$d;\n"
		"location /croft/ { proxy_pass http://127.0.0.1:%2$d/; } }\n"
		"server { listen 127.0.0.1:%4$d;\n"
		"location /croft/ { proxy_pass http://127.0.0.1:%2$d; } } }\n",
		croft.folder, croft.port, front.port, passing.port);
	fclose(file);
	front.pid = child_fork(SIGKILL);
	if (front.pid == 0) {
		int null = open("/dev/null", O_RDWR);
		dup2(null, STDERR_FILENO);
		setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
		execlp("nginx", "nginx", "-c", path, "-p", croft.folder, (char *)NULL);
		_exit(127);
	}
	AWAIT(nginx_answers() || waitpid(front.pid, NULL, WNOHANG) == front.pid);
	if (!nginx_answers())
		fail_msg("nginx does not start: is it installed? `make deps` does that");
}

static void nginx_stop(void)
{
	kill(front.pid, SIGTERM);
	waitpid(front.pid, NULL, 0);
}

/* ---- walks ---- */

struct walk {
	const struct server *server;
	const char *prefix; /* of what the client asks for */
};

static const struct walk stripped = { &front, "/croft" }, whole = { &passing, "/croft" },
			 bare = { &croft, "" };

static struct reply get(const struct server *server, const char *prefix, const char *path,
			const char *accept)
{
	char target[512], headers[128];
	struct reply reply;
	snprintf(target, sizeof(target), "%s%s", prefix, path);
	snprintf(headers, sizeof(headers), "Accept: %s\r\n", accept);
	client_call(server,
		    &(struct request){ .method = "GET", .target = target, .headers = headers },
		    &reply);
	return reply;
}

static struct reply get_page(const struct walk *walk, const char *path)
{
	struct reply reply = get(walk->server, walk->prefix, path, "text/html,*/*;q=0.5");
	if (reply.status != 200)
		fail_msg("%s%s: %d", walk->prefix, path, reply.status);
	return reply;
}

static void script_has(const struct walk *walk, const char *path, const char *text)
{
	struct reply reply = get_page(walk, path);
	text_assert_has(reply.body, text);
	reply_done(&reply);
}

/* The piece has its quotes swapped, as in json.h. */
static void document_has(const struct walk *walk, const char *path, const char *piece)
{
	struct reply reply = get_page(walk, path);
	assert_json_has(reply.body, piece);
	reply_done(&reply);
}

/* Every link of a page leads somewhere, from where the page is; none leaves the prefix. */
static void links_are_followed(const struct walk *walk, const char *page)
{
	struct reply reply = get(walk->server, walk->prefix, page, "text/html");
	int followed = 0;
	assert_int_equal(reply.status, 200);
	for (char *at = json_swap(reply.body); (at = strpbrk(at, "hs"));) {
		char path[256];
		size_t skip = !strncmp(at, "href='", 6) ? 6 : !strncmp(at, "src='", 5) ? 5 : 1;
		at += skip;
		if (skip == 1)
			continue;
		size_t len = strcspn(at, "'");
		assert_true(*at != '/');
		snprintf(path, sizeof(path), "/%.*s", (int)len, at);
		struct reply there = get(walk->server, walk->prefix, path, "*/*");
		if (there.status != 200)
			fail_msg("%s links to %s: %d", page, path, there.status);
		reply_done(&there);
		followed++;
	}
	assert_true(followed > 2);
	reply_done(&reply);
}

static void the_pages_hang_together(void **state)
{
	const struct walk *walk = *state;
	static const char *const pages[] = { "/", "/docs", "/redoc" };
	for (size_t i = 0; i < COUNT_OF(pages); i++)
		links_are_followed(walk, pages[i]);
	script_has(walk, "/index.js", "fetch('./'");
	script_has(walk, "/docs/documents.js", "'docs/documents.json'");
	document_has(walk, "/docs/documents.json", "[{'name':'v1','url':'api/v1/openapi.json'}]");
	document_has(walk, "/api/v1/openapi.json", "'servers':[{'url':'/croft'}]");
	document_has(walk, "/openapi.json", "'tokenUrl':'/croft/api/v1/auth/token'");
	document_has(walk, "/health/ready", "'ready'");
}

static void locations_are_followed(void **state)
{
	const struct walk *walk = *state;
	char target[256], location[256];
	struct reply reply;
	snprintf(target, sizeof(target), "%s/api/v1/posts", walk->prefix);
	reply = client_ask(walk->server, "POST", target, "{'title':'T'}");
	assert_int_equal(reply.status, 201);
	snprintf(location, sizeof(location), "%s", reply_header(&reply, "Location"));
	assert_int_equal(strncmp(location, "/croft/api/v1/posts/", 20), 0);
	reply_done(&reply);
	/* through the proxy, whichever way it came: that is where the client goes */
	reply = client_ask(&front, "GET", location, NULL);
	assert_int_equal(reply.status, 200);
	reply_done(&reply);
	reply = get(walk->server, walk->prefix, "/health/live/?a=b", "*/*");
	assert_int_equal(reply.status, 307);
	assert_string_equal(reply_header(&reply, "Location"), "/croft/health/live?a=b");
	reply_done(&reply);
}

static void the_root_alone_leads_to_the_front_page(void **state)
{
	(void)state;
	struct reply reply = get(&croft, "", "/croft?a=b", "*/*");
	assert_int_equal(reply.status, 307);
	assert_string_equal(reply_header(&reply, "Location"), "/croft/?a=b");
	reply_done(&reply);
}

static void others_are_not_the_root(void **state)
{
	static const char *const targets[] = { "/croftx/health/live", "/croft/croft/health/live",
					       "/Croft/health/live", "/x/croft/health/live",
					       "/croft//health/live" };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(targets); i++) {
		struct reply reply = get(&croft, "", targets[i], "*/*");
		if (reply.status != 404)
			fail_msg("%s: %d", targets[i], reply.status);
		reply_done(&reply);
	}
}

static void a_root_may_begin_as_routes_do(void **state)
{
	static const char *const targets[] = { "/api/v1/openapi.json", "/api/api/v1/openapi.json",
					       "/api/health/live", "/health/live" };
	(void)state;
	struct server server;
	server_start(&server, (const char *const[]){ "server.root_path=/api", NULL });
	for (size_t i = 0; i < COUNT_OF(targets); i++) {
		struct reply reply = get(&server, "", targets[i], "*/*");
		if (reply.status != 200)
			fail_msg("%s: %d", targets[i], reply.status);
		reply_done(&reply);
	}
	server_end(&server);
}

static void the_command_prints_the_same_document(void **state)
{
	(void)state;
	struct program p;
	program_open(&p);
	program(&p, "openapi", "--set", "server.root_path=/croft");
	program_assert_code(&p, 0);
	assert_json_has(p.out, "'servers':[{'url':'/croft'}]");
	program_close(&p);
}

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW_OF("behind nginx that takes the prefix off the pages hang together",
		       the_pages_hang_together, (void *)(uintptr_t)&stripped),
		ROW_OF("behind one that leaves it there, too", the_pages_hang_together,
		       (void *)(uintptr_t)&whole),
		ROW_OF("behind nginx that takes the prefix off a Location is followed",
		       locations_are_followed, (void *)(uintptr_t)&stripped),
		ROW_OF("behind one that leaves it there, too", locations_are_followed,
		       (void *)(uintptr_t)&whole),
		ROW_OF("without a proxy a Location is where the proxy shows it",
		       locations_are_followed, (void *)(uintptr_t)&bare),
		ROW("the root alone leads to the front page",
		    the_root_alone_leads_to_the_front_page),
		ROW("what only looks like the root is 404", others_are_not_the_root),
		ROW("a root that begins as routes do hides none", a_root_may_begin_as_routes_do),
		ROW("croft openapi prints the same", the_command_prints_the_same_document),
	};
	server_start(&croft, (const char *const[]){ "server.root_path=/croft", NULL });
	server_sign_in(&croft);
	nginx_start();
	int failed = rows_run("core/http/root_path", rows, COUNT_OF(rows));
	nginx_stop();
	server_end(&croft);
	return failed;
}
