/* threaded */
/*
 * What croft makes of requests of all shapes, compared with what nginx makes of them: a request
 * that nginx does not see, or sees as part of another one, croft must not run, or a client could
 * send one past it (request smuggling). Each row is a shape with its own number in its path; behind
 * each comes one more request. nginx is a proxy here, so that it reads bodies whole. Both listen on
 * their own: neither is behind the other.
 */
#include "testing/rows.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "testing/await.h"
#include "testing/child.h"
#include "testing/client.h"
#include "testing/json.h"
#include "testing/server.h"

struct shape {
	const char *bytes; /* 000 is replaced by the number */
	size_t len;
	bool runs;   /* both must run it; otherwise croft may refuse it */
	bool behind; /* and the one that comes behind it */
};

static struct server croft;
static pid_t nginx;
static int number;

/* ---- nginx ---- */

static void nginx_path(const char *name, char out[108])
{
	snprintf(out, 108, "%s/%s", croft.folder, name);
}

static int nginx_open(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval wait = { .tv_sec = PATIENCE_S };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	nginx_path("front.sock", address.sun_path);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0) {
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
		return fd;
	}
	close(fd);
	return -1;
}

static bool nginx_answers(void)
{
	int fd = nginx_open();
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void nginx_start(void)
{
	char path[108];
	nginx_path("nginx.conf", path);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file,
		"daemon off; master_process off; worker_processes 1; pid %1$s/nginx.pid;\n"
		"error_log %1$s/nginx.errors; events { worker_connections 64; }\n"
		"http { log_format seen '$request_method $request_uri $status';\n"
		"access_log off; client_body_temp_path %1$s/b; proxy_temp_path %1$s/p;\n"
		"fastcgi_temp_path %1$s/f; uwsgi_temp_path %1$s/u; scgi_temp_path %1$s/s;\n"
		"client_max_body_size 8m;\n"
		"server { listen unix:%1$s/back.sock; location / { return 200; } }\n"
		"server { listen unix:%1$s/front.sock; access_log %1$s/seen seen;\n"
		"location / { proxy_ignore_client_abort on; proxy_pass http://unix:%1$s/back.sock; "
		"} }\n"
		"server { listen unix:%1$s/croft.sock; location / { proxy_http_version 1.1;\n"
		"proxy_set_header Connection ''; proxy_pass http://127.0.0.1:%2$d; } } }\n",
		croft.folder, croft.port);
	fclose(file);
	nginx = child_fork(SIGKILL);
	if (nginx == 0) {
		int null = open("/dev/null", O_RDWR);
		dup2(null, STDERR_FILENO);
		setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
		execlp("nginx", "nginx", "-c", path, "-p", croft.folder, (char *)NULL);
		_exit(127);
	}
	AWAIT(nginx_answers() || waitpid(nginx, NULL, WNOHANG) == nginx);
	if (!nginx_answers())
		fail_msg("nginx does not start: is it installed? `make deps` does that");
}

/* ---- what each has seen ---- */

static char *read_all(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t room = 0;
	if (!file || getdelim(&text, &room, '\0', file) < 0)
		*(text = realloc(text, 1)) = '\0';
	if (file)
		fclose(file);
	return text;
}

/* How many requests for that path nginx took for requests and could read whole. */
static int nginx_saw(const char *path)
{
	char name[108];
	int count = 0;
	nginx_path("seen", name);
	char *text = read_all(name), *rest = text;
	for (char *line; (line = strsep(&rest, "\n"));) {
		char *at = strstr(line, path);
		count += at && at > line && at[-1] == ' ' && strstr(at, " 200");
	}
	free(text);
	return count;
}

static bool was_refused(int status)
{
	static const int refusals[] = { 0, 400, 408, 413, 414, 431, 501, 505 };
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (status == refusals[i])
			return true;
	return false;
}

/* How many of them croft ran. */
static int croft_ran(const char *path)
{
	char wanted[64];
	int count = 0;
	snprintf(wanted, sizeof(wanted), "'path':'%s'", path);
	char *text = json_swap(server_log(&croft)), *rest = text;
	for (char *line; (line = strsep(&rest, "\n"));) {
		const char *status = strstr(line, "'status':");
		if (strstr(line, wanted) && status)
			count += !was_refused(atoi(status + strlen("'status':")));
	}
	free(text);
	return count;
}

/* ---- one shape ---- */

static void put_number(char *text, size_t len)
{
	char digits[16];
	snprintf(digits, sizeof(digits), "%03d", number);
	for (size_t i = 0; i + 4 <= len; i++)
		if (memcmp(text + i, "/000", 4) == 0 || memcmp(text + i, "x000", 4) == 0)
			memcpy(text + i + 1, digits, 3);
}

/* The status of the first answer; 0: none. */
static int send_and_wait(int fd, const char *bytes, size_t len)
{
	char sink[4096], first[13] = "";
	client_send(fd, bytes, len);
	shutdown(fd, SHUT_WR);
	recv(fd, first, sizeof(first) - 1, MSG_WAITALL);
	while (recv(fd, sink, sizeof(sink), 0) > 0)
		;
	close(fd);
	return strlen(first) == 12 ? atoi(first + 9) : 0;
}

static void croft_runs_what_nginx_sees(void **state)
{
	static const char behind[] = "GET /x000 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
	const struct shape *row = *state;
	char text[8192], first[16], second[16], last[16];
	size_t len = row->len + sizeof(behind) - 1;
	number++;
	memcpy(text, row->bytes, row->len);
	memcpy(text + row->len, behind, sizeof(behind) - 1);
	put_number(text, len);
	snprintf(first, sizeof(first), "/%03d", number);
	snprintf(second, sizeof(second), "/x%03d", number);
	snprintf(last, sizeof(last), "/z%03d", number);
	send_and_wait(nginx_open(), text, len);
	/* a body may turn out to be broken behind a head that was fine, and logged as such */
	bool is_refused = was_refused(send_and_wait(client_open(&croft), text, len));
	struct reply reply;
	client_call(&croft, &(struct request){ .method = "GET", .target = last }, &reply);
	reply_done(&reply);
	AWAIT(server_logged(&croft, last));
	assert_true(is_refused || croft_ran(first) <= nginx_saw(first));
	assert_true(croft_ran(second) <= nginx_saw(second));
	if (row->runs) {
		assert_int_equal(nginx_saw(first), 1);
		assert_int_equal(croft_ran(first), 1);
	}
	if (row->behind) {
		assert_int_equal(nginx_saw(second), 1);
		assert_int_equal(croft_ran(second), 1);
	}
}

#define SHAPE(sentence, text, ...) \
	ROW_OF(sentence, croft_runs_what_nginx_sees, \
	       (&(struct shape){ .bytes = text, .len = sizeof(text) - 1, __VA_ARGS__ }))
#define GET "GET /000 HTTP/1.1\r\nHost: a\r\n"
#define POST "POST /000 HTTP/1.1\r\nHost: a\r\n"
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"
#define GHOST "GET /x000 HTTP/1.1\r\nHost: a\r\n\r\n"

/* Behind the documented proxy a refusal of a large body reaches the client. */
static void a_proxy_passes_on_that_a_body_is_too_large(void **state)
{
	enum { SIZE = 6 * 1024 * 1024 };
	(void)state;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval wait = { .tv_sec = PATIENCE_S };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	nginx_path("croft.sock", address.sun_path);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	char head[256], *body = calloc(1, SIZE);
	int len = snprintf(head, sizeof(head),
			   "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: "
			   "application/json\r\nContent-Length: %d\r\n\r\n",
			   SIZE);
	client_send(fd, head, (size_t)len);
	client_send(fd, body, SIZE);
	struct reply reply;
	client_read(fd, false, &reply);
	assert_int_equal(reply.status, 413);
	reply_done(&reply);
	free(body);
	close(fd);
}

/* What the bytes cannot tell is not here: docs/proxy.md lists it. */
static const struct CMUnitTest rows[] = {
	/* what both take */
	SHAPE("a plain GET", GET "\r\n", .runs = true),
	SHAPE("HTTP/1.0 without Host", "GET /000 HTTP/1.0\r\n\r\n", .runs = true),
	SHAPE("a header without value", GET "X:\r\n\r\n", .runs = true),
	SHAPE("blanks around a value", GET "X: \t v \t\r\n\r\n", .runs = true),
	SHAPE("bytes beyond ASCII in a value", GET "X: \xc3\xa9\r\n\r\n", .runs = true),
	SHAPE("a query", "GET /000?a=b&c HTTP/1.1\r\nHost: a\r\n\r\n"),
	SHAPE("a Host with a port", "GET /000 HTTP/1.1\r\nHost: a:80\r\n\r\n", .runs = true),
	SHAPE("a Host in IPv6", "GET /000 HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", .runs = true),
	SHAPE("Host in capitals", "GET /000 HTTP/1.1\r\nHOST: a\r\n\r\n", .runs = true),
	SHAPE("a body of two bytes", POST "Content-Length: 2\r\n\r\n{}", .runs = true),
	SHAPE("a body of none", POST "Content-Length: 0\r\n\r\n", .runs = true),
	SHAPE("a length with leading zeros", POST "Content-Length: 0002\r\n\r\n{}", .runs = true),
	SHAPE("a GET with a body", GET "Content-Length: 2\r\n\r\n{}", .runs = true),
	SHAPE("a chunk", CHUNKED "2\r\n{}\r\n0\r\n\r\n", .runs = true),
	SHAPE("two chunks", CHUNKED "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n", .runs = true),
	SHAPE("a chunk with an extension", CHUNKED "2;a=b\r\n{}\r\n0\r\n\r\n", .runs = true),
	SHAPE("a size with leading zeros", CHUNKED "0002\r\n{}\r\n000\r\n\r\n", .runs = true),
	SHAPE("Chunked in another case", POST "Transfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n",
	      .runs = true),
	SHAPE("blanks behind Host", "GET /000 HTTP/1.1\r\nHost: a  \r\n\r\n", .runs = true),
	SHAPE("a Host with an escape", "GET /000 HTTP/1.1\r\nHost: %41\r\n\r\n", .runs = true),
	SHAPE("a Host with signs", "GET /000 HTTP/1.1\r\nHost: a_b~!$&'()*+,;=c\r\n\r\n",
	      .runs = true),
	SHAPE("HTTP/1.2", "GET /000 HTTP/1.2\r\nHost: a\r\n\r\n", .runs = true, .behind = true),
	SHAPE("HTTP/1.9 with a chunk",
	      "POST /000 HTTP/1.9\r\nHost: a\r\nTransfer-Encoding: "
	      "chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
	      .runs = true),
	SHAPE("Expect without a body", GET "Expect: 100-continue\r\n\r\n", .runs = true,
	      .behind = true),
	SHAPE("Expect with a body", POST "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}",
	      .runs = true),
	SHAPE("an empty line behind a GET", GET "\r\n\r\n", .runs = true, .behind = true),
	SHAPE("an empty line behind a body", POST "Content-Length: 2\r\n\r\n{}\r\n", .runs = true,
	      .behind = true),
	SHAPE("a trailer", CHUNKED "2\r\n{}\r\n0\r\nX: y\r\n\r\n", .runs = true),

	/* the request line */
	SHAPE("two blanks behind the method", "GET  /000 HTTP/1.1\r\nHost: a\r\n\r\n"),
	SHAPE("two blanks before the version", "GET /000  HTTP/1.1\r\nHost: a\r\n\r\n"),
	SHAPE("a blank behind the version", "GET /000 HTTP/1.1 \r\nHost: a\r\n\r\n"),
	SHAPE("a tab behind the method", "GET\t/000 HTTP/1.1\r\nHost: a\r\n\r\n"),
	SHAPE("a tab before the version", "GET /000\tHTTP/1.1\r\nHost: a\r\n\r\n"),
	SHAPE("a blank in the path", "GET /000 /y HTTP/1.1\r\nHost: a\r\n\r\n"),
	SHAPE("a blank before the method", " GET /000 HTTP/1.1\r\nHost: a\r\n\r\n"),
	SHAPE("an empty line before it", "\r\nGET /000 HTTP/1.1\r\nHost: a\r\n\r\n"),
	SHAPE("LF before it", "\nGET /000 HTTP/1.1\r\nHost: a\r\n\r\n"),
	SHAPE("NUL before it", "\0GET /000 HTTP/1.1\r\nHost: a\r\n\r\n"),
	SHAPE("a line of NUL before it", "\0\r\nGET /000 HTTP/1.1\r\nHost: a\r\n\r\n"),
	SHAPE("a line that begins with NUL before it",
	      "\0GET /y HTTP/1.1\r\nGET /000 HTTP/1.1\r\nHost: a\r\n\r\n"),
	SHAPE("LF alone behind it", "GET /000 HTTP/1.1\nHost: a\r\n\r\n"),
	SHAPE("CR alone behind it", "GET /000 HTTP/1.1\rHost: a\r\n\r\n"),
	SHAPE("two CR behind it", "GET /000 HTTP/1.1\r\r\nHost: a\r\n\r\n"),
	SHAPE("NUL behind the version", "GET /000 HTTP/1.1\0\r\nHost: a\r\n\r\n"),
	SHAPE("NUL behind the method", "GET\0 /000 HTTP/1.1\r\nHost: a\r\n\r\n"),
	SHAPE("NUL for the blank", "GET\0/000 HTTP/1.1\r\nHost: a\r\n\r\n"),
	SHAPE("NUL in the path", "GET /000\0y HTTP/1.1\r\nHost: a\r\n\r\n"),
	SHAPE("NUL behind the path", "GET /000\0 HTTP/1.1\r\nHost: a\r\n\r\n"),
	SHAPE("NUL in the query", "GET /000?\0 HTTP/1.1\r\nHost: a\r\n\r\n"),
	SHAPE("%00 in the path", "GET /000%00 HTTP/1.1\r\nHost: a\r\n\r\n"),
	SHAPE("a broken escape", "GET /000%zz HTTP/1.1\r\nHost: a\r\n\r\n"),
	SHAPE("a number sign", "GET /000#y HTTP/1.1\r\nHost: a\r\n\r\n"),
	SHAPE("no version", "GET /000\r\nHost: a\r\n\r\n"),
	SHAPE("HTTP/0.9", "GET /000 HTTP/0.9\r\nHost: a\r\n\r\n"),
	SHAPE("HTTP/2.0", "GET /000 HTTP/2.0\r\nHost: a\r\n\r\n"),
	SHAPE("HTTP/1.10", "GET /000 HTTP/1.10\r\nHost: a\r\n\r\n"),
	SHAPE("http/1.1", "GET /000 http/1.1\r\nHost: a\r\n\r\n"),
	SHAPE("a method in small letters", "get /000 HTTP/1.1\r\nHost: a\r\n\r\n"),
	SHAPE("a method with a sign", "GE.T /000 HTTP/1.1\r\nHost: a\r\n\r\n"),
	SHAPE("an absolute target", "GET http://a/000 HTTP/1.1\r\nHost: a\r\n\r\n"),
	SHAPE("OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" GHOST),
	SHAPE("GET *", "GET * HTTP/1.1\r\nHost: a\r\n\r\n" GHOST),
	SHAPE("an asterisk with a path", "OPTIONS */000 HTTP/1.1\r\nHost: a\r\n\r\n"),
	SHAPE("CONNECT", "CONNECT /000 HTTP/1.1\r\nHost: a\r\n\r\n"),
	SHAPE("TRACE", "TRACE /000 HTTP/1.1\r\nHost: a\r\n\r\n"),

	/* lines of the head */
	SHAPE("no Host", "GET /000 HTTP/1.1\r\n\r\n"),
	SHAPE("two Hosts", GET "Host: b\r\n\r\n"),
	SHAPE("an empty Host", "GET /000 HTTP/1.1\r\nHost:\r\n\r\n"),
	SHAPE("a Host with a slash", "GET /000 HTTP/1.1\r\nHost: a/b\r\n\r\n"),
	SHAPE("a Host with a blank", "GET /000 HTTP/1.1\r\nHost: a b\r\n\r\n"),
	SHAPE("a Host with NUL", "GET /000 HTTP/1.1\r\nHost: a\0b\r\n\r\n"),
	SHAPE("a Host with two dots", "GET /000 HTTP/1.1\r\nHost: a..b\r\n\r\n"),
	SHAPE("a tab behind Host", "GET /000 HTTP/1.1\r\nHost: a\t\r\n\r\n"),
	SHAPE("a Host with a broken escape", "GET /000 HTTP/1.1\r\nHost: a%4\r\n\r\n"),
	SHAPE("a Host with an escaped NUL", "GET /000 HTTP/1.1\r\nHost: a%00b\r\n\r\n"),
	SHAPE("a line without a name", GET ": v\r\n" GHOST),
	SHAPE("a first line without a name", "GET /000 HTTP/1.1\r\n: v\r\nHost: a\r\n\r\n"),
	SHAPE("a line without a colon", GET "Xv\r\n\r\n"),
	SHAPE("a line that begins with NUL", GET "\0X: v\r\n" GHOST),
	SHAPE("a line of NUL", GET "\0\r\n" GHOST),
	SHAPE("a line of two NULs", GET "\0\0\r\n" GHOST),
	SHAPE("NUL in a name", GET "X\0Y: v\r\n\r\n"),
	SHAPE("NUL before the colon", GET "X\0: v\r\n\r\n"),
	SHAPE("NUL behind the colon", GET "X:\0v\r\n\r\n"),
	SHAPE("NUL in a value", GET "X: v\0w\r\n\r\n"),
	SHAPE("NUL at the end of a value", GET "X: v\0\r\n\r\n"),
	SHAPE("two NULs at the end of a value", GET "X: v\0\0\r\n\r\n"),
	SHAPE("NUL and a name in a value", GET "X: v\0\0Y: w\r\n\r\n"),
	SHAPE("a blank before the colon", GET "X : v\r\n\r\n"),
	SHAPE("a blank in a name", GET "X Y: v\r\n\r\n"),
	SHAPE("a folded line", GET "X: v\r\n w\r\n\r\n"),
	SHAPE("a folded line with a tab", GET "X: v\r\n\tw\r\n\r\n"),
	SHAPE("a fold behind the request line", "GET /000 HTTP/1.1\r\n Host: a\r\n\r\n"),
	SHAPE("a fold of blanks alone", GET "X: v\r\n  \r\n\r\n"),
	SHAPE("a folded length", POST "Content-Length:\r\n 2\r\n\r\n{}"),
	SHAPE("a length continued", POST "Content-Length: 2\r\n 5\r\n\r\n{}"),
	SHAPE("a folded coding", POST "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
	SHAPE("LF alone", GET "X: v\nY: w\r\n\r\n"),
	SHAPE("CR alone in a value", GET "X: v\rY: w\r\n\r\n"),
	SHAPE("CR CR LF", GET "X: v\r\r\n\r\n"),
	SHAPE("an end of LF LF", GET "X: v\n\n"),
	SHAPE("an end of LF CR LF", GET "X: v\n\r\n"),
	SHAPE("an end of CR LF LF", GET "X: v\r\n\n"),
	SHAPE("a control byte in a value", GET "X: v\x01\r\n\r\n"),
	SHAPE("DEL in a value", GET "X: v\x7f\r\n\r\n"),
	SHAPE("a vertical tab before a coding", POST "Transfer-Encoding: \x0b"
						     "chunked\r\n\r\n0\r\n\r\n"),

	/* where the body ends */
	SHAPE("length and coding",
	      POST "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" GHOST),
	SHAPE("coding and length",
	      POST "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" GHOST),
	SHAPE("two lengths", POST "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
	SHAPE("the same length twice", POST "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}"),
	SHAPE("a list of lengths", POST "Content-Length: 2, 2\r\n\r\n{}"),
	SHAPE("a signed length", POST "Content-Length: +2\r\n\r\n{}"),
	SHAPE("a negative length", POST "Content-Length: -2\r\n\r\n{}"),
	SHAPE("a hexadecimal length", POST "Content-Length: 0x2\r\n\r\n{}"),
	SHAPE("an empty length", POST "Content-Length:\r\n\r\n"),
	SHAPE("a length with a point", POST "Content-Length: 2.0\r\n\r\n{}"),
	SHAPE("a length with a letter", POST "Content-Length: 2a\r\n\r\n{}"),
	SHAPE("a length with a blank", POST "Content-Length: 2 5\r\n\r\n{}"),
	SHAPE("a length with NUL", POST "Content-Length: 2\0\r\n\r\n{}"),
	SHAPE("a length that ends at NUL", POST "Content-Length: 0\0"
						"99\r\n\r\n" GHOST),
	SHAPE("a length with a blank behind it", POST "Content-Length: 2 \r\n\r\n{}"),
	SHAPE("a length with a tab behind it that holds a request",
	      POST "Content-Length: 31\t\r\n\r\n" GHOST),
	SHAPE("a coding with a blank behind it",
	      POST "Transfer-Encoding: chunked \r\n\r\n0\r\n\r\n"),
	SHAPE("a coding with a tab behind it",
	      POST "Transfer-Encoding: chunked\t\r\n\r\n1f\r\n" GHOST "\r\n0\r\n\r\n"),
	SHAPE("a length of 2^64", POST "Content-Length: 18446744073709551616\r\n\r\n{}"),
	SHAPE("a length of 2^64 and two", POST "Content-Length: 18446744073709551618\r\n\r\n{}"),
	SHAPE("a length with a blank before the colon", POST "Content-Length : 2\r\n\r\n{}"),
	SHAPE("Content_Length", POST "Content_Length: 2\r\n\r\n"),
	SHAPE("two codings",
	      POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
	SHAPE("gzip, chunked", POST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
	SHAPE("chunked, identity", POST "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
	SHAPE("identity", POST "Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}"),
	SHAPE("an unknown coding", POST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
	SHAPE("a coding in quotes", POST "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"),
	SHAPE("a coding with a comma", POST "Transfer-Encoding: chunked,\r\n\r\n0\r\n\r\n"),
	SHAPE("a coding with NUL", POST "Transfer-Encoding: chunked\0\r\n\r\n0\r\n\r\n"),
	SHAPE("a coding that ends at NUL", POST "Transfer-Encoding: chunked\0x\r\n\r\n0\r\n\r\n"),
	SHAPE("an empty coding", POST "Transfer-Encoding:\r\n\r\n0\r\n\r\n"),
	SHAPE("a coding on HTTP/1.0",
	      "POST /000 HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
	SHAPE("no length", POST "\r\n"),

	/* between two requests */
	SHAPE("two empty lines behind a body", POST "Content-Length: 2\r\n\r\n{}\r\n\r\n"),
	SHAPE("LF behind a body", POST "Content-Length: 2\r\n\r\n{}\n"),
	SHAPE("LF LF behind a body", POST "Content-Length: 2\r\n\r\n{}\n\n"),
	SHAPE("CR behind a body", POST "Content-Length: 2\r\n\r\n{}\r"),
	SHAPE("a blank line behind a body", POST "Content-Length: 2\r\n\r\n{} \r\n"),
	SHAPE("a line of NUL behind a body", POST "Content-Length: 2\r\n\r\n{}\0\r\n"),
	SHAPE("a line that begins with NUL behind a body",
	      POST "Content-Length: 2\r\n\r\n{}\0GET /y HTTP/1.1\r\n"),
	SHAPE("an empty line and NUL behind a body", POST "Content-Length: 2\r\n\r\n{}\r\n\0\r\n"),

	/* chunks and trailers */
	SHAPE("a size that is no number", CHUNKED "z\r\n\r\n0\r\n\r\n"),
	SHAPE("a size with a sign", CHUNKED "+2\r\n{}\r\n0\r\n\r\n"),
	SHAPE("a size with 0x", CHUNKED "0x2\r\n{}\r\n0\r\n\r\n"),
	SHAPE("a size with a blank before it", CHUNKED " 2\r\n{}\r\n0\r\n\r\n"),
	SHAPE("a size with a blank behind it", CHUNKED "2 \r\n{}\r\n0\r\n\r\n"),
	SHAPE("no size", CHUNKED "\r\n{}\r\n0\r\n\r\n"),
	SHAPE("a size of 2^64", CHUNKED "10000000000000000\r\n{}\r\n0\r\n\r\n"),
	SHAPE("a size with NUL", CHUNKED "2\0\r\n{}\r\n0\r\n\r\n"),
	SHAPE("a size behind which LF stands alone", CHUNKED "2\n{}\r\n0\r\n\r\n"),
	SHAPE("an extension with LF", CHUNKED "2;a\nb\r\n{}\r\n0\r\n\r\n"),
	SHAPE("data longer than its size", CHUNKED "1\r\n{}\r\n0\r\n\r\n"),
	SHAPE("data shorter than its size", CHUNKED "3\r\n{}\r\n0\r\n\r\n"),
	SHAPE("data without an end of line", CHUNKED "2\r\n{}0\r\n\r\n"),
	SHAPE("no last chunk", CHUNKED "2\r\n{}\r\n"),
	SHAPE("a trailer without a name", CHUNKED "0\r\n: v\r\n" GHOST),
	SHAPE("a trailer without a name behind another", CHUNKED "0\r\nX: y\r\n: v\r\n" GHOST),
	SHAPE("a trailer that begins with NUL", CHUNKED "0\r\n\0X: v\r\n" GHOST),
	SHAPE("a trailer of NULs", CHUNKED "0\r\n\0\0\r\n" GHOST),
	SHAPE("a trailer without a colon", CHUNKED "0\r\nX\r\n\r\n"),
	SHAPE("a folded trailer", CHUNKED "0\r\nX: y\r\n z\r\n\r\n"),
	SHAPE("a length as trailer", CHUNKED "0\r\nContent-Length: 40\r\n\r\n"),
	SHAPE("trailers that end in LF", CHUNKED "0\r\nX: y\n\n" GHOST),
	SHAPE("a last chunk that ends in LF", CHUNKED "0\n\n" GHOST),

	ROW("a proxy passes on that a body is too large",
	    a_proxy_passes_on_that_a_body_is_too_large),
};

static int open_both(void **state)
{
	(void)state;
	server_start(&croft, NULL);
	nginx_start();
	return 0;
}

static int close_both(void **state)
{
	(void)state;
	kill(nginx, SIGTERM);
	waitpid(nginx, NULL, 0);
	server_end(&croft);
	return 0;
}

int main(void)
{
	return rows_run_with("core/http/oracle", rows, sizeof(rows) / sizeof(rows[0]), open_both,
			     close_both);
}
