// Who may see what: an identity that two people open for a time, a case looked into with a reason, a cousin at the body
// complained of, and the auditor who sees who looked.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Visitor } from '../lib/browserless.mjs';
import { Office } from '../lib/office.mjs';
import { admissible, fileComplaint } from '../lib/people.mjs';

test('need to know', async (t) => {
	const office = await Office.create({ profile: 'pk-wafaqi-mohtasib' });
	t.after(() => office.remove());
	const users = {};
	for (const [login, roles, name] of [['sadia', 'commissioner', 'Sadia Malik'], ['rashid', 'investigator', 'Rashid Ali'],
		['nadeem', 'investigator', 'Nadeem Shah'], ['amna', 'auditor', 'Amna Bibi']])
		users[login] = await office.addUser(login, roles, { name });
	await office.start();
	await fileComplaint(office, { name: 'Zarnigar Pinhan' });
	const token = await office.token('registrar commissioner');
	const act = (what, body) => office.must('POST', `/api/v1/cases/1/${what}`, { token, body });
	await act('register', {});
	await act('screening', admissible(office.profile));
	await act('admit', {});
	await act('assign', { staff_id: 2 });
	const hand = async (login) => {
		const visitor = new Visitor(office.url, { lang: 'en' });
		await visitor.login(users[login]);
		return visitor;
	};
	const sadia = await hand('sadia'), rashid = await hand('rashid'), nadeem = await hand('nadeem'), amna = await hand('amna');

	await t.test('the tab says who can see the case, and why', async () => {
		const page = await rashid.open('/desk/cases/1/access');
		assert.match(page.text, /Rashid Ali\s*leads the case/);
		assert.match(page.text, /Sadia Malik\s*the role allows: all cases/);
		assert.doesNotMatch(page.text, /Nadeem Shah/);
	});

	await t.test('a colleague who needs it opens the case with a reason, and that is seen', async () => {
		const asked = await nadeem.open('/desk/cases/1');
		assert.match(asked.path, /^\/desk\/break-glass\/1/);
		assert.doesNotMatch(asked.text, /Zarnigar/);
		const again = await asked.form({ field: 'reason' }).fill({ reason: '' }).send();
		assert.equal(again.status, 422);
		assert.doesNotMatch(again.text, /Zarnigar/);
		const opened = await again.form({ field: 'reason' }).fill({ reason: 'Rashid is ill and the hearing is tomorrow' }).send();
		assert.equal(opened.path, '/desk/cases/1');
		assert.match(opened.text, /Zarnigar/);
		assert.match((await rashid.open('/desk/cases/1')).text, /Nadeem Shah opened this case outside the usual right/);
		assert.equal((await office.api('POST', '/api/v1/cases/1/notes', { token: await office.token('investigator'), body: { note: 'x' } })).status, 403);
	});

	await t.test('whose cousin works there steps back, and the case is gone from their world', async () => {
		const page = await rashid.open('/desk/cases/1/access');
		const list = await page.form({ action: /step-back/ }).fill({ reason: 'my cousin works there' }).send();
		assert.equal(list.status, 200);
		assert.doesNotMatch(list.text, /Zarnigar|000001/);
		assert.equal((await rashid.open('/desk/cases/1')).status, 404);
		assert.doesNotMatch((await rashid.open('/desk/search?q=wages')).text, /000001/);
		assert.equal((await office.api('POST', '/api/v1/cases/1/assign', { token, body: { staff_id: 2 } })).status, 409);
		assert.match((await sadia.open('/desk/cases/1/access')).text, /Rashid Ali.*my cousin works there/s);
	});

	await t.test('the auditor sees who looked, and no word of the case', async () => {
		const page = await amna.open('/desk/journal?object=casefile:1');
		assert.match(page.text, /casefile\.glass/);
		assert.match(page.text, /casefile\.read/);
		assert.doesNotMatch(page.text, /Zarnigar|cousin/);
		assert.equal((await nadeem.open('/desk/journal')).status, 403);
	});

	await t.test('whose identity is withheld is known by nobody until two people open it, for a day', async () => {
		await fileComplaint(office, { name: 'Mahjabeen Makhfi', confidential: true });
		for (const [what, body] of [['register', {}], ['screening', admissible(office.profile)], ['admit', {}], ['assign', { staff_id: 3 }]])
			await office.must('POST', `/api/v1/cases/2/${what}`, { token, body });
		const hidden = async (visitor) => {
			for (const address of ['/desk/cases/2', '/desk/cases/2/people', '/desk/cases/2/chronology', '/desk/cases', '/desk/search?q=wages', '/desk/cases.csv'])
				assert.doesNotMatch((await visitor.open(address)).text, /Mahjabeen/, address);
		};
		await hidden(nadeem);
		await hidden(sadia);
		const asked = await (await nadeem.open('/desk/cases/2/access')).form({ action: /\/identity$/ }).fill({ reason: 'The court asks whom it concerns' }).send();
		assert.match(asked.text, /Waits for a second person/);
		assert.equal(asked.hasForm({ action: /\/decide$/ }), false, 'who asks does not decide');
		assert.match((await sadia.open('/desk/openings')).text, /Nadeem Shah/);
		const page = await sadia.open('/desk/cases/2/access');
		await page.form({ action: /\/decide$/ }).send({ press: { decision: 'approve' } });
		assert.match((await nadeem.open('/desk/cases/2')).text, /Mahjabeen/);
		await hidden(sadia);
		await office.stop();
		await office.start({ offsetMs: 25 * 3_600_000 });
		await nadeem.login(users.nadeem);
		await hidden(nadeem);
	});

	await t.test('everything provable holds', () => office.verify());
});
