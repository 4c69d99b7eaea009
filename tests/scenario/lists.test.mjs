// A running office changes what it is made of: a list, a limit, a holiday. What was decided before keeps what held on its
// day; a second process on the same database takes it over; programs do the same over the API; bad rows are named by line.
import assert from 'node:assert/strict';
import test, { after, before, describe } from 'node:test';

import { BrowserVisitor, launch } from '../lib/browser.mjs';
import { Visitor } from '../lib/browserless.mjs';
import { Office, until } from '../lib/office.mjs';
import { complaint, fileComplaint } from '../lib/people.mjs';

const iso = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const NAMES = { name_az: 'Girov', name_en: 'Bond taken', name_ru: 'Залог', name_ur: 'ضمانت لی گئی' };

let office, browser, admin, reader, token, readOnly;
before(async () => {
	office = await Office.create({ profile: 'az-commissioner' });
	const [nigar, rauf] = [await office.addUser('nigar', 'administrator', { lang: 'en' }), await office.addUser('rauf', 'investigator', { lang: 'en' })];
	[token, readOnly] = [await office.token('administrator'), await office.token('investigator')];
	await office.start();
	browser = await launch();
	admin = await BrowserVisitor.create(browser, office.url, { lang: 'en' });
	reader = await BrowserVisitor.create(browser, office.url, { lang: 'ur', phone: true, script: true });
	await admin.login(nigar);
	await reader.login(rauf);
});
after(async () => {
	await browser?.close();
	await office.remove();
});

describe('a list', () => {
	test('gets an entry, which is offered from its day on', async () => {
		const page = await admin.open('/desk/office/lists/complaint_kinds');
		const form = page.form({ field: 'name_en' });
		const refused = await form.fill({ key: 'bond', ...NAMES, name_ur: '', reason: 'Seen in three cases' }).send();
		assert.equal(refused.status, 422);
		assert.match(refused.errors.name_ur, /missing/);
		const done = await refused.form({ field: 'name_en' }).fill({ name_ur: NAMES.name_ur, of_labour_wages: true }).send();
		assert.match(done.path, /entries\/bond$/);
		const list = await office.must('GET', '/api/v1/office/lists/complaint_kinds', { token });
		assert.deepEqual(list.entries.find((entry) => entry.key === 'bond').of, ['labour_wages']);
	});

	test('keeps an entry that is withdrawn, with its history', async () => {
		const change = (values) => office.api('POST', '/api/v1/office/lists/faults/entries/rudeness', { token,
			body: { name_az: 'Nəzakətsizlik', name_en: 'Discourtesy', name_ru: 'Невежливость', name_ur: 'بداخلاقی', position: 7, reason: 'New wording', ...values } });
		assert.equal((await change({ valid_from: iso(-30), seen: 0 })).status, 422);
		assert.equal((await change({ valid_from: iso(30), withdrawn: true, seen: 0 })).status, 201);
		assert.equal((await change({ valid_from: iso(40), seen: 0 })).status, 409, 'somebody else was faster');
		const { entry, versions } = await office.must('GET', '/api/v1/office/lists/faults/entries/rudeness', { token });
		assert.equal(entry.name.en, 'Rudeness');
		assert.deepEqual(versions.map(({ name, withdrawn }) => [name.en, !!withdrawn]), [['Discourtesy', true], ['Rudeness', false]]);
	});

	test('goes out as a file and comes back, with a mapping and bad rows by line', async () => {
		const { data, headers } = await admin.download('/desk/office/lists/faults/export?as=csv');
		assert.match(headers.get('content-disposition'), /faults\.csv/);
		const same = await office.must('POST', '/api/v1/office/lists/faults/import', { token, body: { text: data.toString() } });
		assert.deepEqual([same.added, same.changed, same.bad], [0, 0, 0]);
		const page = await admin.open('/desk/office/lists/faults/import');
		const text = 'key,name_en,parent\nslow,Slow answers,\nghost,,nowhere\n';
		const looked = await page.form({ field: 'text' }).fill({ text, mapping: '{"slow": "delay"}', reason: 'Shared list' }).send();
		assert.equal(looked.status, 422);
		assert.match(looked.text, /3.*name_/s);
		const planned = await looked.form({ field: 'text' }).fill({ text: 'key,name_en\nslow,Slow answers\n' }).send();
		assert.match(planned.text, /Slow answers/);
		const done = await planned.form({ field: 'text' }).send({ press: { apply: '1' } });
		assert.match(done.path, /lists\/faults$/);
		assert.match(done.text, /Slow answers/);
	});
});

describe('a limit', () => {
	test('changes from tomorrow, with source and who decided', async () => {
		await admin.open('/desk/office/limits');
		const page = await admin.open('/desk/office/limits/az.examine');
		const form = page.form({ field: 'amount' }).fill({ amount: '20', unit: 'working_day', source: 'Amendment 5', decided_by: 'Parliament' });
		const refused = await form.fill({ valid_from: iso(-1) }).send();
		assert.match(refused.errors.valid_from, /tomorrow/);
		const done = await refused.form({ field: 'amount' }).fill({ valid_from: iso(2) }).send();
		assert.match(done.text, /Amendment 5/);
		const { limit, versions } = await office.must('GET', '/api/v1/office/limits/az.examine', { token });
		assert.equal(limit.amount, 30, 'today the old one holds');
		assert.deepEqual(versions.map(({ amount }) => amount), [20, 30]);
		assert.equal(versions[0].decided_by, 'Parliament');
	});
});

describe('a holiday', () => {
	test('is entered, confirmed and removed; a year is closed', async () => {
		const year = new Date().getUTCFullYear() + 1;
		const page = await admin.open(`/desk/office/holidays?year=${year}`);
		const shown = await page.form({ field: 'days' }).fill({ day: `${year}-06-10`, days: '2', source: 'Decree 7', confirmed: true,
			name_az: 'Matəm günü', name_en: 'Day of mourning', name_ru: 'День траура', name_ur: 'یومِ سوگ' }).send();
		assert.match(shown.text, /Nothing has been changed yet/, 'first it shows what moves');
		const done = await shown.form({ field: 'source' }).send();
		assert.match(done.text, /Day of mourning/);
		const post = (body) => office.api('POST', '/api/v1/office/holidays', { token, body });
		const { holidays } = await office.must('GET', `/api/v1/office/holidays?year=${year}`, { token });
		const mourning = holidays.filter(({ names }) => names.en === 'Day of mourning');
		assert.equal(mourning.length, 2);
		assert.equal((await post({ kind: 'drop_holiday', day: `${year}-06-11`, key: mourning[1].key })).status, 201);
		assert.equal((await post({ kind: 'drop_holiday', day: `${year}-06-11`, key: mourning[1].key })).status, 422, 'it is gone');
		assert.equal((await post({ kind: 'put_workday', day: `${year}-06-12` })).status, 422, 'a source is needed');
		assert.equal((await post({ kind: 'cover', day: `${year + 2}-12-31` })).status, 201);
		const later = await office.must('GET', `/api/v1/office/holidays?year=${year + 2}`, { token });
		assert.ok(later.covered && later.holidays.some(({ key }) => key === 'new_year'), 'feasts with a fixed date are there by themselves');
	});
});

test('who may only read is offered nothing else and refused the rest', async () => {
	const page = await reader.open('/desk/office/lists/faults');
	assert.equal(page.root.all('form').filter((form) => form.attributes.action?.startsWith('/desk/office')).length, 0);
	await reader.open('/desk/office/holidays');
	assert.equal((await office.api('POST', '/api/v1/office/holidays', { token: readOnly, body: { kind: 'cover', day: '2040-12-31' } })).status, 403);
	assert.equal((await office.api('GET', '/api/v1/office/limits', { token: readOnly })).status, 200);
	assert.equal((await office.api('GET', '/api/v1/office/lists/nothing', { token })).status, 404);
	assert.equal((await office.api('GET', '/api/v1/office/lists', {})).status, 401);
});

test('the command line does the same, and the running office takes it over', async () => {
	const out = await office.cli(['list', 'export', office.dir, 'groups', '-']);
	assert.equal(out.status, 0, out.err);
	assert.match(out.out, /^\ufeff?key,name_az/);
	const bad = await office.cli(['list', 'import', office.dir, 'groups', '-'], { input: 'key,name_en\nchild,Minor\nnobody,Nobody\n' });
	assert.notEqual(bad.status, 0);
	assert.match(bad.err, /-:3: name_/);
	const good = await office.cli(['list', 'import', office.dir, 'groups', '-', '--reason', 'Plainer'], { input: 'key,name_en\nminor,Minor\n', env: {} });
	assert.notEqual(good.status, 0, 'without the mapping it is a new entry that lacks names');
	const dry = await office.cli(['list', 'import', office.dir, 'groups', '-', '--dry-run'], { input: 'key,name_en\nchild,Minor\n' });
	assert.match(dry.out, /1 changed/);
	assert.equal((await office.cli(['list', 'import', office.dir, 'groups', '-', '--reason', 'Plainer'], { input: 'key,name_en\nchild,Minor\n' })).status, 0);
	await until('the running office shows it', async () => {
		const { entries } = await office.must('GET', '/api/v1/office/lists/groups', { token });
		return entries.find((entry) => entry.key === 'child').name.en === 'Minor';
	});
});

// Trap 10: a code value that was withdrawn must still show on the case that was filed with it.
test('a subject that is renamed and withdrawn stays on the case of its day, and is offered to nobody any more', async () => {
	const before = await fileComplaint(office, { subject: 'religion' });
	await office.must('POST', '/api/v1/office/lists/subjects/entries/religion', { token, body: { name_az: 'Vicdan azadlığı', name_en: 'Freedom of conscience',
		name_ru: 'Свобода совести', name_ur: 'ضمیر کی آزادی', position: 17, valid_from: iso(2), withdrawn: true, reason: 'A new law', seen: 0 } });
	await office.must('POST', '/api/v1/office/lists/subjects', { token, body: { key: 'conscience', ...NAMES, name_en: 'Conscience', position: 17,
		valid_from: iso(0), reason: 'A new law' } });
	assert.match((await fileComplaint(office, { subject: 'conscience' })).number, /^IHM-/);
	await office.stop();
	await office.start({ offsetMs: 4 * 86_400_000 });
	const refused = await office.api('POST', '/api/v1/complaints', { headers: { 'idempotency-key': 'withdrawn-subject-1' },
		body: complaint('az-commissioner', 'later', { subject: 'religion' }) });
	assert.equal(refused.status, 422);
	const visitor = new Visitor(office.url, { lang: 'en' });
	assert.doesNotMatch((await visitor.open('/complain')).html, /value="religion"/);
	const shown = await office.must('GET', `/api/v1/complaints/${before.number}`, { headers: { 'sulh-code': before.code } });
	assert.match(JSON.stringify(shown), /Dini etiqad azadlığı/);
});

test('every page was found without fault', () => {
	assert.deepEqual([...admin.faults, ...reader.faults], []);
	assert.deepEqual([...admin.messages, ...reader.messages], []);
});
