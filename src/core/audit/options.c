/* The settings of the audit: what is kept, and for how long. */
#include "core/audit.h"

OPTION_GROUP(audit_option_group, "audit", struct audit_options, "Who had what done.",
	     OPTION(struct audit_options, keep_days, .preset = "365", .min = 0, .max = 36500,
		    .doc = "For how many days rows of the audit are kept; 0: for ever."),
	     OPTION(struct audit_options, change_bytes, .preset = "4KiB", .max = 65536,
		    .unit = UNIT_BYTES,
		    .doc = "How much a row keeps of what was sent; what is longer is cut. 0: "
			   "nothing."));
