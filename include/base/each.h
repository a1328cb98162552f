/*
 * FOR_EACH(M, a, b, c) is M(a) M(b) M(c), and FOR_EACH(M) is nothing:
 *
 *	#define MEMBER(name) const char *name;
 *	struct person { FOR_EACH(MEMBER, given, family) };
 *
 * An argument may be a tuple, which M hands on to a macro of as many parameters:
 *
 *	#define MEMBER(pair) MEMBER_OF pair
 *	#define MEMBER_OF(type, name) type name;
 *	struct person { FOR_EACH(MEMBER, (const char *, name), (int, age)) };
 *
 * FOR_EACH_WITH(M, with, a, b) is M(with, a) M(with, b).
 *
 * At most 32 arguments after M, or after `with`: more do not compile. M may not use FOR_EACH
 * itself.
 */
#ifndef CROFT_BASE_EACH_H
#define CROFT_BASE_EACH_H

/*
 * A macro does not expand within itself: so each step leaves the name of the next one behind, and
 * each scan makes one more step of it.
 */
#define FOR_EACH(M, ...) __VA_OPT__(FOR_EACH_SCAN(FOR_EACH_STEP(M, __VA_ARGS__)))
#define FOR_EACH_STEP(M, x, ...) M(x) __VA_OPT__(FOR_EACH_NEXT FOR_EACH_NOTHING()(M, __VA_ARGS__))
#define FOR_EACH_NEXT() FOR_EACH_STEP
#define FOR_EACH_NOTHING
#define FOR_EACH_WITH(M, with, ...) \
	__VA_OPT__(FOR_EACH_SCAN(FOR_EACH_WITH_STEP(M, with, __VA_ARGS__)))
#define FOR_EACH_WITH_STEP(M, with, x, ...) \
	M(with, x) __VA_OPT__(FOR_EACH_WITH_NEXT FOR_EACH_NOTHING()(M, with, __VA_ARGS__))
#define FOR_EACH_WITH_NEXT() FOR_EACH_WITH_STEP
#define FOR_EACH_SCAN(...) FOR_EACH_SCAN10(FOR_EACH_SCAN10(FOR_EACH_SCAN10(__VA_ARGS__)))
#define FOR_EACH_SCAN10(...) FOR_EACH_SCAN3(FOR_EACH_SCAN3(FOR_EACH_SCAN3(__VA_ARGS__)))
#define FOR_EACH_SCAN3(...) FOR_EACH_SCAN1(FOR_EACH_SCAN1(__VA_ARGS__))
#define FOR_EACH_SCAN1(...) __VA_ARGS__

#endif
