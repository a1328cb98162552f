/* The names by which a server may be asked: the setting, and which Host headers it lets in. */
#include "testing/rows.h"
#include "testing/scene.h"

#include "core/http/parse/hosts.h"

struct host_case {
	const char *setting, *host;
	bool is_in;
};

static void decides(void **state)
{
	const struct host_case *row = *state;
	struct scene scene;
	struct hosts *hosts;
	scene_open(&scene);
	assert_int_equal(hosts_new(&scene.c, row->setting, &hosts), APP_OK);
	assert_non_null(hosts);
	assert_int_equal(hosts_have(hosts, row->host), row->is_in);
	hosts_drop(hosts);
	scene_close(&scene);
}

static void lets_all_in(void **state)
{
	struct scene scene;
	struct hosts *hosts;
	scene_open(&scene);
	assert_int_equal(hosts_new(&scene.c, *state, &hosts), APP_OK);
	assert_null(hosts);
	scene_close(&scene);
}

struct fault_case {
	const char *setting, *text;
};

static void refuses(void **state)
{
	const struct fault_case *row = *state;
	struct scene scene;
	struct hosts *hosts = NULL;
	scene_open(&scene);
	assert_int_equal(hosts_new(&scene.c, row->setting, &hosts), APP_INVALID);
	assert_null(hosts);
	assert_string_equal(ctx_failure_text(&scene.c, APP_INVALID), row->text);
	scene_close(&scene);
}

#define IN(sentence, setting, host) \
	ROW_OF(sentence, decides, (&(struct host_case){ setting, host, true }))
#define OUT(sentence, setting, host) \
	ROW_OF(sentence, decides, (&(struct host_case){ setting, host, false }))
#define FAULT(sentence, setting, text) \
	ROW_OF(sentence, refuses, \
	       (&(struct fault_case){ setting, "server.trusted_hosts: '" setting "': " text }))
#define ONE_PART "\"*\" stands for the first part of a name, as in *.example.org, or for all"

int main(void)
{
	const struct CMUnitTest rows[] = {
		IN("a name is let in", "example.org", "example.org"),
		IN("with any port", "example.org", "example.org:8000"),
		IN("and an empty one", "example.org", "example.org:"),
		IN("in any case", "Example.ORG", "eXample.org"),
		IN("with the dot that a whole name may end with", "example.org", "example.org.:80"),
		OUT("no other name", "example.org", "example.com"),
		OUT("none that begins with it", "example.org", "example.org.evil.com"),
		OUT("none that ends with it", "example.org", "notexample.org"),
		OUT("none below it", "example.org", "api.example.org"),
		OUT("not without a name", "example.org", NULL),
		OUT("nor an empty one", "example.org", ""),
		OUT("nor a port alone", "example.org", ":80"),
		IN("*. lets names below in", "*.example.org", "api.example.org"),
		IN("at any depth", "*.example.org", "a.b.example.org:1"),
		OUT("but not the name itself", "*.example.org", "example.org"),
		OUT("nor one that ends alike", "*.example.org", "notexample.org"),
		OUT("nor an empty part", "*.example.org", ".example.org"),
		IN("one of several", "a.org, *.b.org\tc.org", "x.b.org"),
		IN("the last of several", "a.org b.org c.org", "c.org"),
		IN("an address", "127.0.0.1", "127.0.0.1:8000"),
		IN("one in brackets", "[::1]", "[::1]:8000"),
		OUT("another address", "[::1]", "[::2]"),
		OUT("brackets that do not close", "[::1]", "[::1"),
		ROW_OF("nothing lets all in", lets_all_in, ""),
		ROW_OF("so does *", lets_all_in, "*"),
		ROW_OF("and * beside others", lets_all_in, "example.org *"),
		ROW_OF("blanks are nothing", lets_all_in, " , "),
		FAULT("an address of a page is no host", "https://example.org",
		      "it is the host alone, without https:// and path"),
		FAULT("a path is none", "example.org/api",
		      "it is the host alone, without https:// and path"),
		FAULT("a port is refused", "example.org:8000",
		      "it has no port: any will do; an IPv6 "
		      "address is in brackets"),
		FAULT("behind an address, too", "[::1]:80", "it has no port: any will do"),
		FAULT("an address without brackets", "::1",
		      "it has no port: any will do; an IPv6 address is in brackets"),
		FAULT("one bracket", "[::1", "an IPv6 address is in brackets, such as [::1]"),
		FAULT("* in the middle", "api.*.org", ONE_PART),
		FAULT("* as a part of a word", "*example.org", ONE_PART),
		FAULT("* twice", "*.*.org", ONE_PART),
		FAULT("* before an address", "*.[::1]",
		      "an IPv6 address is in brackets, such as [::1]"),
		FAULT("signs that no host has", "exam\"ple.org", "it is no host"),
		FAULT("nothing behind *.", "*.", "it is no host"),
	};
	return rows_run("core/http/parse/hosts", rows, sizeof(rows) / sizeof(rows[0]));
}
