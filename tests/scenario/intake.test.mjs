// A day at the registrar's desk: a call taken down, the same person known again in three scripts, the wall respected,
// questions of admissibility, a complaint that is not ours passed on; and two clerks at once without a gap (trap 4).
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test, { after, before, describe } from 'node:test';

import { Visitor } from '../lib/browserless.mjs';
import { Office } from '../lib/office.mjs';
import { admissible } from '../lib/people.mjs';

let office, rena, ilham, seyid, other, token;
before(async () => {
	office = await Office.create({ profile: 'az-commissioner' });
	for (const [login, roles] of [['rena', 'registrar'], ['ilham', 'investigator'], ['other', 'investigator'], ['seyid', 'admission_officer']])
		await office.addUser(login, roles);
	token = await office.token('registrar');
	await office.start();
	[rena, ilham, other, seyid] = await Promise.all(['rena', 'ilham', 'other', 'seyid'].map(async (login) => {
		const hand = new Visitor(office.url, { lang: 'en' });
		await hand.login(office.users[login]);
		return hand;
	}));
});
after(async () => {
	await office.verify(); // what the desk typed, changed and removed agrees with the journal
	await office.remove();
});

const CALL = { channel: 'phone', name: 'Əliyeva Leyla Vaqif qızı', phone: '+994 50 111 22 33', birth_date: '1984-03-02', answer_by: 'phone',
	body_key: 'dsmf', facts: 'Since June the pension has not been paid, and nobody answers at the counter.', sex: 'female', age_band: 'refused' };

const write = async (hand, values) => (await hand.open('/desk/new')).expect().form({ action: '/desk/new' }).fill({ ...CALL, ...values });
const enter = async (hand, values) => (await (await write(hand, values)).send({ press: { step: 'save' } })).expect();
const idOf = (page) => Number(/\/desk\/cases\/(\d+)/.exec(page.link(/Open the case/))[1]);

describe('a call', () => {
	let first;

	test('is taken down on one page and gets number and slip', async () => {
		const page = await enter(rena);
		assert.match(page.path, /^\/desk\/new\/done/);
		assert.match(page.text, /\d{4}.*\d{6}/);
		const code = /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(page.text)?.[0];
		assert.ok(code, 'the slip has the code');
		first = { id: idOf(page), number: page.facts.Number };
		const gul = new Visitor(office.url, { lang: 'en' });
		const own = await (await gul.open('/track')).form({ field: 'code' }).fill({ number: first.number, code }).send();
		assert.ok(own.expect().text.includes(first.number), 'which opens the case for the person');
		const people = (await rena.open(`/desk/cases/${first.id}/people`)).expect();
		assert.equal(people.facts.Age, 'Would not say');
		assert.equal(people.facts.Disability, 'Not asked');
	});

	test('what is wrong comes back filled, with the field named', async () => {
		const page = await (await write(rena, { answer_by: 'post', facts: 'Short.', received_on: '2999-01-01' })).send({ press: { step: 'save' } });
		page.expect(422);
		assert.deepEqual(Object.keys(page.errors).sort(), ['address', 'facts', 'received_on']);
		assert.equal(Object.fromEntries(page.form({ action: '/desk/new' }).pairs).name, CALL.name);
	});

	for (const [name, script] of [['Алиева Лейла', 'Cyrillic'], ['علییوا لیلا', 'Urdu'], ['Leyla Əliyeva', 'Latin, turned round']])
		test(`the same person is known again in ${script}`, async () => {
			const page = await (await write(rena, { name, phone: '012 345 67 89', birth_date: '' })).send({ press: { step: 'look' } });
			assert.ok(page.expect().text.includes(first.number), page.describe());
			const saved = await (await write(rena, { name, phone: '012 345 67 89', birth_date: '' })).send({ press: { step: 'save' } });
			assert.equal(saved.path, '/desk/new', 'no number is given before they were looked at');
			assert.ok(saved.text.includes(first.number));
		});

	test('and joined by nobody but the registrar', async () => {
		const shown = await (await write(rena, { phone: '050 111 22 33', name: 'Leyla' })).send({ press: { step: 'look' } });
		const second = idOf((await shown.form({ action: '/desk/new' }).send({ press: { step: 'save' } })).expect());
		const page = (await rena.open(`/desk/cases/${second}/screening`)).expect();
		assert.ok(page.text.includes(first.number) && page.text.includes('same telephone'));
		(await page.form({ action: /\/earlier$/ }).send()).expect();
		assert.ok((await rena.open(`/desk/cases/${first.id}`)).text.includes('nömrəli işlə əlaqəlidir'), 'in the language of the office');
	});

	test('a case behind the wall shows only whom to ask', async () => {
		const page = await enter(rena, { name: 'Həsənov Rauf', phone: '055 222 33 44' });
		const id = idOf(page), number = page.facts.Number;
		(await (await rena.open(`/desk/cases/${id}`)).form({ action: /\/register$/ }).send()).expect();
		(await (await rena.open(`/desk/cases/${id}/screening`)).form({ action: /\/screening$/ }).fill(admissible('az-commissioner')).send()).expect();
		const assign = (await rena.open(`/desk/cases/${id}`)).form({ action: /\/assign$/ });
		const option = assign.node.all('option').find((one) => one.text === 'ilham');
		(await assign.fill({ staff_id: option.attributes.value }).send()).expect();
		(await (await ilham.open(`/desk/cases/${id}`)).form({ action: /\/admit$/ }).send()).expect();
		const shown = await (await write(rena, { name: 'Гасанов Рауф', phone: '055 222 33 44' })).send({ press: { step: 'look' } });
		assert.ok(shown.expect().text.includes('There is an earlier case that you may not see. Ask: ilham'), shown.describe());
		assert.ok(!shown.text.includes(number) && !shown.html.includes(`/desk/cases/${id}`));
		(await other.open('/desk/new')).expect(403);
	});

	test('a withheld identity is found by nobody', async () => {
		const page = await enter(rena, { name: 'Quliyeva Sevda', phone: '077 333 44 55', confidential: true });
		const id = idOf(page);
		const one = (await rena.open(`/desk/cases/${id}`)).expect();
		assert.ok(one.text.includes('Identity withheld') && !one.text.includes('Quliyeva'));
		const people = (await rena.open(`/desk/cases/${id}/people`)).expect();
		assert.ok(!people.text.includes('Quliyeva') && !people.text.includes('333 44 55'));
		const shown = await (await write(rena, { name: 'Гулиева Севда', phone: '077 333 44 55', birth_date: '' })).send({ press: { step: 'look' } });
		assert.ok(shown.text.includes('No earlier complaint of this person was found.'));
		assert.ok(!(await rena.open('/desk/search?q=Quliyeva')).text.includes(page.facts.Number));
	});

	test('somebody in detention starts the clock of a day', async () => {
		const id = idOf(await enter(rena, { name: 'Nəbi Kamal', phone: '070 999 88 77', detention: 'remand', urgent: 'detainee' }));
		const page = (await rena.open(`/desk/cases/${id}`)).expect();
		assert.match(page.text, /detention/i);
		assert.match(page.root.one('aside').text, /24|hour|1 day/);
	});
});

describe('an e-mail', () => {
	test('fills the form, and keeps nothing by itself', async () => {
		const email_text = 'From: =?utf-8?b?xo9saXlldmE=?= Nigar <nigar@example.org>\nDate: Mon, 2 Nov 2026 22:30:00 +0000\nSubject: Pension\n\nThe pension of my mother has not come since May.';
		const page = (await (await rena.open('/desk/new')).form({ field: 'email_text' }).fill({ email_text }).send()).expect();
		const read = Object.fromEntries(page.form({ action: '/desk/new' }).pairs);
		assert.equal(read.name, 'Əliyeva Nigar');
		assert.equal(read.email, 'nigar@example.org');
		assert.equal(read.sent_on, '2026-11-03', 'the day in Baku');
		assert.equal(read.channel, 'email');
		assert.match(read.facts, /^Pension\s+The pension of my mother/);
	});
});

describe('what is not ours', () => {
	let id;
	const screening = async (hand = rena) => (await hand.open(`/desk/cases/${id}/screening`)).expect();

	test('is proposed so, and cannot be closed by telling to go elsewhere', async () => {
		id = idOf(await enter(rena, { name: 'Məmmədov Orxan', phone: '051 444 55 66', birth_date: '', body_key: 'judges', facts: 'The judge decided wrongly about my flat, I think.' }));
		(await (await rena.open(`/desk/cases/${id}`)).form({ action: /\/register$/ }).send()).expect();
		let page = await screening();
		assert.ok(page.text.includes('The list says that this body is not ours.'));
		page = (await page.form({ action: /\/screening$/ }).fill({ answer_2: 'yes' }).send()).expect(422);
		assert.deepEqual(Object.keys(page.errors), ['reason_2'], 'what stands in the way needs its reason');
		page = (await (await screening()).form({ action: /\/screening$/ }).fill({ answer_2: 'yes', reason_2: 'A judgment.' }).send()).expect();
		assert.ok(page.text.includes('Reason proposed for closing: Subject outside our mandate'), page.describe());
		assert.ok(page.text.includes('Court of appeal'), 'with an office that may be competent');
		assert.ok(!(await screening(seyid)).hasForm({ action: /\/overrule$/ }), 'the law leaves no discretion in this question');
		page = await (await seyid.open(`/desk/cases/${id}`)).form({ action: /\/close$/ }).fill({ closing: 'not_our_subject' }).send();
		page.expect(409);
		assert.match(page.errors.closing, /Nobody is sent away/);
	});

	test('is passed on with the agreement of the person, and watched', async () => {
		let page = (await (await screening()).form({ action: /\/transfers$/ }).fill({ office_key: 'courts', what: 'The complaint, without the annexes.' }).send()).expect();
		assert.ok(!page.hasForm({ button: /Record that it was sent/ }), 'nothing goes before the person agreed');
		page = (await page.form({ button: /Record the agreement/ }).fill({ consent: 'spoken' }).send()).expect();
		page = (await page.form({ button: /Record that it was sent/ }).fill({ method: 'post' }).send()).expect();
		assert.ok((await rena.open('/desk/transfers')).expect().text.includes('Court of appeal'));
		page = (await page.form({ button: /Record the receipt/ }).fill({ their_number: '2-77/2026' }).send()).expect();
		assert.ok(page.text.includes('2-77/2026'));
		(await (await seyid.open(`/desk/cases/${id}`)).form({ action: /\/close$/ }).fill({ closing: 'not_our_subject' }).send()).expect();
	});
});

describe('a complaint that came late', () => {
	test('is let pass by discretion, with the reason and by whoever may', async () => {
		const id = idOf(await enter(rena, { name: 'Rzayeva Aygün', phone: '099 777 66 55', birth_date: '', happened_on: '2024-01-15' }));
		(await (await rena.open(`/desk/cases/${id}`)).form({ action: /\/register$/ }).send()).expect();
		let page = (await rena.open(`/desk/cases/${id}/screening`)).expect();
		assert.ok(page.text.includes('Counted from the day it happened, it came late.'));
		page = (await page.form({ action: /\/screening$/ }).fill({ ...admissible('az-commissioner'), answer_3: 'no', reason_3: 'Learned in January 2024.' }).send()).expect();
		assert.ok(page.text.includes('Out of time'));
		assert.ok(!page.hasForm({ action: /\/overrule$/ }), 'the registrar has no discretion');
		(await (await seyid.open(`/desk/cases/${id}`)).form({ action: /\/admit$/ }).send()).expect(409);
		page = (await seyid.open(`/desk/cases/${id}/screening`)).expect();
		page = (await page.form({ action: /\/overrule$/ }).fill({ overrule_reason: 'She was in hospital for a year.' }).send()).expect();
		assert.ok(page.text.includes('Let pass by discretion'));
		(await (await seyid.open(`/desk/cases/${id}`)).form({ action: /\/admit$/ }).send()).expect();
	});
});

describe('two clerks', () => {
	test('number at once without a gap, and repeat without a second case', async () => {
		const one = (n, submission = randomUUID()) => office.must('POST', '/api/v1/desk/new', { token, body: { submission, looked: 'yes', case_class: 'complaint', channel: 'desk', lang: 'az',
			received_on: new Date().toISOString().slice(0, 10), name: `Clerk ${n}`, phone: `05000000${10 + n}`, body_key: 'dsmf', facts: 'Nobody answers at the counter of the fund.' } });
		const before = (await one(0)).number;
		const key = randomUUID();
		const numbers = await Promise.all(Array.from({ length: 12 }, async (_, n) => (await one(n + 1, n === 5 || n === 6 ? key : undefined)).number));
		const found = [...new Set(numbers)].map((number) => Number(/(\d+)$/.exec(number)[1])).sort((a, b) => a - b);
		const start = Number(/(\d+)$/.exec(before)[1]);
		assert.deepEqual(found, Array.from({ length: 11 }, (_, i) => start + 1 + i));
	});
});
