/* The settings of section [limits], and the tables of those who ask. */
#include "limits.h"

#include <string.h>

#include "base/str.h"
#include "core/app.h"
#include "core/http.h"

enum { AUTO_APPLY = 0, APPLY = 1 };

static const char *const apply_choices[] = CHOICES("auto", "on", "off");

#define O(member, ...) OPTION(struct http_limits, member, __VA_ARGS__)

OPTION_GROUP(http_limits_option_group, "limits", struct http_limits,
	     "How often clients may ask; docs/limits.md says more.",
	     O(apply, .preset = "auto", .choices = apply_choices,
	       .doc = "Whether anybody is limited; auto means in staging and production."),
	     O(network_per_minute, .preset = "600", .max = 1000000,
	       .doc = "Requests a minute of one address (one /64 with IPv6), signed in or not; 0 "
		      "means as many as it likes. Loopback is exempt; server.trusted_proxies "
		      "decides whose address counts."),
	     O(user_per_minute, .preset = "600", .max = 1000000,
	       .doc = "Requests a minute of one account, from wherever they come, and as many of "
		      "each of its API keys; 0 means as many as it likes."),
	     O(failures, .preset = "5", .max = 1000,
	       .doc = "Wrong passwords for one login from one network until that has to wait "
		      "before it may try again, 30 seconds at first and twice as long after each "
		      "further one, up to 15 minutes; 0 means that nobody waits."),
	     O(failures_everywhere, .preset = "100", .max = 100000,
	       .doc = "Wrong passwords an hour for one login from all networks together, until "
		      "only those networks may try from which somebody has signed in with it "
		      "lately; 0 means as many as they like."));

bool http_limits_apply(const struct http_limits *options, int64_t environment)
{
	if (options->apply == AUTO_APPLY)
		return environment == ENV_STAGING || environment == ENV_PRODUCTION;
	return options->apply == APPLY;
}

void limits_make(struct limits *ret, const struct http_limits *options, int64_t environment)
{
	memset(ret, 0, sizeof(*ret));
	if (!http_limits_apply(options, environment))
		return;
	ret->of_all = limit_table_new(LIMIT_TABLE_LINES / 2);
	ret->of_routes = limit_table_new(LIMIT_TABLE_LINES / 2);
	ret->network = (struct limit){ .count = (int32_t)options->network_per_minute,
				       .seconds = 60 };
	ret->user = (struct limit){ .count = (int32_t)options->user_per_minute, .seconds = 60 };
}

void limits_done(struct limits *limits)
{
	limit_table_drop(limits->of_all);
	limit_table_drop(limits->of_routes);
}
