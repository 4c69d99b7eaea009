// Two offices write to each other while either server is killed (-9) at random moments; both act in the same second; one is
// away while the other goes on. What an officer was told is recorded arrives once; both offices agree; both can prove it.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';

import * as c from '../lib/cooperation.mjs';
import { Office, sleep, until } from '../lib/office.mjs';

const KILLS = Number(process.env.SULH_EXCHANGE_KILLS ?? 56);
const THREADS = 16;
const WRITERS = 6; // at each office
const WORDS = { text: '', language: 'en' };

/** Two offices with an agreement in force: [home, lead, the agreement's uid]. */
async function two(t, { homeDatabase, leadDatabase } = {}) {
	const offices = [await Office.create({ database: homeDatabase }), await Office.create({ profile: 'az-commissioner', database: leadDatabase })];
	t.after(() => Promise.all(offices.map((office) => office.remove())));
	const [home, lead] = await Promise.all(offices.map(async (office) => c.side(await office.start())));
	await c.pin(home, lead.office.url);
	await c.pin(lead, home.office.url);
	const { id, uid } = await c.draft(home, c.document(home, lead));
	await c.actOn(home, id, 'propose');
	const theirs = await until('the proposal', async () => (await lead.get('/api/v1/agreements')).rows.find((row) => row.uid === uid));
	await c.actOn(lead, theirs.id, 'sign');
	await until('in force', async () => (await c.agreementState(home, id)) === 'in_force');
	return { home, lead, agreement: uid };
}

/** A referral that both have: {home: id there, lead: id there, uid, number}. */
async function refer({ home, lead, agreement }, count) {
	const made = [];
	for (let i = 0; i < count; i++) {
		const one = await c.prepare(home, agreement);
		await c.act(home, one.id, 'send');
		made.push({ home: one.id, number: one.number, uid: (await c.look(home, one.id)).referral.uid });
	}
	const found = await until('every offer', async () => {
		const there = await c.referralsByUid(lead);
		return made.every(({ uid }) => there.has(uid)) && there;
	}, { ms: 30_000, every: 200 });
	return made.map((one) => ({ ...one, lead: found.get(one.uid).referral.id }));
}

const idle = (one, ms = 60_000) => until(`everything delivered by ${one.name}`, async () => {
	const { waiting } = await one.get('/api/v1/referrals');
	return waiting.length === 0;
}, { ms, every: 100 });

/** Stays until it could be done; an act that found the server away may have been done or not. */
async function writer(one, which, referrals, state) {
	while (!state.over) {
		const referral = referrals[Math.floor(Math.random() * referrals.length)];
		const marker = randomUUID();
		const name = which === 'lead' && Math.random() < 0.3 ? 'progress' : 'note';
		const body = { ...WORDS, text: `Marker ${marker}.`, ...(name === 'progress' ? { step: 'other' } : {}) };
		const written = { marker, name, which, referral };
		state.tried.push(written);
		try {
			const reply = await one.tryPost(`/api/v1/referrals/${referral[which]}/${name}`, body);
			if (reply.status >= 200 && reply.status < 300) written.told = true;
			else {
				assert.ok([409, 429, 503].includes(reply.status), `${name}: ${reply.status} ${reply.text.slice(0, 500)}`);
				written.refused = true;
				await sleep(20);
			}
		} catch (error) {
			if (error instanceof assert.AssertionError) throw error;
			await sleep(10);
		}
		await sleep(Math.random() * 30);
	}
}

const count = (text, marker) => text.split(marker).length - 1;

/** What was told is there once at both; what was refused nowhere; what got no answer at both or at neither. */
async function compare({ home, lead }, referrals, state) {
	const texts = new Map();
	for (const referral of referrals) {
		const [ours, theirs] = [await c.look(home, referral.home), await c.look(lead, referral.lead)];
		assert.equal(ours.referral.state.key, theirs.referral.state.key, `the state of ${referral.uid}`);
		for (const { referral: one } of [ours, theirs]) assert.equal(one.unconfirmed, false);
		const { case: { id } } = ours;
		texts.set(referral, { home: JSON.stringify(ours.notes ?? []), lead: JSON.stringify(theirs.notes ?? []),
			course: JSON.stringify((await home.get(`/api/v1/cases/${id}`)).events.map(({ data }) => data)) });
	}
	let arrived = 0;
	for (const { marker, name, told, refused, which, referral } of state.tried) {
		const { home: atHome, lead: atLead, course } = texts.get(referral);
		const seen = name === 'note' ? [count(atHome, marker), count(atLead, marker)] : [count(course, marker)];
		const wanted = told ? [1] : refused ? [0] : [0, 1];
		for (const times of seen)
			assert.ok(wanted.includes(times), `${name} of ${which} ${told ? 'told' : refused ? 'refused' : 'unanswered'}: ${seen} times (${marker})`);
		assert.ok(seen.every((times) => times === seen[0]), `${name} of ${which} is at one office only (${marker})`);
		arrived += seen[0];
	}
	return arrived;
}

/** Receipts carry both heads: a last note each way in every thread shows that the two offices hold the same history. */
async function lastWords({ home, lead }, referrals) {
	for (const [one, which] of [[home, 'home'], [lead, 'lead']]) {
		for (const referral of referrals) await one.post(`/api/v1/referrals/${referral[which]}/note`, { ...WORDS, text: 'The last.' });
		await idle(one);
	}
}

async function proven(...sides) {
	for (const { office } of sides) {
		await office.stop();
		assert.match(await office.verify(), /^Everything holds/);
	}
}

async function killed(t, databases, kills, threads) {
	const offices = await two(t, databases);
	const { home, lead } = offices;
	const referrals = await refer(offices, threads);
	for (const { lead: id } of referrals.slice(1)) await c.act(lead, id, 'accept', WORDS);
	await idle(lead);
	const state = { over: false, tried: [] };
	const writers = ['home', 'lead'].flatMap((which) => Array.from({ length: WRITERS }, () => writer(offices[which], which, referrals.slice(1), state)));
	const began = performance.now();
	for (let i = 0; i < kills; i++) {
		await sleep(5 + Math.random() ** 2 * 300);
		const { office } = Math.random() < 0.5 ? home : lead;
		await office.kill9();
		if (Math.random() < 0.2) await sleep(200); // sometimes the other finds nobody for a while
		await office.start();
	}
	const killing = performance.now() - began;
	state.over = true;
	await Promise.all(writers);
	await Promise.all([idle(home, 150_000), idle(lead, 150_000)]);
	const settled = performance.now() - began - killing;
	const arrived = await compare(offices, referrals, state);
	await lastWords(offices, referrals);
	await proven(home, lead);
	const told = state.tried.filter((one) => one.told).length;
	t.diagnostic(`${kills} kills in ${Math.round(killing)} ms; ${state.tried.length} tried, ${told} told, ${arrived} arrived; all delivered ${Math.round(settled)} ms after`);
	assert.ok(told > kills, `only ${told} were told`);
}

test(`two offices on SQLite, killed ${KILLS} times while both write in ${THREADS} threads`, (t) => killed(t, {}, KILLS, THREADS));

test('one office on PostgreSQL, killed a few times', { skip: !process.env.SULH_TEST_PG && 'SULH_TEST_PG is not set' },
	(t) => killed(t, { leadDatabase: 'postgresql' }, Math.ceil(KILLS / 5), 6));

test('accept or refuse against withdraw in the same second, twenty times', async (t) => {
	const offices = await two(t);
	const { home, lead } = offices;
	const referrals = await refer(offices, 20);
	const ends = {};
	await Promise.all(referrals.map(async (referral, i) => {
		const does = i % 2 ? ['refuse', { ...WORDS, text: 'Not ours.', reason: 'other' }] : ['accept', WORDS];
		const late = (one) => sleep(i < 8 ? 0 : Math.random() * (one === home ? 300 : 10)); // so that each comes first at times
		const act = async (one, id, name, body) => {
			await late(one);
			const reply = await one.tryPost(`/api/v1/referrals/${id}/${name}`, body);
			assert.ok(reply.status < 300 || reply.status === 409, `${name}: ${reply.status} ${reply.text.slice(0, 300)}`);
			return reply.status < 300;
		};
		const [decided, withdrawn] = await Promise.all([act(lead, referral.lead, ...does), act(home, referral.home, 'withdraw', { ...WORDS, ground: 'person_withdrew' })]);
		const end = await until(`both agree on ${referral.uid}`, async () => {
			const [ours, theirs] = [(await c.look(home, referral.home)).referral, (await c.look(lead, referral.lead)).referral];
			const same = ours.state.key === theirs.state.key && !ours.unconfirmed && !theirs.unconfirmed && ['withdrawn', 'refused'].includes(ours.state.key);
			return same && ours.state.key;
		}, { ms: 30_000 });
		// Home's order is the order: what home recorded as withdrawn stays so, and only a refusal that came first prevents it.
		assert.equal(end, withdrawn ? 'withdrawn' : 'refused');
		if (!withdrawn) assert.ok(decided && does[0] === 'refuse');
		const how = `${does[0]}${decided ? '' : ' (too late)'} × withdraw: ${end}`;
		ends[how] = (ends[how] ?? 0) + 1;
	}));
	await Promise.all([idle(home), idle(lead)]);
	t.diagnostic(JSON.stringify(ends));
	await lastWords(offices, referrals);
	await proven(home, lead);
});

test('a partner that was away gets everything soon after it is back', async (t) => {
	const offices = await two(t);
	const { home, lead } = offices;
	const referrals = await refer(offices, 10);
	await lead.office.kill9();
	const state = { tried: [] };
	for (let i = 0; i < 3; i++)
		for (const referral of referrals) {
			const marker = randomUUID();
			await home.post(`/api/v1/referrals/${referral.home}/note`, { ...WORDS, text: `Marker ${marker}.` });
			state.tried.push({ marker, name: 'note', which: 'home', referral, told: true });
		}
	await until('the officer is told', async () => (await home.get('/api/v1/referrals')).waiting.some(({ attempts, error }) => attempts > 1 && error));
	await sleep(2000);
	await lead.office.start();
	const began = performance.now();
	await idle(home, 12_000);
	t.diagnostic(`30 messages in 10 threads ${Math.round(performance.now() - began)} ms after the partner's return, which was away for some seconds`);
	await compare(offices, referrals, state);

	// When the wait had grown long, the first sign of life makes everything due.
	await lead.office.kill9();
	for (const referral of referrals) await home.post(`/api/v1/referrals/${referral.home}/note`, { ...WORDS, text: 'While you were away.' });
	await until('a wait of more than four seconds', async () => (await home.get('/api/v1/referrals')).waiting.some(({ attempts }) => attempts > 3), { ms: 30_000 });
	await lead.office.start();
	const back = performance.now();
	await lead.post(`/api/v1/referrals/${referrals[0].lead}/note`, { ...WORDS, text: 'We are back.' });
	await idle(home, 3000);
	t.diagnostic(`all of it ${Math.round(performance.now() - back)} ms after its first sign of life`);
	await lastWords(offices, referrals);
	await proven(home, lead);
});
