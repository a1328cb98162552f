// OAuth2 as clients have it that are not ours: node tests/app/try-clients.mjs FOLDER PORT CLIENT
// PASSWORD. Has CLIENT, oauth4webapi or openid-client, find the server by its metadata, sign in,
// refresh, verify, introspect, revoke, trade a key for a token, and read what is refused. FOLDER has the node_modules,
// PASSWORD is that of admin. A session whose User-Agent is "long ago" must have an old proof of who
// one is. Says what is wrong, a line each; the status is 1 when there is anything.
import crypto from "node:crypto";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

// Node.js 18 has them, but under other names.
globalThis.crypto ??= crypto.webcrypto;
globalThis.CryptoKey ??= crypto.webcrypto.CryptoKey;

const [folder, port, client, password] = process.argv.slice(2);
const modules = path.resolve(folder, "node_modules");
const library = (name) => import(pathToFileURL(path.join(modules, name, "build/index.js")).href);
const oauth = await library("oauth4webapi"), openid = await library("openid-client");
const jose = createRequire(path.join(modules, "here.js"))("jose");
const issuer = "https://croft.test", id = "some-client";
const faults = [];
let count = 0, agent = "a client";

function hold(is, what) {
	count++;
	if (!is) faults.push(what);
}

// As through a proxy that has the name and the certificate.
function ours(url, { headers, ...how }) {
	const { origin, pathname, search } = new URL(url);
	hold(origin === issuer, `somebody else is asked: ${url}`);
	const all = new Headers(headers);
	all.set("User-Agent", agent);
	return fetch(`http://127.0.0.1:${port}${pathname}${search}`, { ...how, headers: all });
}

// What was refused, in the words of the library: of a token endpoint, or a challenge.
async function refusal(promise) {
	try {
		await promise;
	} catch (e) {
		const [challenge] = Array.isArray(e.cause) ? e.cause : [];
		return { status: e.status, error: e.error, scheme: challenge?.scheme,
			told: challenge?.parameters ?? {} };
	}
	return { error: "nothing wrong" };
}

async function fails(promise, status, error, what) {
	const given = await refusal(promise);
	hold(given.status === status && given.error === error,
		`${what}: ${status} ${error} was expected, not ${JSON.stringify(given)}`);
}

async function challenges(promise, told, what) {
	const given = await refusal(promise);
	hold(given.status === 401 && given.scheme === "bearer" &&
		Object.entries(told).every(([name, value]) => given.told[name] === value),
		`${what}: ${JSON.stringify(told)} was expected, not ${JSON.stringify(given)}`);
}

// ---- the libraries: the same by both ----

const how = { [oauth.customFetch]: ours };

// RFC 7662 §2.1: whoever asks shows a token of his own.
const byToken = (token) =>
	(as, who, body, headers) => headers.set("Authorization", `Bearer ${token}`);

async function byOauth4webapi() {
	const found = await oauth.discoveryRequest(new URL(issuer), { algorithm: "oauth2", ...how });
	const as = await oauth.processDiscoveryResponse(new URL(issuer), found);
	const who = { client_id: id }, none = oauth.None();
	return {
		metadata: as,
		grant: async (type, given) => oauth.processGenericTokenEndpointResponse(as, who,
			await oauth.genericTokenEndpointRequest(as, who, none, type, given, how)),
		clientGrant: async (client_id, secret) => oauth.processClientCredentialsResponse(as,
			{ client_id }, await oauth.clientCredentialsGrantRequest(as, { client_id }, secret,
				{}, how)),
		refresh: async (token) => oauth.processRefreshTokenResponse(as, who,
			await oauth.refreshTokenGrantRequest(as, who, none, token, how)),
		introspect: async (token, own) => oauth.processIntrospectionResponse(as, who,
			await oauth.introspectionRequest(as, who, own ? byToken(own) : none, token, how)),
		revoke: async (token) => oauth.processRevocationResponse(
			await oauth.revocationRequest(as, who, none, token, how)),
		ask: (token, method, url, body, headers) => oauth.protectedResourceRequest(token, method,
			url, headers, body, how),
	};
}

async function byOpenidClient() {
	const config = await openid.discovery(new URL(issuer), id, undefined, openid.None(),
		{ algorithm: "oauth2", [openid.customFetch]: ours });
	const metadata = config.serverMetadata();
	const as = (name, shown) => {
		const other = new openid.Configuration(metadata, name, undefined, shown);
		other[openid.customFetch] = ours;
		return other;
	};
	return {
		metadata,
		grant: (type, given) => openid.genericGrantRequest(config, type, given),
		refresh: (token) => openid.refreshTokenGrant(config, token),
		introspect: (token, own) => openid.tokenIntrospection(
			own ? as(id, byToken(own)) : config, token),
		clientGrant: (name, secret) => openid.clientCredentialsGrant(as(name, secret)),
		revoke: (token) => openid.tokenRevocation(config, token),
		ask: (token, method, url, body, headers) => openid.fetchProtectedResource(config, token,
			url, method, body, headers),
	};
}

// ---- what is tried ----

const by = await (client === "oauth4webapi" ? byOauth4webapi() : byOpenidClient());
const api = (name) => new URL(`${issuer}/api/v1${name}`);
const admin = { username: "admin", password };
const signIn = () => by.grant("password", admin);
const json = new Headers({ "Content-Type": "application/json" });
const post = (token, name, body) => by.ask(token, "POST", api(name), JSON.stringify(body), json);

async function sees(token) {
	const reply = await by.ask(token, "GET", api("/users/me"));
	const { username } = await reply.json();
	hold(reply.status === 200 && username === "admin", `${reply.status}, and not admin's account`);
}

async function isRefused(token) {
	await challenges(by.ask(token, "GET", api("/users/me")), { error: "invalid_token" },
		"a token that is none any more");
}

async function signsIn() {
	const pair = await signIn();
	hold(pair.token_type === "bearer" && pair.expires_in > 0 && pair.refresh_token,
		`an answer with ${Object.keys(pair)}`);
	await sees(pair.access_token);
	await fails(by.grant("password", { ...admin, password: "another one" }), 400,
		"invalid_grant", "a wrong password");
	await fails(by.grant("password", { username: "admin" }), 400, "invalid_request", "no password");
	await fails(by.grant("urn:example:other", admin), 400, "unsupported_grant_type",
		"another grant type");
}

// By the keys that the metadata name.
async function verifies() {
	const { access_token: token } = await signIn();
	const keys = jose.createLocalJWKSet(await (await ours(by.metadata.jwks_uri, {})).json());
	const { payload } = await jose.jwtVerify(token, keys, { issuer, audience: issuer });
	hold(payload.sub === "1", `a token of ${payload.sub}`);
}

async function refreshes() {
	const first = await signIn();
	const second = await by.refresh(first.refresh_token);
	await sees(second.access_token);
	hold(second.refresh_token !== first.refresh_token, "the refresh token is the same");
	const lost = await by.refresh(first.refresh_token);
	hold(lost.refresh_token === second.refresh_token, "a lost answer is another one");
	const all = await Promise.all(Array.from({ length: 8 }, () => by.refresh(second.refresh_token)));
	hold(new Set(all.map((one) => one.refresh_token)).size === 1, "there are several successors");
	for (const one of all) await sees(one.access_token);
	await sees((await by.refresh(all[0].refresh_token)).access_token);
	await fails(by.refresh("r.1.1.another"), 400, "invalid_grant", "a refresh token that is none");
}

async function tells() {
	const own = (await signIn()).access_token, other = await signIn();
	const access = await by.introspect(other.access_token, own);
	const now = Date.now() / 1000;
	hold(access.active && access.sub === "1" && access.username === "admin" &&
		access.exp > access.iat && Math.abs(now - access.auth_time) < 3600,
		`of an access token: ${JSON.stringify(access)}`);
	const refresh = await by.introspect(other.refresh_token, own);
	hold(refresh.active && refresh.sub === "1" && refresh.sid === access.sid,
		`of a refresh token: ${JSON.stringify(refresh)}`);
	const none = await by.introspect("nothing", own);
	hold(JSON.stringify(none) === '{"active":false}', `of none: ${JSON.stringify(none)}`);
	const { status } = await refusal(by.introspect(other.access_token));
	hold(status === 401, `whoever comes is told: ${status}`);
}

async function revokes() {
	const own = (await signIn()).access_token;
	for (const member of ["access_token", "refresh_token"]) {
		const pair = await signIn();
		await by.revoke(pair[member]);
		await by.revoke(pair[member]);
		await isRefused(pair.access_token);
		await fails(by.refresh(pair.refresh_token), 400, "invalid_grant", "a revoked session");
		const { active } = await by.introspect(pair.access_token, own);
		hold(active === false, `it is active after its ${member} was revoked`);
	}
	await by.revoke("nothing");
	await sees(own);
}

// RFC 9470: what is to be done stands in the challenge.
async function provesAgain() {
	agent = "long ago";
	const { access_token: token } = await signIn();
	await challenges(post(token, "/api-keys", { name: client }),
		{ error: "insufficient_user_authentication", max_age: "900" }, "an old proof");
	const proven = await post(token, "/auth/prove", { current_password: password });
	hold(proven.status === 204, `the proof is a ${proven.status}`);
	const made = await post(token, "/api-keys", { name: client });
	hold(made.status === 201, `after a proof the key is a ${made.status}`);
	agent = "a client";
}

// RFC 6749 §4.4: a key is the secret of a client, and what it begins with its name.
async function isAClient() {
	const own = (await signIn()).access_token, given = [];
	const { id: number, key } = await (await post(own, "/api-keys", { name: client })).json();
	const name = key.slice(0, key.lastIndexOf("_"));
	const { ClientSecretBasic, ClientSecretPost } = client === "oauth4webapi" ? oauth : openid;
	const refused = async (secret, scheme, what) => {
		const told = await refusal(by.clientGrant(name, secret));
		hold(told.status === 401 && told.scheme === scheme, `${what}: ${JSON.stringify(told)}`);
	};
	const isOver = async (text, what) => {
		await refused(ClientSecretBasic(text), "basic", what);
		await refused(ClientSecretPost(text), "bearer", what);
	};
	for (const secret of [ClientSecretBasic(key), ClientSecretPost(key)]) {
		const { access_token: token, ...rest } = await by.clientGrant(name, secret);
		hold(rest.expires_in > 0 && !rest.refresh_token, `a client has ${Object.keys(rest)}`);
		await sees(token);
		const told = await by.introspect(token, own);
		hold(told.active && told.client_id === name && told.sub === "1" && !told.sid,
			`of a client's token: ${JSON.stringify(told)}`);
		given.push(token);
	}
	await isOver("another: one%", "a wrong secret");
	const gone = await by.ask(own, "DELETE", api(`/api-keys/${number}`));
	hold(gone.status === 204, `the key is deleted with a ${gone.status}`);
	await isOver(key, "a deleted key");
	for (const token of given) await isRefused(token);
}

for (const part of [signsIn, verifies, refreshes, tells, revokes, provesAgain, isAClient])
	await part().catch((e) => hold(false, `${part.name}: ${e.stack}, ${JSON.stringify(e.cause)}`));
console.log(faults.join("\n") || `${count} answers are as they should be`);
process.exitCode = faults.length ? 1 : 0;
