// The story in a real browser: Gul on a phone of 360 × 740 without script, in Urdu; Baku's officers in Azerbaijani, Islamabad's
// in English. axe-core looks at every page (WCAG 2.2 AA) and finds nothing. Pictures go to var/screenshots/.
import assert from 'node:assert/strict';
import test from 'node:test';

import { BrowserVisitor, launch } from '../lib/browser.mjs';
import { Office } from '../lib/office.mjs';
import { addStaff, HOME, LEAD, Story } from '../lib/story.mjs';

test('what is wrong is seen, with and without script', async (t) => {
	const office = await Office.create({ profile: LEAD });
	const browser = await launch();
	t.after(() => Promise.all([browser.close(), office.remove()]));
	await office.start();
	for (const phone of [true, false]) {
		const hand = await BrowserVisitor.create(browser, office.url, { lang: 'az', phone });
		await hand.open('/');
		assert.deepEqual([...hand.faults], []);
		await hand.page.route('**/', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><html><head><title>x</title></head><body><main><h1>x</h1><img src="/favicon.ico"><p>' + 'wide'.repeat(900) + '</p></main></body></html>' }));
		await hand.open('/');
		const found = [...hand.faults].join();
		for (const pattern of [/image-alt/, /html-has-lang/, /wider than the screen/]) assert.match(found, pattern);
	}
});

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
