// The server is killed (-9) at random moments under load, more than a hundred times: nothing that was acknowledged is lost,
// nothing happens twice, `sulh verify` is clean, and two offices agree about every thread.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';

import { Office, sleep } from '../lib/office.mjs';
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

/** Every number in the queue, by its pages. */
async function allNumbers(office, token) {
	const numbers = [];
	for (let after = ''; ; ) {
		const page = await office.must('GET', `/api/v1/cases${after}`, { token });
		numbers.push(...page.rows.map((row) => row.number));
		if (!page.page_after) break;
		after = `?of=${page.of}&after=${encodeURIComponent(page.page_after)}`;
	}
	return numbers.sort();
}
