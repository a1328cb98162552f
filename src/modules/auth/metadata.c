/*
 * What clients of OAuth2 need to know of this server (RFC 8414), for those that look for it
 * themselves. Only where `auth.issuer` is the URL at which they find it, because they compare.
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/app.h"
#include "core/route.h"
#include "core/security.h"
#include "internal.h"

/* RFC 8414 §2 */
struct auth_metadata {
	const char *issuer, *token_endpoint, *revocation_endpoint, *introspection_endpoint;
	const char *jwks_uri;
	/* of texts */
	struct array grant_types_supported, response_types_supported;
	struct array token_endpoint_auth_methods_supported;
	struct array revocation_endpoint_auth_methods_supported;
	struct array introspection_endpoint_auth_methods_supported;
};

#define URL_RULES .required = true, .format = FORMAT_URI
#define TEXTS .required = true, .item_type = FIELD_TEXT

SCHEMA(auth_metadata,
	FIELD(struct auth_metadata, issuer, URL_RULES, .doc = "As in tokens (iss)"),
	FIELD(struct auth_metadata, token_endpoint, URL_RULES),
	FIELD(struct auth_metadata, revocation_endpoint, URL_RULES),
	FIELD(struct auth_metadata, introspection_endpoint, URL_RULES),
	FIELD(struct auth_metadata, jwks_uri, URL_RULES),
	FIELD(struct auth_metadata, grant_types_supported, TEXTS),
	FIELD(struct auth_metadata, response_types_supported, TEXTS,
	      .doc = "None: there is no page to sign in on"),
	FIELD(struct auth_metadata, token_endpoint_auth_methods_supported, TEXTS),
	FIELD(struct auth_metadata, revocation_endpoint_auth_methods_supported, TEXTS),
	FIELD(struct auth_metadata, introspection_endpoint_auth_methods_supported, TEXTS));

static const char *const grants[] = { "refresh_token", "client_credentials", "password" };
/* The first is that of all grants but one. */
static const char *const clients[] = { "none", "client_secret_basic", "client_secret_post" };
static const char *const by_token[] = { "Bearer" };

static struct array texts(const char *const *items, size_t count)
{
	return (struct array){ .items = (void *)(uintptr_t)items, .count = count };
}

static bool is_url(const char *issuer)
{
	return (str_starts(issuer, "https://") || str_starts(issuer, "http://")) &&
	       !str_ends(issuer, "/") && !strpbrk(issuer, "?#");
}

static enum app_err get_metadata(struct ctx *c, const struct nothing *in, struct auth_metadata *ret)
{
	(void)in;
	const struct security_options *security = config_group(c->app->config,
							       &security_option_group);
	const struct auth_options *options = config_group(c->app->config, &auth_option_group);
	const char *issuer = security->issuer;
	if (!is_url(issuer))
		return ctx_fail(c, APP_NOT_FOUND, "There is none: auth.issuer is no URL");
	bool by_password = auth_password_grant_is_on(options, c->app->options->environment);
#define URL_OF(path) arena_printf(c->arena, "%s" path, issuer)
	*ret = (struct auth_metadata){
		.issuer = issuer,
		.token_endpoint = URL_OF(HTTP_API_PREFIX "/auth/token"),
		.revocation_endpoint = URL_OF(HTTP_API_PREFIX "/auth/revoke"),
		.introspection_endpoint = URL_OF(HTTP_API_PREFIX "/auth/introspect"),
		.jwks_uri = URL_OF("/.well-known/jwks.json"),
		.grant_types_supported = texts(grants, by_password ? 3 : 2),
		.response_types_supported = texts(grants, 0),
		.token_endpoint_auth_methods_supported = texts(clients, COUNT_OF(clients)),
		.revocation_endpoint_auth_methods_supported = texts(clients, 1),
		.introspection_endpoint_auth_methods_supported = texts(by_token, 1),
	};
#undef URL_OF
	return APP_OK;
}

OPERATION_FN(get_metadata, struct nothing, struct auth_metadata)

const struct operation auth_get_metadata = {
	.name = "auth.metadata",
	.summary = "Get what clients of OAuth2 need to know",
	.doc = "RFC 8414. Only where `auth.issuer` is the URL of this server, such as "
	       "`https://api.example.com`; else a 404.",
	.kind = QUERY,
	.access = ACCESS_PUBLIC,
	.out = &auth_metadata_schema,
	.fails_with = { APP_NOT_FOUND },
	.light = true,
	RUN(get_metadata),
};
