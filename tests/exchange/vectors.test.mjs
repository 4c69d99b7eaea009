// The test vectors are what the document says, and what the JavaScript implementation makes of it; tests/unit/test_vectors.c
// holds the C implementation to the same files.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { vectors } from '../data/exchange/make.mjs';
import { ROOT } from '../lib/office.mjs';
import * as p from '../lib/protocol.mjs';

const read = (name) => JSON.parse(readFileSync(path.join(ROOT, 'tests/data/exchange', name), 'utf8'));
const keys = read('keys.json');
const own = (name) => p.makeKeys({ sign: Buffer.from(keys[name].seeds.sign, 'hex'), seal: Buffer.from(keys[name].seeds.seal, 'hex') });

test('the files are what their script makes', () => {
	for (const [name, value] of Object.entries(vectors())) assert.deepEqual(read(name), JSON.parse(JSON.stringify(value)), name);
});

test('heads and hashes of section 17', () => {
	const document = readFileSync(path.join(ROOT, 'docs/exchange.md'), 'utf8');
	const hex = (text) => p.unb64u(text).toString('hex');
	for (const value of [hex(p.threadHead('', '')), hex(p.threadHead(p.hashText('a'), p.hashText('b'))), p.messageHash('e30.e30.AA')])
		assert.ok(document.includes(value), value);
});

test('HChaCha20, draft-irtf-cfrg-xchacha-03 section 2.2.1', () => {
	const key = Buffer.from(Array.from({ length: 32 }, (_, i) => i));
	assert.equal(p.hchacha20(key, Buffer.from('000000090000004a0000000031415927', 'hex')).toString('hex'),
		'82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc');
});

test('each message opens, verifies and continues its chain', () => {
	const { messages } = read('messages.json');
	const heads = { opener: '', other: '' };
	for (const one of messages) {
		const jws = p.openJwe(own(one.to), one.jwe);
		assert.equal(jws, one.jws);
		const { header, payload } = p.verifyJws(keys[one.from].jwks, p.TYP.message, jws);
		assert.deepEqual(payload, one.payload);
		assert.equal(header.prv, heads[one.side]);
		assert.equal(header.ack, heads[one.side === 'opener' ? 'other' : 'opener']);
		heads[one.side] = p.messageHash(jws);
		assert.equal(heads[one.side], one.hash);
	}
});

test('receipts: the right ones hold, each lie is seen', () => {
	const { messages } = read('messages.json');
	for (const one of read('receipts.json')) {
		const message = messages.find((other) => other.name === one.message);
		const theirs = message.before[message.side === 'opener' ? 'other' : 'opener'].head;
		const ask = () => p.readAnswer({ jwks: keys[message.to].jwks, own: keys[message.from].id, peer: keys[message.to].id, status: 200, text: one.jws,
			sent: { jws: message.jws, id: message.header.jti, thread: message.header.thr, seq: message.header.seq, wire: message.jwe },
			heads: { weOpened: message.side === 'opener', theirs: theirs ? [theirs] : [] } });
		if (one.valid) assert.equal(ask().receipt.sha256, message.hash);
		else assert.throws(ask, undefined, one.why);
	}
});

test('refusals: the right ones hold, each lie is seen', () => {
	const message = read('messages.json').messages[0];
	for (const one of read('refusals.json')) {
		const { payload } = p.verifyJws(keys.lead.jwks, p.TYP.refusal, one.jws);
		assert.deepEqual([one.status, payload.final], p.REFUSALS[one.code]);
		const sent = payload.final ? p.messageHash(message.jws) : p.hashText(message.jwe);
		const holds = payload.sha256 === sent && (payload.msg === message.header.jti || (payload.msg === '' && !payload.final));
		assert.equal(holds, one.valid, one.why);
	}
});

test('sealed chunks open, and only in their place', () => {
	for (const one of read('files.json').filter((chunk) => chunk.sealed)) {
		const sealed = p.unb64u(one.sealed);
		assert.equal(p.b64u(p.openChunk(one, one.index, sealed)), one.plain);
		assert.throws(() => p.openChunk(one, one.index + 1, sealed));
		assert.throws(() => p.openChunk({ ...one, size: one.size + p.CHUNK }, one.index, sealed));
	}
});
