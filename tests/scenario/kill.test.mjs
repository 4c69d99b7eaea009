// The server is killed (-9) at random moments under load, more than a hundred times: nothing that was acknowledged is lost,
// nothing happens twice, `sulh verify` is clean, and two offices agree about every thread.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';

import { Office, sleep, until } from '../lib/office.mjs';
import { complaint } from '../lib/people.mjs';

const KILLS = Number(process.env.SULH_KILLS ?? 60);
const CLIENTS = 12;

/** Between dying at once and dying after many commits. */
const moment = () => sleep(5 + Math.random() ** 2 * 250);

/** One program that files complaints; a complaint without an answer is sent again with the same key until it has one. */
async function client(office, state) {
	while (!state.over || state.open.size) {
		const key = state.open.values().next().value ?? (state.over ? undefined : randomUUID());
		if (!key) return;
		state.open.delete(key);
		state.tries++;
		try {
			const reply = await office.api('POST', '/api/v1/complaints', { body: complaint(office.profile, key), headers: { 'idempotency-key': key } });
			if (reply.status === 201 || reply.status === 200) {
				const before = state.filed.get(key);
				if (before) assert.deepEqual(reply.body, before);
				state.filed.set(key, reply.body);
			} else {
				assert.ok([503, 429].includes(reply.status), `${reply.status} ${reply.text}`);
				state.busy++;
				state.open.add(key);
			}
		} catch (error) {
			if (error instanceof assert.AssertionError) throw error;
			state.open.add(key); // no answer: it may or may not be filed
			await sleep(10);
		}
	}
}

for (const database of ['sqlite', 'postgresql'])
	test(`intake on ${database}: killed ${database === 'sqlite' ? KILLS : KILLS / 3} times while ${CLIENTS} programs file`, async (t) => {
		const office = await Office.create({ database });
		t.after(() => office.remove());
		const registrar = await office.token('registrar');
		const state = { over: false, open: new Set(), filed: new Map(), tries: 0, busy: 0 };
		await office.start();
		const clients = Array.from({ length: CLIENTS }, () => client(office, state));
		const kills = database === 'sqlite' ? KILLS : KILLS / 3;
		for (let i = 0; i < kills; i++) {
			await moment();
			await office.kill9();
			await office.start();
		}
		state.over = true;
		await Promise.all(clients);
		t.diagnostic(`${state.filed.size} filed in ${state.tries} tries, ${state.busy} answered “try again”`);
		assert.ok(state.filed.size > kills, `only ${state.filed.size} filed`);

		const numbers = new Set([...state.filed.values()].map((one) => one.number));
		assert.equal(numbers.size, state.filed.size, 'each has a number of its own');
		for (const [key, one] of state.filed) {
			const again = await office.must('POST', '/api/v1/complaints', { body: complaint(office.profile, key), headers: { 'idempotency-key': key } });
			assert.deepEqual(again, one, 'the same key gets the same number and code');
		}
		assert.deepEqual(await allNumbers(office, registrar), [...numbers].sort(), 'every acknowledged complaint is there, and nothing else');
		await office.stop();
		await office.verify();
	});

/**
 * One officer's week: notes on every case, cases taken over and given up, one after the other closed. What is told is
 * remembered; what got no answer is looked up before it is tried again, as a person would.
 */
async function officer(office, state, token, mine) {
	const post = (id, act, body) => office.api('POST', `/api/v1/cases/${id}/${act}`, { token, body });
	const read = (id) => office.must('GET', `/api/v1/cases/${id}`, { token });
	while (!state.over) {
		const id = mine[Math.floor(Math.random() * mine.length)];
		const dice = Math.random();
		const marker = `note ${randomUUID()}`;
		try {
			if (dice < 0.6) {
				state.notes.set(marker, { id, told: false });
				if ((await post(id, 'notes', { note: marker })).status < 300) state.notes.get(marker).told = true;
			} else if (dice < 0.9) {
				const { version } = (await read(id)).case;
				const staff_id = state.staff[Math.floor(Math.random() * state.staff.length)];
				const reply = await post(id, 'assign', { version, staff_id });
				if (reply.status < 300) state.lead.set(id, staff_id);
				else state.refused += reply.status === 409;
			} else if (mine.length > 3) {
				const { version } = (await read(id)).case;
				if ((await post(id, 'close', { version, closing: 'withdrawn', closing_words: marker })).status < 300) {
					state.closed.set(id, marker);
					mine.splice(mine.indexOf(id), 1);
				}
			}
		} catch (error) {
			if (dice >= 0.6) state.unsure.add(id); // the assignment or the closing may or may not have been kept
			await sleep(10);
		}
	}
}

const OFFICERS = ['one', 'two', 'three']; // staff 1, 2, 3
const ROUNDS = { sqlite: 18, postgresql: 6 };
for (const database of ['sqlite', 'postgresql'])
	test(`officers at work on ${database}: killed ${ROUNDS[database]} times, nothing told is lost, nothing is half done`, async (t) => {
		const office = await Office.create({ database });
		t.after(() => office.remove());
		const token = await office.token('commissioner,registrar,investigator');
		for (const login of OFFICERS) await office.addUser(login, 'investigator');
		await office.start();
		const ids = [];
		for (let i = 0; i < 24; i++) await office.must('POST', '/api/v1/complaints', { body: complaint(office.profile), headers: { 'idempotency-key': randomUUID() } });
		for (const row of (await office.must('GET', '/api/v1/cases', { token })).rows) ids.push(row.id);
		assert.equal(ids.length, 24);
		const state = { over: false, notes: new Map(), lead: new Map(), closed: new Map(), unsure: new Set(), refused: 0, staff: [1, 2, 3] };
		const officers = [0, 1, 2, 3].map((n) => officer(office, state, token, ids.filter((_, i) => i % 4 === n)));
		const told = () => [...state.notes.values()].filter((one) => one.told).length;
		for (let i = 0; i < ROUNDS[database]; i++) {
			const before = told();
			await moment();
			if (i % 2) await until('a note is told', () => told() > before); // half of the deaths come after some success
			await office.kill9();
			await office.start();
		}
		state.over = true;
		await Promise.all(officers);
		t.diagnostic(`${told()} of ${state.notes.size} notes told, ${state.lead.size} cases given away, ${state.closed.size} closed, ${state.refused} refused as stale`);
		assert.ok(told() >= ROUNDS[database] / 2, `only ${told()} notes`);
		for (const id of ids) await proveCase(office, state, token, id);
		await office.stop();
		await office.verify();
	});

/** The case holds every note that was told, none twice, each with its event; its lead and its end are as told. */
async function proveCase(office, state, token, id) {
	const view = await office.must('GET', `/api/v1/cases/${id}`, { token });
	const bodies = view.notes.map((one) => one.body);
	assert.equal(new Set(bodies).size, bodies.length, 'no note twice');
	for (const [marker, note] of state.notes) if (note.id === id && note.told) assert.ok(bodies.includes(marker), `${marker} is lost`);
	for (const body of bodies) assert.equal(state.notes.get(body)?.id, id, 'and nothing that nobody wrote');
	const events = (kind) => view.events.filter((one) => one.kind === kind);
	assert.equal(events('note').length, bodies.length, 'a note and its entry in the chronology are one');
	assert.equal(events('closed').length, view.case.state.key === 'closed' ? 1 : 0);
	if (state.closed.has(id)) assert.equal(view.case.state.key, 'closed');
	if (state.lead.has(id) && !state.unsure.has(id)) assert.equal(view.case.assigned_name, OFFICERS[state.lead.get(id) - 1], 'who was told to lead it leads it');
	assert.equal(view.case.version, 1 + events('assigned').length + events('closed').length, 'each step raised the version once');
}

/** Every number in the queue, by its pages. */
async function allNumbers(office, token) {
	const numbers = [];
	for (let after = ''; ; ) {
		const page = await office.must('GET', `/api/v1/cases${after}`, { token });
		numbers.push(...page.rows.map((row) => row.number));
		if (!page.page_after) break;
		after = `?after=${encodeURIComponent(page.page_after)}`;
	}
	return numbers.sort();
}
