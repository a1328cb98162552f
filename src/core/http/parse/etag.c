/* If-Match, If-None-Match and If-Range. */
#include "etag.h"

#include "base/etag.h"

/* By weak comparison, or by the strong one. */
static bool list_names(const char *list, const char *etag, bool is_strong)
{
	struct etag ours, theirs;
	enum etag_step step;
	bool hits = false;
	if (!etag_read(&etag, &ours))
		return false;
	while ((step = etag_list_next(&list, &theirs)) == ETAG_STEP_TAG)
		hits = hits ||
		       (etag_is_same(&ours, &theirs) && !(is_strong && (ours.weak || theirs.weak)));
	return hits && step == ETAG_STEP_END;
}

bool etag_match_holds(const char *if_match, const char *etag)
{
	return !if_match || etag_list_is_any(if_match) ||
	       (etag && list_names(if_match, etag, true));
}

bool etag_none_match_hits(const char *if_none_match, const char *etag)
{
	return if_none_match &&
	       (etag_list_is_any(if_none_match) || list_names(if_none_match, etag, false));
}

bool etag_range_holds(const char *if_range, const char *etag)
{
	struct etag ours, theirs;
	if (!if_range)
		return true;
	return etag_read(&etag, &ours) && etag_read(&if_range, &theirs) && *if_range == '\0' &&
	       !ours.weak && !theirs.weak && etag_is_same(&ours, &theirs);
}
