/* What `croft new module` and `croft new operation` write, built and tested. */
/* long */
#include "script.h"

#include "base/attr.h"

int main(void)
{
	const struct CMUnitTest rows[] = {
		ROW_OF("modules of every type, and operations, pass their tests at once",
		       script_holds, "tests/cli/make-modules"),
	};
	return rows_run("cli/new/tree", rows, COUNT_OF(rows));
}
