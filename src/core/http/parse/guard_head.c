/*
 * Judges the head as a whole, once all headers were seen. Who reads what of a message, and where
 * its body ends, must be beyond doubt: that is what request smuggling lives on.
 */
#include "guard.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "host.h"

static const struct method_name {
	const char *name;
	enum http_method method;
} method_names[] = {
	{ "GET", GET },       { "POST", POST }, { "PATCH", PATCH },     { "PUT", PUT },
	{ "DELETE", DELETE }, { "HEAD", HEAD }, { "OPTIONS", OPTIONS },
};

static bool is_method_shaped(const char *method)
{
	size_t len = strspn(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	return len > 0 && len <= GUARD_METHOD_MAX && method[len] == '\0';
}

/* 0: none that we know. */
static enum http_method method_of(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(method_names); i++)
		if (strcmp(name, method_names[i].name) == 0)
			return method_names[i].method;
	return 0;
}

static enum app_err check_method(struct guard_head *head, const char *method)
{
	head->method = method_of(method);
	if (head->method)
		return APP_OK;
	if (!is_method_shaped(method))
		return guard_refuse(head, APP_BAD_REQUEST,
				    "The method must be 1 to 16 capital letters");
	return guard_refuse(head, APP_NOT_IMPLEMENTED, "This server does not know that method");
}

static enum app_err check_host(struct guard_head *head, bool is_1_0)
{
	const char *host = head->value[GUARD_HOST];
	if (!host)
		return is_1_0 ? APP_OK
			      : guard_refuse(head, APP_BAD_REQUEST, "The Host header is missing");
	if (!host_is_valid(host, strlen(host)))
		return guard_refuse(head, APP_BAD_REQUEST, "The Host header is not a host name");
	return APP_OK;
}

static enum app_err check_chunked(struct guard_head *head, bool is_1_0)
{
	if (head->value[GUARD_CONTENT_LENGTH])
		return guard_refuse(head, APP_BAD_REQUEST,
				    "Content-Length and Transfer-Encoding exclude each other");
	if (is_1_0)
		return guard_refuse(head, APP_BAD_REQUEST, "HTTP/1.0 has no Transfer-Encoding");
	if (strcasecmp(head->value[GUARD_TRANSFER_ENCODING], "chunked") != 0)
		return guard_refuse(
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
		return guard_refuse(head, APP_BAD_REQUEST,
				    "Content-Length is not a number of bytes");
	return APP_OK;
}

/* RFC 9110 §2.5: one with a higher minor number is read as the highest that we know. */
static bool is_version_1(const char *version)
{
	return str_starts(version, "HTTP/1.") && str_is_digit(version[7]) && !version[8];
}

/* Two credentials may be of two accounts, and whoever stands in front of us may have read one. */
static enum app_err check_credentials(struct guard_head *head)
{
	if (!head->value[GUARD_AUTHORIZATION] || !head->value[GUARD_X_API_KEY])
		return APP_OK;
	return guard_refuse(head, APP_BAD_REQUEST,
			    "Authorization and X-API-Key were both sent: send one of them");
}

enum app_err guard_finish(struct guard_head *head, const char *method, const char *version)
{
	if (head->err)
		return head->err;
	bool is_1_0 = str_eq(version, "HTTP/1.0");
	if (!is_version_1(version))
		return guard_refuse(head, APP_BAD_REQUEST, "The HTTP version must be 1.0 or 1.1");
	enum app_err err = check_method(head, method);
	if (!err && head->for_server && head->method != OPTIONS)
		return guard_refuse(head, APP_BAD_REQUEST, "Only OPTIONS can ask for *");
	if (!err)
		err = check_host(head, is_1_0);
	if (!err)
		err = check_framing(head, is_1_0);
	if (!err)
		err = check_credentials(head);
	return err;
}
