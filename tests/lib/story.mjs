// The main job, told once: Gul Khan's wages and passport, from his phone in Baku over Islamabad to the Commissioner and back.
// The tests play it with and without a browser; `make run` plays it for the demonstration. Everybody in it is invented.
//
//     const story = new Story({ home, lead, hand });
//     for (const { title, run } of story.steps()) await run();
//
// `hand(office, options)` makes whoever opens the pages: a Visitor (browserless.mjs) or a BrowserVisitor (browser.mjs).
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { pdf, png } from './browserless.mjs';
import { sulh, until } from './office.mjs';
import { admissible, DECLARATIONS, GUL } from './people.mjs';

export const HOME = 'pk-wafaqi-mohtasib';
export const LEAD = 'az-commissioner';

export const STAFF = {
	[HOME]: [
		{ login: 'ayesha', name: 'Ayesha Siddiqui', roles: 'registrar', lang: 'en' },
		{ login: 'bilal', name: 'Bilal Ahmed', roles: 'liaison', lang: 'en' },
		{ login: 'usman', name: 'Usman Qureshi', roles: 'investigator', lang: 'en' },
		{ login: 'naveed', name: 'Naveed Iqbal', roles: 'commissioner', lang: 'en' },
	],
	[LEAD]: [
		{ login: 'aysel', name: 'Aysel Quliyeva', roles: 'registrar', lang: 'az' },
		{ login: 'leyla', name: 'Leyla Həsənova', roles: 'liaison', lang: 'az' },
		{ login: 'orxan', name: 'Orxan Əliyev', roles: 'investigator', lang: 'az' },
		{ login: 'rena', name: 'Rəna Məmmədova', roles: 'commissioner', lang: 'az' },
	],
};

const URDU = /[\u0600-\u06ff]{2}/;
const day = (offset) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

export async function addStaff(office) {
	for (const one of STAFF[office.profile]) await office.addUser(one.login, one.roles, one);
}

export class Story {
	constructor({ home, lead, hand, picture = async () => {} }) {
		Object.assign(this, { home, lead, hand, picture, hands: new Map() });
	}

	// --- who acts ---------------------------------------------------------------------------------------------------------

	/** The officer's own browser, logged in. */
	async officer(login) {
		if (this.hands.has(login)) return this.hands.get(login);
		const office = this.home.users[login] ? this.home : this.lead;
		const one = await this.hand(office, { lang: STAFF[office.profile].find((staff) => staff.login === login).lang, name: login });
		await one.login(office.users[login]);
		this.hands.set(login, one);
		return one;
	}

	async gul() {
		if (!this.hands.has('gul')) this.hands.set('gul', await this.hand(this.home, { lang: 'ur', phone: true, name: 'gul' }));
		return this.hands.get('gul');
	}

	/** Gul's own page; he enters number and code again when his session has ended. */
	async gulsPage() {
		const gul = await this.gul();
		const page = await gul.open('/track/case');
		if (page.path.startsWith('/track/case')) return page;
		return page.form({ field: 'code' }).fill({ number: this.number, code: this.code }).send();
	}

	/** What Gul reads, once it is there: Urdu, right to left, no gap left unfilled. */
	async gulReads(what, found) {
		const page = await until(`Gul reads ${what}`, async () => {
			const one = (await this.gulsPage()).expect();
			return found(one) && one;
		});
		assert.equal(page.root.one('html').attributes.dir, 'rtl');
		for (const line of page.root.one('.timeline').all('li')) {
			assert.match(line.text, URDU, `in Urdu: ${line.text}`);
			assert.doesNotMatch(line.text, /[{}]/, 'every gap is filled');
		}
		return page;
	}

	steps_seen(page) {
		return page.root.one('.timeline').all('li').length;
	}

	async act(login, address, wanted, values = {}, options = {}) {
		const officer = await this.officer(login);
		const form = (await officer.open(address)).expect().form(wanted).fill(values);
		if (options.files) form.attach(options.field, ...options.files);
		return (await form.send(options)).expect(options.status ?? 200);
	}

	homeCase = () => `/desk/cases/${this.homeId}`;
	leadCase = () => `/desk/cases/${this.leadId}`;
	inquiry = () => `${this.leadCase()}/inquiry`;
	atHome = () => `/desk/referrals/${this.homeReferral}`;
	atLead = () => `/desk/referrals/${this.leadReferral}`;

	referral(side) {
		const [office, id, token] = side === 'home' ? [this.home, this.homeReferral, this.homeToken] : [this.lead, this.leadReferral, this.leadToken];
		return office.must('GET', `/api/v1/referrals/${id}`, { token, headers: { 'accept-language': 'en' } });
	}

	/** Both offices hold the same state, confirmed by receipts. */
	async bothAre(state) {
		for (const side of ['home', 'lead'])
			await until(`${side} is ${state}`, async () => {
				const { referral } = await this.referral(side);
				this.last = `${referral.state.key}${referral.unconfirmed ? ' (not yet confirmed)' : ''}`;
				if (this.last !== state) throw new Error(`${side} is ${this.last}`);
				return true;
			});
	}

	clocks = async (side) => (await (side === 'home' ? this.home : this.lead)
		.must('GET', `/api/v1/cases/${side === 'home' ? this.homeId : this.leadId}`, { token: side === 'home' ? this.homeToken : this.leadToken })).clocks;

	async clock(side, rule) {
		const clock = (await this.clocks(side)).find((one) => one.rule === rule);
		assert.ok(clock, `${side} has the clock ${rule} among ${(await this.clocks(side)).map((one) => one.rule)}`);
		return clock;
	}

	// --- the story --------------------------------------------------------------------------------------------------------

	steps() {
		return [
			{ name: 'pair', title: 'the two offices pair: people compare twelve groups of digits', run: () => this.pair() },
			{ name: 'agree', title: 'a memorandum is drafted, proposed, signed, and in force on both sides', run: () => this.agree() },
			{ name: 'complain', title: 'Gul complains in Urdu from a phone, without an account', run: () => this.complain() },
			{ name: 'register', title: 'the registrar sees the clock, registers, acknowledges, and is shown what the memorandum allows', run: () => this.register() },
			{ name: 'prepare', title: 'the liaison officer prepares the packet; without consent it does not leave', run: () => this.prepare() },
			{ name: 'consent', title: 'Gul agrees to exactly these fields for exactly this receiver', run: () => this.consent() },
			{ name: 'send', title: 'the packet travels signed and sealed; Baku has receipt, files and a clock of seven days', run: () => this.send() },
			{ name: 'accept', title: 'Baku accepts and opens its own case; both offices run the same clock', run: () => this.accept() },
			{ name: 'write', title: 'the two liaison officers write to each other', run: () => this.write() },
			{ name: 'ask', title: 'the company is asked, reminded, escalated; Gul reads each step in Urdu', run: () => this.ask() },
			{ name: 'answer', title: 'the company answers: passport back, wages in two parts', run: () => this.answer() },
			{ name: 'dispute', title: 'Baku proposes the outcome; Gul takes the passport and disputes the wages', run: () => this.dispute() },
			{ name: 'recommend', title: 'Baku recommends with a due date; evidence of payment arrives', run: () => this.recommend() },
			{ name: 'settle', title: 'the new outcome is accepted', run: () => this.settle() },
			{ name: 'close', title: 'both sides close; Gul reads how it ended', run: () => this.close() },
			{ name: 'prove', title: 'both offices can prove the whole exchange, and tell the same history', run: () => this.prove() },
		];
	}

	async begin() {
		this.homeToken = await this.home.token('commissioner', 'the story looks on');
		this.leadToken = await this.lead.token('commissioner', 'the story looks on');
	}

	async pair() {
		await this.begin();
		const own = {};
		for (const [login, office] of [['bilal', this.home], ['leyla', this.lead]]) {
			const page = (await (await this.officer(login)).open('/desk/partners')).expect();
			own[login] = page.text.match(/\d{5}( \d{5}){11}/)[0];
			assert.ok(own[login], `${office.profile} shows its fingerprint`);
		}
		assert.notEqual(own.bilal, own.leyla);
		for (const [login, other, url] of [['bilal', 'leyla', this.lead.url], ['leyla', 'bilal', this.home.url]]) {
			const page = await this.act(login, '/desk/partners', { field: 'url' }, { url });
			assert.ok(page.text.includes(own[other]), 'what the other reads aloud is what stands here');
			const without = await page.form({ action: /\/confirm$/ }).send();
			assert.equal(without.status, 422, 'nobody confirms without saying that they compared');
			(await without.form({ action: /\/confirm$/ }).fill({ compared: true }).send()).expect();
			await this.picture(await this.officer(login), `partner-${login}`);
		}
	}

	async agree() {
		const draft = (await (await this.officer('bilal')).open('/desk/agreements')).expect();
		const form = (await draft.form({ field: 'partner' }).send()).expect().form({ field: 'authentic_language' });
		const page = (await form.fill({
			title_en: 'Memorandum on mutual assistance (demonstration)', title_az: 'Qarşılıqlı yardım haqqında memorandum (nümayiş)',
			title_ur: 'باہمی تعاون کی یادداشت (نمونہ)', valid_from: day(-1), valid_until: day(700),
			our_contact_name: 'Bilal Ahmed', our_contact_email: 'bilal@mohtasib.example', our_deputy_name: 'Ayesha Siddiqui', our_deputy_email: 'ayesha@mohtasib.example',
			their_contact_name: 'Leyla Həsənova', their_contact_email: 'leyla@ombudsman.example', their_deputy_name: 'Orxan Əliyev', their_deputy_email: 'orxan@ombudsman.example',
		}).send()).expect();
		this.homeAgreement = page.url.pathname;
		assert.ok(!page.hasForm({ action: /\/propose$/ }), 'a liaison officer drafts, but does not sign');
		await this.act('naveed', this.homeAgreement, { action: /\/propose$/ });
		const rena = await this.officer('rena');
		const proposed = await until('the proposal arrives in Baku', async () => {
			const list = (await rena.open('/desk/agreements')).expect();
			return list.root.all('a').find((one) => /^\/desk\/agreements\/\d+$/.test(one.attributes.href ?? ''))?.attributes.href;
		});
		this.leadAgreement = proposed;
		await this.act('rena', proposed, { action: /\/sign$/ });
		for (const side of ['home', 'lead'])
			await until(`the memorandum is in force at ${side}`, async () => (await this.agreement(side)).state.key === 'in_force');
		await this.picture(rena, 'agreement');
		const home = await (await this.gul()).open('/');
		assert.match(home.text, /یادداشت/, 'the public page names it');
		await this.picture(await this.gul(), 'home');
	}

	async agreement(side) {
		const [office, token, address] = side === 'home' ? [this.home, this.homeToken, this.homeAgreement] : [this.lead, this.leadToken, this.leadAgreement];
		return (await office.must('GET', `/api/v1${address.replace('/desk', '')}`, { token })).agreement;
	}

	async complain() {
		const gul = await this.gul();
		const first = (await gul.open('/')).expect();
		assert.equal(first.root.one('html').attributes.lang, 'ur');
		const form = (await first.follow('/complain')).form({ field: 'facts' }).fill({ ...GUL, body_key: 'az_khazar_tikinti', body_name: '', body_country: '', ...DECLARATIONS[HOME] })
			.attach('files', { name: 'معاہدہ.pdf', type: 'application/pdf', data: pdf('Contract') }, { name: 'خط.png', type: 'image/png', data: png() });
		const check = (await form.send()).expect();
		assert.equal(check.path, '/complain/check', check.describe());
		assert.ok(check.text.includes('گل خان') && check.text.includes('معاہدہ.pdf'));
		await this.picture(gul, 'check');
		const send = check.form({ action: '/complain/send' });
		const done = (await send.send()).expect();
		[this.number, this.code] = done.root.all('.code').map((one) => one.text);
		assert.match(this.number, /\d/);
		assert.match(this.code, /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
		await this.picture(gul, 'done');
		await this.keepReceipt(gul);
		const tracked = await this.gulReads('his complaint', (page) => page.root.one('.timeline'));
		assert.ok(tracked.text.includes(this.number));
		await this.picture(gul, 'track-first');
	}

	/** The receipt proves offline what he filed and when. */
	async keepReceipt(gul) {
		const receipt = await (gul.download ? gul.download('/complain/receipt') : gul.open('/complain/receipt'));
		const file = path.join(this.home.dir, '..', `receipt-${this.number.replace(/\W/g, '-')}.jws`);
		await writeFile(file, receipt.data);
		const done = await sulh(['receipt', 'verify', file]);
		assert.equal(done.status, 0, done.err);
		assert.ok(done.out.includes(this.number), done.out);
	}

	async register() {
		const ayesha = await this.officer('ayesha');
		const queue = (await ayesha.open('/desk/cases?of=intake&sort=oldest')).expect();
		const row = queue.root.all('tr').find((one) => one.text.includes(this.number));
		assert.ok(row, 'it stands in the queue');
		assert.ok(row.one('.clock'), 'with its clock running');
		this.homeId = Number(/\/desk\/cases\/(\d+)/.exec(row.one('a').attributes.href)[1]);
		await this.picture(ayesha, 'queue');
		await this.act('ayesha', this.homeCase(), { action: /\/register$/ });
		const page = await this.act('ayesha', this.homeCase(), { action: /\/acknowledge$/ });
		assert.ok(page.text.includes('outside our mandate'), 'the body is outside the mandate');
		assert.ok(page.text.includes('Memorandum on mutual assistance'), 'and the memorandum in force is named');
		await this.picture(ayesha, 'case-home');
		const assign = page.form({ action: /\/assign$/ });
		const bilal = assign.node.all('option').find((option) => option.text.includes('Bilal Ahmed'));
		(await assign.fill({ staff_id: bilal.attributes.value }).send()).expect();
		await this.gulReads('that it was registered', (one) => this.steps_seen(one) >= 3);
	}

	async prepare() {
		const page = await this.act('bilal', this.homeCase(), { action: /\/referrals$/ });
		this.homeReferral = Number(/^\/desk\/referrals\/(\d+)/.exec(page.path)[1]);
		const packet = page.form({ action: /\/packet$/ });
		const open = packet.node.all((one) => one.tag === 'input' && one.attributes.disabled === undefined).map((one) => one.attributes.name);
		for (const name of open.filter((one) => one.startsWith('field_')))
			packet.fill({ [name]: ['field_name', 'field_nationality', 'field_language', 'field_facts', 'field_remedy'].includes(name) });
		for (const name of open.filter((one) => one.startsWith('document_'))) packet.fill({ [name]: true });
		assert.ok(packet.node.one((one) => one.attributes.name === 'field_embassy_not_informed').attributes.checked !== undefined, '“do not tell my embassy” always travels');
		(await packet.send({ press: { then: 'consent' } })).expect();
		const refused = await this.home.api('POST', `/api/v1/referrals/${this.homeReferral}/send`, { token: this.homeToken,
			headers: { 'accept-language': 'en' }, body: { version: (await this.referral('home')).referral.version } });
		assert.ok([403, 409].includes(refused.status), refused.text);
		assert.match(refused.text, /consent/i, 'the refusal names what is missing');
		await this.picture(await this.officer('bilal'), 'packet');
	}

	async consent() {
		const gul = await this.gul();
		const page = await this.gulReads('the question', (one) => one.hasForm({ action: /^\/track\/consent\// }));
		const card = page.form({ action: /^\/track\/consent\// });
		const shown = page.text;
		assert.ok(shown.includes('گل خان') && shown.includes('پاسپورٹ'), 'the fields with their values');
		assert.ok(shown.includes('معاہدہ.pdf') && shown.includes('خط.png'), 'the files');
		assert.ok(!shown.includes('ZX1234567') && !shown.includes('+994 50'), 'and nothing that does not travel');
		assert.ok(shown.includes('یادداشت'), 'under which agreement');
		await this.picture(gul, 'consent');
		(await card.send({ press: { act: 'give' } })).expect();
		const { consents } = await this.referral('home');
		assert.equal(consents.at(-1).state.key, 'given');
	}

	async send() {
		await this.act('bilal', this.atHome(), { action: /\/send$/ });
		const leyla = await this.officer('leyla');
		this.leadReferral = Number(await until('the referral is in Baku', async () => {
			const list = (await leyla.open('/desk/referrals')).expect();
			return list.root.all('a').map((one) => /^\/desk\/referrals\/(\d+)$/.exec(one.attributes.href ?? '')?.[1]).find(Boolean);
		}));
		await this.picture(leyla, 'referrals');
		await this.bothAre('sent');
		const page = await until('both files are in Baku', async () => {
			const one = (await leyla.open(this.atLead())).expect();
			return one.text.includes('معاہدہ.pdf') && one.text.includes('خط.png') && one;
		});
		assert.ok(page.text.includes('گل خان'));
		assert.ok(!page.text.includes('ZX1234567'), 'the passport number never left Islamabad');
		assert.ok(page.root.one('.clock'), 'with the clock of the offer');
		await this.picture(leyla, 'offer');
		await this.gulReads('that Baku has it', (one) => /آذربائیجان|باکو|کمشنر/.test(one.root.one('.timeline').text));
	}

	async accept() {
		await this.act('leyla', this.atLead(), { action: /\/accept$/ }, { text: 'Şikayəti qəbul etdik.', language: 'az' });
		await this.bothAre('accepted');
		const lead = await this.referral('lead');
		this.leadId = lead.case.id;
		const home = await this.referral('home');
		assert.equal(home.referral.partner_number, lead.case.number, 'Islamabad knows the number of the case in Baku');
		const [here, there] = [await this.clock('home', 'agreement.solve'), await this.clock('lead', 'agreement.solve')];
		assert.ok(here.running !== false && there.running !== false);
		assert.equal(Date.parse(here.started_at ?? here.started), Date.parse(there.started_at ?? there.started), 'both clocks began at the same instant');
		const page = (await (await this.officer('rena')).open(this.leadCase())).expect();
		assert.ok(page.text.includes('Xəzər Tikinti') || page.text.includes('Khazar'), page.text.slice(0, 400));
		const rena = await this.officer('rena');
		const documents = await until('the files stand in the case in Baku', async () => {
			const one = (await rena.open(this.leadCase())).expect();
			return one.text.includes('معاہدہ.pdf') && one;
		});
		const assign = documents.form({ action: /\/assign$/ });
		const orxan = assign.node.all('option').find((option) => option.text.includes('Orxan'));
		(await assign.fill({ staff_id: orxan.attributes.value }).send()).expect();
		await this.picture(rena, 'case-lead');
		await this.gulReads('that Baku has taken it up', (one) => one.text.includes(lead.case.number));
	}

	async write() {
		await this.act('leyla', this.atLead(), { action: /\/note$/ }, { text: 'Şirkətə sorğu göndəririk.', language: 'az' });
		const bilal = await this.officer('bilal');
		await until('the note is in Islamabad', async () => (await bilal.open(this.atHome())).text.includes('Şirkətə sorğu göndəririk.'));
		await this.act('bilal', this.atHome(), { action: /\/note$/ }, { text: 'Thank you, dear colleague.', language: 'en' });
		const leyla = await this.officer('leyla');
		await until('the answer is in Baku', async () => (await leyla.open(this.atLead())).text.includes('Thank you, dear colleague.'));
	}

	async ask() {
		const before = this.steps_seen(await this.gulsPage());
		let page = (await (await this.officer('orxan')).open(this.leadCase())).expect();
		if (page.hasForm({ action: /\/admit$/ })) {
			const screening = (await page.visitor.open(`${this.leadCase()}/screening`)).expect();
			(await screening.form({ action: /\/screening$/ }).fill(admissible(LEAD)).send()).expect();
			page = (await page.visitor.open(this.leadCase())).expect();
		}
		if (page.hasForm({ action: /\/admit$/ })) (await page.form({ action: /\/admit$/ }).send()).expect();
		await this.act('orxan', `${this.leadCase()}/agency`, { action: /\/agency-requests$/ }, { question: 'Pasport niyə saxlanılır, əməkhaqqı niyə ödənilmir?' });
		await this.gulReads('that the company was asked', (one) => this.steps_seen(one) > before);
		await this.act('orxan', `${this.leadCase()}/agency`, { action: /\/remind$/ });
		await this.gulReads('that it was reminded', (one) => this.steps_seen(one) > before + 1);
		await this.act('orxan', `${this.leadCase()}/agency`, { action: /\/escalate$/ });
		await this.gulReads('that its head was asked', (one) => this.steps_seen(one) > before + 2);
		await this.bothAre('accepted');
	}

	async answer() {
		const before = this.steps_seen(await this.gulsPage());
		await this.act('orxan', `${this.leadCase()}/agency`, { action: /\/reply$/ }, { position: 'partly', reply: 'Pasport qaytarılır. Əməkhaqqı iki hissədə ödəniləcək.', remedy: 'Pasport; iki ödəniş.' });
		await this.gulReads('the answer', (one) => this.steps_seen(one) > before);
		await this.picture(await this.gul(), 'track-answer');
	}

	async dispute() {
		await this.act('leyla', this.atLead(), { action: /\/outcome$/ }, { language: 'en',
			issue_text_1: 'The passport was given back on Monday.', issue_result_1: 'resolved',
			issue_text_2: 'The wages are paid in two parts, the first this month.', issue_result_2: 'partly' });
		await this.bothAre('outcome_proposed');
		const page = await this.gulReads('the proposal', (one) => one.hasForm({ action: /^\/track\/outcome\// }));
		await this.picture(await this.gul(), 'outcome');
		(await page.form({ action: /^\/track\/outcome\// }).fill({ answer_1: 'accept', answer_2: 'dispute', why_2: 'دوسری قسط کی کوئی تاریخ نہیں دی گئی۔' }).send()).expect();
		const bilal = await this.officer('bilal');
		const referral = (await bilal.open(this.atHome())).expect();
		assert.ok(referral.text.includes('دوسری قسط کی کوئی تاریخ نہیں دی گئی۔'), 'the officer reads what Gul says');
		await this.picture(bilal, 'opinion');
		const form = referral.form({ action: /\/outcome-dispute$/ });
		const why = form.names.filter((one) => one.startsWith('why_'));
		assert.equal(why.length, 2);
		(await form.fill({ [why[0]]: '', [why[1]]: 'No date is given for the second part.', language: 'en' }).send()).expect();
		await this.bothAre('outcome_disputed');
	}

	async recommend() {
		const before = this.steps_seen(await this.gulsPage());
		await this.act('rena', this.inquiry(), { action: /\/recommendations$/ }, { addressee: 'Xəzər Tikinti ASC', rec_kind: 'personal',
			measure: 'İkinci hissəni ödəyin və tarixini yazın.', public_text: 'Əməkhaqqı ayın sonunadək tam ödənilsin.', due: day(14) });
		await this.gulReads('the recommendation', (one) => this.steps_seen(one) > before);
		await this.act('orxan', this.inquiry(), { action: /\/assess$/ }, { degree: 'fully', evidence: 'Bank çıxarışı: ikinci hissə ödənilib.' });
		await this.gulReads('the evidence', (one) => this.steps_seen(one) > before + 1);
	}

	async settle() {
		await this.act('leyla', this.atLead(), { action: /\/outcome$/ }, { language: 'en',
			issue_text_1: 'The passport was given back.', issue_result_1: 'resolved', issue_text_2: 'The wages are paid in full.', issue_result_2: 'resolved' });
		await this.bothAre('outcome_proposed');
		const page = await this.gulReads('the new proposal', (one) => one.hasForm({ action: /^\/track\/outcome\// }));
		(await page.form({ action: /^\/track\/outcome\// }).fill({ answer_1: 'accept', answer_2: 'accept' }).send()).expect();
		await this.act('bilal', this.atHome(), { action: /\/outcome-accept$/ }, { language: 'en' });
		await this.bothAre('outcome_accepted');
	}

	async close() {
		await this.act('leyla', this.atLead(), { action: /\/close$/ }, { result: 'resolved', text: 'Passport and wages: both are settled.', language: 'en' });
		await this.bothAre('closing');
		await this.act('bilal', this.atHome(), { action: /\/close-confirm$/ }, { language: 'en' });
		await this.bothAre('closed');
		for (const side of ['home', 'lead']) {
			const running = (await this.clocks(side)).filter((one) => one.rule.startsWith('agreement.') && one.running);
			assert.deepEqual(running.map((one) => one.rule), [], `no clock of the agreement runs on at ${side}`);
		}
		await this.act('bilal', this.homeCase(), { action: /\/close$/ }, { closing: 'transferred_with_consent', closing_words: 'آپ کا پاسپورٹ اور اجرت مل گئی۔' });
		await this.act('orxan', this.inquiry(), { action: /\/findings$/ }, { facts: 'Dörd ayın əməkhaqqı vaxtında ödənilməyib, pasport saxlanılıb.',
			reasons: 'Əmək Məcəlləsi bunu qadağan edir.', result_1: 'violation', fault_1: 'delay' });
		await this.act('rena', this.inquiry(), { action: /\/issue-finding$/ });
		await this.act('rena', this.leadCase(), { action: /\/close$/ }, { closing: 'upheld' });
		const page = await this.gulReads('how it ended', (one) => one.text.includes('آپ کا پاسپورٹ اور اجرت مل گئی۔'));
		await this.picture(await this.gul(), 'track-last');
		await this.picture(await this.officer('bilal'), 'case-home-closed');
		assert.ok(this.steps_seen(page) >= 14, `${this.steps_seen(page)} steps`);
	}

	async prove() {
		for (const office of [this.home, this.lead]) assert.match(await office.verify(), /Everything holds/);
		const [home, lead] = [await this.referral('home'), await this.referral('lead')];
		assert.equal(home.referral.uid, lead.referral.uid);
		assert.equal(home.referral.partner_number, lead.case.number);
		for (const key of ['state', 'result', 'over']) assert.deepEqual(home.referral[key], lead.referral[key], key);
		assert.deepEqual(home.outcome.issues.map((issue) => [issue.issue_text, issue.issue_result]), lead.outcome.issues.map((issue) => [issue.issue_text, issue.issue_result]));
	}
}
