/*
 * What a command needs of the process is there while it works, with what is wrong said as the
 * command line says it.
 */
#include "app/boot.h"

#include "cli.h"
#include "core/op.h"

static void fault_say(const char *line)
{
	cli_error("%s", line);
}

static void failure_say(const struct ctx *c, enum app_err err)
{
	cli_failure(c, err, "start");
}

const struct boot_report cli_boot_report = { .fault = fault_say, .failure = failure_say };

int cli_exit_of(enum boot_result result)
{
	switch (result) {
	case BOOT_OK: return CLI_OK;
	case BOOT_FAILED: return CLI_FAILED;
	case BOOT_REFUSED: break;
	}
	return CLI_CONFIG;
}

int cli_with_boot(const struct cli *cli, enum boot_level level, cli_work *work, void *arg)
{
	struct boot *boot = NULL;
	int code = cli_exit_of(boot_up(&cli->boot, level, &boot));
	if (code)
		return code;
	code = work(boot, arg);
	boot_down(boot);
	return code;
}

int cli_call(struct ctx *c, const struct operation *op, void *in, void *out)
{
	struct op_call call = { .c = c, .op = op, .in = in, .out = out };
	c->operation = op->name;
	enum app_err err = op_call_run(&call);
	return err ? cli_failure(c, op_judge(c, op, err), op->name) : CLI_OK;
}
