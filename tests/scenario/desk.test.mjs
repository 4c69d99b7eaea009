// A day at the work desk: figures that lead to cases, filters, a list that is kept and shared, the search, a spreadsheet
// without formulas, what is new and seen; and nothing of it shows a case to somebody who may not read it.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';

import { Visitor } from '../lib/browserless.mjs';
import { Office } from '../lib/office.mjs';
import { fileComplaint } from '../lib/people.mjs';

describe('the work desk', () => {
	let office, staff, filed;
	const open = async (who, address) => {
		const visitor = new Visitor(office.url, { lang: 'en' });
		await visitor.login(staff[who]);
		return [visitor, (await visitor.open(address)).expect()];
	};
	const link = (page, label) => page.root.all('a').find((one) => one.text.trim().startsWith(label) || one.text.includes(label)).attributes.href;

	before(async () => {
		office = await Office.create({ profile: 'az-commissioner' });
		staff = {
			registrar: await office.addUser('rena', 'registrar', { name: 'Rena' }),
			officer: await office.addUser('omar', 'investigator', { name: 'Omar' }),
			other: await office.addUser('other', 'investigator', { name: 'Other' }),
			head: await office.addUser('hikmet', 'commissioner', { name: 'Hikmet' }),
			auditor: await office.addUser('aida', 'auditor', { name: 'Aida' }),
		};
		await office.start();
		filed = [];
		for (let i = 0; i < 4; i++)
			filed.push(await fileComplaint(office, { name: i === 2 ? '=HYPERLINK("http://evil.example")' : `Person ${i}`, facts: `The lift of house ${i} stands still; nobody repairs the wobblegear${i}.` }));
	});
	after(() => office.remove());

	test('the registrar finds what came in, and the figure leads to it', async () => {
		const [visitor, page] = await open('registrar', '/desk');
		const item = page.root.all('a').find((one) => one.text.includes('Received'));
		assert.match(item.text, /4/);
		const list = (await visitor.open(item.attributes.href)).expect();
		for (const one of filed) assert.ok(list.text.includes(one.number));
	});

	test('the head assigns; the officer has it as news until it is seen', async () => {
		const [head, list] = await open('head', '/desk/cases?sort=oldest');
		const page = (await head.open(link(list, filed[0].number))).expect();
		const assign = page.form({ action: /\/assign$/ });
		const omar = assign.node.all('option').find((one) => one.text.includes('Omar'));
		(await assign.fill({ staff_id: omar.attributes.value }).send()).expect();
		const [officer, desk] = await open('officer', '/desk');
		const news = desk.root.all('a').find((one) => one.text.includes('With news'));
		assert.match(news.text, /1/);
		const fresh = (await officer.open(news.attributes.href)).expect();
		assert.ok(fresh.text.includes(filed[0].number));
		const after = (await fresh.form({ action: '/desk/seen' }).send()).expect();
		assert.match(after.root.all('a').find((one) => one.text.includes('With news')).text, /0/);
		assert.ok((await officer.open('/desk/cases?of=mine')).text.includes(filed[0].number));
	});

	test('a list is kept, shared with a role, and shows each reader their own cases', async () => {
		const [officer, list] = await open('officer', '/desk/cases?state=open&sort=due');
		const kept = (await list.form({ action: '/desk/lists' }).fill({ name: 'Open, by day', shared: 'role:investigator', column_subject: true }).send()).expect();
		assert.match(kept.path, /^\/desk\/cases\?list=\d+$|^\/desk\/cases$/);
		assert.ok(kept.text.includes(filed[0].number) && kept.text.includes('Subject'));
		const [, other] = await open('other', '/desk');
		assert.ok(other.text.includes('Open, by day'));
		const [, seen] = await open('other', link(other, 'Open, by day'));
		for (const one of filed) assert.ok(!seen.text.includes(one.number));
		const [, registrar] = await open('registrar', '/desk');
		assert.ok(!registrar.text.includes('Open, by day'));
		assert.ok((await officer.open('/desk')).text.includes('Open, by day'));
	});

	test('the search shows where the word stands, and only to whoever may read', async () => {
		const [, page] = await open('head', '/desk/search?q=wobblegear2');
		assert.ok(page.text.includes(filed[2].number));
		assert.match(page.root.one('mark').text, /wobblegear2/);
		const [, none] = await open('other', '/desk/search?q=wobblegear2');
		assert.ok(none.text.includes('Nothing was found'));
	});

	test('a spreadsheet has no formulas, and an auditor gets none', async () => {
		const [head] = await open('head', '/desk');
		const csv = await head.open('/desk/cases.csv?state=open');
		const text = csv.data.toString('utf8');
		assert.equal(text.charCodeAt(0), 0xfeff);
		assert.match(csv.headers.get('content-type'), /^text\/csv/);
		assert.match(csv.headers.get('content-disposition'), /cases-\d{4}-\d\d-\d\d\.csv/);
		assert.ok(text.includes(`"'=HYPERLINK(""http://evil.example"")"`));
		assert.equal(text.trim().split('\r\n').length, 5);
		assert.doesNotMatch(text, /(^|[,\n])[=+@-]/m);
		const [auditor] = await open('auditor', '/desk');
		assert.equal((await auditor.open('/desk/cases.csv')).status, 403);
		const [other] = await open('other', '/desk');
		assert.equal((await other.open('/desk/cases.csv')).data.toString('utf8').trim().split('\r\n').length, 1, 'only the head of the table');
		await office.verify();
	});

	test('the chronology shows a kind alone', async () => {
		const [head, list] = await open('head', '/desk/cases?sort=oldest');
		const page = (await head.open(`${link(list, filed[0].number)}/chronology?kind=people`)).expect();
		assert.ok(page.text.includes('Assigned to Omar') && !page.text.includes('Complaint received'));
		assert.equal((await head.open(`${link(list, filed[0].number)}/chronology?kind=nothing`)).status, 422);
	});
});
