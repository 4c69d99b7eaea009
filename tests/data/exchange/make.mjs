// Makes the test vectors of the exchange (docs/exchange.md section 17) with the JavaScript implementation:
//     node tests/data/exchange/make.mjs
// Every key, nonce and moment is fixed, so that the files change only when the protocol does.
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

import * as p from '../../lib/protocol.mjs';

const folder = path.dirname(fileURLToPath(import.meta.url));
const NOW = 1795426200; // 2026-11-23T09:30:00Z

/** Bytes that look random and are the same for everybody. */
const seed = (label, size = 32) => createHmac('sha512', 'sulh test vectors').update(label).digest().subarray(0, size);
const uuid = (label, at = NOW * 1000) => p.uuid7(at, seed(label, 10));

const home = p.makeKeys({ sign: seed('home sign'), seal: seed('home seal') });
const lead = p.makeKeys({ sign: seed('lead sign'), seal: seed('lead seal') });
const stranger = p.makeKeys({ sign: seed('stranger sign'), seal: seed('stranger seal') });
const id = (keys) => p.signJwk(keys.jwks).kid;

export const THREAD = uuid('thread');
export const AGREEMENT = uuid('agreement');

function office(name, keys, label) {
	return { name, id: id(keys), seeds: { sign: seed(`${label} sign`).toString('hex'), seal: seed(`${label} seal`).toString('hex') },
		jwks: keys.jwks, fingerprint: p.fingerprint(keys.jwks),
		// The form of an office's own key file, so that the C side can load them.
		keys_json: { version: 1, sign: ownJwk(keys.signKey), seal: ownJwk(keys.sealKey), secret: p.b64u(seed(`${label} secret`)) } };
}

function ownJwk(key) {
	const { kty, crv, x, d } = key.export({ format: 'jwk' });
	return { kty, crv, x, d };
}

// --- the agreement ------------------------------------------------------------------------------------------------------

const agreement = {
	uid: AGREEMENT, version: 1,
	title: { en: 'Memorandum on mutual assistance', ur: 'باہمی تعاون کی یادداشت', az: 'Qarşılıqlı yardım haqqında memorandum' },
	parties: [
		{ id: id(home), name: { en: 'Home office' }, country: 'PK', contact: { name: 'A. One', email: 'one@example.org' }, deputy: { name: 'B. Two', email: 'two@example.org' } },
		{ id: id(lead), name: { en: 'Lead office' }, country: 'AZ', contact: { name: 'C. Three', email: 'three@example.org' }, deputy: { name: 'D. Four', email: 'four@example.org' } },
	],
	persons: { kind: 'nationals', of: 'each' }, subjects: ['labour'], assistance: ['referral'],
	data_categories: ['identity', 'facts', 'remedy', 'documents'], consent: 'explicit',
	clocks: { accept: { amount: 7, unit: 'days' }, solve: { amount: 10, unit: 'weeks' } },
	languages: ['en', 'ur', 'az'], authentic_language: 'en', valid_from: '2026-01-01', valid_until: '2027-12-31', notice_days: 30,
	reporting_months: 6, text: { en: 'The parties assist each other.\nDone in two originals.' },
};
const agreementText = p.canonical(agreement);

// --- a thread -----------------------------------------------------------------------------------------------------------

const contract = Buffer.from('A contract of employment, as a file.\n');
const file = { ...p.announceFile('contract.txt', 'text/plain', contract, { id: seed('file id', 16), key: seed('file key') }) };
const fields = { name: 'گل خان', sex: 'male', facts: 'The company keeps my passport.\nNo wages since June.', remedy: 'My passport and my wages.', embassy_not_informed: 'yes' };

function offer(changes = {}) {
	const body = { number: 'WMS-2026-000001', subject: 'labour.wages', nationality: 'PK', authority: 'State company', language: 'en',
		person_language: 'ur', fields, files: [file] };
	body.consent = p.consentStatement({ receiver: id(lead), agreement: AGREEMENT, fields, files: [file], givenAt: NOW * 1000 - 60_000 });
	return { ...body, ...changes };
}

const chains = { opener: [], other: [] };

function signed(side, type, body, header = {}, { keys = side === 'opener' ? home : lead, typ = p.TYP.message } = {}) {
	const [own, other] = side === 'opener' ? [chains.opener, chains.other] : [chains.other, chains.opener];
	const [from, to] = side === 'opener' ? [home, lead] : [lead, home];
	return p.signJws(keys, typ, { iss: id(from), aud: id(to), jti: uuid(`${side} ${type} ${JSON.stringify(header)}`), thr: THREAD, seq: own.length + 1,
		prv: own.at(-1) ?? '', ack: other.at(-1) ?? '', mty: type, agr: AGREEMENT, cls: 'assistance', iat: NOW, ...header }, body);
}

const seal = (to, jws, label, header = {}) => p.sealJwe(to.jwks, jws, { ephemeral: seed(`ephemeral ${label}`), iv: seed(`iv ${label}`, 12), header });

const state = () => ({ opener: { seq: chains.opener.length, head: chains.opener.at(-1) ?? '' }, other: { seq: chains.other.length, head: chains.other.at(-1) ?? '' } });

const messages = [];
const receipts = [];

function add(name, side, type, body) {
	const before = state();
	const jws = signed(side, type, body);
	const [from, to] = side === 'opener' ? ['home', 'lead'] : ['lead', 'home'];
	const hash = p.messageHash(jws);
	messages.push({ name, from, to, side, before, header: p.readJws(jws).header, payload: body, jws, hash, jwe: seal(to === 'home' ? home : lead, jws, name) });
	chains[side].push(hash);
	const after = state();
	const head = { opener: after.opener.head, other: after.other.head, thread: p.threadHead(after.opener.head, after.other.head) };
	const payload = { msg: p.readJws(jws).header.jti, sha256: hash, thread: THREAD, seq: chains[side].length, head, at: '2026-11-23T09:30:01.000Z' };
	receipts.push({ message: name, header: { iss: id(to === 'home' ? home : lead), aud: id(from === 'home' ? home : lead), iat: NOW + 1 }, payload, valid: true });
	return jws;
}

const offered = add('offer', 'opener', 'referral.offer', offer());
add('accept', 'other', 'referral.accept', { number: 'IS-2026-000042', officer: 'Leyla', text: 'We have taken it up.', language: 'en' });
add('progress', 'other', 'referral.progress', { step: 'asked', text: 'The company was asked for a report.', language: 'en', at: '2026-11-23T09:30:00.000Z', due: '2026-12-03' });
add('note', 'opener', 'note', { text: 'Thank you.', language: 'en' });
add('outcome', 'other', 'referral.outcome', { issues: [{ key: 'passport', text: 'Returned.', result: 'resolved' }, { key: 'wages', text: 'In two parts.', result: 'partly' }], language: 'en' });
add('dispute', 'opener', 'referral.outcome_dispute', { issues: [{ key: 'wages', why: 'Only one part came.' }], language: 'ur' });

// --- answers --------------------------------------------------------------------------------------------------------------

function answers() {
	const good = receipts.map((one) => ({ ...one, jws: p.signJws(one.header.iss === id(home) ? home : lead, p.TYP.receipt, one.header, one.payload) }));
	const first = good[0];
	const lie = (why, payload, header = {}) => ({ message: 'offer', why, valid: false, header: { ...first.header, ...header }, payload: { ...first.payload, ...payload },
		jws: p.signJws(lead, p.TYP.receipt, { ...first.header, ...header }, { ...first.payload, ...payload }) });
	const liar = { ...lie('signed by another key', {}), jws: p.signJws(stranger, p.TYP.receipt, first.header, first.payload) };
	const wrongType = { ...lie('of another type', {}), jws: p.signJws(lead, p.TYP.message, first.header, first.payload) };
	return [...good, liar, wrongType,
		lie('for another message', { msg: uuid('another') }),
		lie('of other bytes', { sha256: p.hashText('other') }),
		lie('for another thread', { thread: uuid('another thread') }),
		lie('with another number', { seq: 2 }),
		lie('with another head of the sender', { head: { ...first.payload.head, opener: p.hashText('other') } }),
		lie('with a head that was never sent', { head: { opener: first.payload.head.opener, other: p.hashText('x'), thread: p.threadHead(first.payload.head.opener, p.hashText('x')) } }),
		lie('with a wrong head of the thread', { head: { ...first.payload.head, thread: p.hashText('other') } }),
		lie('with a member too many', { note: 'x' }),
		lie('for another office', {}, { aud: id(stranger) }),
		lie('from another office', {}, { iss: id(stranger) })];
}

function refusals() {
	const jti = p.readJws(offered).header.jti;
	const wire = messages[0].jwe;
	const header = { iss: id(lead), aud: id(home), iat: NOW + 1 };
	const make = (code, changes = {}, why) => {
		const final = p.REFUSALS[code][1];
		const payload = { msg: jti, sha256: final ? p.messageHash(offered) : p.hashText(wire), code, text: 'Why.', final,
			...(code === 'sequence' ? { expect: { seq: 1, prv: '' } } : {}), at: '2026-11-23T09:30:01.000Z', ...changes };
		return { code, status: p.REFUSALS[code][0], valid: !why, ...(why ? { why } : {}), payload, jws: p.signJws(lead, p.TYP.refusal, header, payload) };
	};
	return [...Object.keys(p.REFUSALS).map((code) => make(code)),
		make('schema', { field: '/fields/name' }),
		make('crossed', { sha256: p.hashText(wire) }, 'a final refusal tells the hash of the message'),
		make('envelope', { sha256: p.messageHash(offered) }, 'one that is not final tells the hash of the HTTP body'),
		make('crossed', { msg: '' }, 'a final refusal names the message'),
		make('move', { msg: uuid('another') }, 'of another message')];
}

// --- what a receiver refuses: the offer, told wrong in one place -------------------------------------------------------------

function liars() {
	const empty = { opener: { seq: 0, head: '' }, other: { seq: 0, head: '' } };
	const list = [];
	const keep = chains.opener.splice(0);
	const keepOther = chains.other.splice(0);
	const lie = (code, why, wire, changes = {}) => list.push({ code, why, now: NOW * 1000, before: empty, wire, ...changes });
	const jws = (header, body = offer(), options) => signed('opener', 'referral.offer', body, header, options);
	const header = (why, change, code, changes) => lie(code, why, seal(lead, jws(change), why), changes);
	const body = (why, change, code = 'schema') => lie(code, why, seal(lead, jws({}, offer(change)), why));
	const good = messages[0].jwe;
	const parts = good.split('.');

	lie('', 'nothing wrong', good);
	lie('envelope', 'cut', good.slice(0, -30).slice(0, good.lastIndexOf('.')));
	lie('envelope', 'not a token', 'hello');
	lie('envelope', 'padding', `${good}=`);
	lie('envelope', 'header is no JSON', [p.b64u('nothing'), ...parts.slice(1)].join('.'));
	lie('algorithm', 'RSA-OAEP', seal(lead, offered, 'rsa', { alg: 'RSA-OAEP' }));
	lie('algorithm', 'A128CBC-HS256', seal(lead, offered, 'cbc', { enc: 'A128CBC-HS256' }));
	lie('algorithm', 'compressed', seal(lead, offered, 'zip', { zip: 'DEF' }));
	lie('algorithm', 'crit', seal(lead, offered, 'crit', { crit: ['exp'], exp: 1 }));
	lie('algorithm', 'P-256', seal(lead, offered, 'p256', { epk: { kty: 'EC', crv: 'P-256', x: p.b64u(seed('x')), y: p.b64u(seed('y')) } }));
	lie('algorithm', 'other content', seal(lead, offered, 'cty', { cty: 'json' }));
	lie('key', 'sealed for the stranger', seal(stranger, offered, 'stranger'));
	lie('key', 'another key under our kid', seal(stranger, offered, 'kid', { kid: p.sealJwk(lead.jwks).kid }));
	lie('key', 'ciphertext changed', [parts[0], parts[1], parts[2], `${parts[3][0] === 'A' ? 'B' : 'A'}${parts[3].slice(1)}`, parts[4]].join('.'));
	for (const alg of ['none', 'HS256', 'RS256', 'ES256', 'RS512'])
		lie('form', `signed with ${alg}`, seal(lead, jws({ alg }), alg));
	lie('form', 'not a JWS', seal(lead, 'hello', 'hello'));
	lie('form', 'a receipt', seal(lead, jws({}, offer(), { typ: p.TYP.receipt }), 'typ'));
	lie('form', 'a key in the header', seal(lead, jws({ jwk: home.jwks.keys[0] }), 'jwk'));
	lie('form', 'critical member', seal(lead, jws({ crit: ['b64'], b64: false }), 'b64'));
	header('a member too many', { exp: NOW + 60 }, 'form');
	header('a member missing', { ack: undefined }, 'form');
	header('seq as text', { seq: '1' }, 'form');
	header('seq 0', { seq: 0 }, 'form');
	header('an id that is no UUIDv7', { jti: '0b9d1f5e-93c5-4e5b-8d6f-7a1c3b2e4f5a' }, 'form');
	header('an unknown type', { mty: 'referral.sell' }, 'form');
	lie('sender', 'an office that nobody knows', seal(lead, p.signJws(stranger, p.TYP.message, { ...p.readJws(offered).header, kid: id(stranger), iss: id(stranger) }, offer()), 'iss'));
	lie('sender', 'a key that is not the sender\'s', seal(lead, p.signJws(stranger, p.TYP.message, { ...p.readJws(offered).header, kid: id(stranger) }, offer()), 'kid of stranger'));
	lie('signature', 'signed by the stranger in home\'s name', seal(lead, p.signJws(stranger, p.TYP.message, p.readJws(offered).header, offer()), 'false'));
	lie('signature', 'changed after it was signed', seal(lead, offered.replace(/\.[^.]+\./, `.${p.b64u(JSON.stringify(offer({ number: 'WMS-2026-000002' })))}.`), 'changed'));
	header('for another office', { aud: id(stranger) }, 'audience');
	lie('duplicate', 'the same id with other bytes', seal(lead, jws({ jti: p.readJws(offered).header.jti }, offer({ authority: 'Another' })), 'dup'), { known: p.messageHash(offered) });
	header('61 days old', { iat: NOW - 61 * 86400 }, 'age');
	header('six minutes ahead', { iat: NOW + 360 }, 'age');
	header('59 days old', { iat: NOW - 59 * 86400 }, '');
	header('four minutes ahead', { iat: NOW + 240 }, '');
	header('under another agreement', { agr: uuid('another agreement') }, 'agreement');
	header('before the agreement is valid', { iat: Date.UTC(2025, 11, 31) / 1000 }, 'agreement', { now: Date.UTC(2025, 11, 31, 12) });
	header('without its clause', { cls: '' }, 'clause');
	header('under another clause', { cls: 'persons' }, 'clause');
	header('a gap', { seq: 2, prv: p.hashText('x') }, 'sequence');
	header('another history', { prv: p.hashText('x') }, 'sequence');
	lie('sequence', 'a thread that begins with a note', seal(lead, signed('opener', 'note', { text: 'x', language: 'en' }, { jti: uuid('first note') }), 'first note'));
	body('no member number', { number: undefined });
	body('a member that nobody checks', { internal: 'x' });
	body('a number where text belongs', { number: 7 });
	body('a long line', { authority: 'x'.repeat(301) });
	body('a packet field that does not exist', { fields: { ...fields, religion: 'x' } });
	body('a file name with a slash', { files: [{ ...file, name: '../x' }] });
	body('a size that does not fit its chunks', { files: [{ ...file, chunks: 2 }] });
	lie('schema', 'a member twice', seal(lead, signed('opener', 'referral.offer', '{"number":"1","number":"2"}', { jti: uuid('twice') }), 'twice'));
	lie('schema', 'a fraction', seal(lead, signed('opener', 'referral.offer', '{"number":1.5}', { jti: uuid('fraction') }), 'fraction'));
	lie('schema', 'not an object', seal(lead, signed('opener', 'referral.offer', '[]', { jti: uuid('list') }), 'list'));
	body('more than the person agreed to', { fields: { ...fields, language: 'ur' } }, 'consent');
	body('a file that the person did not see', { consent: p.consentStatement({ receiver: id(lead), agreement: AGREEMENT, fields, givenAt: NOW * 1000 - 60_000 }) }, 'consent');
	body('consent for another receiver', { consent: p.consentStatement({ receiver: id(stranger), agreement: AGREEMENT, fields, files: [file], givenAt: NOW * 1000 - 60_000 }) }, 'consent');
	body('consent under another agreement', { consent: p.consentStatement({ receiver: id(lead), agreement: uuid('another agreement'), fields, files: [file], givenAt: NOW * 1000 - 60_000 }) }, 'consent');
	body('a subject outside the agreement', { subject: 'health.care' }, 'clause');
	body('a person outside the agreement', { nationality: 'RU' }, 'clause');
	const health = { ...fields, health: 'Asthma.' };
	body('data outside the agreement', { fields: health, consent: p.consentStatement({ receiver: id(lead), agreement: AGREEMENT, fields: health, files: [file], givenAt: NOW * 1000 - 60_000 }) }, 'clause');
	chains.opener.push(...keep);
	chains.other.push(...keepOther);
	return list;
}

// --- files -----------------------------------------------------------------------------------------------------------------

function chunks() {
	const long = Buffer.alloc(p.CHUNK + 5, 'abcdefgh');
	const two = { id: seed('file id', 16).toString('hex'), key: p.b64u(seed('file key')), size: long.length };
	const sealed = [0, 1].map((index) => p.sealChunk(two, index, long.subarray(index * p.CHUNK, (index + 1) * p.CHUNK)));
	const one = p.sealChunk(file, 0, contract);
	return [
		{ id: file.id, key: file.key, size: file.size, index: 0, last: true, plain: p.b64u(contract), sealed: p.b64u(one) },
		{ id: two.id, key: two.key, size: two.size, index: 0, last: false, plain_repeats: 'abcdefgh', plain_size: p.CHUNK, sealed_sha256: p.hashText(sealed[0]) },
		{ id: two.id, key: two.key, size: two.size, index: 1, last: true, plain: p.b64u(long.subarray(p.CHUNK)), sealed: p.b64u(sealed[1]) },
	];
}

export function vectors() {
	return {
		'keys.json': { home: office('Home office', home, 'home'), lead: office('Lead office', lead, 'lead'), stranger: office('A stranger', stranger, 'stranger') },
		'agreement.json': { document: agreement, canonical: agreementText, hash: p.hashText(agreementText),
			signatures: [home, lead].map((keys) => p.signJws(keys, p.TYP.agreement, {}, agreementText)) },
		'messages.json': { thread: THREAD, agreement: AGREEMENT, now: NOW * 1000, messages },
		'receipts.json': answers(),
		'refusals.json': refusals(),
		'refused.json': liars(),
		'files.json': chunks(),
	};
}

if (process.argv[1] === fileURLToPath(import.meta.url))
	for (const [name, value] of Object.entries(vectors())) writeFileSync(path.join(folder, name), `${JSON.stringify(value, null, '\t')}\n`);
