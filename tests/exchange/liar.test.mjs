// A partner that lies. Every lie is refused with the code that docs/exchange.md names, by a refusal whose signature holds; none
// leaves a trace in what the office can prove; the next honest message goes through. And when the office is the one who sends:
// nothing but an honest answer counts as one.
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, randomBytes, sign as signRaw } from 'node:crypto';
import test from 'node:test';

import * as c from '../lib/cooperation.mjs';
import { Office, until } from '../lib/office.mjs';
import { Partner } from '../lib/partner.mjs';
import * as p from '../lib/protocol.mjs';

const NOTE = { text: 'Good morning.', language: 'en' };
const DAY = 86_400;
const now = () => Math.floor(Date.now() / 1000);

/** An office and a partner that have compared fingerprints. */
async function pair(t, { country = 'AZ', us, confirm } = {}) {
	const partner = await Partner.create({ country });
	t.after(() => partner.close());
	if (!us) {
		const office = await Office.create();
		t.after(() => office.remove());
		us = await c.side(await office.start());
	}
	await partner.see(us.office.url);
	const id = await c.pin(us, partner.url, { confirm });
	return { us, partner, id };
}

/** Our draft, the partner's signature: {id, uid, thread (the agreement's, as the partner sees it)}. */
async function agree(us, partner, changes = {}, { sign = true } = {}) {
	const { id, uid } = await c.draft(us, c.document(us, partner, changes));
	await c.actOn(us, id, 'propose');
	const proposal = await until('the proposal', () => partner.received.find(({ header }) => header.thr === uid));
	const thread = partner.threads.get(uid);
	const { text } = p.verifyJws(partner.peer.jwks, p.TYP.agreement, proposal.payload.agreement);
	if (sign) await good(partner, thread, 'agreement.sign', { agreement: p.signJws(partner.keys, p.TYP.agreement, {}, text) });
	return { id, uid, thread, text };
}

async function good(partner, thread, type = 'note', body = NOTE, options = {}) {
	const answer = await partner.send(thread, type, body, options);
	assert.ok(answer.receipt, `an honest ${type} was refused: ${answer.text} ${JSON.stringify(answer.refusal)}`);
	return answer;
}

async function openReferral(partner, agreement, changes = {}) {
	const thread = partner.thread({ agreement });
	await good(partner, thread, 'referral.offer', c.offerBody({ receiver: partner.peer.id, agreement, ...changes }));
	return thread;
}

/** Sends a lie; it must be refused like this, and with the same bytes when it comes again and the refusal is final. */
async function refused(partner, thread, code, { type = 'note', body = NOTE, header, jws, seal, wire } = {}) {
	jws ??= partner.sign(thread, type, body, { header });
	wire ??= p.sealJwe(partner.peer.jwks, jws, seal);
	const told = readable(jws);
	const sent = { jws, wire, id: told.jti, thread: told.thr, seq: told.seq };
	const first = await partner.post(wire, sent, thread);
	assert.ok(first.refusal, `no refusal but ${first.status} ${first.type} ${first.text.slice(0, 300)}`);
	const codes = [code].flat();
	assert.ok(codes.includes(first.refusal.code), `${first.refusal.code} instead of ${codes}: ${first.refusal.text}`);
	const again = await partner.post(wire, sent, thread);
	assert.equal(again.refusal?.code, first.refusal.code, `the second time: ${again.status} ${JSON.stringify(again.refusal ?? again.receipt)}`);
	if (first.refusal.final && first.refusal.code !== 'duplicate') // whose id belongs to the first message
		assert.equal(again.text, first.text, 'a final refusal is the same bytes for ever');
	return first.refusal;
}

function readable(jws) {
	try {
		return JSON.parse(p.unb64u(jws.split('.')[0]).toString('utf8')); // the payload may be a lie too
	} catch {
		return {};
	}
}

const part = (value) => p.b64u(JSON.stringify(value));

/** A JWS whose protected header is the message's with changes, signed by any means. */
function forge(partner, thread, changes, signer, typ = p.TYP.message) {
	const header = { alg: 'EdDSA', typ, kid: p.signJwk(partner.keys.jwks).kid, ...partner.header(thread, 'note'), ...changes };
	const input = `${part(header)}.${part(NOTE)}`;
	return `${input}.${p.b64u(signer(Buffer.from(input)))}`;
}

// --- lies in the envelope ------------------------------------------------------------------------------------------------

function envelopeLies(partner, thread) {
	const stranger = p.makeKeys();
	const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
	const byRsa = (input) => signRaw('sha256', input, rsa);
	const byStranger = (input) => signRaw(null, input, stranger.signKey);
	const byUs = (input) => signRaw(null, input, partner.keys.signKey);
	const byPublicKey = (input) => createHmac('sha256', p.unb64u(p.signJwk(partner.keys.jwks).x)).update(input).digest();
	const sealed = (seal) => ({ seal: { header: seal } });
	const wire = (change) => {
		const jws = partner.sign(thread, 'note', NOTE);
		return { jws, wire: change(p.sealJwe(partner.peer.jwks, jws)) };
	};
	const flip = (n) => (jwe) => jwe.split('.').map((text, i) => (i === n ? (text[5] === 'A' ? text.replace(/^(.{5})./, '$1B') : text.replace(/^(.{5})./, '$1A')) : text)).join('.');
	const strangerKid = p.signJwk(stranger.jwks).kid;
	return {
		'RS256': ['form', { jws: forge(partner, thread, { alg: 'RS256' }, byRsa) }],
		'HS256 under our public key': ['form', { jws: forge(partner, thread, { alg: 'HS256' }, byPublicKey) }],
		'alg none': ['form', { jws: forge(partner, thread, { alg: 'none' }, () => '') }],
		'ES256': ['form', { jws: forge(partner, thread, { alg: 'ES256' }, byUs) }],
		'EdDSA by another key under our kid': ['signature', { jws: forge(partner, thread, {}, byStranger) }],
		'EdDSA by another key under its own kid': ['sender', { jws: forge(partner, thread, { kid: strangerKid }, byStranger) }],
		'a stranger in its own name': ['sender', { jws: forge(partner, thread, { kid: strangerKid, iss: strangerKid }, byStranger) }],
		'no signature': ['signature', { jws: forge(partner, thread, {}, () => Buffer.alloc(64)) }],
		'a short signature': [['signature', 'form'], { jws: forge(partner, thread, {}, () => Buffer.alloc(10)) }],
		'a receipt as a message': ['form', { jws: forge(partner, thread, {}, byUs, p.TYP.receipt) }],
		'an agreement as a message': ['form', { jws: forge(partner, thread, {}, byUs, p.TYP.agreement) }],
		'another version\'s typ': ['form', { jws: forge(partner, thread, {}, byUs, 'sulh-message2+jws') }],
		'crit in the JWS': ['form', { jws: forge(partner, thread, { crit: ['exp'], exp: 1 }, byUs) }],
		'jwk in the JWS': ['form', { jws: forge(partner, thread, { jwk: p.signJwk(stranger.jwks), kid: strangerKid }, byStranger) }],
		'x5u in the JWS': ['form', { jws: forge(partner, thread, { x5u: 'https://example.org/' }, byUs) }],
		'an unknown header member': ['form', { jws: forge(partner, thread, { nonce: 'x' }, byUs) }],
		'a header member missing': ['form', { jws: forge(partner, thread, { cls: undefined }, byUs) }],
		'seq as a text': ['form', { jws: forge(partner, thread, { seq: '2' }, byUs) }],
		'seq nought': ['form', { jws: forge(partner, thread, { seq: 0 }, byUs) }],
		'jti that is no UUID': ['form', { jws: forge(partner, thread, { jti: 'abc' }, byUs) }],
		'an unknown type': ['form', { jws: forge(partner, thread, { mty: 'referral.bribe' }, byUs) }],
		'not a JWS inside': ['form', { jws: 'hello' }],
		'enc A128GCM': ['algorithm', sealed({ enc: 'A128GCM' })],
		'enc A256CBC-HS512': ['algorithm', sealed({ enc: 'A256CBC-HS512' })],
		'alg RSA-OAEP': ['algorithm', sealed({ alg: 'RSA-OAEP' })],
		'alg ECDH-ES+A256KW': ['algorithm', sealed({ alg: 'ECDH-ES+A256KW' })],
		'alg dir': ['algorithm', sealed({ alg: 'dir' })],
		'epk of another curve': ['algorithm', sealed({ epk: { kty: 'EC', crv: 'P-256', x: p.b64u(randomBytes(32)), y: p.b64u(randomBytes(32)) } })],
		'zip in the JWE': ['algorithm', sealed({ zip: 'DEF' })],
		'crit in the JWE': ['algorithm', sealed({ crit: ['exp'], exp: 1 })],
		'no cty': ['algorithm', sealed({ cty: undefined })],
		'another kid': ['key', sealed({ kid: strangerKid })],
		'sealed for somebody else under our kid': ['key', wire(() => p.sealJwe(stranger.jwks, partner.sign(thread, 'note', NOTE), { header: { kid: p.sealJwk(partner.peer.jwks).kid } }))],
		'an ephemeral key of nought': [['key', 'algorithm', 'envelope'], sealed({ epk: { kty: 'OKP', crv: 'X25519', x: p.b64u(Buffer.alloc(32)) } })],
		'a byte of the ciphertext': ['key', wire(flip(3))],
		'a byte of the tag': ['key', wire(flip(4))],
		'a byte of the nonce': ['key', wire(flip(2))],
		'cut in the middle': [['envelope', 'key'], wire((jwe) => jwe.slice(0, jwe.length / 2))],
		'cut in the header': ['envelope', wire((jwe) => jwe.slice(0, 100))],
		'cut at the end': [['envelope', 'key'], wire((jwe) => jwe.slice(0, -3))],
		'a sixth part': ['envelope', wire((jwe) => `${jwe}.AAAA`)],
		'padding': ['envelope', wire((jwe) => `${jwe}=`)],
		'not base64url': ['envelope', wire((jwe) => jwe.replace(/\.(.)/g, '.+'))],
		'not a JWE': ['envelope', wire(() => 'hello')],
		'JSON': ['envelope', wire(() => '{"payload":"x"}')],
		'an unsealed JWS': ['envelope', wire(() => partner.sign(thread, 'note', NOTE))],
	};
}

test('lies in the envelope, each followed by the truth', async (t) => {
	const { us, partner } = await pair(t);
	const { uid } = await agree(us, partner);
	const thread = await openReferral(partner, uid);
	for (const name of Object.keys(envelopeLies(partner, thread)))
		await t.test(name, async () => {
			const [code, lie] = envelopeLies(partner, thread)[name];
			const refusal = await refused(partner, thread, code, lie);
			assert.equal(refusal.final, false, 'whoever wrote it is not proven');
			await good(partner, thread);
		});
	await t.test('larger than the receiver looks at', async () => {
		const reply = await partner.post('A'.repeat(2 * 1024 * 1024 + 1)).catch((error) => error);
		assert.ok(reply.status === 413 || reply instanceof TypeError, `${reply.status} ${reply.text?.slice(0, 200)}`);
		const huge = await partner.post('A'.repeat(16 * 1024 * 1024)).catch((error) => error);
		assert.ok(huge.status === 413 || huge instanceof TypeError);
		await good(partner, thread);
	});
	await t.test('two megabytes of nothing', async () => {
		await refused(partner, thread, 'envelope', { jws: 'x', wire: 'A'.repeat(2 * 1024 * 1024) });
		await good(partner, thread);
	});
	await end(us);
});

/** Nothing that a liar did is in what can be proven, and the log tells no contents. */
async function end(us) {
	await us.office.stop();
	assert.match(await us.office.verify(), /^Everything holds/);
	assert.doesNotMatch(us.office.log, /panic|assert|Sanitizer/i);
}

// --- lies in the message -------------------------------------------------------------------------------------------------

const long = 'x'.repeat(8001);

function messageLies(partner, thread, agreement, others) {
	const receiver = partner.peer.id;
	const fresh = (uid = agreement) => partner.thread({ agreement: uid });
	const offer = (changes) => c.offerBody({ receiver, agreement, ...changes });
	const fields = { name: 'Test Person', facts: 'Facts.', remedy: 'Wages.' };
	const statement = (changes, of = fields) => p.consentStatement({ receiver, agreement, fields: of, language: 'en', givenAt: Date.now() - 60_000, ...changes });
	const newThread = (code, body, more = {}) => [code, { type: 'referral.offer', body, on: fresh(more.agreement), ...more }];
	const old = p.hashText('never sent');
	return {
		'from the future': ['age', { header: { iat: now() + 600 } }],
		'for another office': ['audience', { header: { aud: old } }],
		'a gap': ['sequence', { header: { seq: thread.ours.length + 2 } }],
		'a repetition': ['sequence', { header: { seq: thread.ours.length } }],
		'another history': ['sequence', { header: { prv: old } }],
		'no history': ['sequence', { header: { prv: '' } }],
		'acknowledges what was never sent': ['sequence', { header: { ack: old } }],
		'opens the thread again': ['sequence', { type: 'referral.offer', body: offer() }],
		'a thread that begins with a note': ['sequence', { on: fresh() }],
		'the lead\'s move by home': ['sequence', { type: 'referral.accept', body: { number: 'A-1' } }],
		'an agreement\'s act in a referral': [['sequence', 'agreement'], { type: 'agreement.suspend', body: { reason: 'x', language: 'en' } }],
		'an illegal move': ['move', { type: 'referral.close_confirm', body: {} }],
		'disputes an outcome that there is not': ['move', { type: 'referral.outcome_dispute', body: { issues: [{ key: 'a', why: 'b' }], language: 'en' } }],
		'an unknown member': ['schema', { body: { ...NOTE, secret: 'x' } }],
		'a member missing': ['schema', { body: { text: 'x' } }],
		'too long a text': ['schema', { body: { ...NOTE, text: long } }],
		'control characters': ['schema', { body: { ...NOTE, text: 'a\u0000b' } }],
		'a language that is none': ['schema', { body: { ...NOTE, language: 'english' } }],
		'a number for a text': ['schema', { body: { ...NOTE, text: 7 } }],
		'a list': ['schema', { body: [] }],
		'a member twice': ['schema', { body: '{"text":"a","text":"b","language":"en"}' }],
		'a fraction': ['schema', { body: '{"text":1.5,"language":"en"}' }],
		'deeper than anybody writes': ['schema', { body: `${'['.repeat(100)}${']'.repeat(100)}` }],
		'not JSON': ['schema', { body: 'hello' }],
		'more than a megabyte of payload': [['schema', 'size', 'form'], { body: { ...NOTE, text: 'x'.repeat(1_100_000) } }],
		'no clause': ['clause', { header: { cls: '' } }],
		'another clause': ['clause', { header: { cls: 'subjects' } }],
		'an agreement that is not this thread\'s': ['agreement', { header: { agr: others.narrow.uid } }],
		'an unknown agreement': newThread('agreement', offer(), { agreement: p.uuid7() }),
		'an agreement that is not signed': newThread('agreement', offer(), { agreement: others.unsigned.uid }),
		'an agreement that is suspended': newThread('agreement', offer(), { agreement: others.suspended.uid }),
		'an agreement that is terminated': newThread('agreement', offer(), { agreement: others.terminated.uid }),
		'an agreement between others': newThread('agreement', offer(), { agreement: others.foreign.uid }),
		'consent for fewer fields': newThread('consent', offer({ fields, consent: statement({}, { name: 'x' }) })),
		'consent for more fields': newThread('consent', offer({ fields, consent: statement({}, { ...fields, phone: 'x' }) })),
		'consent for another receiver': newThread('consent', offer({ fields, consent: statement({ receiver: partner.id }) })),
		'consent under another agreement': newThread('consent', offer({ fields, consent: statement({ agreement: p.uuid7() }) })),
		'consent that is not given yet': newThread('consent', offer({ fields, consent: statement({ givenAt: Date.now() + DAY * 1000 }) })),
		'consent for another purpose': newThread(['consent', 'schema'], offer({ consent: { purpose: 'advertising' } })),
		'no consent': newThread(['consent', 'schema'], offer({ changes: { consent: undefined } })),
		'a file without consent': newThread('consent', offer({ fields, changes: { files: [p.announceFile('a.txt', 'text/plain', Buffer.from('a'))] } })),
		'a file with a path': newThread('schema', offer({ files: [p.announceFile('../a.txt', 'text/plain', Buffer.from('a'))] })),
		'chunks that do not fit the size': newThread('schema', offer({ files: [{ ...p.announceFile('a.txt', 'text/plain', Buffer.from('a')), chunks: 2 }] })),
		'a field that no packet has': newThread('schema', offer({ fields: { ...fields, religion: 'x' } })),
		'a category that the agreement does not cover': newThread('clause', offer({ fields: { ...fields, health: 'ill' } })),
		'a subject that the agreement does not cover': newThread('clause', c.offerBody({ receiver, agreement: others.narrow.uid, changes: { subject: 'health_care' } }), { agreement: others.narrow.uid }),
		'a category that the narrow agreement does not cover': newThread('clause', c.offerBody({ receiver, agreement: others.narrow.uid, fields: { ...fields, phone: '1' } }), { agreement: others.narrow.uid }),
		'a person whom the agreement does not cover': newThread('clause', offer({ changes: { nationality: 'RU' } })),
		'withdraws what was never offered': ['sequence', { type: 'referral.withdraw', body: { ground: 'other' }, on: fresh() }],
	};
}

test('lies in the message, each followed by the truth', async (t) => {
	const { us, partner, id } = await pair(t);
	const second = await pair(t, { us, country: 'IR' });
	const general = await agree(us, partner);
	const foreign = await agree(us, second.partner);
	const narrow = await agree(us, partner, { subjects: ['labour'], data_categories: ['identity', 'facts', 'remedy'] });
	const unsigned = await agree(us, partner, {}, { sign: false });
	const suspended = await agree(us, partner);
	await c.actOn(us, suspended.id, 'suspend', { reason: 'A test.', language: 'en' });
	const terminated = await agree(us, partner, { notice_days: 0 });
	await c.actOn(us, terminated.id, 'terminate', { reason: 'A test.', language: 'en', effective: c.isoDate(Date.now()) });
	await until('both acts told', () => partner.received.filter(({ header }) => /suspend|terminate/.test(header.mty)).length === 2);
	const others = { narrow, unsigned, suspended, terminated, foreign };
	const thread = await openReferral(partner, general.uid);
	await good(partner, thread);

	for (const name of Object.keys(messageLies(partner, thread, general.uid, others)))
		await t.test(name, async () => {
			const [code, { on = thread, ...lie }] = messageLies(partner, thread, general.uid, others)[name];
			const refusal = await refused(partner, on, code, lie);
			if (refusal.code !== 'form' && refusal.code !== 'size') assert.equal(refusal.final, true, 'who wrote it is proven');
			if (refusal.code === 'sequence' && ['a gap', 'a repetition', 'another history', 'no history'].includes(name))
				assert.deepEqual(refusal.expect, { seq: thread.ours.length + 1, prv: thread.ours.at(-1) });
			await good(partner, thread);
			if (on !== thread && on.agreement === general.uid) // the thread whose first message was refused can still be opened
				await good(partner, on, 'referral.offer', c.offerBody({ receiver: partner.peer.id, agreement: general.uid }));
		});

	await t.test('the same bytes again get the same answer', async () => {
		const first = await good(partner, thread);
		for (const wire of [first.wire, p.sealJwe(partner.peer.jwks, first.jws)])
			assert.equal((await partner.post(wire)).text, first.text);
		await good(partner, thread);
		assert.equal((await partner.post(first.wire)).text, first.text, 'also when others came behind it');
	});

	await t.test('a known id with other bytes', async () => {
		const jti = p.uuid7();
		const first = await good(partner, thread, 'note', NOTE, { header: { jti } });
		await refused(partner, thread, 'duplicate', { header: { jti }, body: { ...NOTE, text: 'Something else.' } });
		assert.equal((await partner.post(first.wire)).text, first.text);
		const lie = partner.sign(thread, 'referral.close_confirm', {});
		await refused(partner, thread, 'move', { jws: lie });
		await refused(partner, thread, 'duplicate', { header: { jti: p.readJws(lie).header.jti } });
		await good(partner, thread);
	});

	await t.test('acknowledges less than before', async () => {
		const { id: referral } = (await c.referralsByUid(us)).get(thread.uid).referral;
		const before = thread.theirs.at(-1) ?? '';
		await c.act(us, referral, 'note', NOTE);
		await until('our note', () => thread.theirs.length === 1);
		await good(partner, thread);
		await refused(partner, thread, 'sequence', { header: { ack: before } });
		await good(partner, thread);
	});

	await t.test('in the thread of another partner', async () => {
		const body = { ground: 'other' };
		const stolen = { ...thread, theirs: [], ours: [] };
		await refused(second.partner, stolen, 'agreement', {});
		await refused(second.partner, stolen, ['sequence', 'agreement'], { type: 'referral.withdraw', body, header: { seq: thread.ours.length + 1, prv: thread.ours.at(-1) } });
		await good(partner, thread);
	});

	await t.test('another partner\'s message, sent again by us', async () => {
		const theirs = await openReferral(second.partner, foreign.uid, { changes: { nationality: 'IR' } });
		const first = await good(second.partner, theirs);
		const taken = await partner.post(p.sealJwe(partner.peer.jwks, first.jws));
		assert.equal(taken.text, first.text, 'who carries it is nobody\'s business: the same answer, for its writer');
		await good(partner, thread);
		await good(second.partner, theirs);
	});

	await t.test('while the agreement is suspended, and after', async () => {
		await c.actOn(us, general.id, 'suspend', { reason: 'A test.', language: 'en' });
		const jws = partner.sign(thread, 'note', NOTE);
		await refused(partner, thread, 'agreement', { jws });
		await until('the suspension told', () => general.thread.theirs.length === 2);
		await c.actOn(us, general.id, 'resume', { reason: 'Over.', language: 'en' });
		await until('the resumption told', () => general.thread.theirs.length === 3);
		await refused(partner, thread, 'agreement', { jws }); // for ever, whatever is in force now
		await good(partner, thread);
	});

	await t.test('not confirmed, and blocked', async () => {
		const unknown = await pair(t, { us, country: 'TR', confirm: false });
		await refused(unknown.partner, unknown.partner.thread(), 'sender', { type: 'agreement.propose', body: { agreement: 'x' } });
		await us.post(`/api/v1/partners/${id}/block`);
		const jws = partner.sign(thread, 'note', NOTE);
		assert.equal((await refused(partner, thread, 'sender', { jws })).final, false);
		const { partner: { fingerprint } } = await us.get(`/api/v1/partners/${id}`);
		await us.post(`/api/v1/partners/${id}/confirm`, { fingerprint, compared: true });
		await good(partner, thread, 'note', NOTE, { jws }); // the same bytes: they stayed first in their thread
		await good(partner, thread);
	});

	await t.test('sixty days later', async () => {
		const early = partner.sign(thread, 'note', NOTE);
		const last = await good(partner, thread, 'note', { ...NOTE, text: 'Receipted in time.' });
		const expiring = await agree(us, partner, { valid_until: c.isoDate(Date.now() + c.ISO_DAY) });
		await us.office.stop();
		await us.office.start({ offsetMs: 61 * DAY * 1000 });
		await refused(partner, thread, 'age', { jws: early });
		assert.equal((await partner.post(last.wire)).text, last.text, 'a receipt is a receipt at any age');
		const later = { iat: now() + 61 * DAY };
		await refused(partner, partner.thread({ agreement: expiring.uid }), 'agreement', { type: 'referral.offer', header: later,
			body: c.offerBody({ receiver: partner.peer.id, agreement: expiring.uid }) });
		await good(partner, thread, 'note', NOTE, { header: later });
	});
	await end(us);
});
