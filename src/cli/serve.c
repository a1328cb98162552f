/*
 * `croft serve`: takes no arguments, and knows what people give it all the same. The server is
 * app/serve.h.
 */
#include "app/serve.h"

#include <string.h>

#include "base/str.h"
#include "cli.h"

/* "9000", ":9000", "0.0.0.0:9000", as other servers are told. */
static const char *port_in(const char *word)
{
	const char *colon = strrchr(word, ':');
	const char *port = colon ? colon + 1 : word;
	return str_is_digits(port) ? port : NULL;
}

static int take_nothing(struct cli *cli)
{
	int code = cli_take_arguments(cli, cli->argc);
	const char *port = !code && cli->argc ? port_in(cli->argv[0]) : NULL;
	if (port)
		return cli_usage_error(cli,
				       "'%s' is one argument too many; the port is given as "
				       "--set server.port=%s",
				       cli->argv[0], port);
	return code ? code : cli_take_arguments(cli, 0);
}

int cli_serve(struct cli *cli)
{
	int code = take_nothing(cli);
	return code ? code : cli_exit_of(app_serve(&cli->boot));
}
