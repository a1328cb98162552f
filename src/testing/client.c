/* The test client: blocking sockets with a bound on every wait. */
#include "testing/client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "testing/json.h"

/* An interrupted connect() goes on in the background. */
static bool is_connected(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLOUT };
	int error = 0;
	socklen_t size = sizeof(error);
	while (poll(&poll_fd, 1, CLIENT_WAIT_S * 1000) < 0 && errno == EINTR)
		;
	return !getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) && !error;
}

int client_open(const struct server *server)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((unsigned short)server->port),
				       .sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct timeval wait = { .tv_sec = CLIENT_WAIT_S };
	int on = 1;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0 &&
	    !(errno == EINTR && is_connected(fd))) {
		perror("connect");
		abort();
	}
	return fd;
}

/*
 * Something else may interrupt it: a socket with a bound on its wait is not taken up again by
 * itself.
 */
static ssize_t receive(int fd, void *bytes, size_t len)
{
	ssize_t got;
	do
		got = recv(fd, bytes, len, 0);
	while (got < 0 && errno == EINTR);
	return got;
}

void client_send(int fd, const void *bytes, size_t len)
{
	const char *at = bytes;
	while (len) {
		ssize_t sent = send(fd, at, len, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return;
		at += sent;
		len -= (size_t)sent;
	}
}

bool client_sees_close(int fd)
{
	char byte;
	return receive(fd, &byte, 1) == 0;
}

/* One more piece at the end of *text; false at the end of the stream. */
static bool read_more(int fd, char **text, size_t *len)
{
	enum { PIECE = 64 * 1024 };
	*text = realloc(*text, *len + PIECE + 1);
	ssize_t got = receive(fd, *text + *len, PIECE);
	if (got > 0)
		*len += (size_t)got;
	(*text)[*len] = '\0';
	return got > 0;
}

const char *reply_header(const struct reply *reply, const char *name)
{
	static _Thread_local char value[4096];
	size_t name_len = strlen(name);
	for (const char *line = strstr(reply->head, "\r\n"); line; line = strstr(line, "\r\n")) {
		line += 2;
		if (strncasecmp(line, name, name_len) != 0 || line[name_len] != ':')
			continue;
		line += name_len + 1;
		line += strspn(line, " ");
		snprintf(value, sizeof(value), "%.*s", (int)strcspn(line, "\r"), line);
		return value;
	}
	return NULL;
}

void client_read(int fd, bool head_only, struct reply *ret)
{
	char *text = calloc(1, 1);
	size_t len = 0;
	char *end;
	*ret = (struct reply){ .head = calloc(1, 1), .body = calloc(1, 1) };
	while (!(end = strstr(text, "\r\n\r\n")))
		if (!read_more(fd, &text, &len)) {
			free(text);
			ret->closed = true;
			return;
		}
	free(ret->head);
	ret->head = strndup(text, (size_t)(end - text) + 2);
	ret->status = atoi(ret->head + strcspn(ret->head, " "));
	const char *length = reply_header(ret, "Content-Length");
	size_t body_len = length && !head_only ? strtoull(length, NULL, 10) : 0;
	size_t head_len = (size_t)(end - text) + 4;
	while (len < head_len + body_len && read_more(fd, &text, &len))
		;
	ret->body_len = len - head_len < body_len ? len - head_len : body_len;
	free(ret->body);
	ret->body = malloc(ret->body_len + 1);
	memcpy(ret->body, text + head_len, ret->body_len);
	ret->body[ret->body_len] = '\0';
	const char *connection = reply_header(ret, "Connection");
	ret->closed = connection && strcasecmp(connection, "close") == 0;
	free(text);
}

void reply_done(struct reply *reply)
{
	free(reply->head);
	free(reply->body);
	*reply = (struct reply){ 0 };
}

void client_raw(const struct server *server, const void *bytes, size_t len, struct reply *ret)
{
	int fd = client_open(server);
	client_send(fd, bytes, len);
	client_read(fd, len >= 5 && memcmp(bytes, "HEAD ", 5) == 0, ret);
	close(fd);
}

void client_call(const struct server *server, const struct request *request, struct reply *ret)
{
	const char *body = request->body ? request->body : "";
	const char *headers = request->headers ? request->headers : "";
	char *text = NULL;
	int len = asprintf(&text, "%s %s HTTP/1.1\r\nHost: test\r\n%s%s%s%s%s", request->method,
			   request->target, request->token ? "Authorization: Bearer " : "",
			   request->token ? request->token : "", request->token ? "\r\n" : "",
			   headers,
			   request->body && !strcasestr(headers, "content-type")
				   ? "Content-Type: application/json\r\n"
				   : "");
	char *whole = NULL;
	if (request->body)
		len = asprintf(&whole, "%sContent-Length: %zu\r\n\r\n%s", text, strlen(body), body);
	else
		len = asprintf(&whole, "%s\r\n", text);
	json_swap(whole + len - strlen(body));
	client_raw(server, whole, (size_t)len, ret);
	free(text);
	free(whole);
}

struct reply client_ask(const struct server *server, const char *method, const char *target,
			const char *body)
{
	struct reply reply;
	const struct request request = {
		.method = method, .target = target, .body = body, .token = server->token
	};
	client_call(server, &request, &reply);
	return reply;
}

int client_status(const struct server *server, const char *target)
{
	struct reply reply;
	client_call(server, &(struct request){ .method = "GET", .target = target }, &reply);
	int status = reply.status;
	reply_done(&reply);
	return status;
}

const char *reply_text(const struct reply *reply, const char *name, char *out, size_t room)
{
	return json_text(reply->body, name, out, room);
}

long reply_int(const struct reply *reply, const char *name)
{
	return json_int(reply->body, name);
}
