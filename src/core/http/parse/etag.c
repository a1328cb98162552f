/* If-None-Match and If-Range. */
#include "etag.h"

#include "base/etag.h"

bool etag_none_match_hits(const char *if_none_match, const char *etag)
{
	struct etag ours, theirs;
	enum etag_step step;
	bool hits = false;
	if (!if_none_match || !etag_read(&etag, &ours))
		return false;
	if (etag_list_is_any(if_none_match))
		return true;
	while ((step = etag_list_next(&if_none_match, &theirs)) == ETAG_STEP_TAG)
		hits = hits || etag_is_same(&ours, &theirs);
	return hits && step == ETAG_STEP_END;
}

bool etag_range_holds(const char *if_range, const char *etag)
{
	struct etag ours, theirs;
	if (!if_range)
		return true;
	return etag_read(&etag, &ours) && etag_read(&if_range, &theirs) && *if_range == '\0' &&
	       !ours.weak && !theirs.weak && etag_is_same(&ours, &theirs);
}
