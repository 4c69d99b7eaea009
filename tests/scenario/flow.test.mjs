// The course of a case: given with its reason, closed, looked at again by somebody else, taken to the President with the
// order stayed; two complaints about one thing closed together with a letter each; two officers on one page; a new colleague.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Visitor } from '../lib/browserless.mjs';
import { Office } from '../lib/office.mjs';
import { admissible, fileComplaint } from '../lib/people.mjs';

test('the course of a case', async (t) => {
	const office = await Office.create({ profile: 'pk-wafaqi-mohtasib' });
	t.after(() => office.remove());
	const users = {};
	for (const [login, roles, name] of [['sadia', 'commissioner', 'Sadia Malik'], ['rashid', 'investigator', 'Rashid Ali'],
		['leyla', 'investigator', 'Leyla Noor'], ['amna', 'administrator', 'Amna Bibi']])
		users[login] = await office.addUser(login, roles, { name, lang: 'en' });
	await office.mustRun(['user', 'skills', office.dir, '--login', 'leyla', '--subjects', 'labour_wages', '--languages', 'ur']);
	await office.start();
	const first = await fileComplaint(office, { name: 'گل خان' });
	const second = await fileComplaint(office, { name: 'Zahid Iqbal' });
	const token = await office.token('registrar commissioner');
	const act = (id, what, body) => office.must('POST', `/api/v1/cases/${id}/${what}`, { token, body });
	for (const id of [1, 2]) {
		await act(id, 'register', {});
		await act(id, 'screening', admissible(office.profile));
		await act(id, 'admit', {});
	}
	const hand = async (login) => {
		const visitor = new Visitor(office.url, { lang: 'en' });
		await visitor.login(users[login]);
		return visitor;
	};
	const sadia = await hand('sadia'), leyla = await hand('leyla'), rashid = await hand('rashid'), amna = await hand('amna');
	const person = new Visitor(office.url, { lang: 'en' });
	await (await person.open('/track')).form({ field: 'code' }).fill({ number: first.number, code: first.code }).send();

	await t.test('the proposal says why, and somebody else needs a reason', async () => {
		const page = await sadia.open('/desk/cases/1/team');
		assert.match(page.text, /Leyla Noor: knows “[^”]+”, .*0 open cases/);
		const refused = await page.form({ action: /\/lead$/ }).fill({ staff_id: '2' }).send();
		assert.equal(refused.status, 422);
		assert.match(refused.text, /somebody else than the one proposed/);
		const given = await refused.form({ action: /\/lead$/ }).fill({ staff_id: '3' }).send();
		assert.match(given.text, /Lead\s*Leyla Noor/);
		assert.match((await leyla.open('/desk/notices')).text, /Sadia Malik gave you this case/);
		assert.match((await sadia.open('/desk/office/staff')).text, /Leyla Noor.*1/s);
	});

	await t.test('who saves an older page is shown what the other did', async () => {
		const older = await leyla.open('/desk/cases/1');
		await act(1, 'lead', { staff_id: 2, reason: 'Leyla is on leave' });
		await act(1, 'lead', { staff_id: 3, reason: 'She is back' });
		const refused = await older.form({ action: /\/close$/ }).fill({ closing: 'advice_given', closing_words: 'My words' }).send();
		assert.equal(refused.status, 409);
		assert.match(refused.text, /What happened since.*She is back.*Leyla is on leave/s);
		assert.match(refused.html, /My words/);
		const program = await office.api('POST', '/api/v1/cases/1/close', { token, body: { version: 1, closing: 'advice_given' } });
		assert.equal(program.status, 409);
		assert.match(program.body.changed[0].text, /She is back/);
	});

	await t.test('two complaints about one thing are closed together, with a letter each', async () => {
		await act(1, 'links', { link_kind: 'joined', other: second.number, reason: 'The same company, the same month' });
		const alone = await office.api('POST', '/api/v1/cases/1/close', { token, body: { closing: 'advice_given' } });
		assert.equal(alone.status, 409);
		const page = await sadia.open('/desk/cases/1/links');
		assert.match(page.text, /Joined into this case/);
		const form = page.form({ action: /close-together/ });
		const refused = await form.fill({ closing: '', closing_words: 'To the first', letter_1: 'Your own letter, Zahid' }).send();
		assert.equal(refused.status, 422);
		assert.match(refused.html, /Your own letter, Zahid/); // nothing written is lost
		const done = await refused.form({ action: /close-together/ }).fill({ closing: 'advice_given' }).send();
		assert.equal(done.status, 200, done.text);
		const other = await office.must('GET', '/api/v1/cases/2', { token });
		assert.equal(other.case.state.key, 'closed');
		assert.match(JSON.stringify(other.messages), /Your own letter, Zahid/);
	});

	await t.test('the person asks for a review on their page, and reads what happens next', async () => {
		const page = await person.open('/track/case');
		assert.match(page.text, /Review by the Mohtasib/);
		const asked = await page.form({ action: /track\/review/ }).fill({ ground: 'mistake', petition: 'The letter of May was not read.' }).send();
		assert.match(asked.text, /An officer who did not work on your complaint before looks at the decision again/);
		assert.match(asked.text, /Asked for on/);
	});

	await t.test('who was involved does not review; somebody else decides', async () => {
		const page = await sadia.open('/desk/cases/1/links');
		assert.match(page.text, /Leyla Noor led the case before; a review is for somebody who was not involved/);
		assert.match(page.text, /Rashid Ali led the case before/); // for a moment only
		assert.deepEqual(page.form({ action: /reviews\/1\/reviewer/ }).node.all('option').map((one) => one.text), ['Choose']);
		assert.equal((await office.api('POST', '/api/v1/cases/1/reviews/1/reviewer', { token, body: { staff_id: 2 } })).status, 409);
		assert.equal((await office.api('POST', '/api/v1/cases/1/reviews/1/reviewer', { token, body: { staff_id: 4 } })).status, 409, 'an administrator');
		await office.stop();
		const hira = await office.addUser('hira', 'head_of_unit', { name: 'Hira Shah', lang: 'en' });
		await office.start();
		await act(1, 'reviews/1/reviewer', { staff_id: 5 });
		const reviewer = new Visitor(office.url, { lang: 'en' });
		await reviewer.login(hira);
		const decided = await (await reviewer.open('/desk/cases/1/links')).form({ action: /review-outcome/ })
			.fill({ outcome: 'altered', words: 'The letter of May counts.' }).send();
		assert.match(decided.text, /Altered/);
		assert.match((await person.open('/track/case')).text, /Altered.*The letter of May counts/s);
	});

	await t.test('a representation stays the order', async () => {
		await act(1, 'reviews', { way: 'president', asked_by: 'body', ground: 'law', petition: 'The agency represents.' });
		const page = await sadia.open('/desk/cases/1/links');
		assert.match(page.text, /Order stayed until/);
		assert.match((await person.open('/track/case')).text, /Our decision is suspended until/);
		await act(1, 'reviews/2/review-outcome', { outcome: 'rejected', words: 'The President rejected it.' });
		assert.doesNotMatch((await person.open('/track/case')).text, /is suspended until/);
	});

	await t.test('many at once: what was done and what was not, with the reason', async () => {
		const chosen = await office.must('POST', '/api/v1/bulk', { token, body: { act: 'assign', staff_id: 2, cases: [1, 2] } });
		assert.deepEqual(chosen.done.map((one) => one.id), [1]);
		assert.equal(chosen.refused[0].number, second.number);
		assert.ok(chosen.refused[0].why);
		const third = await fileComplaint(office, { name: 'Third Person' });
		const list = await sadia.open('/desk/cases');
		assert.match(list.html, /name="case_id\[\]" value="3"/);
		const ticked = await sadia.sendRaw(list.form({ action: /\/desk\/bulk/ }), [...list.form({ action: /\/desk\/bulk/ }).pairs, ['case_id[]', '1'], ['case_id[]', '3']]);
		assert.match(ticked.text, new RegExp(`${first.number}.*${third.number}`, 's'));
		const refused = await ticked.form({ action: /\/desk\/bulk/ }).fill({ act: 'note' }).send();
		assert.equal(refused.status, 422);
		const done = await refused.form({ action: /\/desk\/bulk/ }).fill({ act: 'note', note: 'Seen together.' }).send();
		assert.match(done.text, /2 cases done/);
	});

	await t.test('the states are drawn from the profile, and every name stands in the table', async () => {
		const page = await rashid.open('/desk/office/states');
		assert.ok(page.root.one('svg'));
		assert.match(page.text, /Under review.*Reopen/s);
	});

	await t.test('a new colleague chooses a password by a link that works once', async () => {
		const list = await amna.open('/desk/office/staff');
		const added = await list.form({ action: /\/office\/staff$/ }).fill({ name: 'Bilal Qureshi', login: 'bilal', 'role[]': ['investigator'], unit: 'investigation', 'speech[]': ['en', 'ur'] }).send();
		const key = /\/invitation\?key=([\w-]+)/.exec(added.text)[1];
		const newcomer = new Visitor(office.url, { lang: 'en' });
		const form = (await newcomer.open(`/invitation?key=${key}`)).form({ field: 'password' });
		assert.equal((await form.fill({ password: 'a long enough word', again: 'another' }).send()).status, 422);
		await (await newcomer.open(`/invitation?key=${key}`)).form({ field: 'password' }).fill({ password: 'a long enough word', again: 'a long enough word' }).send();
		assert.equal((await newcomer.open(`/invitation?key=${key}`)).status, 404);
		await newcomer.login({ login: 'bilal', password: 'a long enough word' });
		assert.match((await amna.open('/desk/office/staff/6')).text, /Work on cases\s*own cases: Investigating officer/);
	});

	await t.test('everything provable holds', () => office.verify());
});
