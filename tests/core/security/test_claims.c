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
#define REST "'kid':'" KEY_ID "','typ':'JWT'}"
#define KID(kid) HEADED("{'alg':'HS256','kid':" kid ",'typ':'JWT'}")
#define ADDED(member) HEADED("{'alg':'HS256'," member "," REST)
#define CLAIMED(json, why) (&(struct forged_case){ HEADER, json, why })
#define TIMED(times, why) CLAIMED(WHO SUB times JTI, why)
#define OF_KEY(who, why) CLAIMED(WHO "'sub':'42'," who IAT EXP JTI, why)
#define EXP "'exp':1800000890,"
#define IAT "'iat':1799999990,"

static const struct CMUnitTest forged_rows[] = {
	ROW_OF("S01 alg none, though rightly signed", forged, HEADED("{'alg':'none'," REST)),
	ROW_OF("S01 alg None", forged, HEADED("{'alg':'None'," REST)),
	ROW_OF("S01 alg NONE", forged, HEADED("{'alg':'NONE'," REST)),
	ROW_OF("S01 alg nOnE", forged, HEADED("{'alg':'nOnE'," REST)),
	ROW_OF("S01 alg none with blanks", forged, HEADED("{'alg':' none '," REST)),
	ROW_OF("S01 an empty alg", forged, HEADED("{'alg':''," REST)),
	ROW_OF("S01 alg null", forged, HEADED("{'alg':null," REST)),
	ROW_OF("S01 no alg", forged, HEADED("{" REST)),
	ROW_OF("alg RS256, signed as HS256", forged, HEADED("{'alg':'RS256'," REST)),
	ROW_OF("alg HS512", forged, HEADED("{'alg':'HS512'," REST)),
	ROW_OF("alg hs256", forged, HEADED("{'alg':'hs256'," REST)),
	ROW_OF("S05 typ of a refresh token", forged,
	       HEADED("{'alg':'HS256','kid':'" KEY_ID "','typ':'rt+jwt'}")),
	ROW_OF("S05 typ of an access token of RFC 9068", forged,
	       HEADED("{'alg':'HS256','kid':'" KEY_ID "','typ':'at+jwt'}")),
	ROW_OF("no typ", forged, HEADED("{'alg':'HS256','kid':'" KEY_ID "'}")),
	ROW_OF("the same header in another order, made with the same secret", forged,
	       HEADED("{'typ':'JWT','alg':'HS256','kid':'" KEY_ID "'}")),
	ROW_OF("the same header with blanks", forged,
	       HEADED("{'alg': 'HS256', 'kid': '" KEY_ID "', 'typ': 'JWT'}")),
	ROW_OF("S06 no kid, as tokens of earlier versions have it", forged,
	       HEADED("{'alg':'HS256','typ':'JWT'}")),
	ROW_OF("S06 kid of nobody", forged, KID("'AAAAAAAAAAA'")),
	ROW_OF("S06 an empty kid", forged, KID("''")),
	ROW_OF("S06 kid null", forged, KID("null")),
	ROW_OF("S06 kid that is a number", forged, KID("0")),
	ROW_OF("S06 kid that is a list of ours", forged, KID("['" KEY_ID "']")),
	ROW_OF("S06 kid in other letters", forged, KID("'OBYRRZT04GE'")),
	ROW_OF("S06 kid and a NUL", forged, KID("'" KEY_ID "\\u0000'")),
	ROW_OF("S06 kid that is a path", forged, KID("'../../dev/null'")),
	ROW_OF("S06 kid that is SQL", forged, KID("'\" OR 1=1--'")),
	ROW_OF("S06 kid twice", forged,
	       HEADED("{'alg':'HS256','kid':'" KEY_ID "','kid':'" KEY_ID "','typ':'JWT'}")),
	ROW_OF("S06 jku", forged, ADDED("'jku':'http://127.0.0.1/keys'")),
	ROW_OF("S06 x5u", forged, ADDED("'x5u':'http://127.0.0.1/cert'")),
	ROW_OF("S06 jwk", forged, ADDED("'jwk':{'kty':'oct','k':'AAAA'}")),
	ROW_OF("S06 x5c", forged, ADDED("'x5c':['AAAA']")),
	ROW_OF("S06 crit", forged, ADDED("'crit':['exp']")),
	ROW_OF("S06 b64 false", forged, ADDED("'b64':false")),
	ROW_OF("S06 zip", forged, ADDED("'zip':'DEF'")),
	ROW_OF("S06 cty of a token in a token", forged, ADDED("'cty':'JWT'")),
	ROW_OF("S07 alg twice", forged, HEADED("{'alg':'HS256','alg':'none'," REST)),
	ROW_OF("S07 alg twice, ours last", forged, HEADED("{'alg':'none','alg':'HS256'," REST)),
	ROW_OF("an empty header", forged, HEADED("")),
	ROW_OF("S04 exp a second ago is within the leeway", forged,
	       TIMED(IAT "'exp':1799999999,", NULL)),
	ROW_OF("S04 exp 29 seconds ago is within the leeway", forged,
	       TIMED("'iat':1799999900,'exp':1799999971,", NULL)),
	ROW_OF("S04 exp 30 seconds ago is past", forged,
	       TIMED("'iat':1799999900,'exp':1799999970,", EXPIRED)),
	ROW_OF("S04 exp long past", forged, TIMED("'iat':1,'exp':2,", EXPIRED)),
	ROW_OF("S04 exp missing", forged, TIMED(IAT, NOT_CLAIMS)),
	ROW_OF("S04 exp as a string", forged, TIMED(IAT "'exp':'1800000890',", NOT_CLAIMS)),
	ROW_OF("S04 exp 1e400", forged, TIMED(IAT "'exp':1e400,", NOT_CLAIMS)),
	ROW_OF("S04 exp with a fraction", forged, TIMED(IAT "'exp':1800000890.5,", NOT_CLAIMS)),
	ROW_OF("S04 exp negative", forged, TIMED(IAT "'exp':-1,", NOT_CLAIMS)),
	ROW_OF("S04 exp null", forged, TIMED(IAT "'exp':null,", NOT_CLAIMS)),
	ROW_OF("S04 exp empty", forged, TIMED(IAT "'exp':,", NOT_CLAIMS)),
	ROW_OF("S04 exp past 64 bits", forged, TIMED(IAT "'exp':9223372036854775808,", NOT_CLAIMS)),
	ROW_OF("S04 exp with a leading zero", forged, TIMED(IAT "'exp':01800000890,", NOT_CLAIMS)),
	ROW_OF("S04 exp before iat", forged,
	       TIMED("'iat':1800000020,'exp':1800000010,", NOT_CLAIMS)),
	ROW_OF("S04 exp twice", forged, TIMED(IAT EXP EXP, NOT_CLAIMS)),
	ROW_OF("S04 iat 30 seconds ahead is within the leeway", forged,
	       TIMED("'iat':1800000030," EXP, NULL)),
	ROW_OF("S04 iat 31 seconds ahead", forged, TIMED("'iat':1800000031," EXP, TOO_EARLY)),
	ROW_OF("S04 iat missing", forged, TIMED(EXP, NOT_CLAIMS)),
	ROW_OF("S04 nbf in the future", forged, TIMED(IAT EXP "'nbf':1800009999,", NOT_CLAIMS)),
	ROW_OF("S05 another issuer", forged,
	       CLAIMED("{'iss':'other','aud':'croft'," SUB IAT EXP JTI, NOT_CLAIMS)),
	ROW_OF("S05 another audience", forged,
	       CLAIMED("{'iss':'croft','aud':'other'," SUB IAT EXP JTI, NOT_CLAIMS)),
	ROW_OF("S05 an audience that is a list", forged,
	       CLAIMED("{'iss':'croft','aud':['croft']," SUB IAT EXP JTI, NOT_CLAIMS)),
	ROW_OF("S05 no issuer", forged, CLAIMED("{'aud':'croft'," SUB IAT EXP JTI, NOT_CLAIMS)),
	ROW_OF("S05 an identity token's claims", forged,
	       CLAIMED("{'iss':'croft','sub':'42','aud':'croft','nonce':'x'}", NOT_CLAIMS)),
	ROW_OF("a user id of 0", forged,
	       CLAIMED(WHO "'sub':'0','ver':3,'sid':'5'," IAT EXP JTI, NOT_CLAIMS)),
	ROW_OF("a user id below 0", forged,
	       CLAIMED(WHO "'sub':'-42','ver':3,'sid':'5'," IAT EXP JTI, NOT_CLAIMS)),
	ROW_OF("a user id that is no string", forged,
	       CLAIMED(WHO "'sub':42,'ver':3,'sid':'5'," IAT EXP JTI, NOT_CLAIMS)),
	ROW_OF("no session, as tokens of earlier versions have it", forged,
	       CLAIMED(WHO "'sub':'42','ver':3," IAT EXP JTI, NOT_CLAIMS)),
	ROW_OF("session 0", forged,
	       CLAIMED(WHO "'sub':'42','ver':3,'sid':'0'," IAT EXP JTI, NOT_CLAIMS)),
	ROW_OF("a session that is no string", forged,
	       CLAIMED(WHO "'sub':'42','ver':3,'sid':5," IAT EXP JTI, NOT_CLAIMS)),
	ROW_OF("a key in place of a session", forged, OF_KEY("'ver':3,'key':'7',", NULL)),
	ROW_OF("key 0", forged, OF_KEY("'ver':3,'key':'0',", NOT_CLAIMS)),
	ROW_OF("a key that is no string", forged, OF_KEY("'ver':3,'key':7,", NOT_CLAIMS)),
	ROW_OF("a key that is spelt otherwise", forged, OF_KEY("'ver':3,'key':'07',", NOT_CLAIMS)),
	ROW_OF("a key beside a session", forged,
	       OF_KEY("'ver':3,'sid':'5','key':'7',", NOT_CLAIMS)),
	ROW_OF("a session beside a key", forged,
	       OF_KEY("'ver':3,'key':'7','sid':'5',", NOT_CLAIMS)),
	ROW_OF("a key of no version", forged, OF_KEY("'key':'7',", NOT_CLAIMS)),
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
