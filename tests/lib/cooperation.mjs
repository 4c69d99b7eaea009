// Two offices that work together, driven as programs do it: pairing, an agreement in force, referrals from consent to the
// end. The other office may be a second real one or a Partner (partner.mjs).
import { randomUUID } from 'node:crypto';

import { Visitor } from './browserless.mjs';
import { until } from './office.mjs';
import { complaint } from './people.mjs';
import * as p from './protocol.mjs';

export const ISO_DAY = 86_400_000;
export const isoDate = (ms) => new Date(ms).toISOString().slice(0, 10);

const contact = (name) => ({ name, email: 'liaison@example.org' });
const party = (id, name, country) => ({ id, name: { en: name }, country, contact: contact('A. One'), deputy: contact('B. Two') });

/** An agreement between two offices ({id, name, country} each), without uid; `changes` for narrower ones. */
export function document(first, second, changes = {}) {
	return { version: 1, title: { en: 'Memorandum of mutual assistance' },
		parties: [first, second].map(({ id, name, country }) => party(id, name, country)),
		persons: { kind: 'nationals', of: 'each' }, subjects: ['*'], assistance: ['referral'],
		data_categories: ['identity', 'contact', 'facts', 'remedy', 'documents'], consent: 'explicit',
		clocks: { first_reply: { amount: 7, unit: 'days' }, prepare: { amount: 30, unit: 'days' }, accept: { amount: 7, unit: 'days' },
			solve: { amount: 10, unit: 'weeks' }, accept_solution: { amount: 7, unit: 'days' } },
		languages: ['en', 'ur', 'az'], authentic_language: 'en', valid_from: isoDate(Date.now() - ISO_DAY), notice_days: 30,
		text: { en: 'The parties assist each other.' }, ...changes };
}

/** One office's side, with a token that may do all that cooperation knows: {office, token, id, name, country, …}. */
export async function side(office) {
	const token = await office.token('commissioner');
	const one = { office, token, name: office.profile, country: office.profile.slice(0, 2).toUpperCase(),
		get: (address) => office.must('GET', address, { token }),
		post: (address, body = {}) => office.must('POST', address, { token, body }),
		tryPost: (address, body = {}) => office.api('POST', address, { token, body }) };
	one.id = (await one.get('/api/v1/partners')).own.uid;
	return one;
}

/** Fetches the other's identity and confirms it by the fingerprint that `shown` is said on the telephone. */
export async function pin(one, url, { confirm = true } = {}) {
	const { partner } = await one.post('/api/v1/partners', { url });
	if (confirm) await one.post(`/api/v1/partners/${partner.id}/confirm`, { fingerprint: partner.fingerprint, compared: true });
	return partner.id;
}

const versionOf = (view) => view.agreement?.version ?? view.version;

export async function draft(one, content) {
	const view = await one.post('/api/v1/agreements', content);
	return view.agreement ?? view;
}

/** Does what a person with the right to sign does to an agreement: propose, sign, suspend, resume, terminate. */
export async function actOn(one, id, act, words = {}) {
	const view = await one.get(`/api/v1/agreements/${id}`);
	return one.post(`/api/v1/agreements/${id}/${act}`, { version: versionOf(view), ...words });
}

export async function agreementState(one, id) {
	const view = await one.get(`/api/v1/agreements/${id}`);
	return (view.agreement ?? view).state?.key;
}

/** Complaint, referral, packet, the person's consent: everything before sending. {id, number}. */
export async function prepare(home, agreement, { fields = ['name', 'nationality', 'language', 'facts', 'body', 'remedy'], changes = {} } = {}) {
	const filed = await home.office.must('POST', '/api/v1/complaints',
		{ body: complaint(home.office.profile, undefined, changes), headers: { 'idempotency-key': randomUUID() } });
	const row = (await home.get(`/api/v1/search?q=${encodeURIComponent(filed.number)}`)).rows?.[0];
	const { id } = await home.post(`/api/v1/cases/${row.id}/referrals`, { agreement });
	await act(home, id, 'packet', { subject: 'labour_wages', residence: '', authority: 'A body', language: 'en', fields });
	await act(home, id, 'consent');
	const person = new Visitor(home.office.url, { lang: 'en' });
	const page = await (await person.open('/track')).form({ field: 'code' }).fill({ number: filed.number, code: filed.code }).send();
	await page.form({ action: /^\/track\/consent\// }).send({ press: { act: 'give' } });
	return { id, number: filed.number, code: filed.code };
}

/** One act of an officer with the version just read; the API's answer. */
export async function act(one, id, name, words = {}) {
	const { referral } = await one.get(`/api/v1/referrals/${id}`);
	return one.post(`/api/v1/referrals/${id}/${name}`, { version: referral.version, ...words });
}

export const look = async (one, id) => one.get(`/api/v1/referrals/${id}`);

/** All referrals of an office by their thread's uid. */
export async function referralsByUid(one) {
	const found = new Map();
	for (const show of ['', 'over'])
		for (let after = ''; ; ) {
			const list = await one.get(`/api/v1/referrals?show=${show}${after}`);
			for (const row of list.referrals) {
				const view = await look(one, row.id);
				found.set(view.referral.uid, view);
			}
			if (!list.next_after) break;
			after = `&after=${list.next_after}`;
		}
	return found;
}

export const atLead = (lead, uid) => until(`the referral ${uid} at the lead`, async () => (await referralsByUid(lead)).get(uid));

export const settled = (one, id, state, options) => until(`${state} at ${one.name}`, async () => {
	const { referral } = await look(one, id);
	return referral.state.key === state && !referral.unconfirmed && referral;
}, options);

// --- bodies as a partner that is not Sulh writes them --------------------------------------------------------------------

export function offerBody({ receiver, agreement, fields = { name: 'Test Person', facts: 'No wages since June.', remedy: 'The wages.' }, files = [], changes = {}, consent = {} }) {
	return { number: 'X-2026-1', subject: 'labour_wages', nationality: 'AZ', authority: 'A body', language: 'en', fields,
		...(files.length ? { files } : {}),
		consent: { ...p.consentStatement({ receiver, agreement, fields, files, language: 'en', givenAt: Date.now() - 60_000 }), ...consent }, ...changes };
}
