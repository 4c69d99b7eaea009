// The typical life of a complaint under the law of each institution, seen and pressed in a real browser; axe-core looks at every page.
import assert from 'node:assert/strict';
import test from 'node:test';

import { BrowserVisitor, launch } from '../lib/browser.mjs';
import { Life, Pages, STAFF } from '../lib/life.mjs';
import { Office } from '../lib/office.mjs';

for (const profile of Object.keys(STAFF))
	test(`${profile}, in a browser`, async (t) => {
		const office = await Office.create({ profile });
		const browser = await launch();
		t.after(() => Promise.all([browser.close(), office.remove()]));
		await Life.hire(office);
		await office.start();
		const hands = [];
		const pages = new Pages(office, async (where, options) => {
			hands.push(await BrowserVisitor.create(browser, where.url, options));
			return hands.at(-1);
		});
		const life = new Life({ office, deeds: pages });
		for (const { title, run } of life.steps()) {
			let failed = true;
			await t.test(title, async () => {
				await run();
				failed = false;
			});
			if (failed) throw new Error(`life does not go on after: ${title}`);
		}
		await t.test('every page is accessible, fits its screen, and breaks no rule of its policy', () => {
			assert.deepEqual([...new Set(hands.flatMap((one) => [...one.faults]))], []);
			assert.deepEqual(hands.flatMap((one) => one.messages), []);
		});
	});
