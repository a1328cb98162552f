/* What `croft new app` makes, built and tested. */
/* long */
#include "script.h"

#include "base/attr.h"

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW_OF("a project of one's own builds under its name, and takes in a later version",
		       script_holds, "tests/cli/make-app"),
	};
	return rows_run("cli/new/project", rows, COUNT_OF(rows));
}
