// The exchange between two institutions, written from docs/exchange.md alone: a second implementation that holds the first
// one to the document. Pure functions; partner.mjs adds the server and the sending.
import * as crypto from 'node:crypto';

export const TYP = {
	identity: 'sulh-identity+jws',
	message: 'sulh-message+jws',
	receipt: 'sulh-receipt+jws',
	refusal: 'sulh-refusal+jws',
	agreement: 'sulh-agreement+jws',
};

export const CHUNK = 262144;

// --- bytes and texts -------------------------------------------------------------------------------------------------

export const b64u = (data) => Buffer.from(data).toString('base64url');

/** Strict: no padding, no other alphabet, no stray bits (RFC 7515 section 2 with RFC 4648 section 3.5). */
export function unb64u(text) {
	const data = Buffer.from(text, 'base64url');
	if (data.toString('base64url') !== text) throw new Error(`not base64url: ${text.slice(0, 40)}`);
	return data;
}

export const sha256 = (data) => crypto.createHash('sha256').update(data).digest();
export const hashText = (data) => b64u(sha256(data));
export const messageHash = (jws) => hashText(Buffer.from(jws, 'ascii'));

/** RFC 8785 for what the protocol holds: objects, lists, strings, booleans and whole numbers. */
export function canonical(value) {
	if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
	if (value && typeof value === 'object') {
		const names = Object.keys(value).sort(); // by UTF-16 code units, as the RFC wants
		return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
	}
	if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new Error('only whole numbers travel');
	return JSON.stringify(value);
}

/** UUIDv7 (RFC 9562): 48 bits of milliseconds, then chance. */
export function uuid7(now = Date.now(), random = crypto.randomBytes(10)) {
	const bytes = Buffer.alloc(16);
	bytes.writeUIntBE(now, 0, 6);
	random.copy(bytes, 6);
	bytes[6] = 0x70 | (bytes[6] & 0x0f);
	bytes[8] = 0x80 | (bytes[8] & 0x3f);
	return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

// --- keys ------------------------------------------------------------------------------------------------------------

const PKCS8 = { Ed25519: '302e020100300506032b657004220420', X25519: '302e020100300506032b656e04220420' };

function privateFromSeed(crv, seed) {
	return crypto.createPrivateKey({ key: Buffer.concat([Buffer.from(PKCS8[crv], 'hex'), seed]), format: 'der', type: 'pkcs8' });
}

function publicJwk(privateKey, use) {
	const { kty, crv, x } = crypto.createPublicKey(privateKey).export({ format: 'jwk' });
	return { kty, crv, x, use, kid: thumbprint({ kty, crv, x }) };
}

/** RFC 7638: the required members in their order, nothing else. */
export function thumbprint({ crv, kty, x }) {
	return hashText(JSON.stringify({ crv, kty, x }));
}

/** Both keys of an office; from seeds for vectors, by chance otherwise. */
export function makeKeys({ sign = crypto.randomBytes(32), seal = crypto.randomBytes(32) } = {}) {
	const signKey = privateFromSeed('Ed25519', sign);
	const sealKey = privateFromSeed('X25519', seal);
	return { signKey, sealKey, jwks: { keys: [publicJwk(signKey, 'sig'), publicJwk(sealKey, 'enc')] } };
}

export const signJwk = (jwks) => jwks.keys.find((key) => key.use === 'sig');
export const sealJwk = (jwks) => jwks.keys.find((key) => key.use === 'enc');

/** What two people compare by telephone: 12 groups of five digits (section 3). */
export function fingerprint(jwks) {
	const digest = sha256(signJwk(jwks).kid + sealJwk(jwks).kid);
	return Array.from({ length: 12 }, (_, i) => String(digest.readUInt16BE(2 * i)).padStart(5, '0')).join(' ');
}

const publicKey = ({ kty, crv, x }) => crypto.createPublicKey({ key: { kty, crv, x }, format: 'jwk' });

// --- JWS -------------------------------------------------------------------------------------------------------------

const part = (value) => b64u(typeof value === 'string' ? value : JSON.stringify(value));

export function signJws(keys, typ, header, payload) {
	const protectedHeader = { alg: 'EdDSA', typ, kid: signJwk(keys.jwks).kid, ...header };
	const input = `${part(protectedHeader)}.${part(payload)}`;
	return `${input}.${b64u(crypto.sign(null, Buffer.from(input), keys.signKey))}`;
}

/** Header and payload as they stand; nothing is believed yet. */
export function readJws(jws) {
	const parts = jws.split('.');
	if (parts.length !== 3) throw new Error('not a compact JWS');
	const text = unb64u(parts[1]).toString('utf8');
	return { header: JSON.parse(unb64u(parts[0]).toString('utf8')), payload: JSON.parse(text), text };
}

export function verifyJws(jwks, typ, jws) {
	const { header, payload, text } = readJws(jws);
	const key = signJwk(jwks);
	if (header.alg !== 'EdDSA') throw new Error(`algorithm ${header.alg}`);
	if (header.typ !== typ) throw new Error(`type ${header.typ} where ${typ} is expected`);
	if (header.kid !== key.kid) throw new Error('signed by another key');
	for (const member of ['crit', 'zip', 'jwk', 'jku', 'x5u', 'x5c', 'x5t', 'x5t#S256'])
		if (member in header) throw new Error(`header member ${member}`);
	const end = jws.lastIndexOf('.');
	if (!crypto.verify(null, Buffer.from(jws.slice(0, end)), publicKey(key), unb64u(jws.slice(end + 1))))
		throw new Error('the signature is wrong');
	return { header, payload, text };
}

// --- JWE -------------------------------------------------------------------------------------------------------------

/** RFC 7518 section 4.6.2 with one round: 256 bits, no party information. */
function concatKdf(secret, algorithm) {
	const number = (n) => {
		const bytes = Buffer.alloc(4);
		bytes.writeUInt32BE(n);
		return bytes;
	};
	return sha256(Buffer.concat([number(1), secret, number(algorithm.length), Buffer.from(algorithm), number(0), number(0),
		number(256)]));
}

/** `header` overrides members for those who lie; `ephemeral` (32 bytes) and `iv` make vectors repeatable. */
export function sealJwe(jwks, jws, { ephemeral = crypto.randomBytes(32), iv = crypto.randomBytes(12), header = {} } = {}) {
	const receiver = sealJwk(jwks);
	const own = privateFromSeed('X25519', ephemeral);
	const { kty, crv, x } = crypto.createPublicKey(own).export({ format: 'jwk' });
	const protectedPart = part({ alg: 'ECDH-ES', enc: 'A256GCM', kid: receiver.kid, cty: 'JOSE', epk: { kty, crv, x }, ...header });
	const secret = crypto.diffieHellman({ privateKey: own, publicKey: publicKey(receiver) });
	const cipher = crypto.createCipheriv('aes-256-gcm', concatKdf(secret, 'A256GCM'), iv);
	cipher.setAAD(Buffer.from(protectedPart, 'ascii'));
	const text = Buffer.concat([cipher.update(jws, 'utf8'), cipher.final()]);
	return [protectedPart, '', b64u(iv), b64u(text), b64u(cipher.getAuthTag())].join('.');
}

export function openJwe(keys, jwe) {
	const parts = jwe.split('.');
	if (parts.length !== 5 || parts[1] !== '') throw new Error('not a compact JWE of ours');
	const header = JSON.parse(unb64u(parts[0]).toString('utf8'));
	if (Object.keys(header).sort().join() !== 'alg,cty,enc,epk,kid') throw new Error('header members');
	if (header.alg !== 'ECDH-ES' || header.enc !== 'A256GCM' || header.cty !== 'JOSE' || header.epk.crv !== 'X25519')
		throw new Error('algorithm');
	if (header.kid !== sealJwk(keys.jwks).kid) throw new Error('sealed for another key');
	const secret = crypto.diffieHellman({ privateKey: keys.sealKey, publicKey: publicKey(header.epk) });
	const cipher = crypto.createDecipheriv('aes-256-gcm', concatKdf(secret, 'A256GCM'), unb64u(parts[2]));
	cipher.setAAD(Buffer.from(parts[0], 'ascii'));
	cipher.setAuthTag(unb64u(parts[4]));
	return Buffer.concat([cipher.update(unb64u(parts[3])), cipher.final()]).toString('utf8');
}

// --- threads and answers ---------------------------------------------------------------------------------------------

/** Section 6: SHA-256 over both heads, 32 zero bytes where there is none. */
export function threadHead(opener, other) {
	const raw = (hash) => (hash ? unb64u(hash) : Buffer.alloc(32));
	return hashText(Buffer.concat([raw(opener), raw(other)]));
}

export const rfc3339 = (ms) => new Date(ms).toISOString();

/** Section 8, table of refusals: code → HTTP status and whether it is final. */
export const REFUSALS = {
	size: [413, false], envelope: [400, false], algorithm: [400, false], key: [400, false], form: [400, false],
	sender: [401, false], signature: [401, false], audience: [422, true], duplicate: [409, true], age: [422, true],
	agreement: [403, true], clause: [403, true], sequence: [409, true], schema: [422, true], consent: [403, true],
	move: [409, true], crossed: [409, true],
};

const exactly = (object, names, what) => {
	const have = Object.keys(object).sort().join();
	if (have !== [...names].sort().join()) throw new Error(`${what} has the members ${have}`);
};

/**
 * Holds an answer against what was sent. `sent`: {jws, id, thread, seq, wire (the HTTP body)}; `heads`: our head with this
 * message, and the hashes of theirs that we have applied. Returns {receipt} or {refusal}; throws when it is no answer.
 */
export function readAnswer({ jwks, own, peer, status, text, sent, heads }) {
	const typ = status === 200 ? TYP.receipt : TYP.refusal;
	const { header, payload } = verifyJws(jwks, typ, text);
	exactly(header, ['alg', 'typ', 'kid', 'iss', 'aud', 'iat'], 'the answer\'s header');
	if (header.iss !== peer) throw new Error('answered by another office');
	if (header.aud !== own && !(header.aud === '' && typ === TYP.refusal)) throw new Error(`answer for ${header.aud}`);
	return typ === TYP.receipt ? { receipt: readReceipt(payload, sent, heads) } : { refusal: readRefusal(payload, status, sent) };
}

function readReceipt(payload, sent, heads) {
	exactly(payload, ['msg', 'sha256', 'thread', 'seq', 'head', 'at'], 'the receipt');
	const hash = messageHash(sent.jws);
	if (payload.msg !== sent.id || payload.sha256 !== hash || payload.thread !== sent.thread || payload.seq !== sent.seq)
		throw new Error('the receipt is for another message');
	const { opener, other, thread } = payload.head;
	const [ours, theirs] = heads.weOpened ? [opener, other] : [other, opener];
	if (ours !== hash) throw new Error('the receipt tells another head of ours');
	if (theirs !== '' && !heads.theirs.includes(theirs)) throw new Error('the receipt tells a head that they never sent');
	if (thread !== threadHead(opener, other)) throw new Error('the head of the thread is wrong');
	return payload;
}

function readRefusal(payload, status, sent) {
	const { expect, field, ...rest } = payload;
	exactly(rest, ['msg', 'sha256', 'code', 'text', 'final', 'at'], 'the refusal');
	if (expect !== undefined && payload.code !== 'sequence') throw new Error('`expect` stands with `sequence` only');
	const rule = REFUSALS[payload.code];
	if (!rule) throw new Error(`unknown code ${payload.code}`);
	if (rule[0] !== status || rule[1] !== payload.final) throw new Error(`${payload.code} with status ${status}, final ${payload.final}`);
	if (payload.sha256 !== (payload.final ? messageHash(sent.jws) : hashText(sent.wire)))
		throw new Error('the refusal is of other bytes');
	if (payload.msg !== '' && payload.msg !== sent.id) throw new Error('the refusal names another message');
	return payload;
}

// --- files: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) on top of Node's ChaCha20-Poly1305 ------------------------

const rotate = (x, n) => ((x << n) | (x >>> (32 - n))) >>> 0;

function quarter(s, a, b, c, d) {
	s[a] = (s[a] + s[b]) >>> 0; s[d] = rotate(s[d] ^ s[a], 16);
	s[c] = (s[c] + s[d]) >>> 0; s[b] = rotate(s[b] ^ s[c], 12);
	s[a] = (s[a] + s[b]) >>> 0; s[d] = rotate(s[d] ^ s[a], 8);
	s[c] = (s[c] + s[d]) >>> 0; s[b] = rotate(s[b] ^ s[c], 7);
}

export function hchacha20(key, nonce16) {
	const s = new Uint32Array(16);
	s.set([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]);
	for (let i = 0; i < 8; i++) s[4 + i] = key.readUInt32LE(4 * i);
	for (let i = 0; i < 4; i++) s[12 + i] = nonce16.readUInt32LE(4 * i);
	for (let round = 0; round < 10; round++) {
		quarter(s, 0, 4, 8, 12); quarter(s, 1, 5, 9, 13); quarter(s, 2, 6, 10, 14); quarter(s, 3, 7, 11, 15);
		quarter(s, 0, 5, 10, 15); quarter(s, 1, 6, 11, 12); quarter(s, 2, 7, 8, 13); quarter(s, 3, 4, 9, 14);
	}
	const out = Buffer.alloc(32);
	[0, 1, 2, 3, 12, 13, 14, 15].forEach((from, to) => out.writeUInt32LE(s[from], 4 * to));
	return out;
}

/** Key, nonce and additional data of chunk `index` (section 11). */
function chunkParts(file, index) {
	const number = Buffer.alloc(8);
	number.writeBigUInt64BE(BigInt(index));
	const subkey = hchacha20(unb64u(file.key), Buffer.alloc(16));
	const nonce = Buffer.concat([Buffer.alloc(4), number]);
	const last = index === Math.ceil(file.size / CHUNK) - 1 ? 1 : 0;
	const aad = Buffer.concat([Buffer.from('sulh-file-v1'), Buffer.from(file.id, 'hex'), number, Buffer.from([last])]);
	return { subkey, nonce, aad };
}

export function sealChunk(file, index, plain) {
	const { subkey, nonce, aad } = chunkParts(file, index);
	const cipher = crypto.createCipheriv('chacha20-poly1305', subkey, nonce, { authTagLength: 16 });
	cipher.setAAD(aad, { plaintextLength: plain.length });
	return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

export function openChunk(file, index, sealed) {
	const { subkey, nonce, aad } = chunkParts(file, index);
	const cipher = crypto.createDecipheriv('chacha20-poly1305', subkey, nonce, { authTagLength: 16 });
	const text = sealed.subarray(0, sealed.length - 16);
	cipher.setAuthTag(sealed.subarray(sealed.length - 16));
	cipher.setAAD(aad, { plaintextLength: text.length });
	return Buffer.concat([cipher.update(text), cipher.final()]);
}

/** The announcement of a file that stands in a body. */
export function announceFile(name, type, data, { id = crypto.randomBytes(16), key = crypto.randomBytes(32) } = {}) {
	return { id: id.toString('hex'), name, type, size: data.length, sha256: hashText(data), key: b64u(key), chunk: CHUNK,
		chunks: Math.ceil(data.length / CHUNK) };
}

// --- consent ---------------------------------------------------------------------------------------------------------

/** The statement for exactly these fields and files (section 10). `shown` is what the person saw. */
export function consentStatement({ receiver, agreement, fields, files = [], language = 'ur', givenAt = Date.now() }) {
	const names = Object.keys(fields).sort();
	const hashes = files.map((file) => file.sha256).sort();
	const shown = { agreement, fields: names, files: hashes, language, purpose: 'referral', receiver, text_version: '1' };
	const statement = { purpose: 'referral', receiver, agreement, fields: names, text_version: '1', language,
		given_at: rfc3339(givenAt), digest: hashText(canonical(shown)) };
	return hashes.length ? { ...statement, files: hashes } : statement;
}
