/* How a step of the start went, in the words of the whole. */
#include "internal.h"

enum boot_result boot_outcome(struct boot *boot, enum app_err err)
{
	if (!err)
		return BOOT_OK;
	boot->args.report->failure(&boot->c, err);
	return BOOT_FAILED;
}
