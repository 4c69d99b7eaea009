// An office that is not Sulh: it serves an identity, receives messages, sends good ones, and lies when a test wants it to.
//
//     const lahore = await Partner.create({ country: 'AZ' });
//     const thread = lahore.thread({ agreement });
//     const { receipt } = await lahore.send(thread, 'referral.offer', body);
//     const { refusal } = await lahore.send(thread, 'note', body, { header: { aud: 'somebody else' } });
import { createServer } from 'node:http';

import * as p from './protocol.mjs';

const LIMIT = 2 * 1024 * 1024;

export class Partner {
	/** `seeds` for repeatable keys. */
	static async create({ name = 'Another office', country = 'AZ', profile = 'other', seeds, port = 0 } = {}) {
		const partner = new Partner();
		Object.assign(partner, { name, country, profile, keys: p.makeKeys(seeds), received: [], answers: new Map(), threads: new Map(),
			files: new Map(), down: false });
		partner.id = p.signJwk(partner.keys.jwks).kid;
		partner.server = createServer((request, reply) => partner.serve(request, reply).catch((error) => {
			partner.trouble = error;
			reply.writeHead(500).end(error.stack);
		}));
		await new Promise((resolve) => partner.server.listen(port, '127.0.0.1', resolve));
		partner.url = `http://127.0.0.1:${partner.server.address().port}`;
		return partner;
	}

	async close() {
		this.server.closeAllConnections?.();
		await new Promise((resolve) => this.server.close(resolve));
	}

	// --- what others see ------------------------------------------------------------------------------------------------

	identity(changes = {}) {
		return p.signJws(this.keys, p.TYP.identity, {}, { id: this.id, name: { en: this.name }, country: this.country,
			profile: this.profile, url: this.url, jwks: this.keys.jwks, protocol: [1], iat: Math.floor(Date.now() / 1000), ...changes });
	}

	async serve(request, reply) {
		if (this.down) return request.socket.destroy();
		const answer = (status, type, data) => reply.writeHead(status, { 'content-type': type }).end(data);
		const url = new URL(request.url, this.url);
		if (request.method === 'GET' && url.pathname === '/exchange/v1/identity') return answer(200, 'application/jose', this.identity());
		const body = await read(request);
		if (request.method === 'POST' && url.pathname === '/exchange/v1/messages') {
			const { status, text } = this.receive(body.toString('utf8'));
			return answer(status, 'application/jose', text);
		}
		const [, id, index] = /^\/exchange\/v1\/files\/([0-9a-f]{32})(?:\/(\d+))?$/.exec(url.pathname) ?? [];
		if (!id || !this.files.has(id)) return answer(404, 'text/plain', 'unknown');
		if (request.method === 'GET') return answer(200, 'application/json', JSON.stringify(this.fileStatus(id)));
		return answer(this.putChunk(id, Number(index), body), 'text/plain', '');
	}

	/** Opens, believes, keeps in order, and answers with a receipt. */
	receive(jwe) {
		const jws = p.openJwe(this.keys, jwe);
		const { header, payload } = p.verifyJws(this.peer.jwks, p.TYP.message, jws);
		if (header.aud !== this.id || header.iss !== this.peer.id) throw new Error('not between us two');
		const again = this.answers.get(header.jti);
		if (again) return again;
		const thread = this.threads.get(header.thr) ?? this.thread({ uid: header.thr, agreement: header.agr, opener: false });
		if (header.seq !== thread.theirs.length + 1 || header.prv !== (thread.theirs.at(-1) ?? '')) throw new Error('out of order');
		if (header.ack !== '' && !thread.ours.includes(header.ack) && header.ack !== thread.unanswered) throw new Error('acknowledges what we never sent');
		const hash = p.messageHash(jws);
		thread.theirs.push(hash);
		this.received.push({ header, payload, jws });
		for (const file of payload.files ?? []) this.files.set(file.id, { ...file, chunkData: new Map() });
		const opener = (thread.opener ? thread.ours : thread.theirs).at(-1) ?? '';
		const other = (thread.opener ? thread.theirs : thread.ours).at(-1) ?? '';
		const receipt = { msg: header.jti, sha256: hash, thread: header.thr, seq: header.seq,
			head: { opener, other, thread: p.threadHead(opener, other) }, at: p.rfc3339(Date.now()) };
		const done = { status: 200, text: p.signJws(this.keys, p.TYP.receipt, this.answerHeader(), receipt) };
		this.answers.set(header.jti, done);
		return done;
	}

	answerHeader() {
		return { iss: this.id, aud: this.peer.id, iat: Math.floor(Date.now() / 1000) };
	}

	fileStatus(id) {
		const file = this.files.get(id);
		const have = [...file.chunkData.keys()].sort((a, b) => a - b);
		const ranges = [];
		for (const index of have) {
			if (ranges.length && ranges.at(-1)[1] === index - 1) ranges.at(-1)[1] = index;
			else ranges.push([index, index]);
		}
		return { received: ranges, complete: Boolean(file.data), have: false };
	}

	putChunk(id, index, sealed) {
		const file = this.files.get(id);
		if (file.data) return 409;
		if (!(index >= 0 && index < file.chunks)) return 404;
		try {
			file.chunkData.set(index, p.openChunk(file, index, sealed));
		} catch {
			return 400;
		}
		if (file.chunkData.size === file.chunks) {
			const data = Buffer.concat(Array.from({ length: file.chunks }, (_, i) => file.chunkData.get(i)));
			if (data.length === file.size && p.hashText(data) === file.sha256) file.data = data;
			else file.chunkData.clear();
		}
		return 204;
	}

	// --- pairing --------------------------------------------------------------------------------------------------------

	/** Fetches and pins the other's identity, as two people would have confirmed it. */
	async see(url) {
		const reply = await fetch(`${url}/exchange/v1/identity`);
		const jws = await reply.text();
		const { payload } = p.readJws(jws);
		p.verifyJws(payload.jwks, p.TYP.identity, jws);
		if (payload.id !== p.signJwk(payload.jwks).kid) throw new Error('the id is not the key\'s');
		this.peer = { ...payload, base: url };
		return this.peer;
	}

	// --- sending --------------------------------------------------------------------------------------------------------

	thread({ uid = p.uuid7(), agreement = '', opener = true } = {}) {
		const thread = { uid, agreement, opener, ours: [], theirs: [], unanswered: undefined };
		this.threads.set(uid, thread);
		return thread;
	}

	header(thread, type, changes = {}) {
		return { iss: this.id, aud: this.peer.id, jti: p.uuid7(), thr: thread.uid, seq: thread.ours.length + 1, prv: thread.ours.at(-1) ?? '',
			ack: thread.theirs.at(-1) ?? '', mty: type, agr: thread.agreement, cls: thread.agreement ? 'assistance' : '',
			iat: Math.floor(Date.now() / 1000), ...changes };
	}

	sign(thread, type, body, { header, keys = this.keys } = {}) {
		return p.signJws(keys, p.TYP.message, this.header(thread, type, header), body);
	}

	/** One message, signed, sealed, sent, its answer held against it. Only a receipt makes the thread longer. */
	async send(thread, type, body, { header, jws = this.sign(thread, type, body, { header }), seal } = {}) {
		const wire = p.sealJwe(this.peer.jwks, jws, seal);
		const parsed = p.readJws(jws).header;
		const answer = await this.post(wire, { jws, id: parsed.jti, thread: thread.uid, seq: parsed.seq, wire }, thread);
		if (answer.receipt) thread.ours.push(p.messageHash(jws));
		return { ...answer, jws, wire };
	}

	/** Any bytes; `sent` absent: only the answer as it came. */
	async post(wire, sent, thread) {
		const reply = await fetch(`${this.peer.base}/exchange/v1/messages`, { method: 'POST', body: wire, headers: { 'content-type': 'application/jose' } });
		const text = await reply.text();
		const type = reply.headers.get('content-type');
		if (type !== 'application/jose' || !sent) return { status: reply.status, type, text };
		const heads = { weOpened: thread?.opener, theirs: thread?.theirs ?? [] };
		return { status: reply.status, type, text, ...p.readAnswer({ jwks: this.peer.jwks, own: this.id, peer: this.peer.id, status: reply.status, text, sent, heads }) };
	}

	/** Pushes a file that a receipted message announced; the statuses of the PUTs. */
	async push(file, data, { order } = {}) {
		const statuses = [];
		for (const index of order ?? Array.from({ length: file.chunks }, (_, i) => i)) {
			const sealed = p.sealChunk(file, index, data.subarray(index * p.CHUNK, (index + 1) * p.CHUNK));
			statuses.push((await this.putRaw(file.id, index, sealed)).status);
		}
		return statuses;
	}

	putRaw(id, index, sealed) {
		return fetch(`${this.peer.base}/exchange/v1/files/${id}/${index}`, { method: 'PUT', body: sealed, headers: { 'content-type': 'application/octet-stream' } });
	}

	async askFile(id) {
		return (await fetch(`${this.peer.base}/exchange/v1/files/${id}`)).json();
	}
}

async function read(request) {
	const pieces = [];
	let size = 0;
	for await (const piece of request) {
		size += piece.length;
		if (size > LIMIT) throw new Error('too large');
		pieces.push(piece);
	}
	return Buffer.concat(pieces);
}
