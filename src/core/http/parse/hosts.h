/*
 * The names under which a server wants to be asked: the setting server.trusted_hosts. Who reaches
 * it by another, such as a page of elsewhere whose name leads here, is refused.
 */
#ifndef CROFT_SRC_CORE_HTTP_PARSE_HOSTS_H
#define CROFT_SRC_CORE_HTTP_PARSE_HOSTS_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/ctx.h"

struct hosts;

/*
 * Reads the setting: names and addresses such as "example.org *.example.org 127.0.0.1 [::1]",
 * separated by spaces or commas. APP_INVALID with a text that names the entry. *ret is NULL when
 * any will do: for an empty one, and for "*". Free with hosts_drop().
 */
enum app_err hosts_new(struct ctx *c, const char *setting, struct hosts **ret) MUST_USE;
/* NULL is fine */
void hosts_drop(struct hosts *hosts);

/*
 * Whether one of the names is that of a Host header that host_is_valid() (NULL: there is none),
 * whatever its case and port. "*.example.org" is every name below example.org, and not that one.
 */
bool hosts_have(const struct hosts *hosts, const char *host);

#endif
