// The typical life of a complaint under each law, told once and lived twice: on pages, as people press them, and over the API,
// as programs send them. Everybody in it is invented.
//
//     const life = new Life({ office, deeds: await Pages.of(office, hand) });      // or new Programs(office)
//     for (const { title, run } of life.steps()) await run();
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { until } from './office.mjs';
import { admissible, complaint } from './people.mjs';

const DAY_MS = 86_400_000;
const PK = 'pk-wafaqi-mohtasib';

export const STAFF = {
	[PK]: [
		{ login: 'ayesha', roles: 'registrar', name: 'Ayesha Siddiqui' },
		{ login: 'kamran', roles: 'admission_officer', name: 'Kamran Javed' },
		{ login: 'usman', roles: 'investigator', name: 'Usman Qureshi' },
		{ login: 'faisal', roles: 'investigator', name: 'Faisal Raza' },
		{ login: 'naveed', roles: 'commissioner', name: 'Naveed Iqbal' },
	],
	'az-commissioner': [
		{ login: 'aysel', roles: 'registrar', name: 'Aysel Quliyeva' },
		{ login: 'seyid', roles: 'admission_officer', name: 'Seyid Abbasov' },
		{ login: 'orxan', roles: 'investigator', name: 'Orxan Əliyev' },
		{ login: 'nigar', roles: 'mediator', name: 'Nigar Rüstəmova' },
		{ login: 'rena', roles: 'commissioner', name: 'Rəna Məmmədova' },
	],
};

/** Deeds of people: the tab is opened, its form filled, its button pressed. */
export class Pages {
	constructor(office, hand) {
		Object.assign(this, { office, hand, hands: new Map() });
	}

	async who(login) {
		if (!this.hands.has(login)) {
			const one = await this.hand(this.office, { lang: 'en', name: login });
			await one.login(this.office.users[login]);
			this.hands.set(login, one);
		}
		return this.hands.get(login);
	}

	/** After the office was away all log in again: their sessions may have ended. */
	forget() {
		this.hands.clear();
	}

	async act(login, id, tab, path, values = {}) {
		const page = (await (await this.who(login)).open(`/desk/cases/${id}${tab ? `/${tab}` : ''}`)).expect();
		const named = (form, name) => form.node.all((one) => one.attributes.name === name);
		const hidden = (form, name) => named(form, name)[0]?.attributes.type === 'hidden';
		/* Of two forms for one address the one that stands for this: its hidden fields say so. */
		const form = page.forms({ action: new RegExp(`/cases/${id}/${path}$`) }).find((one) =>
			Object.entries(values).every(([name, value]) => !hidden(one, name) || named(one, name)[0].attributes.value === value));
		assert.ok(form, `${login} is offered ${path}: ${page.describe()}`);
		return (await form.fill(Object.fromEntries(Object.entries(values).filter(([name]) => !hidden(form, name)))).send()).expect();
	}
}

/** The same deeds as requests of a program that has the role. */
export class Programs {
	constructor(office) {
		Object.assign(this, { office, tokens: new Map() });
	}

	async who(login) {
		if (!this.tokens.has(login)) {
			const own = STAFF[this.office.profile].find((one) => one.login === login).roles;
			this.tokens.set(login, await this.office.token(own === 'mediator' ? own : `${own} commissioner`));
		}
		return this.tokens.get(login);
	}

	forget() {}

	async act(login, id, tab, path, values = {}) {
		return this.office.must('POST', `/api/v1/cases/${id}/${path}`, { token: await this.who(login), body: values });
	}
}

export class Life {
	/** `own`: pages for what only a person can do who is named for it: mediate, sign, decide a review. */
	constructor({ office, deeds, own = deeds }) {
		Object.assign(this, { office, deeds, own, id: 1, away: 0 });
	}

	static async hire(office) {
		for (const one of STAFF[office.profile]) await office.addUser(one.login, one.roles, { ...one, lang: 'en' });
	}

	staffId = (login) => 1 + STAFF[this.office.profile].findIndex((one) => one.login === login);
	today = (days = 0) => new Date(Date.now() + (this.away + days) * DAY_MS).toISOString().slice(0, 10);
	act = (login, tab, path, values) => this.deeds.act(login, this.id, tab, path, values);

	async look(tab = '') {
		this.reader ??= await this.office.token('commissioner');
		return this.office.must('GET', `/api/v1/cases/${this.id}${tab ? `/${tab}` : ''}`, { token: this.reader, headers: { 'accept-language': 'en' } });
	}

	async is(state) {
		assert.equal((await this.look()).case.state.key, state);
	}

	/** The office's own clock goes on by so many days. */
	async wait(days) {
		this.away += days;
		await this.office.stop();
		await this.office.start({ offsetMs: this.away * DAY_MS });
		this.deeds.forget();
		this.own.forget();
	}

	async file(changes) {
		const filed = await this.office.must('POST', '/api/v1/complaints', { body: complaint(this.office.profile, undefined, changes), headers: { 'idempotency-key': randomUUID() } });
		Object.assign(this, { number: filed.number, code: filed.code });
	}

	/** What the person reads: no name of an officer's own words in it that was not meant for them. */
	async personReads(pattern) {
		const own = await this.office.must('GET', `/api/v1/complaints/${this.number}`, { headers: { 'sulh-code': this.code, 'accept-language': 'en' } });
		assert.match(own.events.map((one) => one.text).join('\n'), pattern);
	}

	steps() {
		return this.office.profile === PK ? this.underPakistansOrder() : this.underAzerbaijansLaw();
	}

	// --- Pakistan: the agency first, a finding within sixty days, review by somebody else, the President ---------------------

	underPakistansOrder() {
		return [
			{ title: 'a bill that nobody can explain is complained of, and registered', run: async () => {
				await this.file({ name: 'Rukhsana Bibi', body_name: 'Islamabad Electric Supply Company', body_country: 'PK', subject: 'utilities' });
				await this.is('received');
				await this.act('ayesha', '', 'register');
				await this.is('registered');
			} },
			{ title: 'it goes to the company first; after thirty days of silence the office takes it over by itself', run: async () => {
				await this.act('ayesha', 'time', 'agency-first');
				await this.is('agency_first');
				await this.wait(32);
				await until('the office takes over', async () => (await this.look()).case.state.key === 'registered');
				await this.personReads(/./);
			} },
			{ title: 'the questions of admissibility are answered, and it is admitted', run: async () => {
				await this.act('kamran', 'screening', 'screening', admissible(PK));
				await this.act('ayesha', 'team', 'lead', { staff_id: this.staffId('usman'), reason: 'He knows electricity.' });
				await this.act('usman', '', 'admit');
				await this.is('admitted');
			} },
			{ title: 'the company is asked, and answers in part', run: async () => {
				await this.act('usman', 'agency', 'agency-requests', { agency_body: 'Islamabad Electric Supply Company', question: 'How was the bill of June made up?' });
				await this.is('with_agency');
				await this.act('usman', 'agency', 'agency-requests/1/reply', { position: 'partly', reply: 'The meter was read wrongly in June.', remedy: 'A new bill.' });
				await this.is('admitted');
			} },
			{ title: 'a hearing is set and held, and its minutes are signed', run: async () => {
				await this.act('usman', 'inquiry', 'hearings', { hearing_kind: 'oral', day: this.today(3), time: '10:00', length: 60, place: 'Islamabad',
					officer_id: this.staffId('usman'), purpose: 'Both sides on the reading of June', invite_person: true });
				await this.is('hearing_set');
				await this.wait(4);
				await this.act('usman', 'inquiry', 'hearings/1/hold', {});
				await this.act('usman', 'inquiry', 'hearings/1/minutes', { minutes: 'Both sides were heard. The reading of June was wrong.' });
				await this.own.act('usman', this.id, 'inquiry', 'hearings/1/sign-minutes');
				await this.is('admitted');
			} },
			{ title: 'the finding is drafted and issued by who may sign', run: async () => {
				await this.act('usman', 'inquiry', 'findings', { facts: 'The meter was read wrongly.', reasons: 'The bill rests on that reading.', result_1: 'violation', fault_1: 'wrong_decision' });
				await this.is('draft_finding');
				await this.act('naveed', 'inquiry', 'findings/1/issue-finding', {});
				await this.is('finding_issued');
			} },
			{ title: 'a recommendation is made, accepted and carried out', run: async () => {
				await this.act('naveed', 'inquiry', 'recommendations', { addressee: 'Islamabad Electric Supply Company', rec_kind: 'personal', measure: 'Make a new bill for June.', due: this.today(30) });
				await this.is('implementation');
				await this.act('usman', 'inquiry', 'recommendations/1/answer', { answer: 'accepted', answer_words: 'We will.' });
				await this.act('usman', 'inquiry', 'recommendations/1/assess', { degree: 'fully', evidence: 'The new bill was seen.' });
				await this.act('usman', '', 'close', { closing: 'upheld', closing_words: 'The bill was made anew.' });
				await this.is('closed');
				await this.personReads(/closed/);
			} },
			{ title: 'within thirty days a review is asked; who was involved before cannot decide it', run: async () => {
				await this.wait(10);
				await this.act('naveed', 'links', 'reviews', { way: 'review', asked_by: 'person', ground: 'mistake', petition: 'The old months are wrong as well.' });
				await this.is('review');
				await assert.rejects(this.act('naveed', 'links', 'reviews/1/reviewer', { staff_id: this.staffId('usman') }));
				await this.act('naveed', 'links', 'reviews/1/reviewer', { staff_id: this.staffId('faisal') });
				await this.own.act('faisal', this.id, 'links', 'reviews/1/review-outcome', { outcome: 'altered', words: 'The months before June are to be looked at too.' });
				await this.is('implementation');
			} },
			{ title: 'a representation to the President stays the order', run: async () => {
				await this.act('naveed', 'links', 'reviews', { way: 'president', asked_by: 'person', ground: 'law', petition: 'The old months are barred by time.' });
				await this.is('under_appeal');
				await this.act('naveed', 'links', 'reviews/2/review-outcome', { outcome: 'rejected', words: 'The order stands.' });
				await this.is('implementation');
			} },
			{ title: 'everything provable holds', run: () => this.office.verify() },
		];
	}

	// --- Azerbaijan: thirty days and once more, a settlement found in mediation ----------------------------------------------

	underAzerbaijansLaw() {
		return [
			{ title: 'a complaint about a pension is registered', run: async () => {
				await this.file({ name: 'Səfurə Əhmədova', body_name: 'Dövlət Sosial Müdafiə Fondu', body_country: 'AZ', subject: 'social_security', nationality: 'AZ' });
				await this.act('aysel', '', 'register');
				await this.is('registered');
			} },
			{ title: 'it is admitted, and the thirty days begin', run: async () => {
				await this.act('seyid', 'screening', 'screening', admissible('az-commissioner'));
				await this.act('aysel', 'team', 'lead', { staff_id: this.staffId('orxan'), reason: 'He knows pensions.' });
				await this.act('orxan', '', 'admit');
				await this.is('admitted');
			} },
			{ title: 'the thirty days are lengthened once, with a reason, and the person reads it', run: async () => {
				const { clocks } = await this.look('time');
				const clock = clocks.find((one) => one.rule === 'az.examine');
				assert.ok(clock, JSON.stringify(clocks.map((one) => one.rule)));
				await this.act('orxan', 'time', `clocks/${clock.id}/extend-clock`, { amount: 30, words: 'The archive of the district has to be searched.' });
				await this.personReads(/archive of the district|more time|longer|extended/i);
				await assert.rejects(this.act('orxan', 'time', `clocks/${clock.id}/extend-clock`, { amount: 30, words: 'Once more.' }), 'only once');
			} },
			{ title: 'a mediator brings both sides together; what is said there stays there', run: async () => {
				await this.act('orxan', 'inquiry', 'mediation', { mediator_id: this.staffId('nigar') });
				await this.is('mediation');
				const inside = (path, values) => this.own.act('nigar', this.id, 'mediation', `mediation/${path}`, values);
				await inside('entries', { entry_kind: 'session', held_on: this.today(), words: 'The fund is ready to pay what it withheld.' });
				await inside('settlement', { settlement: 'The fund pays the five months in two parts.' });
				assert.doesNotMatch(JSON.stringify([await this.look(), await this.look('inquiry')]), /ready to pay|two parts/);
				await inside('issue-settlement');
				assert.match(JSON.stringify(await this.look('inquiry')), /two parts/, 'the settlement itself belongs to the case');
				await this.is('admitted');
			} },
			{ title: 'the case ends with the settlement', run: async () => {
				await this.act('orxan', '', 'close', { closing: 'mediated_settlement', closing_words: 'Both sides have signed.' });
				await this.is('closed');
				await this.personReads(/Both sides have signed/);
			} },
			{ title: 'a new fact opens it again', run: async () => {
				await this.act('rena', 'links', 'reopen', { reopen_ground: 'new_facts', words: 'The second part was not paid.' });
				await this.is('admitted');
				await this.personReads(/opened again/);
			} },
			{ title: 'everything provable holds', run: () => this.office.verify() },
		];
	}
}
