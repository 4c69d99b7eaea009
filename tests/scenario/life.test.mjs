// The typical life of a complaint under the law of each institution: on pages and over the API.
import test from 'node:test';

import { Visitor } from '../lib/browserless.mjs';
import { Life, Pages, Programs, STAFF } from '../lib/life.mjs';
import { Office } from '../lib/office.mjs';

const hand = async (office, options) => new Visitor(office.url, options);

for (const profile of Object.keys(STAFF))
	for (const way of ['on pages', 'over the API'])
		test(`${profile}, ${way}`, async (t) => {
			const office = await Office.create({ profile });
			t.after(() => office.remove());
			await Life.hire(office);
			await office.start();
			const pages = new Pages(office, hand);
			const life = new Life({ office, deeds: way === 'on pages' ? pages : new Programs(office), own: pages });
			for (const { title, run } of life.steps()) {
				let failed = true;
				await t.test(title, async () => {
					await run();
					failed = false;
				});
				if (failed) throw new Error(`life does not go on after: ${title}`);
			}
		});
