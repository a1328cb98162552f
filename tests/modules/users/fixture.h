/* The accounts of a stage as users' operations answer them. */
#ifndef CROFT_TESTS_MODULES_USERS_FIXTURE_H
#define CROFT_TESTS_MODULES_USERS_FIXTURE_H

#include "testing/stage.h"

#define ROOT_JSON \
	"{'id':1,'username':'root','email':'root@example.com'," \
	"'full_name':null,'is_active':true,'is_superuser':true," \
	"'roles':['member'],'created_at':'" STAGE_TIME "','updated_at':'" STAGE_TIME \
	"','kind':'person'}"
/* ada's account with the members that tests change */
#define USER_AT(id, username, email, full_name, is_active, is_superuser, updated_at) \
	"{'id':" id ",'username':'" username "','email':'" email "','full_name':" full_name \
	",'is_active':" is_active ",'is_superuser':" is_superuser \
	",'roles':['member'],'created_at':'" STAGE_TIME "','updated_at':'" updated_at \
	"','kind':'person'}"
#define USER_JSON(...) USER_AT(__VA_ARGS__, STAGE_TIME)
/* The same once it was changed: the clock stands still, updated_at does not. */
#define USER_CHANGED(...) USER_AT(__VA_ARGS__, "2026-01-02T03:04:05.000001Z")
#define ADA_JSON USER_JSON("2", "Ada", "Ada@Example.com", "'Ada King'", "true", "false")

#endif
