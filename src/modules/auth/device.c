/*
 * The cookie of a device from which an account has signed in. It lets nobody in: its owner is not
 * made to wait there for those who guess his password from elsewhere. Nothing of it is kept; what
 * is in it is signed, and ends with the password.
 */
#include <string.h>

#include "base/app_name.h"
#include "base/random.h"
#include "cookie.h"
#include "core/app.h"
#include "internal.h"

LEFT(auth_device);

/* Without a name where nobody signs in by cookie. */
static struct cookie device_cookie(const struct ctx *c)
{
	struct cookie cookie = auth_cookie_of(c);
	if (cookie.name)
		cookie.name = cookie.is_plain ? APP_NAME "-device" : "__Host-" APP_NAME "-device";
	cookie.lifetime_s = AUTH_KNOWN_DAYS * DAY_US / SECONDS_US(1);
	return cookie;
}

void auth_device_read(struct ctx *c, const char *header)
{
	const struct cookie cookie = device_cookie(c);
	struct cookie_value value;
	if (cookie.name && cookie_open(c, &cookie, header, &value) == COOKIE_THERE &&
	    value.len == sizeof(struct auth_device))
		memcpy(auth_device_leave(c), value.text, value.len);
}

enum app_err auth_device_mark(struct ctx *c, const struct auth_proof *proof, const char **ret)
{
	const struct cookie cookie = device_cookie(c);
	struct auth_device device = { .user_id = proof->user_id,
				      .token_version = proof->token_version };
	random_bytes(&device.number, sizeof(device.number));
	return cookie_sign(c, &cookie, &device, sizeof(device), ret);
}

/* One look-up more for who has such a cookie, whosever it is. */
bool auth_device_is_known(struct ctx *c, const char *login, uint64_t *ret_number)
{
	const struct auth_device *device = auth_device_left(c);
	struct user_credentials user;
	if (!device)
		return false;
	if (users_find(c, login, &user)) {
		ctx_recover(c);
		return false;
	}
	*ret_number = device->number;
	return user.id == device->user_id && user.token_version == device->token_version;
}
