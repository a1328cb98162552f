// Another library's view of our tokens: node tests/app/try-tokens.mjs JOSE PORT SECRET ALG TOKEN.
// Verifies the token of a running server with jose, by the public keys that the server gives or by
// the secret, and sends it what jose can forge. JOSE is a folder with node_modules/jose, SECRET the
// file with auth.secret. Says what is wrong, a line each; the status is 1 when there is anything.
import crypto from "node:crypto";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const [folder, port, secretPath, alg, token] = process.argv.slice(2);
const jose = createRequire(path.resolve(folder, "here.js"))("jose");
const base = `http://127.0.0.1:${port}`;
const secret = new TextEncoder().encode(fs.readFileSync(secretPath, "utf8").trim());
const issuer = "croft", audience = "croft";
const header = jose.decodeProtectedHeader(token), claims = jose.decodeJwt(token);
const faults = [];
let count = 0;

function hold(is, what) {
	count++;
	if (!is) faults.push(what);
}

async function fails(promise, code, what) {
	const given = await promise.then(() => "nothing wrong", (e) => e.code);
	hold(given === code, `${what}: ${code} was expected, and jose says: ${given}`);
}

async function answer(text) {
	const headers = { Authorization: `Bearer ${text}` };
	const reply = await fetch(`${base}/api/v1/users/me`, { headers });
	await reply.text();
	return reply;
}

async function takes(text, what) {
	const { status } = await answer(text);
	hold(status === 200, `${what}: 200 was expected, and ${status} came`);
}

async function refuses(text, what) {
	const reply = await answer(text);
	const told = reply.headers.get("WWW-Authenticate") ?? "";
	hold(reply.status === 401 && told.includes('error="invalid_token"'),
		`${what}: 401 was expected, and ${reply.status} came, with ${told}`);
}

const others = [];
for (const name of ["ES256", "ES384", "ES512", "RS256", "RS512", "PS256", "EdDSA"])
	others.push([name, await jose.generateKeyPair(name, { extractable: true })]);

const sign = (head, key, payload = claims) =>
	new jose.SignJWT(payload).setProtectedHeader(head).sign(key);

// ---- what is ours is verified ----

const given = await (await fetch(`${base}/.well-known/jwks.json`)).json();
const remote = jose.createRemoteJWKSet(new URL(`${base}/.well-known/jwks.json`));
const rules = { issuer, audience, typ: "JWT", requiredClaims: ["sub", "iat", "exp", "jti"] };

// The key that the server's own key is made of is derived from the secret.
function signingKey() {
	if (alg === "HS256") return secret;
	const seed = crypto.createHmac("sha256", secret)
		.update("\0croft purpose:\0token key ed25519").digest();
	const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
	return crypto.createPrivateKey({ key: der, format: "der", type: "pkcs8" });
}

async function verifyOurs() {
	hold(header.alg === alg && header.typ === "JWT", `its header: ${JSON.stringify(header)}`);
	await takes(token, "the token");
	const verifier = alg === "EdDSA" ? remote : secret;
	const { payload } = await jose.jwtVerify(token, verifier, { ...rules, algorithms: [alg] });
	hold(payload.sub === claims.sub && payload.exp > payload.iat, "its claims");
	await fails(jose.jwtVerify(token, verifier, { ...rules, audience: "other" }),
		"ERR_JWT_CLAIM_VALIDATION_FAILED", "another audience");
	await fails(jose.jwtVerify(token, verifier, { ...rules, algorithms: ["ES256"] }),
		"ERR_JOSE_ALG_NOT_ALLOWED", "another algorithm");
	const last = token.endsWith("A") ? "Q" : "A";
	await fails(jose.jwtVerify(token.slice(0, -1) + last, verifier, rules),
		"ERR_JWS_SIGNATURE_VERIFICATION_FAILED", "another signature");
}

async function verifyKeys() {
	if (alg === "HS256") {
		hold(JSON.stringify(given) === '{"keys":[]}', "there is a public key");
		await fails(jose.jwtVerify(token, remote, rules), "ERR_JOSE_NOT_SUPPORTED",
			"a token of a secret key, by the public ones");
		const [, pair] = others.find(([name]) => name === "EdDSA");
		const forged = await sign({ ...header, alg: "EdDSA" }, pair.privateKey);
		await fails(jose.jwtVerify(forged, remote, rules), "ERR_JWKS_NO_MATCHING_KEY",
			"a token that somebody signed, by the public ones");
		return;
	}
	const [key] = given.keys;
	hold(given.keys.length === 1 && key.kid === header.kid, "the key's id");
	hold(!given.keys.some((one) => "d" in one || "k" in one), "a secret is among the keys");
	hold(await jose.calculateJwkThumbprint(key) ===
		await jose.calculateJwkThumbprint(crypto.createPublicKey(signingKey())
			.export({ format: "jwk" })), "the key is not that of the secret");
}

// ---- what is forged is refused ----

// Right but for one thing, so that it is this that the others are refused for.
async function forgeRightly() {
	hold(await sign(header, signingKey()) === token, "jose signs the same in other words");
	await refuses(await sign({ typ: "JWT", kid: header.kid, alg }, signingKey()),
		"the members of the header in another order");
	await refuses(await sign({ alg, kid: header.kid }, signingKey()), "no typ");
	await refuses(await sign({ ...header, typ: "at+jwt" }, signingKey()), "another typ");
	await refuses(await sign({ alg, typ: "JWT" }, signingKey()), "no kid");
	for (const [name, value] of Object.entries({ sub: "2", iss: "other", aud: ["croft"],
		exp: claims.iat - 3600, nbf: claims.exp, ver: claims.ver + 1, scope: "all" }))
		await refuses(await sign(header, signingKey(), { ...claims, [name]: value }),
			`another ${name}, rightly signed`);
}

async function forgeUnsigned() {
	const [head, payload, signature] = token.split(".");
	await refuses(new jose.UnsecuredJWT(claims).encode(), "alg none");
	await refuses(`${head}.${payload}.`, "no signature");
	await refuses(`${head}.${payload}`, "no third part");
	for (const none of ["none", "None", "NONE", "nOnE"]) {
		const said = Buffer.from(JSON.stringify({ ...header, alg: none })).toString("base64url");
		await refuses(`${said}.${payload}.${signature}`, `alg ${none} above our signature`);
		await refuses(`${said}.${payload}.`, `alg ${none}`);
	}
}

async function forgeByOthers() {
	for (const [name, { privateKey, publicKey }] of others) {
		const jwk = await jose.exportJWK(publicKey), own = { ...header, alg: name };
		await refuses(await sign(own, privateKey), `${name} by another key, with our kid`);
		await refuses(await sign({ ...own, jwk }, privateKey), `${name} with its key as jwk`);
		for (const [member, value] of [["jku", `${base}/keys.json`], ["x5u", `${base}/x5u`],
			["x5c", ["AAAA"]], ["kid", "../../dev/null"], ["kid", "' OR 1=1 --"]])
			await refuses(await sign({ ...own, [member]: value }, privateKey),
				`${name} with ${member} ${value}`);
	}
	for (const name of ["HS256", "HS384", "HS512"])
		await refuses(await sign({ ...header, alg: name }, crypto.randomBytes(64)),
			`${name} with another secret`);
	for (const name of ["HS384", "HS512"])
		await refuses(await sign({ ...header, alg: name }, secret), `${name} with our secret`);
}

// What others may take for a secret, when they believe the header.
async function forgeByPublicKey() {
	for (const jwk of given.keys) {
		const key = crypto.createPublicKey({ key: jwk, format: "jwk" });
		const forms = [Buffer.from(jwk.x, "base64url"), jwk.x, JSON.stringify(jwk),
			key.export({ type: "spki", format: "pem" }), key.export({ type: "spki", format: "der" }),
			key.export({ type: "spki", format: "pem" }).trim(), jwk.kid];
		for (const name of ["HS256", "HS384", "HS512"])
			for (const form of forms)
				await refuses(await sign({ ...header, alg: name }, Buffer.from(form)),
					`${name} with the public key as a secret`);
	}
}

async function forgeOtherForms() {
	const text = new TextEncoder().encode(JSON.stringify(claims));
	const flat = await new jose.FlattenedSign(text).setProtectedHeader(header).sign(signingKey());
	await refuses(JSON.stringify(flat), "a JWS as JSON");
	const whole = new jose.CompactSign(text);
	whole.setProtectedHeader({ ...header, b64: true, crit: ["b64"] });
	await refuses(await whole.sign(signingKey()), "crit");
	await refuses(await new jose.EncryptJWT(claims)
		.setProtectedHeader({ alg: "dir", enc: "A256GCM" }).encrypt(crypto.randomBytes(32)),
		"a JWE");
	await refuses(await sign({ ...header, cty: "JWT" }, signingKey(), { token }),
		"a token in a token");
}

await verifyOurs();
await verifyKeys();
await forgeRightly();
await forgeUnsigned();
await forgeByOthers();
await forgeByPublicKey();
await forgeOtherForms();
await takes(token, "the token, after all that");
console.log(faults.join("\n") || `${count} answers are as they should be`);
process.exitCode = faults.length ? 1 : 0;
