// The story in a real browser: Gul on a phone of 360 × 740 without script, in Urdu; Baku's officers in Azerbaijani, Islamabad's
// in English. axe-core looks at every page (WCAG 2.2 AA) and finds nothing. Pictures go to var/screenshots/.
import assert from 'node:assert/strict';
import test from 'node:test';

import { BrowserVisitor, launch } from '../lib/browser.mjs';
import { Office } from '../lib/office.mjs';
import { addStaff, HOME, LEAD, Story } from '../lib/story.mjs';

test('the story, seen and pressed', async (t) => {
	const home = await Office.create({ profile: HOME });
	const lead = await Office.create({ profile: LEAD });
	const browser = await launch();
	t.after(async () => {
		await browser.close();
		await Promise.all([home.remove(), lead.remove()]);
	});
	for (const office of [home, lead]) {
		await addStaff(office);
		await office.start();
	}
	const hands = [];
	const hand = async (office, options) => {
		hands.push(await BrowserVisitor.create(browser, office.url, options));
		return hands.at(-1);
	};
	const story = new Story({ home, lead, hand, picture: (one, name) => one.picture(name) });
	for (const { title, run } of story.steps()) {
		let failed = true;
		await t.test(title, async () => {
			await run();
			failed = false;
		});
		if (failed) throw new Error(`the story cannot go on after: ${title}`);
	}
	for (const one of hands)
		await t.test(`every page of ${one.name} (${one.visited}) is accessible, fits its screen, and breaks no rule of its policy`, () => {
			assert.deepEqual([...one.faults], []);
			assert.deepEqual(one.messages, []);
		});
});
