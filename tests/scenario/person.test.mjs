// What the person answers about a referral on the tracking page: a mistake brings the form back as it was filled, says at each
// field what is wrong, in the reader's language, and saves nothing; what moved on meanwhile is told, and no word is lost.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { Visitor } from '../lib/browserless.mjs';
import { Office } from '../lib/office.mjs';
import { addStaff, HOME, LEAD, Story } from '../lib/story.mjs';

const LANGUAGES = ['az', 'en', 'ru', 'ur'];
const OUTCOME = { action: /^\/track\/outcome\// };
const CONSENT = { action: /^\/track\/consent\// };
const WHY = 'دوسری قسط کی کوئی تاریخ <نہیں> دی گئی۔';

let story, home, lead, steps;
before(async () => {
	[home, lead] = [await Office.create({ profile: HOME }), await Office.create({ profile: LEAD })];
	for (const office of [home, lead]) {
		await addStaff(office);
		await office.start();
	}
	story = new Story({ home, lead, hand: async (office, { lang }) => new Visitor(office.url, { lang }) });
	steps = story.steps();
});
after(() => Promise.all([home?.remove(), lead?.remove()]));

async function upTo(last) {
	while (steps.length) {
		const { name, run } = steps.shift();
		await run();
		if (name === last) return;
	}
	throw new Error(`no step ${last}`);
}

/** The person's page in a language, in a browser of its own. */
async function tracked(lang) {
	const page = await new Visitor(home.url, { lang }).open('/track');
	return (await page.form({ field: 'code' }).fill({ number: story.number, code: story.code }).send()).expect();
}

async function propose(language, first, second) {
	await story.act('leyla', story.atLead(), { action: /\/outcome$/ }, { language,
		issue_text_1: first, issue_result_1: 'resolved', issue_text_2: second, issue_result_2: 'partly' });
	await story.bothAre('outcome_proposed');
	await story.gulReads('the proposal', (page) => page.text.includes(first) && page.hasForm(OUTCOME));
}

/** Each line of the summary leads to something on the page. */
function leads(page) {
	for (const id of Object.keys(page.errors)) assert.ok(id && page.root.one(`#${id}`), `#${id}: ${page.describe()}`);
	return Object.keys(page.errors);
}

const kept = (page) => Object.fromEntries(page.form(OUTCOME).pairs);
const message = (page) => Object.fromEntries(page.form({ field: 'message' }).pairs).message;
const idOf = (page) => /\d+$/.exec(page.form(OUTCOME).action)[0];

test('a consent without a decision, or to something else than was shown: the page again, led to the request', async () => {
	await upTo('prepare');
	const told = new Set();
	for (const lang of LANGUAGES) {
		const form = (await tracked(lang)).form(CONSENT);
		const id = /\d+$/.exec(form.action)[0];
		const undecided = (await form.page.visitor.sendRaw(form)).expect(422);
		assert.deepEqual(leads(undecided), [`consent-${id}`]);
		assert.ok(undecided.hasForm(CONSENT), 'it can still be decided');
		told.add(undecided.errors[`consent-${id}`]);
		const other = form.pairs.map(([name, value]) => [name, name === 'digest' ? `${value.slice(0, -1)}!` : value]);
		const stale = (await form.page.visitor.sendRaw(form, [...other, ['act', 'give']])).expect(409);
		assert.deepEqual(leads(stale), [`consent-${id}`]);
		assert.ok(stale.hasForm(CONSENT), 'and nothing was decided');
		told.add(stale.errors[`consent-${id}`]);
	}
	assert.equal(told.size, 2 * LANGUAGES.length, [...told].join(' | '));
});

test('an incomplete answer to an outcome comes back as it was filled, each point with what it lacks', async () => {
	await upTo('accept');
	await propose('ur', 'پاسپورٹ واپس کر دیا گیا۔', 'اجرت دو قسطوں میں ادا ہو گی۔');
	const told = new Set();
	for (const lang of LANGUAGES) {
		const form = (await tracked(lang)).form(OUTCOME);
		const id = idOf(form.page);
		const page = (await form.fill({ answer_1: 'dispute', why_2: WHY }).send()).expect(422);
		assert.deepEqual(leads(page), [`why_1-${id}`, `answer_2-${id}`]);
		for (const field of leads(page)) {
			assert.ok(page.root.one(`#${field}-error`), 'it is said at the field too');
			told.add(page.errors[field]);
		}
		assert.equal(page.root.one('html').attributes.lang, lang);
		assert.equal(kept(page).answer_1, 'dispute');
		assert.equal(kept(page).answer_2, undefined);
		assert.equal(kept(page).why_2, WHY);
		const words = page.root.all((one) => /\bwords\b/.test(one.attributes.class ?? '') && one.text.startsWith('اجرت'));
		assert.deepEqual(words.map((one) => [one.attributes.lang, one.attributes.dir]), [['ur', 'rtl']], 'the lead\'s words in their language');
		const long = (await page.form(OUTCOME).fill({ answer_1: 'accept', answer_2: 'dispute', why_2: 'ا'.repeat(4001) }).send()).expect(422);
		assert.deepEqual(leads(long), [`why_2-${id}`]);
		assert.equal(kept(long).why_2.length, 4001);
		assert.equal(long.root.all((one) => one.tag === 'li' && one.attributes.class === 'ours').length, 0, 'no message was saved');
	}
	assert.equal(told.size, 2 * LANGUAGES.length, [...told].join(' | '));
	assert.equal((await story.referral('home')).outcome.person_answered, false);
});

test('answered in another window, or proposed anew meanwhile: told with 409, and the words wait as a message', async () => {
	const [one, two, three, four] = await Promise.all([1, 2, 3, 4].map(() => tracked('ur')));
	const answer = { answer_1: 'accept', answer_2: 'dispute', why_2: WHY };
	(await one.form(OUTCOME).fill(answer).send()).expect();
	const late = (await two.form(OUTCOME).fill({ ...answer, why_2: 'Second' }).send()).expect(409);
	assert.deepEqual(leads(late), ['message']);
	assert.equal(message(late), 'Second');
	const both = (await four.form(OUTCOME).fill({ why_1: 'Incomplete and late' }).send()).expect(409);
	assert.deepEqual(both.errors, late.errors, 'what cannot be mended any more is not asked for');
	assert.equal(message(both), 'Incomplete and late');

	const why = (await (await story.officer('bilal')).open(story.atHome())).expect().form({ action: /\/outcome-dispute$/ });
	(await why.fill({ language: 'en' }).send()).expect();
	await story.bothAre('outcome_disputed');
	await propose('en', 'The passport was given back.', 'The wages are paid by March.');
	const old = (await three.form(OUTCOME).fill(answer).send()).expect(409);
	assert.deepEqual(leads(old), [`outcome-${idOf(old)}`]);
	assert.equal(kept(old).answer_1, undefined, 'an answer to other points is no answer to these');
	assert.equal(message(old), WHY);
	assert.equal((await story.referral('home')).outcome.person_answered, false);
	(await old.form(OUTCOME).fill({ answer_1: 'accept', answer_2: 'accept' }).send()).expect(200);
	assert.equal((await story.referral('home')).outcome.person_answered, true);
});
