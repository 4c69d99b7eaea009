// A body is asked, its focal person logs in, asks for more time, gets it and answers in part with a document and a remedy; the
// person says what is missing. The focal person of another body sees nothing of it, and nobody there learns who complained.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { pdf, Visitor } from '../lib/browserless.mjs';
import { Office } from '../lib/office.mjs';
import { admissible, fileComplaint } from '../lib/people.mjs';

const PERSON = 'Zərnigar Pünhan';
const LETTER = 'The wages of four months were not paid, as the complainant told us.';
const PASSWORD = 'a long enough sentence';
const REPLY = 'Two months were paid on the first of November.';
const REMEDY = 'The other two months are paid in two parts.';

let office, head, officer, focal, other, filed, id, request;
before(async () => {
	office = await Office.create({ profile: 'az-commissioner' });
	await office.addUser('rena', 'commissioner', { name: 'Rəna Məmmədova', lang: 'en' });
	await office.start();
	head = await office.token('commissioner');
	filed = await fileComplaint(office, { name: PERSON, body_name: 'Khazar Construction OJSC (demo)' });
	id = (await office.must('GET', '/api/v1/cases', { token: head })).rows[0].id;
	await office.must('POST', `/api/v1/cases/${id}/register`, { token: await office.token('registrar'), body: {} });
	await office.must('POST', `/api/v1/cases/${id}/screening`, { token: head, body: admissible('az-commissioner') });
	await office.must('POST', `/api/v1/cases/${id}/admit`, { token: head, body: {} });
	officer = new Visitor(office.url, { lang: 'en' });
	await officer.login(office.users.rena);
});
after(() => office?.remove());

const atDesk = async () => (await officer.open(`/desk/cases/${id}/agency`)).expect();
const hidden = (page) => {
	for (const word of [PERSON, 'Pünhan', '+92 300 0000000']) assert.ok(!page.text.includes(word), `${page.path} shows ${word}`);
	return page;
};

/** The body's page at the desk, found by a word of its name. */
async function bodyPage(words) {
	const list = (await officer.open(`/desk/office/bodies?q=${encodeURIComponent(words)}`)).expect();
	return (await list.follow(/\/desk\/office\/bodies\/\d+$/)).expect();
}

/** An account on a body's page; the link is shown this once. */
async function account(words, login) {
	const page = await bodyPage(words);
	const made = (await page.form({ field: 'account_name' }).fill({ account_name: login, login, account_lang: 'en' }).send()).expect();
	const link = /\/agency\/start\/\S+/.exec(made.text)?.[0];
	assert.ok(link, made.describe());
	return link;
}

/** Sets the password by the link, and logs in at the common door. */
async function enter(link, login) {
	const visitor = new Visitor(office.url, { lang: 'en' });
	const short = await (await visitor.open(link)).expect().form({ field: 'again' }).fill({ password: 'short', again: 'short' }).send();
	assert.ok(short.expect(422).errors.password);
	const page = (await short.form({ field: 'again' }).fill({ password: PASSWORD, again: PASSWORD }).send()).expect();
	(await page.form({ field: 'password' }).fill({ login, password: PASSWORD }).send()).expect();
	return visitor;
}

test('a focal person gets a link that works once, and there is no password before it was used', async () => {
	const link = await account('Khazar', 'aysel');
	const early = await (await new Visitor(office.url, { lang: 'en' }).open('/login')).form({ field: 'password' }).fill({ login: 'aysel', password: PASSWORD }).send();
	early.expect(422);
	focal = await enter(link, 'aysel');
	(await new Visitor(office.url).open(link)).expect(404);
	assert.equal((await focal.open('/agency')).expect().root.all('tbody').length, 0, 'nothing is asked yet');
	other = await enter(await account('Migration', 'murad'), 'murad');
});

test('the officer asks two bodies at once; a letter that names the person is not sent', async () => {
	const form = (await atDesk()).form({ field: 'agency_body' });
	const refused = (await form.fill({ question: `What about ${PERSON}?` }).send()).expect(422);
	assert.ok(refused.errors.question, refused.describe());
	const page = (await refused.form({ field: 'agency_body' }).fill({ question: LETTER, questions: 'Why?\nUntil when?', agency_body_2: 'labour_inspectorate' }).send()).expect();
	assert.equal(page.forms({ action: /\/remind$/ }).length, 2);
	assert.match(page.text, /It is not told who complained/);
});

test('the focal person sees the letter and not the person; another body sees nothing', async () => {
	const list = hidden((await focal.open('/agency')).expect());
	const page = hidden((await list.follow(/\/agency\/requests\/\d+$/)).expect());
	request = /\d+$/.exec(page.path)[0];
	assert.ok(page.text.includes(LETTER) && page.text.includes('Until when?'));
	assert.match(page.text, /Who complained is not told to you/);
	assert.ok(!(await other.open('/agency')).expect().text.includes(filed.number));
	for (const path of ['', '/documents/1']) (await other.open(`/agency/requests/${request}${path}`)).expect(404);
	(await other.sendRaw(page.form({ field: 'position' }), [['_csrf', (await other.open('/agency')).form({ action: '/logout' }).pairs[0][1]], ['position', 'denies'], ['reply', 'x']])).expect(404);
	(await focal.open(`/desk/cases/${id}`)).expect(); // led to the login, and from there home
	assert.ok(!(await focal.open(`/desk/cases/${id}`)).text.includes(PERSON));
});

test('more time is asked for, within the law, and granted', async () => {
	const show = async () => (await focal.open(`/agency/requests/${request}`)).expect();
	const late = (await (await show()).form({ field: 'until' }).fill({ until: '2099-01-01', reason: 'Archive.' }).send()).expect(422);
	assert.match(late.errors.until, /until \d{4}-\d{2}-\d{2} at most/);
	const latest = /\d{4}-\d{2}-\d{2}/.exec(late.errors.until)[0];
	const asked = (await late.form({ field: 'until' }).fill({ until: latest, reason: 'The papers are in the archive.' }).send()).expect();
	assert.match(asked.text, /Asks for more time/);
	const decide = (await atDesk()).form({ field: 'decision' });
	const granted = (await decide.fill({ decision: 'grant', decision_words: 'Once, until then.' }).send()).expect();
	assert.match(granted.text, /More time granted/);
	assert.match((await show()).text, /Once, until then\./);
	const { clocks } = await office.must('GET', `/api/v1/cases/${id}`, { token: head });
	const moved = clocks.filter((one) => one.rule === 'az.agency_reply').map((one) => one.due_at.slice(0, 10));
	assert.ok(moved.includes(latest), `the limit of the case moved along: ${moved}, not ${latest}`);
});

test('the answer comes with a file and a remedy; the case waits for the other body', async () => {
	const page = (await focal.open(`/agency/requests/${request}`)).expect();
	const nothing = (await page.form({ field: 'position' }).fill({ remedy: REMEDY }).send()).expect(422);
	assert.deepEqual(Object.keys(nothing.errors).sort(), ['position', 'reply']);
	const form = nothing.form({ field: 'position' }).fill({ position: 'partly', reply: REPLY });
	assert.ok(form.pairs.some(([name, text]) => name === 'remedy' && text === REMEDY), 'what was typed stays');
	const answered = (await form.attach('files', { name: 'payroll.pdf', type: 'application/pdf', data: pdf('Payroll') }).send()).expect();
	assert.match(answered.text, /Your answer was sent/);
	assert.ok(answered.text.includes('payroll.pdf'));
	assert.equal(answered.forms({ field: 'position' }).length, 0);
	const desk = await atDesk();
	for (const words of [REPLY, REMEDY, 'payroll.pdf']) assert.ok(desk.text.includes(words), words);
	assert.equal((await office.must('GET', `/api/v1/cases/${id}`, { token: head })).case.state.key, 'with_agency');
	(await desk.form({ action: /\/withdraw-request$/ }).fill({ why: 'No longer needed.' }).send()).expect();
	assert.equal((await office.must('GET', `/api/v1/cases/${id}`, { token: head })).case.state.key, 'admitted');
});

test('the person reads the offer when the officer puts it there, and says what is missing', async () => {
	const own = await new Visitor(office.url, { lang: 'en' }).open('/track');
	let page = (await own.form({ field: 'code' }).fill({ number: filed.number, code: filed.code }).send()).expect();
	assert.ok(!page.text.includes(REMEDY));
	(await (await atDesk()).form({ action: /\/offer-remedy$/ }).send()).expect();
	page = (await page.visitor.open('/track/case')).expect();
	assert.ok(page.text.includes(REMEDY));
	const bare = (await page.form({ action: /^\/track\/offers\// }).fill({ offer_answer: 'comments' }).send()).expect(422);
	const said = (await bare.form({ action: /^\/track\/offers\// }).fill({ offer_answer: 'comments', offer_words: 'No day is given.' }).send()).expect();
	assert.equal(said.forms({ action: /^\/track\/offers\// }).length, 0);
	assert.ok((await atDesk()).text.includes('No day is given.'));
	hidden((await focal.open(`/agency/requests/${request}`)).expect());
});

test('a program of the body does the same by token, and opens nothing else', async () => {
	const page = await bodyPage('Khazar');
	const made = (await page.form({ field: 'token_label' }).fill({ token_label: 'register' }).send()).expect();
	const token = made.root.all((one) => one.attributes?.class === 'code')[0]?.text ?? /\S{30,}/.exec(made.text)[0];
	const list = await office.must('GET', '/api/v1/agency?of=answered', { token });
	assert.equal(list.requests.length, 1);
	assert.ok(!JSON.stringify(await office.must('GET', `/api/v1/agency/requests/${request}`, { token })).includes(PERSON));
	assert.equal((await office.api('GET', `/api/v1/cases/${id}`, { token })).status, 403);
	assert.equal((await office.api('GET', '/api/v1/agency', { token: head })).status, 403);
	const own = (await focal.open('/agency/password')).expect().form({ field: 'present' });
	const wrong = (await own.fill({ present: 'not this one at all', password: 'another long sentence', again: 'another long sentence' }).send()).expect(422);
	assert.ok(wrong.errors.present);
	(await wrong.form({ field: 'present' }).fill({ present: PASSWORD, password: 'another long sentence', again: 'another long sentence' }).send()).expect();
	assert.match((await focal.open('/agency')).path, /^\/login/, 'every session ended');
	await focal.login({ login: 'aysel', password: 'another long sentence' });
	const closed = await bodyPage('Khazar');
	(await closed.form({ action: /\/accounts\/\d+\/close$/ }).send()).expect();
	assert.match((await focal.open('/agency')).path, /^\/login/);
});

test('the registry goes out as a sheet and comes back, all of it or nothing; people can choose what was added', async () => {
	const { text } = await office.api('GET', '/api/v1/office/bodies/export', { token: head });
	assert.match(text, /^\ufeff?key,parent,kind,country/);
	assert.ok(text.includes('khazar_tikinti'));
	const rows = (last) => `key,kind,country,parent,name_az,name_en\nroad_office,agency,AZ,,Yol İdarəsi,Road Office\n${last}\n`;
	const bad = await office.api('POST', '/api/v1/office/bodies/import', { token: head, body: { sheet: rows('road_north,agency,AZ,nowhere,Şimal,North') } });
	assert.equal(bad.status, 422);
	assert.match(bad.text, /Line 3|3-c|3/);
	assert.ok(!(await office.api('GET', '/api/v1/office/bodies/export', { token: head })).text.includes('road_office'), 'nothing half-saved');
	const taken = await office.must('POST', '/api/v1/office/bodies/import', { token: head, body: { sheet: rows('road_north,agency,AZ,road_office,Şimal,=North') } });
	assert.equal(taken.taken, 2);
	const again = (await office.api('GET', '/api/v1/office/bodies/export', { token: head })).text;
	assert.ok(again.includes("'=North"), 'no cell is a formula');
	assert.match((await new Visitor(office.url, { lang: 'en' }).open('/complain')).expect().root.all('option').map((one) => one.text).join('\n'), /Road Office/);
});
