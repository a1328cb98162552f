/*
 * A strict reader of HTTP/1.x requests (RFC 9112), written without a look at ours: the oracle of
 * the fuzz target of the wire. It takes what is beyond doubt and nothing else: CR LF behind every
 * line, one blank between the parts of the request line, names that are tokens, no control
 * characters, one Host, one way to tell where the body ends. Between two requests it passes over
 * one empty line.
 */
#ifndef CROFT_TESTS_FUZZ_READER_H
#define CROFT_TESTS_FUZZ_READER_H

#include "base/str.h"
#include "fuzz/target.h"

enum { READ_MAX = 64, BODY_MAX = 4096 };

struct read_request {
	const char *method, *target;
	size_t method_len, target_len;
	size_t body_len;
	char body[BODY_MAX];
	bool closes, was_chunked;
	bool lacks_path; /* a server was named and no path: "/" is meant */
};

/*
 * COMPLETE: all bytes are requests. PARTIAL: more must come. REFUSED: what stands at `at` is no
 * request.
 */
enum read_end { COMPLETE, PARTIAL, REFUSED };

struct reading {
	struct read_request list[READ_MAX];
	size_t count;
	enum read_end end;
	/*
	 * REFUSED, PARTIAL: the head behind the last of the list was in order, but chunks are not,
	 * or have not come.
	 */
	bool is_body;
};

struct read_at {
	const char *at, *end;
	enum read_end fault; /* COMPLETE: none */
};

struct read_line {
	const char *text;
	size_t len;
};

/* Up to CR LF; any other control character but a tab is a fault. */
static inline bool read_line(struct read_at *r, struct read_line *ret)
{
	const char *at = r->at;
	while (at < r->end && ((unsigned char)*at >= ' ' || *at == '\t') && *at != 127)
		at++;
	*ret = (struct read_line){ r->at, (size_t)(at - r->at) };
	if (at == r->end || (*at == '\r' && at + 1 == r->end))
		r->fault = PARTIAL;
	else if (at[0] != '\r' || at[1] != '\n')
		r->fault = REFUSED;
	r->at = r->fault ? r->at : at + 2;
	return !r->fault;
}

static inline bool read_is(struct read_line text, const char *name)
{
	return text.len == strlen(name) && !strncasecmp(text.text, name, text.len);
}

/* The length of a run of bytes that are all in the range '!' … '~'. */
static inline size_t read_visible(const char *text, size_t len)
{
	size_t count = 0;
	while (count < len && text[count] > ' ' && text[count] < 127)
		count++;
	return count;
}

/*
 * The length of "http://a:80" in front of a path (RFC 9112 §3.2.2), 0: there is none. The server's
 * name is not judged here.
 */
static inline size_t read_server(const char *text, size_t len)
{
	size_t scheme = len > 7 && !strncasecmp(text, "http://", 7)    ? 7
			: len > 8 && !strncasecmp(text, "https://", 8) ? 8
								       : 0;
	size_t at = scheme;
	while (scheme && at < len && text[at] > ' ' && text[at] != '/' && text[at] != '?')
		at++;
	return at == scheme ? 0 : at;
}

static inline bool read_request_line(struct read_at *r, struct read_request *ret, bool *ret_is_1_0)
{
	struct read_line line;
	if (!read_line(r, &line))
		return false;
	r->fault = REFUSED;
	ret->method = line.text;
	while (ret->method_len < line.len && line.text[ret->method_len] >= 'A' &&
	       line.text[ret->method_len] <= 'Z')
		ret->method_len++;
	size_t at = ret->method_len + 1;
	if (!ret->method_len || at >= line.len || line.text[at - 1] != ' ')
		return false;
	size_t server = read_server(line.text + at, line.len - at);
	bool for_all = read_is((struct read_line){ ret->method, ret->method_len }, "options") &&
		       line.len > at + 1 && !memcmp(line.text + at, "* ", 2);
	at += server;
	ret->lacks_path = server && (at == line.len || line.text[at] != '/');
	if (!server && line.text[at] != '/' && !for_all)
		return false;
	ret->target = line.text + at;
	ret->target_len = read_visible(ret->target, line.len - at);
	struct read_line version = { ret->target + ret->target_len,
				     line.len - at - ret->target_len };
	*ret_is_1_0 = version.len == 9 && version.text[8] == '0';
	if (version.len != 9 || memcmp(version.text, " HTTP/1.", 8) != 0 ||
	    !str_is_digit(version.text[8]) || memchr(ret->target, '#', ret->target_len))
		return false;
	r->fault = COMPLETE;
	return true;
}

struct read_framing {
	int hosts, lengths, codings;
	bool closes, keeps;
	size_t length;
};

static inline bool read_digits(struct read_line value, size_t *ret)
{
	*ret = 0;
	for (size_t i = 0; i < value.len; i++) {
		if (value.text[i] < '0' || value.text[i] > '9')
			return false;
		/* what is longer than all that can come is as long as that */
		*ret = *ret > 100000000 ? *ret : *ret * 10 + (size_t)(value.text[i] - '0');
	}
	return value.len > 0;
}

static inline bool read_field(struct read_line line, struct read_framing *framing)
{
	static const char signs[] = "!#$%&'*+-.^_`|~";
	size_t len = 0;
	while (len < line.len && (str_is_alpha(line.text[len]) || str_is_digit(line.text[len]) ||
				  strchr(signs, line.text[len])))
		len++;
	if (!len || len == line.len || line.text[len] != ':')
		return false;
	struct read_line name = { line.text, len };
	struct read_line value = { line.text + len + 1, line.len - len - 1 };
	for (; value.len && strchr(" \t", value.text[0]); value.len--)
		value.text++;
	while (value.len && strchr(" \t", value.text[value.len - 1]))
		value.len--;
	framing->hosts += read_is(name, "host");
	framing->closes |= read_is(name, "connection") && read_is(value, "close");
	framing->keeps |= read_is(name, "connection") && read_is(value, "keep-alive");
	if (read_is(name, "transfer-encoding"))
		return ++framing->codings == 1 && read_is(value, "chunked");
	if (read_is(name, "content-length"))
		return ++framing->lengths == 1 && read_digits(value, &framing->length);
	return true;
}

static inline bool read_fields(struct read_at *r, struct read_framing *framing)
{
	for (struct read_line line; read_line(r, &line) && line.len;)
		if (!read_field(line, framing)) {
			r->fault = REFUSED;
			return false;
		}
	return !r->fault;
}

static inline bool read_bytes(struct read_at *r, size_t len, struct read_request *request)
{
	if ((size_t)(r->end - r->at) < len || len > BODY_MAX - request->body_len) {
		r->fault = PARTIAL;
		return false;
	}
	memcpy(request->body + request->body_len, r->at, len);
	request->body_len += len;
	r->at += len;
	return true;
}

/* RFC 9112 §7.1; an extension is passed over. */
static inline bool read_chunk(struct read_at *r, struct read_request *request, bool *ret_last)
{
	struct read_line line, empty;
	size_t size = 0, digits = 0;
	if (!read_line(r, &line))
		return false;
	for (; digits < line.len && isxdigit((unsigned char)line.text[digits]); digits++) {
		char digit = str_lower(line.text[digits]);
		size = size * 16 + (size_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
		size = size > 100000000 ? 100000000 : size;
	}
	if (!digits || (digits < line.len && line.text[digits] != ';')) {
		r->fault = REFUSED;
		return false;
	}
	*ret_last = !size;
	if (!size)
		return true;
	if (!read_bytes(r, size, request) || !read_line(r, &empty))
		return false;
	r->fault = empty.len ? REFUSED : COMPLETE;
	return !r->fault;
}

static inline bool read_chunks(struct read_at *r, struct read_request *request)
{
	struct read_framing trailers = { 0 };
	bool is_last = false;
	while (!is_last)
		if (!read_chunk(r, request, &is_last))
			return false;
	return read_fields(r, &trailers);
}

static inline bool read_request(struct read_at *r, struct read_request *ret, bool *ret_is_body)
{
	struct read_framing framing = { 0 };
	bool is_1_0;
	*ret_is_body = false;
	memset(ret, 0, sizeof(*ret));
	if (!read_request_line(r, ret, &is_1_0) || !read_fields(r, &framing))
		return false;
	if (framing.hosts > 1 || (!framing.hosts && !is_1_0) ||
	    (framing.codings && (framing.lengths || is_1_0))) {
		r->fault = REFUSED;
		return false;
	}
	*ret_is_body = true;
	ret->was_chunked = framing.codings;
	ret->closes = framing.closes || (is_1_0 && !framing.keeps);
	return framing.codings ? read_chunks(r, ret) : read_bytes(r, framing.length, ret);
}

/* LF LF is taken for one: the library leaves no difference. */
static inline void read_empty(struct read_at *r)
{
	if (r->end - r->at >= 2 && (!memcmp(r->at, "\r\n", 2) || !memcmp(r->at, "\n\n", 2)))
		r->at += 2;
}

/* All requests that the bytes are. */
static inline void read_all(const char *bytes, size_t len, struct reading *ret)
{
	struct read_at r = { bytes, bytes + len, COMPLETE };
	ret->count = 0;
	ret->is_body = false;
	while (r.at < r.end && ret->count < READ_MAX - 1 &&
	       read_request(&r, &ret->list[ret->count], &ret->is_body)) {
		ret->count++;
		read_empty(&r);
	}
	ret->end = r.at < r.end && !r.fault ? PARTIAL : r.fault;
	ret->is_body = ret->is_body && r.fault;
}

#endif
