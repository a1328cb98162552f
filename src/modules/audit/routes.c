/* The route table of the audit module. */
#include "internal.h"

const struct route audit_routes[] = ROUTES(
	{ GET, "/audit", &audit_list, .status = 200 },
	{ GET, "/audit/export", &audit_export, .status = 200 });
