// A partner moves to another address: taken when it has its keys there, and only then.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { Visitor } from '../lib/browserless.mjs';
import { Office } from '../lib/office.mjs';
import { Partner } from '../lib/partner.mjs';

const LANGUAGES = ['az', 'en', 'ru', 'ur'];
let office, token, liaison, id;
const partners = [];
const partner = async (options) => {
	partners.push(await Partner.create(options));
	return partners.at(-1);
};
const address = async () => (await office.must('GET', `/api/v1/partners/${id}`, { token })).partner.address;
const move = (url) => office.api('POST', `/api/v1/partners/${id}/address`, { token, body: { url }, headers: { 'accept-language': 'en' } });

before(async () => {
	office = await Office.create({ profile: 'pk-wafaqi-mohtasib' });
	liaison = await office.addUser('liaison', 'liaison');
	token = await office.token('liaison');
	await office.start();
	const first = await partner();
	const seen = await office.must('POST', '/api/v1/partners', { token, body: { url: first.url } });
	id = seen.partner.id;
	await office.must('POST', `/api/v1/partners/${id}/confirm`, { token, body: { fingerprint: seen.partner.fingerprint, compared: true } });
});
after(async () => {
	for (const one of partners) await one.close();
	await office.remove();
});

/** The same office, with its keys, on another port. */
async function moved() {
	const again = await partner();
	Object.assign(again, { keys: partners[0].keys, id: partners[0].id });
	return again;
}

test('the same keys elsewhere: the address is taken, and it stays confirmed', async () => {
	const again = await moved();
	const reply = await move(`${again.url}/`);
	assert.equal(reply.status, 200, reply.text);
	assert.equal(reply.body.partner.address, again.url);
	assert.equal(reply.body.partner.state.key, 'confirmed');
	assert.equal((await move(again.url)).status, 200, 'the same again is no mistake');
});

test('other keys, nobody there, or our own address: refused, and nothing changes', async () => {
	const before_ = await address();
	const stranger = await partner();
	const other = await move(stranger.url);
	assert.equal(other.status, 409, other.text);
	assert.match(other.text, /other keys/);
	assert.equal((await move(office.url)).status, 409);
	const gone = await partner();
	await gone.close();
	assert.ok((await move(gone.url)).status >= 400);
	assert.equal((await move('')).status, 422);
	assert.equal((await move('ftp://partner.example')).status >= 400, true);
	assert.equal((await office.api('POST', '/api/v1/partners/99/address', { token, body: { url: stranger.url } })).status, 404);
	assert.equal(await address(), before_);
});

test('only who may pair may move', async () => {
	const again = await moved();
	const auditor = await office.token('auditor');
	assert.equal((await office.api('POST', `/api/v1/partners/${id}/address`, { token: auditor, body: { url: again.url } })).status, 403);
});

test('the page has a form for it, which says in the reader\'s language what is wrong', async () => {
	const stranger = await partner();
	const told = new Set();
	for (const lang of LANGUAGES) {
		const visitor = new Visitor(office.url, { lang });
		await visitor.login(liaison);
		const page = await (await visitor.open(`/desk/partners/${id}`)).form({ action: /\/address$/ }).fill({ url: stranger.url }).send();
		assert.equal(page.status, 409, page.describe());
		assert.ok(page.errors.url);
		assert.equal(page.form({ action: /\/address$/ }).pairs.find(([name]) => name === 'url')[1], stranger.url, 'what was typed is kept');
		told.add(page.errors.url);
	}
	assert.equal(told.size, LANGUAGES.length, [...told].join(' | '));
	const visitor = new Visitor(office.url, { lang: 'en' });
	await visitor.login(liaison);
	const again = await moved();
	const page = await (await visitor.open(`/desk/partners/${id}`)).form({ action: /\/address$/ }).fill({ url: again.url }).send();
	assert.equal(page.status, 200, page.describe());
	assert.equal(await address(), again.url);
	assert.match(await office.verify(), /Everything holds/);
});
