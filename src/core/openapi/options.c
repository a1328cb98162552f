/* The settings of section [document]: what the OpenAPI document says of the API as a whole. */
#include <string.h>

#include "base/str.h"
#include "core/config.h"
#include "core/openapi.h"

static const char *url_fault(const char *url)
{
	if (!*url)
		return NULL;
	bool is_web = str_starts_nocase(url, "https://") || str_starts_nocase(url, "http://");
	const char *host = strstr(url, "://");
	if (!is_web || !host[strlen("://")])
		return "it must be a whole address, such as https://example.com/licence";
	return strpbrk(url, " \"<>") ? "an address has no blanks, quotes or angle brackets" : NULL;
}

static const char *email_fault(const char *email)
{
	const char *at = strchr(email, '@');
	bool is_plain = !strpbrk(email, " \"<>") && at && at > email && at[1];
	return !*email || is_plain ? NULL : "it must be an e-mail address alone";
}

static void check_one(struct config_check *check, const char *key, const char *fault)
{
	if (fault)
		config_check_fault(check, key, "%s", fault);
}

static void check_group(struct config_check *check, const void *values)
{
	const struct openapi_words *words = values;
	check_one(check, "contact_url", url_fault(words->contact_url));
	check_one(check, "licence_url", url_fault(words->licence_url));
	check_one(check, "contact_email", email_fault(words->contact_email));
	if (*words->licence_url && !*words->licence)
		config_check_fault(check, "licence_url",
				   "a licence has a name: set document.licence, too");
}

#define O(member, ...) OPTION(struct openapi_words, member, .preset = "", __VA_ARGS__)

OPTION_GROUP_CHECKED(
	openapi_option_group, "document", struct openapi_words,
	"What the OpenAPI document, and so /docs and /redoc, say of the API as a whole.",
	check_group, O(title, .doc = "Its title. Empty means app.name."),
	O(description, .doc = "What it is for, as Markdown, in front of what all operations have "
			      "in common."),
	O(contact_name, .doc = "Whom to ask."), O(contact_url, .doc = "Where to ask."),
	O(contact_email, .doc = "The same by e-mail."),
	O(licence, .doc = "Name of the licence that the API is under, such as MIT."),
	O(licence_url, .doc = "Where it can be read."));
