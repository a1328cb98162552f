/* How often clients may ask this server. Private to core/http. */
#ifndef CROFT_SRC_CORE_HTTP_LIMITS_H
#define CROFT_SRC_CORE_HTTP_LIMITS_H

#include <stdint.h>

#include "core/limit.h"

struct http_limits;

struct limits {
	/*
	 * Those of all routes together, and those of single ones: apart, because what is owed by
	 * one of an hour stays for an hour. NULL: nobody is limited.
	 */
	struct limit_table *of_all, *of_routes;
	/* .count 0: none */
	struct limit network, user;
};

/* As the settings say for the environment, an enum app_environment. */
void limits_make(struct limits *ret, const struct http_limits *options, int64_t environment);
void limits_done(struct limits *limits);

#endif
