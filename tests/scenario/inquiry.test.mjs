// From the hearing to the last instalment: how a complaint is inquired into and decided in Baku, told once over the API, with the
// person on a phone and the mediator in a browser. What is said in mediation is looked for at every door, and found at one.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { Visitor } from '../lib/browserless.mjs';
import { Office } from '../lib/office.mjs';
import { admissible, fileComplaint } from '../lib/people.mjs';

const SECRET = 'Rəis yarısını verməyə razıdır, amma heç kim bilməsin';
const SETTLEMENT = 'Pasport bu həftə qaytarılır';
const day = (offset) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

let office, head, investigator, mediator, filed, id, person;
before(async () => {
	office = await Office.create({ profile: 'az-commissioner' });
	await office.addUser('orxan', 'investigator', { name: 'Orxan Əliyev', lang: 'az' });
	await office.addUser('nigar', 'mediator', { name: 'Nigar Abbasova', lang: 'az' });
	await office.addUser('rena', 'commissioner', { name: 'Rəna Məmmədova', lang: 'en' });
	await office.start();
	head = await office.token('commissioner');
	filed = await fileComplaint(office, { name: 'Zaur Kərimli', body_name: 'Xəzər Tikinti ASC', nationality: 'AZ' });
	for (const login of ['orxan', 'nigar', 'rena']) {
		const one = new Visitor(office.url, { lang: 'en' });
		await one.login(office.users[login]);
		if (login === 'orxan') investigator = one;
		else if (login === 'nigar') mediator = one;
		else office.rena = one;
	}
	id = (await office.must('GET', '/api/v1/cases', { token: head })).rows[0].id;
	const page = await new Visitor(office.url, { lang: 'en' }).open('/track');
	person = await page.form({ field: 'code' }).fill({ number: filed.number, code: filed.code }).send();
	await office.must('POST', `/api/v1/cases/${id}/register`, { token: await office.token('registrar'), body: {} });
	await act('assign', { staff_id: await staffId('orxan') });
	await act('screening', admissible('az-commissioner'));
	await act('admit', {});
});
after(() => office?.remove());

const ask = (method, path, body) => office.api(method, `/api/v1/cases/${id}${path}`, { token: head, body });
const part = async (key = '/inquiry') => (await office.must('GET', `/api/v1/cases/${id}${key}`, { token: head, headers: { 'accept-language': 'en' } }));
const onPage = async () => (await person.visitor.open('/track/case')).expect();

/** An act over the API that goes well: the number of what was made. */
async function act(path, body) {
	const reply = await ask('POST', `/${path}`, body);
	assert.ok(reply.status < 300, `${path}: ${reply.status} ${reply.text}`);
	return reply.body.made;
}

/** Refused, with the field that is at fault and the rule in words. */
async function refused(path, body, status, field) {
	const reply = await ask('POST', `/${path}`, body);
	assert.equal(reply.status, status, reply.text);
	if (field) assert.match(reply.text, new RegExp(`"${field}"`));
}

async function staffId(login) {
	const { staff } = await part('');
	return staff.find((one) => one.name === office.users[login].name).id;
}

test('a spot inspection is held, its minutes are written twice and signed by an officer', async () => {
	const officer = await staffId('orxan');
	const inspection = { hearing_kind: 'inspection', day: day(-1), time: '10:00', length: 60, place: 'Tikinti sahəsi', room: 'Vaqon 1',
		officer_id: officer, purpose: 'Pasportların harada saxlandığına baxmaq.', bodies: 'Xəzər Tikinti ASC' };
	await refused('hearings', { ...inspection, hearing_kind: 'oral' }, 422, 'day');
	await refused('hearings', { ...inspection, time: '25:00' }, 422, 'time');
	const hearing = await act('hearings', inspection);
	await refused('hearings', { ...inspection, time: '10:30' }, 409, 'officer_id');
	assert.ok(!(await onPage()).text.includes('Tikinti sahəsi'), 'an inspection is announced to nobody');
	await act(`hearings/${hearing}/hold`, { came_1: true });
	await refused(`hearings/${hearing}/sign-minutes`, {}, 409);
	await act(`hearings/${hearing}/minutes`, { minutes: 'Seyfdə 14 pasport var.', minutes_version: 1 });
	await refused(`hearings/${hearing}/minutes`, { minutes: 'Başqası.', minutes_version: 1 }, 409, 'minutes_version');
	await act(`hearings/${hearing}/minutes`, { minutes: 'Seyfdə 14 pasport var; biri şikayətçinindir.', minutes_version: 2 });
	await refused(`hearings/${hearing}/sign-minutes`, {}, 403);
	const page = (await investigator.open(`/desk/cases/${id}/inquiry`)).expect();
	(await page.form({ action: /\/sign-minutes$/ }).send()).expect();
	const [shown] = (await part()).hearings;
	assert.equal(shown.state.key, 'minuted');
	assert.equal(shown.newest.signed_name, 'Orxan Əliyev');
	assert.equal(shown.older_minutes.length, 1);
	assert.equal(shown.guests[0].came, true);
});

test('the person is invited to an oral hearing, and told when it is put off', async () => {
	const hearing = await act('hearings', { hearing_kind: 'oral', day: day(5), time: '11:00', length: 45, place: 'Bakı, Ü. Hacıbəyli 40', officer_id: await staffId('orxan'),
		purpose: 'Əməkhaqqı.', invite_person: true, notice: 'Dear Zaur, please come on {date}. Place: {place}.' });
	const page = await onPage();
	assert.match(page.text, /You are invited: oral hearing/);
	assert.match(page.text, /please come on .+ Place: Bakı, Ü. Hacıbəyli 40\./);
	assert.doesNotMatch(page.text, /[{}]/);
	const set = (await investigator.open('/desk/hearings')).expect();
	assert.ok(set.text.includes('Bakı, Ü. Hacıbəyli 40') && set.text.includes(filed.number), 'the officer sees what is set');
	assert.equal((await office.must('GET', `/api/v1/hearings?officer=${await staffId('orxan')}`, { token: head })).rows.length, 1);
	const next = await act(`hearings/${hearing}/adjourn`, { adjourn_reason: 'Şahid xəstədir.', next_day: day(9), next_time: '15:00' });
	assert.match((await onPage()).text, /Put off: oral hearing.+Şahid xəstədir/);
	await act(`hearings/${next}/cancel-hearing`, { cancel_reason: 'Qurum hər şeyi etiraf etdi.' });
});

test('what is said in mediation stays with the mediator', async () => {
	const { mediators } = await part();
	assert.deepEqual(mediators.map((one) => one.name), ['Nigar Abbasova']);
	await refused('mediation', { mediator_id: await staffId('orxan') }, 422, 'mediator_id');
	await act('mediation', { mediator_id: mediators[0].id });
	let page = (await mediator.open(`/desk/cases/${id}/mediation`)).expect();
	page = (await page.form({ field: 'entry_kind' }).fill({ entry_kind: 'session', held_on: day(0), words: SECRET }).send()).expect();
	assert.ok(page.text.includes(SECRET));
	page = (await page.form({ field: 'settlement' }).fill({ settlement: SETTLEMENT }).send()).expect();

	const doors = ['', '/inquiry', '/mediation', '/access'].flatMap((tab) => [`/desk/cases/${id}${tab}`]).concat(['/desk/search?q=yarısını', '/desk', '/desk/recommendations']);
	for (const visitor of [investigator, office.rena])
		for (const door of doors) {
			const text = (await visitor.open(door)).text;
			assert.ok(!text.includes(SECRET) && !text.includes(SETTLEMENT), `${door} tells`);
		}
	for (const door of [`/api/v1/cases/${id}`, `/api/v1/cases/${id}/inquiry`, `/api/v1/cases/${id}/mediation`, '/api/v1/search?q=yarısını'])
		assert.doesNotMatch((await office.api('GET', door, { token: head })).text, /razıdır|qaytarılır/, `${door} tells`);
	assert.equal((await office.must('GET', '/api/v1/search?q=yarısını', { token: head })).rows.length, 0);
	await refused('mediation/settlement', { settlement: 'Head knows better.' }, 403);
	assert.ok(!(await onPage()).text.includes(SETTLEMENT));

	(await page.form({ action: /\/issue-settlement$/ }).send()).expect();
	assert.match((await onPage()).text, new RegExp(`What was agreed in mediation.*${SETTLEMENT}`));
	const [told] = (await part()).mediations;
	assert.equal(told.state.key, 'settled');
	assert.equal(told.settlement, SETTLEMENT);
});

test('a finding is drafted, commented on by both sides, signed, and does not change any more', async () => {
	const texts = { facts: 'Dörd ayın əməkhaqqı ödənilməyib.', reasons: 'Əmək Məcəlləsi bunu qadağan edir.' };
	await refused('close', { closing: 'upheld' }, 409, 'closing');
	const finding = await act('findings', { ...texts, result_1: 'violation' });
	await refused('findings', texts, 409);
	await refused(`findings/${finding}/issue-finding`, {}, 422, 'fault_1');
	await refused(`findings/${finding}/revise`, { ...texts, result_1: 'violation', fault_1: 'delay', finding_version: 9 }, 409, 'finding_version');
	await act(`findings/${finding}/revise`, { ...texts, result_1: 'violation', fault_1: 'delay', finding_version: 1 });
	await act(`findings/${finding}/circulate`, { to_person: true, to_bodies: true, comment_due: day(14) });
	await refused(`findings/${finding}/issue-finding`, {}, 409);

	const form = (await onPage()).form({ field: 'opinion' });
	const empty = (await form.send()).expect(422);
	assert.ok(empty.errors.opinion, empty.describe());
	const sent = (await empty.form({ field: 'opinion' }).fill({ opinion: 'partly', facts_wrong: 'Beş ay idi.' }).send()).expect();
	assert.ok(!sent.hasForm({ field: 'opinion' }), 'once');
	const bodys = (await part()).findings[0].comments.find((one) => !one.of_person);
	await act(`finding-comments/${bodys.id}/comment`, { opinion: 'agrees', comment: 'Ödəyəcəyik.' });
	await act(`findings/${finding}/issue-finding`, { finding_version: 2 });
	await refused(`findings/${finding}/revise`, texts, 409);

	const [shown] = (await part()).findings;
	assert.equal(shown.state.key, 'issued');
	assert.match(shown.sha256, /^[0-9a-f]{64}$/);
	assert.equal(shown.comments.find((one) => one.of_person).facts_wrong, 'Beş ay idi.');
	assert.equal((await part()).pairs[0].finding, 'violation');
	assert.match((await onPage()).text, /What we found.*Dörd ayın əməkhaqqı ödənilməyib.*Delay/);
});

test('a recommendation names nobody in public, is refused, taken higher, and carried out in the end', async () => {
	const recommendation = { addressee: 'Xəzər Tikinti ASC', rec_kind: 'systemic', measure: 'Zaur Kərimlinin beş aylıq əməkhaqqını ödəyin.', due: day(30), ground: 'Əmək Məcəlləsi' };
	await refused('recommendations', { ...recommendation, public_text: 'Pay ZAUR what is owed.' }, 422, 'public_text');
	const one = await act('recommendations', { ...recommendation, public_text: 'Pay wages in the month in which they are earned.' });
	const listed = async (query = '') => office.must('GET', `/api/v1/recommendations${query}`, { token: head });
	assert.deepEqual([(await listed()).open_n, (await listed('?of=overdue')).rows.length], [1, 0]);
	assert.equal((await listed()).ages[0].from_days, 0);
	await refused(`recommendations/${one}/escalation`, { step: 'superior', step_words: 'No answer.' }, 409);
	await act(`recommendations/${one}/answer`, { answer: 'refused', answer_words: 'Pul yoxdur.' });
	assert.match((await onPage()).text, /The body refuses/);
	await act(`recommendations/${one}/escalation`, { step: 'superior', step_words: 'Nazirliyə yazıldı.' });
	await act(`recommendations/${one}/assess`, { degree: 'partly', evidence: 'İki ay ödənilib.' });
	assert.match((await onPage()).text, /A part of it has been done/);
	assert.equal((await listed()).rows[0].degree_words.length > 0, true);
	assert.ok(!JSON.stringify(await listed()).includes('Zaur'), 'the list names nobody');
	await act(`recommendations/${one}/assess`, { degree: 'fully', evidence: 'Hamısı ödənilib.' });
	await refused(`recommendations/${one}/assess`, { degree: 'none', evidence: 'Yox.' }, 409);
	assert.equal((await listed()).open_n, 0);
	assert.match((await onPage()).text, /It has been done/);
	await act('outcomes', { outcome_1: 'compensated' });
	await act('close', { closing: 'upheld' });
	assert.match(await office.verify(), /Everything holds/);
});

test('a body that is known comments on the draft by itself, and sees nobody else\'s', async () => {
	const { number } = await fileComplaint(office, { name: 'Səkinə Vəliyeva', body_name: '', body_key: 'dsmf', subject: 'social_security' });
	id = (await office.must('GET', `/api/v1/search?q=${number}`, { token: head })).rows[0].id;
	await office.must('POST', `/api/v1/cases/${id}/register`, { token: await office.token('registrar'), body: {} });
	await act('screening', admissible('az-commissioner'));
	await act('admit', {});
	const finding = await act('findings', { facts: 'Müavinət dayandırılıb.', reasons: 'Əsas göstərilməyib.', result_1: 'partly', fault_1: 'missing_reasons' });
	await act(`findings/${finding}/circulate`, { to_bodies: true, comment_due: day(7) });
	const { bodies } = await office.must('GET', '/api/v1/office/bodies', { token: head });
	const made = async (key, what, body) => (await office.must('POST', `/api/v1/office/bodies/${bodies.find((one) => one.key === key).id}/${what}`, { token: head, body })).secret;
	const token = await made('dsmf', 'tokens', { token_label: 'test' }), other = await made('abseron_su', 'tokens', { token_label: 'test' });
	const { drafts } = await office.must('GET', '/api/v1/agency/drafts', { token });
	assert.equal(drafts.length, 1);
	const address = `/api/v1/agency/drafts/${drafts[0].id}`;
	assert.deepEqual((await office.must('GET', '/api/v1/agency/drafts', { token: other })).drafts, []);
	assert.equal((await office.api('GET', address, { token: other })).status, 404);
	assert.equal((await office.api('POST', `${address}/comment`, { token: other, body: { opinion: 'agrees' } })).status, 404);
	assert.equal((await office.api('POST', `${address}/comment`, { token, body: {} })).status, 422);

	const link = await made('dsmf', 'accounts', { login: 'samir', account_name: 'Samir Hüseynov', account_lang: 'az' });
	const focal = new Visitor(office.url, { lang: 'en' });
	const start = (await focal.open(new URL(link, office.url).pathname)).expect();
	(await start.form({ field: 'password' }).fill({ password: 'uzun bir parol olsun', again: 'uzun bir parol olsun' }).send()).expect();
	await focal.login({ login: 'samir', password: 'uzun bir parol olsun' });
	const list = (await focal.open('/agency/drafts')).expect();
	assert.ok(list.text.includes(drafts[0].number));
	const page = (await focal.open(drafts[0].link)).expect();
	assert.match(page.text, /Müavinət dayandırılıb\..*Missing reasons/);
	assert.ok(!page.text.includes('Səkinə'), 'who complained is not told');
	const bare = (await page.form({ field: 'opinion' }).fill({ comment: 'Yoxlayırıq.' }).send()).expect(422);
	assert.ok(bare.errors.opinion);
	assert.ok(bare.form({ field: 'comment' }).pairs.some(([, value]) => value === 'Yoxlayırıq.'), 'what was typed is kept');
	(await bare.form({ field: 'opinion' }).fill({ opinion: 'agrees' }).send()).expect();
	assert.equal((await office.api('GET', address, { token })).status, 404, 'once');
	const [comment] = (await part()).findings[0].comments;
	assert.equal(comment.opinion_words, 'agrees');
	assert.equal(comment.entered_name, 'Samir Hüseynov');
	await act(`findings/${finding}/issue-finding`, {});
});
