// Time: limits that stand still and are extended as the law allows, tasks, a deputy who works in another's name until the
// delegation ends in the open session, reminders that nobody loses while the program does not run, a holiday that shows
// what it would move.
import assert from 'node:assert/strict';
import test, { after, before, describe } from 'node:test';

import { BrowserVisitor, launch } from '../lib/browser.mjs';
import { Visitor } from '../lib/browserless.mjs';
import { Office, until } from '../lib/office.mjs';
import { admissible, fileComplaint } from '../lib/people.mjs';

const DAY = 86_400_000;
const iso = (days) => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);

let office, browser, sadia, rashid, token;
const users = {}, visitors = [];
const hand = async (login) => {
	const visitor = new Visitor(office.url, { lang: 'en' });
	await visitor.login(users[login]);
	return visitor;
};
/** Looks at pages in a browser: what axe finds and what sticks out is gathered. */
const look = async (login, pages, options = {}) => {
	const visitor = await BrowserVisitor.create(browser, office.url, { lang: 'en', ...options });
	visitors.push(visitor);
	await visitor.login(users[login]);
	for (const [name, path] of Object.entries(pages)) {
		await visitor.open(path);
		await visitor.picture(name);
	}
};
before(async () => {
	office = await Office.create({ profile: 'pk-wafaqi-mohtasib' });
	for (const [login, roles, name] of [['sadia', 'commissioner', 'Sadia Malik'], ['rashid', 'investigator', 'Rashid Ali'],
		['nadeem', 'investigator', 'Nadeem Shah'], ['amna', 'administrator', 'Amna Bibi']])
		users[login] = await office.addUser(login, roles, { name });
	token = await office.token('registrar commissioner');
	await office.start();
	for (const number of [1, 2]) await fileComplaint(office, { name: `Person ${number}` });
	for (const [what, body] of [['register', {}], ['screening', admissible(office.profile)], ['admit', {}], ['assign', { staff_id: 2 }]])
		await office.must('POST', `/api/v1/cases/1/${what}`, { token, body });
	browser = await launch();
	[sadia, rashid] = [await hand('sadia'), await hand('rashid')];
});
after(async () => {
	const faults = visitors.flatMap((visitor) => [...visitor.faults, ...visitor.messages]);
	await browser?.close();
	await office.remove();
	assert.deepEqual(faults, [], 'what axe finds, what sticks out, what the browser complains of');
});

describe('a time limit', () => {
	test('stands still with a reason and runs again', async () => {
		const page = await rashid.open('/desk/cases/1/time');
		assert.match(page.text, /The office aims at/);
		const still = await page.form({ action: /pause-clock/ }).fill({ reason: 'court_case', words: 'Heard in May' }).send();
		assert.match(still.text, /Stands still.*Court case: Heard in May/s);
		assert.match((await rashid.open('/desk?of=mine')).text, /Stands still/);
		const again = await (await rashid.open('/desk/cases/1/time')).form({ action: /resume-clock/ }).send();
		assert.match(again.text, /It stood still from/);
		assert.doesNotMatch(again.text, /Extend it/, 'the law gives no extension of the sixty days');
	});
});

describe('tasks', () => {
	test('are given, asked about, done with a result, and counted', async () => {
		const page = await sadia.open('/desk/cases/1/time');
		const wrong = await page.form({ field: 'executors' }).fill({ task: 'Visit the site.', executors: 'nobody', due: iso(5) }).send();
		assert.equal(wrong.status, 422);
		assert.match(wrong.errors.executors, /nobody/);
		await wrong.form({ field: 'executors' }).fill({ executors: 'rashid, nadeem' }).send();
		const list = await rashid.open('/desk/tasks');
		assert.match(list.text, /For me to do 1/);
		await look('rashid', { 'case-time': '/desk/cases/1/time', tasks: '/desk/tasks', task: '/desk/tasks/1' });
		const task = await rashid.open('/desk/tasks/1');
		await task.form({ action: /ask$/ }).fill({ words: 'Which site?' }).send();
		assert.match((await sadia.open('/desk/notices')).text, /Rashid Ali asks for instructions/);
		await (await sadia.open('/desk/tasks/1')).form({ action: /instruct$/ }).fill({ words: 'The one in the letter.' }).send();
		const refused = await (await rashid.open('/desk/tasks/1')).form({ action: /do$/ }).fill({ opinion: 'partly' }).send();
		assert.equal(refused.status, 422);
		assert.match(refused.errors.words, /Explain/);
		const done = await refused.form({ action: /do$/ }).fill({ opinion: 'done' }).send();
		assert.match(done.text, /Carried out/);
		assert.match((await rashid.open('/desk/tasks')).text, /No task here/);
	});

	test('are done several at once', async () => {
		const given = { kind: 'execution', executors: 'rashid', assigner: 'sadia' };
		const ids = [];
		for (const task of ['One.', 'Two.', 'Three.']) ids.push((await office.must('POST', '/api/v1/tasks', { token, body: { ...given, task } })).made);
		const hands = new Visitor(office.url, { lang: 'en' });
		await hands.login(users.rashid);
		const none = await (await hands.open('/desk/tasks')).form({ action: /bulk/ }).send();
		assert.equal(none.status, 422);
		assert.match(none.text, /Choose at least one task/);
		const left = await none.form({ action: /bulk/ }).fill({ [`t${ids[0]}`]: true, [`t${ids[2]}`]: true }).send();
		assert.match(left.text, /For me to do 1 /);
		const sadiasTwo = await office.must('GET', '/api/v1/tasks?of=gave&ended=1&staff=1', { token });
		assert.equal(sadiasTwo.rows.filter(({ state }) => state.key === 'done').length, 3);
	});

	test('come again and again', async () => {
		const page = await sadia.open('/desk/task-series');
		const done = await page.form({ field: 'every' }).fill({ task: 'Look at the late cases.', executors: 'rashid', every: '1', period: 'week',
			from: iso(1), workdays: true }).send();
		assert.match(done.text, /Next days:/);
	});
});

describe('a deputy', () => {
	test('works in the name of the one who is away, and only as long as that lasts', async () => {
		const nadeem = await hand('nadeem');
		assert.match((await nadeem.open('/desk/cases/1')).path, /break-glass/);
		const page = await rashid.open('/desk/substitutions');
		const self = await page.form({ field: 'deputy' }).fill({ absent: 'rashid', deputy: 'rashid', from: iso(0), to: iso(3) }).send();
		assert.match(self.errors.deputy, /themselves/);
		const entered = await self.form({ field: 'deputy' }).fill({ deputy: 'nadeem' }).send();
		assert.match(entered.text, /Nadeem Shah/);
		const other = await sadia.open('/desk/substitutions');
		const mutual = await other.form({ field: 'deputy' }).fill({ absent: 'nadeem', deputy: 'rashid', from: iso(1), to: iso(2) }).send();
		assert.equal(mutual.status, 409);
		assert.match(mutual.text, /stand in for each other/);
		assert.match((await nadeem.open('/desk/notices')).text, /You stand in for Rashid Ali/);
		const own = await nadeem.open('/desk/substitutions');
		const now = await own.form({ action: /act-for/ }).send();
		assert.match(now.html, /Nadeem Shah for Rashid Ali/);
		assert.equal((await nadeem.open('/desk/cases/1')).path, '/desk/cases/1');
		await (await nadeem.open('/desk/cases/1/time')).form({ action: /pause-clock/ }).fill({ reason: 'emergency' }).send();
		assert.match((await sadia.open('/desk/cases/1')).text, /Nadeem Shah برائے Rashid Ali/);
		await (await sadia.open('/desk/substitutions')).form({ action: /substitutions\/1\/end/ }).send();
		const after = await nadeem.open('/desk/cases/1');
		assert.match(after.path, /break-glass/, 'the very next request of the open session');
		assert.doesNotMatch(after.html, /for Rashid Ali/);
	});

	test('holds a head\'s post that is vacant', async () => {
		const nadeem = new Visitor(office.url, { lang: 'en' });
		await nadeem.login(users.nadeem);
		const body = { kind: 'acting', deputy: 'nadeem', post: 'commissioner', rights: 'all', from: iso(0), to: iso(1) };
		assert.equal((await office.api('POST', '/api/v1/substitutions', { token: await office.token('investigator'), body })).status, 403);
		const { made } = await office.must('POST', '/api/v1/substitutions', { token, body });
		assert.equal((await office.api('POST', '/api/v1/substitutions', { token, body })).status, 409, 'one acting head at a time');
		assert.match((await nadeem.open('/desk/cases/2')).path, /break-glass/);
		const now = await (await nadeem.open('/desk/substitutions')).form({ action: /act-for/ }).send();
		assert.match(now.html, /Nadeem Shah for/);
		assert.equal((await nadeem.open('/desk/cases/2')).path, '/desk/cases/2');
		await office.must('POST', `/api/v1/substitutions/${made}/end`, { token, body: {} });
		assert.match((await nadeem.open('/desk/cases/2')).path, /break-glass/);
	});
});

describe('nothing is lost', () => {
	test('when the program does not run for weeks, and thirty days with the agency are over', async () => {
		await office.must('POST', '/api/v1/cases/2/register', { token, body: {} });
		await office.must('POST', '/api/v1/cases/2/agency-first', { token, body: {} });
		assert.equal((await office.must('GET', '/api/v1/cases/2', { token })).case.state.key, 'agency_first');
		await office.stop();
		await office.start({ offsetMs: 33 * DAY });
		await until('the complaint comes to the office', async () => (await office.must('GET', '/api/v1/cases/2', { token })).case.state.key === 'registered');
		const { clocks } = await office.must('GET', '/api/v1/cases/2/time', { token });
		const decide = clocks.filter(({ rule }) => rule === 'pk.decide');
		assert.equal(decide.length, 2);
		assert.ok(new Date(decide[1].due_at) - Date.now() > 92 * DAY, 'the sixty days begin when it comes');
		await look('sadia', { 'notices-ur': '/desk/notices', 'case-time-ur': '/desk/cases/2/time', 'substitutions-ur': '/desk/substitutions',
			'task-series-ur': '/desk/task-series', 'recounts-ur': '/desk/office/recounts' }, { lang: 'ur', phone: true });
		const again = await hand('sadia'), notices = await again.open('/desk/notices');
		assert.match(notices.text, /It has come to the office/);
		const read = await notices.form({ action: /notices\/read$/ }).send();
		assert.doesNotMatch(read.text, /Mark as read/);
	});

	test('and what is provable holds', () => office.verify());
});

describe('a new holiday', () => {
	test('shows what it would move, and moves it', async () => {
		const ask = (body, at = '') => office.must('POST', `/api/v1/office/holidays${at}`, { token: officeToken, body });
		const officeToken = await office.token('administrator');
		await office.must('POST', '/api/v1/cases/1/agency-requests', { token, body: { agency_body: 'A body', question: 'Why?' } });
		const { clocks } = await office.must('GET', '/api/v1/cases/1/time', { token });
		const due = clocks.find(({ rule, running }) => rule === 'pk.agency_reply' && running).due_at;
		/* The last day, whatever it is, becomes a holiday: it rolls on. */
		const day = new Date(new Date(due).getTime() + 5 * 3_600_000).toISOString().slice(0, 10);
		const change = { kind: 'put_holiday', day, name_az: 'Matəm', name_en: 'Mourning', name_ru: 'Траур', name_ur: 'سوگ', source: 'Decree 7', confirmed: true };
		const { moves } = await ask(change, '/preview');
		assert.equal(moves.length, 1);
		assert.ok(moves[0].then_at > moves[0].before_at && moves[0].later);
		await ask(change);
		await until('the limit moves', async () => (await office.must('GET', '/api/v1/cases/1/time', { token })).clocks
			.some(({ due_at }) => due_at === moves[0].then_at));
		const admin = await hand('amna');
		await until('it is counted again', async () => !/looked through/.test((await admin.open('/desk/office/recounts')).text));
	});
});
