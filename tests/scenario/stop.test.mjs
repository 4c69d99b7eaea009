// What stops a referral, and that it says which: consent taken back, the agreement suspended or terminated. On the pages, as
// the officer sees it, and with the clause's name.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Visitor } from '../lib/browserless.mjs';
import { Office, until } from '../lib/office.mjs';
import { addStaff, HOME, LEAD, Story } from '../lib/story.mjs';

/** Two offices at the end of a step of the story. */
async function upTo(t, last) {
	const home = await Office.create({ profile: HOME });
	const lead = await Office.create({ profile: LEAD });
	t.after(() => Promise.all([home.remove(), lead.remove()]));
	for (const office of [home, lead]) {
		await addStaff(office);
		await office.start();
	}
	const story = new Story({ home, lead, hand: async (office, { lang }) => new Visitor(office.url, { lang }) });
	for (const { name, run } of story.steps()) {
		await run();
		if (name === last) return story;
	}
	throw new Error(`no step ${last}`);
}

/** The officer presses "send" on a page that was open already: it is refused, says why, and nothing moves. */
async function sendIsRefused(story, page, pattern) {
	const before = await story.referral('home');
	const refused = await page.form({ action: /\/send$/ }).send();
	assert.ok([403, 409].includes(refused.status), refused.describe());
	assert.match(refused.text, pattern);
	const after = await story.referral('home');
	assert.equal(after.referral.state.key === 'sent', false);
	assert.deepEqual(after.referral.uid, before.referral.uid);
	assert.equal((await story.lead.must('GET', '/api/v1/referrals', { token: story.leadToken })).referrals.length, 0, 'nothing arrived in Baku');
	return refused;
}

/** What Baku would do is refused with the clause that stops it. */
async function stopped(story, act, words, clause) {
	const { version } = (await story.referral('lead')).referral;
	const refused = await story.lead.api('POST', `/api/v1/referrals/${story.leadReferral}/${act}`, { token: story.leadToken,
		headers: { 'accept-language': 'en' }, body: { version, language: 'en', ...words } });
	assert.equal(refused.status, 403, refused.text);
	assert.match(refused.text, new RegExp(clause, 'i'));
	const page = (await (await story.officer('leyla')).open(story.atLead())).expect();
	assert.match(page.text, /\b1[01]\b/, 'the page names the article');
}

const reason = (reason) => ({ reason, language: 'en' });

test('consent taken back before the sending: the packet does not leave', async (t) => {
	const story = await upTo(t, 'consent');
	const page = (await (await story.officer('bilal')).open(story.atHome())).expect();
	const gul = await story.gulsPage();
	(await gul.form({ action: /^\/track\/consent\// }).send({ press: { act: 'withdraw' } })).expect();
	await sendIsRefused(story, page, /consent|changed|meantime/i);
	const fresh = (await (await story.officer('bilal')).open(story.atHome())).expect();
	assert.ok(!fresh.hasForm({ action: /\/send$/ }), 'and the page no longer offers it');
	for (const office of [story.home, story.lead]) await office.verify();
});

test('the agreement suspended: the send is refused and names the clause; lifted: it goes', async (t) => {
	const story = await upTo(t, 'consent');
	const page = (await (await story.officer('bilal')).open(story.atHome())).expect();
	await story.act('naveed', story.homeAgreement, { action: /\/suspend$/ }, reason('A question about the text.'));
	await until('Baku knows', async () => (await story.agreement('lead')).state.key === 'suspended');
	const refused = await sendIsRefused(story, page, /suspen|article 10/i);
	assert.match(refused.text, /10/, 'the article of the suspension');
	await story.act('naveed', story.homeAgreement, { action: /\/resume$/ }, reason('Answered.'));
	for (const side of ['home', 'lead']) await until(`in force at ${side}`, async () => (await story.agreement(side)).state.key === 'in_force');
	await story.send();
	for (const office of [story.home, story.lead]) await office.verify();
});

test('suspended by the other side: what arrives is refused there, stands on the list here with its reason, and goes on after', async (t) => {
	const story = await upTo(t, 'send');
	await story.act('rena', story.leadAgreement, { action: /\/suspend$/ }, reason('Ask us.'));
	await until('Islamabad knows', async () => (await story.agreement('home')).state.key === 'suspended');
	await stopped(story, 'accept', {}, 'suspension');
	await story.bothAre('sent');
	await story.act('rena', story.leadAgreement, { action: /\/resume$/ }, reason('Thank you.'));
	for (const side of ['home', 'lead']) await until(`in force at ${side}`, async () => (await story.agreement(side)).state.key === 'in_force');
	await story.accept();
	for (const office of [story.home, story.lead]) await office.verify();
});

test('consent taken back after the sending: withdrawn at once on both sides, and Gul reads it', async (t) => {
	const story = await upTo(t, 'accept');
	const gul = await story.gulsPage();
	(await gul.form({ action: /^\/track\/consent\// }).send({ press: { act: 'withdraw' } })).expect();
	await story.bothAre('withdrawn');
	const before = story.steps_seen(gul);
	await story.gulReads('that it was taken back', (one) => story.steps_seen(one) > before);
	const leyla = (await (await story.officer('leyla')).open(story.atLead())).expect();
	for (const act of ['outcome', 'close', 'ask']) assert.ok(!leyla.hasForm({ action: new RegExp(`/${act}$`) }), `${act} is over`);
	for (const office of [story.home, story.lead]) await office.verify();
});

test('a termination stops the next message on both sides, but a withdrawal still arrives', async (t) => {
	const story = await upTo(t, 'accept');
	const today = new Date().toISOString().slice(0, 10);
	const form = (await (await story.officer('rena')).open(story.leadAgreement)).expect().form({ action: /\/terminate$/ });
	const earliest = form.pairs.find(([name]) => name === 'effective')[1];
	assert.ok(earliest > today, 'notice is proposed');
	const refused = await form.fill({ reason: '', language: 'en' }).send();
	assert.equal(refused.status, 422, 'a termination has its reason');
	(await refused.form({ action: /\/terminate$/ }).fill({ ...reason('The law changed.'), effective: earliest }).send()).expect();
	await until('Islamabad knows when it ends', async () => (await story.home.must('GET', `/api/v1${story.homeAgreement.replace('/desk', '')}`, { token: story.homeToken }))
		.history.some((one) => one.effective));
	await story.home.stop();
	await story.lead.stop();
	const offsetMs = Date.parse(earliest) - Date.now() + 3_600_000;
	for (const office of [story.home, story.lead]) await office.start({ offsetMs });
	story.hands.clear(); // sessions ended meanwhile
	for (const side of ['home', 'lead']) await until(`terminated at ${side}`, async () => (await story.agreement(side)).state.key === 'terminated');
	await stopped(story, 'close', { result: 'unresolved', text: 'x' }, 'termination');
	await story.act('bilal', story.atHome(), { action: /\/withdraw$/ }, { language: 'en', ground: 'agreement_ended' });
	await story.bothAre('withdrawn');
	for (const office of [story.home, story.lead]) await office.verify();
});
