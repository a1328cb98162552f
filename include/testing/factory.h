/*
 * Rows in few words: a factory has an operation that makes one, and a whole input of it, of which a
 * test says only what it is about.
 *
 *	static const struct factory a_post = { &posts_create, "{'title':'Post #'}" };
 *	int64_t id = factory_make(&s, AS_ADA, &a_post, "{'status':'published'}");
 */
#ifndef CROFT_TESTING_FACTORY_H
#define CROFT_TESTING_FACTORY_H

#include <stdint.h>

#include "testing/stage.h"

struct factory {
	const struct operation *create;
	/*
	 * An object in JSON as tests write it; each # in it becomes the number of the row on this
	 * stage, for what must not be there twice.
	 */
	const char *json;
};

/*
 * Makes a row; the members of `with`, an object likewise or NULL, take the place of the factory's.
 * Its id, which the answer must have. The row fails when it is refused.
 */
int64_t factory_make(struct stage *s, int who, const struct factory *factory, const char *with);
void factory_make_many(struct stage *s, int who, const struct factory *factory, int count);

#endif
