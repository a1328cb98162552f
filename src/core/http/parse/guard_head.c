/*
 * The second half of the guard: the head as a whole, once all headers were seen. Who reads what of
 * a message, and where its body ends, must be beyond doubt: that is what request smuggling lives
 * on.
 */
#include "guard.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"

static const struct method_name {
	const char *name;
	enum http_method method;
} method_names[] = {
	{ "GET", GET },       { "POST", POST }, { "PATCH", PATCH },     { "PUT", PUT },
	{ "DELETE", DELETE }, { "HEAD", HEAD }, { "OPTIONS", OPTIONS },
};

static enum app_err refuse(struct guard_head *head, enum app_err err, const char *why)
{
	head->err = err;
	head->why = why;
	return err;
}

static bool is_method_shaped(const char *method)
{
	size_t len = strspn(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

	return len > 0 && len <= GUARD_METHOD_MAX && method[len] == '\0';
}

static enum app_err check_method(struct guard_head *head, const char *method)
{
	for (size_t i = 0; i < COUNT_OF(method_names); i++) {
		if (strcmp(method, method_names[i].name) == 0) {
			head->method = method_names[i].method;
			return APP_OK;
		}
	}
	if (!is_method_shaped(method))
		return refuse(head, APP_BAD_REQUEST, "The method must be 1 to 16 capital letters");
	return refuse(head, APP_NOT_IMPLEMENTED, "This server does not know that method");
}

/* ":8080", ":" (RFC 3986 §3.2.3: the port may be empty) or nothing, up to the end. */
static bool is_port(const char *text)
{
	if (*text == '\0')
		return true;
	int64_t port;
	size_t digits = str_read_digits(text + 1, SIZE_MAX, &port);
	return *text == ':' && digits <= 5 && !text[1 + digits] && port <= 65535;
}

enum { HOST_NAME_MAX_LEN = 255, HOST_MAX = HOST_NAME_MAX_LEN + sizeof(":65535") };

/* RFC 3986 §3.2.2 reg-name: unreserved and sub-delims. */
static const char name_chars[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=";

/* Whether "%c3" stands for what may stand there, or for a part of a letter beyond ASCII. */
static bool is_name_escape(const char *at)
{
	int high = at[0] == '%' ? str_hex_value(at[1]) : -1;
	int low = high < 0 ? -1 : str_hex_value(at[2]);
	int byte = high * 16 + low;

	return low >= 0 && byte > 0 && (byte > 127 || strchr(name_chars, byte));
}

static size_t host_name_len(const char *text)
{
	size_t len = strspn(text, name_chars);

	while (is_name_escape(text + len)) {
		len += strlen("%41");
		len += strspn(text + len, name_chars);
	}
	return len;
}

static bool is_host(const char *host)
{
	size_t len;

	if (host[0] == '[') {
		len = strspn(host + 1, "0123456789abcdefABCDEF:.");
		return len >= 2 && len <= 45 && host[1 + len] == ']' && is_port(host + len + 2);
	}
	len = host_name_len(host);
	return len > 0 && len <= HOST_NAME_MAX_LEN && !strstr(host, "..") && is_port(host + len);
}

bool guard_is_host(const char *text, size_t len)
{
	char host[HOST_MAX + 1];
	if (len > HOST_MAX || memchr(text, '\0', len))
		return false;
	memcpy(host, text, len);
	host[len] = '\0';
	return is_host(host);
}

static enum app_err check_host(struct guard_head *head, bool is_1_0)
{
	const char *host = head->value[GUARD_HOST];

	if (!host)
		return is_1_0 ? APP_OK
			      : refuse(head, APP_BAD_REQUEST, "The Host header is missing");
	if (!is_host(host))
		return refuse(head, APP_BAD_REQUEST, "The Host header is not a host name");
	return APP_OK;
}

static enum app_err check_chunked(struct guard_head *head, bool is_1_0)
{
	if (head->value[GUARD_CONTENT_LENGTH])
		return refuse(head, APP_BAD_REQUEST,
			      "Content-Length and Transfer-Encoding exclude each other");
	if (is_1_0)
		return refuse(head, APP_BAD_REQUEST, "HTTP/1.0 has no Transfer-Encoding");
	if (strcasecmp(head->value[GUARD_TRANSFER_ENCODING], "chunked") != 0)
		return refuse(
			head, APP_NOT_IMPLEMENTED,
			"The only Transfer-Encoding here is chunked, with no blank behind it");
	head->chunked = true;
	return APP_OK;
}

/* RFC 9112 §6: how the body ends. */
static enum app_err check_framing(struct guard_head *head, bool is_1_0)
{
	const char *length = head->value[GUARD_CONTENT_LENGTH];

	head->content_length = -1;
	if (head->value[GUARD_TRANSFER_ENCODING])
		return check_chunked(head, is_1_0);
	if (!length)
		return APP_OK;
	/* the first test keeps signs out, which the conversion would take */
	if (!str_is_digit(length[0]) || !str_to_int64(length, &head->content_length))
		return refuse(head, APP_BAD_REQUEST, "Content-Length is not a number of bytes");
	return APP_OK;
}

/* RFC 9110 §2.5: one with a higher minor number is read as the highest that we know. */
static bool is_version_1(const char *version)
{
	return str_starts(version, "HTTP/1.") && str_is_digit(version[7]) && !version[8];
}

enum app_err guard_finish(struct guard_head *head, const char *method, const char *version)
{
	if (head->err)
		return head->err;
	bool is_1_0 = strcmp(version, "HTTP/1.0") == 0;

	if (!is_version_1(version))
		return refuse(head, APP_BAD_REQUEST, "The HTTP version must be 1.0 or 1.1");
	enum app_err err = check_method(head, method);
	if (!err && head->for_server && head->method != OPTIONS)
		return refuse(head, APP_BAD_REQUEST, "Only OPTIONS can ask for *");
	if (!err)
		err = check_host(head, is_1_0);
	if (!err)
		err = check_framing(head, is_1_0);
	return err;
}
