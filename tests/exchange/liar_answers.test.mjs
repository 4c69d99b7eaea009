// The office as sender, and as receiver of files, against a partner that lies: nothing but an honest answer counts as one, the
// message stays first in its thread and is delivered when the partner behaves; nothing but the announced bytes becomes a file.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';

import * as c from '../lib/cooperation.mjs';
import { Office, until } from '../lib/office.mjs';
import { Partner } from '../lib/partner.mjs';
import * as p from '../lib/protocol.mjs';

const NOTE = { text: 'Good morning.', language: 'en' };

/** A partner that may lie when a message reaches it: `lie(request, reply, wire)` instead of the answer. */
class Liar extends Partner {
	async serve(request, reply) {
		if (!this.lie || request.method !== 'POST') return super.serve(request, reply);
		const pieces = [];
		for await (const piece of request) pieces.push(piece);
		const wire = Buffer.concat(pieces).toString('utf8');
		this.heard = (this.heard ?? 0) + 1;
		const jws = p.openJwe(this.keys, wire);
		this.heardLast = p.readJws(jws).header;
		return this.lie(request, reply, { wire, jws, header: this.heardLast, hash: p.messageHash(jws) });
	}

	static async create(options) {
		return Object.setPrototypeOf(await Partner.create(options), Liar.prototype);
	}
}

/** An office and a liar with an agreement, and a referral that the liar opened. */
async function begin(t) {
	const office = await Office.create();
	t.after(() => office.remove());
	const us = await c.side(await office.start());
	const partner = await Liar.create({ country: 'AZ' });
	partner.server.removeAllListeners('request');
	partner.server.on('request', (request, reply) => partner.serve(request, reply).catch((error) => {
		partner.trouble = error;
		reply.destroy();
	}));
	t.after(() => partner.close());
	await partner.see(office.url);
	await c.pin(us, partner.url);
	const { id, uid } = await c.draft(us, c.document(us, partner));
	await c.actOn(us, id, 'propose');
	const proposal = await until('the proposal', () => partner.received[0]);
	const { text } = p.verifyJws(partner.peer.jwks, p.TYP.agreement, proposal.payload.agreement);
	await good(partner, partner.threads.get(uid), 'agreement.sign', { agreement: p.signJws(partner.keys, p.TYP.agreement, {}, text) });
	const open = async (files = []) => {
		const thread = partner.thread({ agreement: uid });
		await good(partner, thread, 'referral.offer', c.offerBody({ receiver: us.id, agreement: uid, files }));
		thread.referral = (await c.referralsByUid(us)).get(thread.uid).referral.id;
		return thread;
	};
	return { us, partner, open };
}

async function good(partner, thread, type = 'note', body = NOTE) {
	const answer = await partner.send(thread, type, body);
	assert.ok(answer.receipt, `an honest ${type} was refused: ${JSON.stringify(answer.refusal)}`);
	return answer;
}

const waiting = async (us) => (await us.get('/api/v1/referrals')).waiting;

function lies(partner) {
	const stranger = p.makeKeys();
	const jose = (reply, status, text) => reply.writeHead(status, { 'content-type': 'application/jose' }).end(text);
	const receipt = ({ header, hash }, changes = {}, { keys = partner.keys, head = {}, own = {}, typ = p.TYP.receipt } = {}) => {
		const opener = partner.threads.get(header.thr).ours.at(-1) ?? '';
		const both = { opener, other: hash, thread: p.threadHead(opener, hash), ...head };
		return p.signJws(keys, typ, { ...partner.answerHeader(), ...own },
			{ msg: header.jti, sha256: hash, thread: header.thr, seq: header.seq, head: both, at: p.rfc3339(Date.now()), ...changes });
	};
	const refusal = ({ header, hash }, changes = {}, { keys = partner.keys, own = {} } = {}) => p.signJws(keys, p.TYP.refusal, { ...partner.answerHeader(), ...own },
		{ msg: header.jti, sha256: hash, code: 'move', text: 'No.', final: true, at: p.rfc3339(Date.now()), ...changes });
	const other = p.hashText('something else');
	const answers = {
		'200 with nothing': () => [200, ''],
		'200 with words': () => [200, 'thank you'],
		'an unsigned receipt': (m) => [200, Buffer.from(p.unb64u(receipt(m).split('.')[1])).toString()],
		'a receipt by another key': (m) => [200, receipt(m, {}, { keys: stranger })],
		'a receipt by another key under the right kid': (m) => [200, receipt(m, {}, { keys: stranger, own: { kid: p.signJwk(partner.keys.jwks).kid } })],
		'a receipt with alg none': (m) => [200, `${p.b64u(JSON.stringify({ alg: 'none', typ: p.TYP.receipt, ...partner.answerHeader() }))}.${receipt(m).split('.')[1]}.`],
		'a receipt for another message': (m) => [200, receipt(m, { msg: p.uuid7() })],
		'a receipt for other bytes': (m) => [200, receipt(m, { sha256: other })],
		'a receipt for another thread': (m) => [200, receipt(m, { thread: p.uuid7() })],
		'a receipt for another number': (m) => [200, receipt(m, { seq: m.header.seq + 1 })],
		'a receipt with another head of ours': (m) => [200, receipt(m, {}, { head: { other } })],
		'a receipt with a head they never sent': (m) => [200, receipt(m, {}, { head: { opener: other, thread: p.threadHead(other, m.hash) } })],
		'a receipt with a wrong head of the thread': (m) => [200, receipt(m, {}, { head: { thread: other } })],
		'a receipt for another office': (m) => [200, receipt(m, {}, { own: { aud: other } })],
		'a receipt by another office': (m) => [200, receipt(m, {}, { own: { iss: other } })],
		'a receipt with a member too many': (m) => [200, receipt(m, { note: 'x' })],
		'a receipt of another type': (m) => [200, receipt(m, {}, { typ: p.TYP.message })],
		'a final refusal of other bytes': (m) => [409, refusal(m, { sha256: other })],
		'a final refusal by the hash of the body': (m) => [409, refusal(m, { sha256: p.hashText(m.wire) })],
		'a refusal by another key': (m) => [409, refusal(m, {}, { keys: stranger })],
		'a refusal of another message': (m) => [409, refusal(m, { msg: p.uuid7() })],
		'a refusal for another office': (m) => [409, refusal(m, {}, { own: { aud: other } })],
		'a final refusal with an unknown code': (m) => [409, refusal(m, { code: 'mood' })],
		'a refusal that is not final': (m) => [400, refusal(m, { code: 'key', final: false, sha256: p.hashText(m.wire) })],
		'not final, of other bytes': (m) => [400, refusal(m, { code: 'key', final: false, sha256: other })],
		'500': () => [500, 'trouble'],
		'503': () => [503, ''],
		'404': () => [404, 'no such page'],
	};
	const ways = Object.fromEntries(Object.entries(answers).map(([name, make]) => [name, (request, reply, m) => jose(reply, ...make(m))]));
	return { ...ways,
		'a redirect': (request, reply) => reply.writeHead(307, { location: `${partner.url}/elsewhere` }).end(),
		'a closed connection': (request) => request.socket.destroy(),
		'half an answer': (request, reply, m) => {
			reply.writeHead(200, { 'content-type': 'application/jose', 'content-length': 5000 });
			reply.write(receipt(m).slice(0, 200), () => request.socket.destroy());
		},
		'an endless body': (request, reply, m) => {
			reply.writeHead(200, { 'content-type': 'application/jose' });
			const more = () => { while (!reply.destroyed && reply.write('A'.repeat(65536))); };
			reply.on('drain', more).on('error', () => {});
			reply.write(receipt(m));
			more();
		},
		'not HTTP': (request) => request.socket.end('hello\r\n\r\n'),
	};
}

test('answers that are none: the message stays first and is delivered when the partner behaves', { concurrency: false }, async (t) => {
	const { us, partner, open } = await begin(t);
	const thread = await open();
	let number = 0;
	for (const [name, lie] of Object.entries(lies(partner)))
		await t.test(name, async () => {
			const text = `Lied to with ${name}.`;
			const before = thread.theirs.length;
			Object.assign(partner, { lie, heard: 0 });
			await c.act(us, thread.referral, 'note', { ...NOTE, text });
			await until('the lie', () => partner.heard > 0);
			const { error } = await until('the reason on the list', async () => (await waiting(us)).find((one) => one.error));
			assert.ok(error);
			assert.equal(partner.heardLast.seq, before + 1);
			const first = partner.heardLast.jti;
			await c.act(us, thread.referral, 'note', { ...NOTE, text: 'Behind it.' });
			partner.lie = undefined;
			await good(partner, thread); // a sign of life: everything is due
			await until('both notes', () => thread.theirs.length === before + 2, { ms: 5000 });
			const [lied, behind] = partner.received.slice(-2);
			assert.equal(lied.header.jti, first, 'the same message, not another in its place');
			assert.equal(lied.payload.text, text);
			assert.equal(behind.payload.text, 'Behind it.');
			await until('an empty list', async () => (await waiting(us)).length === 0);
			number++;
		});
	assert.ok(number > 30);

	await t.test('an honest final refusal frees the number', async () => {
		const before = thread.theirs.length;
		partner.heard = 0;
		partner.lie = (request, reply, { header, hash }) => reply.writeHead(409, { 'content-type': 'application/jose' }).end(p.signJws(partner.keys, p.TYP.refusal,
			partner.answerHeader(), { msg: header.jti, sha256: hash, code: 'move', text: 'No.', final: true, at: p.rfc3339(Date.now()) }));
		await c.act(us, thread.referral, 'note', { ...NOTE, text: 'This is refused.' });
		await until('an empty list', async () => partner.heard && (await waiting(us)).length === 0);
		const refused = partner.heardLast;
		partner.lie = undefined;
		await c.act(us, thread.referral, 'note', { ...NOTE, text: 'This is not.' });
		await until('the next', () => thread.theirs.length === before + 1);
		const { header } = partner.received.at(-1);
		assert.equal(header.seq, refused.seq);
		assert.equal(header.prv, refused.prv);
		assert.notEqual(header.jti, refused.jti);
		await good(partner, thread);
	});
	await us.office.stop();
	assert.match(await us.office.verify(), /^Everything holds/);
});

test('an answer that drips for ever is given up, and others are served meanwhile', async (t) => {
	const { us, partner, open } = await begin(t);
	const thread = await open();
	const drips = new Set();
	t.after(() => drips.forEach(clearInterval));
	partner.lie = (request, reply) => {
		reply.writeHead(200, { 'content-type': 'application/jose' });
		const drip = setInterval(() => reply.write('A'), 500);
		drips.add(drip);
		reply.on('close', () => (clearInterval(drip), partner.givenUp = true));
	};
	const second = await Partner.create({ country: 'IR' });
	t.after(() => second.close());
	await second.see(us.office.url);
	await c.pin(us, second.url);
	await c.act(us, thread.referral, 'note', NOTE);
	await until('the lie', () => partner.heard > 0);
	const { id } = await c.draft(us, c.document(us, second));
	await c.actOn(us, id, 'propose');
	await until('the other partner\'s proposal', () => second.received.length === 1, { ms: 60_000 });
	t.diagnostic(`the slow one was ${partner.givenUp ? 'given up before' : 'still dripping when'} the other had its message`);
	await until('the slow one given up', () => partner.givenUp, { ms: 40_000 });
	partner.lie = undefined;
	await good(partner, thread);
	await until('the note', () => thread.theirs.length === 1);
	await us.office.stop();
	assert.match(await us.office.verify(), /^Everything holds/);
});

// --- files -----------------------------------------------------------------------------------------------------------------

test('files: wrong tags, lengths, ids and digests; half a file is gone on with', async (t) => {
	const { us, partner, open } = await begin(t);
	const data = randomBytes(3 * p.CHUNK + 1000);
	const file = p.announceFile('contract.bin', 'application/octet-stream', data);
	const thread = await open([file]);
	const sealed = (index, plain = data.subarray(index * p.CHUNK, (index + 1) * p.CHUNK), as = file) => p.sealChunk(as, index, plain);
	const put = async (id, index, bytes) => (await partner.putRaw(id, index, bytes)).status;
	assert.deepEqual(await partner.askFile(file.id), { received: [], complete: false, have: false });

	await t.test('chunks that are none', async () => {
		const wrong = Buffer.from(sealed(0));
		wrong[wrong.length - 1] ^= 1;
		assert.equal(await put(file.id, 0, wrong), 400, 'tag');
		assert.equal(await put(file.id, 1, sealed(0)), 400, 'in another place');
		assert.equal(await put(file.id, 0, sealed(0, undefined, { ...file, key: p.b64u(randomBytes(32)) })), 400, 'another key');
		assert.equal(await put(file.id, 0, sealed(0).subarray(1)), 400, 'short');
		assert.equal(await put(file.id, 3, sealed(3, data.subarray(0, p.CHUNK))), 400, 'long at the end');
		assert.equal(await put(file.id, 0, Buffer.alloc(0)), 400, 'empty');
		assert.equal(await put(file.id, 0, randomBytes(p.CHUNK + 100)), 413, 'larger than a chunk');
		assert.equal(await put(file.id, 4, sealed(0)), 404, 'index');
		assert.equal(await put(file.id, -1, sealed(0)), 404, 'index');
		assert.equal(await put('0'.repeat(32), 0, sealed(0)), 404, 'id');
		assert.equal((await fetch(`${us.office.url}/exchange/v1/files/${'0'.repeat(32)}`)).status, 404);
		assert.deepEqual((await partner.askFile(file.id)).received, []);
	});

	await t.test('half of it, a power cut, the other half', async () => {
		assert.equal(await put(file.id, 2, sealed(2)), 204);
		assert.equal(await put(file.id, 0, sealed(0)), 204);
		assert.equal(await put(file.id, 0, sealed(0)), 204, 'the same again');
		await us.office.kill9();
		await us.office.start();
		assert.deepEqual((await partner.askFile(file.id)).received, [[0, 0], [2, 2]]);
		assert.equal(await put(file.id, 3, sealed(3)), 204);
		assert.equal(await put(file.id, 1, sealed(1)), 204);
		assert.equal((await partner.askFile(file.id)).complete, true);
		assert.equal(await put(file.id, 1, sealed(1)), 409, 'complete already');
	});

	await t.test('another content than announced: three times, then people look', async () => {
		const lie = { ...p.announceFile('lie.bin', 'application/octet-stream', data.subarray(0, p.CHUNK + 5)), sha256: p.hashText('other') };
		const other = await open([lie]);
		for (let round = 1; round <= 3; round++) {
			assert.deepEqual((await partner.askFile(lie.id)).received, []);
			assert.deepEqual(await partner.push(lie, data.subarray(0, lie.size)), [204, 204], `round ${round}`);
			assert.equal((await partner.askFile(lie.id)).complete, false);
		}
		assert.equal(await put(lie.id, 0, sealed(0, undefined, lie)), 404);
		const { transfers } = await c.look(us, other.referral);
		assert.ok(transfers[0].error, 'the officer is told');
		assert.equal(transfers[0].complete, false);
		await good(partner, other);
	});

	await t.test('the same content again is there at once', async () => {
		const again = p.announceFile('again.bin', 'application/octet-stream', data);
		await open([again]);
		assert.deepEqual(await partner.askFile(again.id), { received: [], complete: true, have: true });
	});
	await good(partner, thread);

	await t.test('nothing more is taken of what was withdrawn', async () => {
		const plain = randomBytes(p.CHUNK + 5);
		const late = p.announceFile('late.bin', 'application/octet-stream', plain);
		const other = await open([late]);
		assert.deepEqual(await partner.push(late, plain, { order: [0] }), [204]);
		await good(partner, other, 'referral.withdraw', { ground: 'person_withdrew' });
		assert.deepEqual(await partner.push(late, plain, { order: [1] }), [404]);
		assert.equal((await partner.askFile(late.id)).complete, false);
	});
	await us.office.stop();
	assert.match(await us.office.verify(), /^Everything holds/);
});
