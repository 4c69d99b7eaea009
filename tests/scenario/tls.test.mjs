// An office behind its own certificate: pages only over TLS, cookies marked for it; and no partner is believed whose
// certificate nobody vouches for.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import test, { after, before, describe } from 'node:test';
import tls from 'node:tls';

import { Visitor } from '../lib/browserless.mjs';
import { Office } from '../lib/office.mjs';

/** A self-signed certificate for the loopback address. */
function certificate(folder) {
	const [key, cert] = ['key.pem', 'cert.pem'].map((name) => path.join(folder, name));
	execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost',
		'-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert], { stdio: 'ignore' });
	return { key, cert };
}

/** One request that trusts whatever certificate comes. */
const get = (port, address, options = {}) => new Promise((resolve, reject) => {
	https.get({ host: '127.0.0.1', port, path: address, rejectUnauthorized: false, ...options }, (reply) => {
		let body = '';
		reply.on('data', (piece) => (body += piece)).on('end', () => resolve({ status: reply.statusCode, headers: reply.headers, body }));
	}).on('error', reject);
});

const plain = (port) => new Promise((resolve) => {
	let answer = '';
	const socket = net.connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
	socket.on('data', (piece) => (answer += piece)).on('close', () => resolve(answer)).on('error', () => resolve(answer));
	socket.setTimeout(5000, () => socket.destroy());
});

describe('an office with a certificate of its own', () => {
	let office, other, files;

	before(async () => {
		office = await Office.create({ profile: 'az-commissioner' });
		other = await Office.create();
		files = certificate(office.dir);
		await other.addUser('naveed', 'commissioner');
		await office.start({ env: { SULH_TLS_CERTIFICATE: files.cert, SULH_TLS_KEY: files.key } });
		await other.start();
	});
	after(() => Promise.all([office.remove(), other.remove()]));

	test('answers over TLS, and tells browsers to stay there', async () => {
		const reply = await get(office.port, '/complain');
		assert.equal(reply.status, 200);
		assert.match(reply.headers['strict-transport-security'], /max-age=\d{7,}/);
		for (const cookie of reply.headers['set-cookie']) assert.match(cookie, /; Secure/i, cookie);
	});

	test('speaks nothing older than TLS 1.2', async () => {
		await assert.rejects(get(office.port, '/', { maxVersion: 'TLSv1.1', minVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }));
		const reply = await new Promise((resolve, reject) => {
			const socket = tls.connect({ host: '127.0.0.1', port: office.port, rejectUnauthorized: false }, () => {
				resolve(socket.getProtocol());
				socket.destroy();
			}).on('error', reject);
		});
		assert.match(reply, /^TLSv1\.[23]$/);
	});

	test('shows no page to a plain request', async () => {
		assert.doesNotMatch(await plain(office.port), /<html/);
	});

	test('is no partner while nobody vouches for its certificate', async () => {
		const officer = new Visitor(other.url, { lang: 'en' });
		await officer.login(other.users.naveed);
		const page = await (await officer.open('/desk/partners')).form({ field: 'url' }).fill({ url: `https://127.0.0.1:${office.port}` }).send();
		assert.ok(page.status >= 400, `status ${page.status}`);
		assert.match(page.errors.url ?? '', /does not answer|certificate/i, JSON.stringify(page.errors));
		assert.match(page.html, new RegExp(`https://127\\.0\\.0\\.1:${office.port}`), 'the form comes back filled');
	});

	test('refuses to start with a key that does not fit', async () => {
		const third = await Office.create();
		const wrong = certificate(third.dir);
		await assert.rejects(third.start({ env: { SULH_TLS_CERTIFICATE: files.cert, SULH_TLS_KEY: wrong.key } }));
		await third.remove();
	});
});
