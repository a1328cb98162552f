/* Rightly signed tokens with another header or other claims than ours. */
#include "forge.h"

static void forged(void **state)
{
	const struct forged_case *test = *state;
	struct scene scene;
	secure_scene_open(&scene, &cheap);
	char text[FORGED_ROOM];
	size_t len = forge(test->header, test->claims, text);
	struct token token;
	if (test->cause)
		expect_refused(&scene, text, len, test->cause);
	else
		assert_int_equal(token_verify(&scene.c, text, len, &token), APP_OK);
	secure_scene_close(&scene);
}

#define HEADED(json) (&(struct forged_case){ json, CLAIMS, NOT_HEADER })
#define CLAIMED(json, why) (&(struct forged_case){ HEADER, json, why })
#define TIMED(times, why) CLAIMED(WHO SUB times JTI, why)
#define EXP "'exp':1800000890,"
#define IAT "'iat':1799999990,"

static const struct CMUnitTest forged_rows[] = {
	ROW_OF("alg none, though rightly signed", forged, HEADED("{'alg':'none','typ':'JWT'}")),
	ROW_OF("alg None", forged, HEADED("{'alg':'None','typ':'JWT'}")),
	ROW_OF("alg nOnE", forged, HEADED("{'alg':'nOnE','typ':'JWT'}")),
	ROW_OF("alg RS256, signed as HS256", forged, HEADED("{'alg':'RS256','typ':'JWT'}")),
	ROW_OF("alg HS512", forged, HEADED("{'alg':'HS512','typ':'JWT'}")),
	ROW_OF("typ of a refresh token", forged, HEADED("{'alg':'HS256','typ':'rt+jwt'}")),
	ROW_OF("no typ", forged, HEADED("{'alg':'HS256'}")),
	ROW_OF("another program's header, made with the same secret", forged,
	       HEADED("{'typ':'JWT','alg':'HS256'}")),
	ROW_OF("the same header with blanks", forged, HEADED("{'alg': 'HS256', 'typ': 'JWT'}")),
	ROW_OF("kid that is a path", forged,
	       HEADED("{'alg':'HS256','typ':'JWT','kid':'../../dev/null'}")),
	ROW_OF("kid that is SQL", forged,
	       HEADED("{'alg':'HS256','typ':'JWT','kid':'\" OR 1=1--'}")),
	ROW_OF("jku", forged, HEADED("{'alg':'HS256','typ':'JWT','jku':'http://127.0.0.1/keys'}")),
	ROW_OF("x5u", forged, HEADED("{'alg':'HS256','typ':'JWT','x5u':'http://127.0.0.1/cert'}")),
	ROW_OF("jwk", forged, HEADED("{'alg':'HS256','typ':'JWT','jwk':{'kty':'oct'}}")),
	ROW_OF("alg twice", forged, HEADED("{'alg':'HS256','alg':'none','typ':'JWT'}")),
	ROW_OF("an empty header", forged, HEADED("")),
	ROW_OF("exp a second ago is within the leeway", forged,
	       TIMED(IAT "'exp':1799999999,", NULL)),
	ROW_OF("exp 29 seconds ago is within the leeway", forged,
	       TIMED("'iat':1799999900,'exp':1799999971,", NULL)),
	ROW_OF("exp 30 seconds ago is past", forged,
	       TIMED("'iat':1799999900,'exp':1799999970,", EXPIRED)),
	ROW_OF("exp long past", forged, TIMED("'iat':1,'exp':2,", EXPIRED)),
	ROW_OF("exp missing", forged, TIMED(IAT, NOT_CLAIMS)),
	ROW_OF("exp as a string", forged, TIMED(IAT "'exp':'1800000890',", NOT_CLAIMS)),
	ROW_OF("exp 1e400", forged, TIMED(IAT "'exp':1e400,", NOT_CLAIMS)),
	ROW_OF("exp with a fraction", forged, TIMED(IAT "'exp':1800000890.5,", NOT_CLAIMS)),
	ROW_OF("exp negative", forged, TIMED(IAT "'exp':-1,", NOT_CLAIMS)),
	ROW_OF("exp null", forged, TIMED(IAT "'exp':null,", NOT_CLAIMS)),
	ROW_OF("exp empty", forged, TIMED(IAT "'exp':,", NOT_CLAIMS)),
	ROW_OF("exp past 64 bits", forged, TIMED(IAT "'exp':9223372036854775808,", NOT_CLAIMS)),
	ROW_OF("exp with a leading zero", forged, TIMED(IAT "'exp':01800000890,", NOT_CLAIMS)),
	ROW_OF("exp before iat", forged, TIMED("'iat':1800000020,'exp':1800000010,", NOT_CLAIMS)),
	ROW_OF("exp twice", forged, TIMED(IAT EXP EXP, NOT_CLAIMS)),
	ROW_OF("iat 30 seconds ahead is within the leeway", forged,
	       TIMED("'iat':1800000030," EXP, NULL)),
	ROW_OF("iat 31 seconds ahead", forged, TIMED("'iat':1800000031," EXP, TOO_EARLY)),
	ROW_OF("iat missing", forged, TIMED(EXP, NOT_CLAIMS)),
	ROW_OF("nbf in the future", forged, TIMED(IAT EXP "'nbf':1800009999,", NOT_CLAIMS)),
	ROW_OF("another issuer", forged,
	       CLAIMED("{'iss':'other','aud':'croft'," SUB IAT EXP JTI, NOT_CLAIMS)),
	ROW_OF("another audience", forged,
	       CLAIMED("{'iss':'croft','aud':'other'," SUB IAT EXP JTI, NOT_CLAIMS)),
	ROW_OF("an audience that is a list", forged,
	       CLAIMED("{'iss':'croft','aud':['croft']," SUB IAT EXP JTI, NOT_CLAIMS)),
	ROW_OF("no issuer", forged, CLAIMED("{'aud':'croft'," SUB IAT EXP JTI, NOT_CLAIMS)),
	ROW_OF("an identity token's claims", forged,
	       CLAIMED("{'iss':'croft','sub':'42','aud':'croft','nonce':'x'}", NOT_CLAIMS)),
	ROW_OF("a user id of 0", forged, CLAIMED(WHO "'sub':'0','ver':3," IAT EXP JTI, NOT_CLAIMS)),
	ROW_OF("a user id below 0", forged,
	       CLAIMED(WHO "'sub':'-42','ver':3," IAT EXP JTI, NOT_CLAIMS)),
	ROW_OF("a user id that is no string", forged,
	       CLAIMED(WHO "'sub':42,'ver':3," IAT EXP JTI, NOT_CLAIMS)),
	ROW_OF("an empty jti", forged, CLAIMED(WHO SUB IAT EXP "'jti':''}", NOT_CLAIMS)),
	ROW_OF("a jti of 32 bytes", forged,
	       CLAIMED(WHO SUB IAT EXP "'jti':'01234567890123456789012345678901'}", NOT_CLAIMS)),
	ROW_OF("something behind the claims", forged, CLAIMED(CLAIMS " ", NOT_CLAIMS)),
	ROW_OF("claims cut short", forged, CLAIMED(WHO SUB IAT EXP "'jti':'abc", NOT_CLAIMS)),
	ROW_OF("empty claims", forged, CLAIMED("", NOT_LENGTH)),
	ROW_OF("claims {}", forged, CLAIMED("{}", NOT_CLAIMS)),
};

int main(void)
{
	return rows_run("forged tokens", forged_rows, COUNT_OF(forged_rows));
}
