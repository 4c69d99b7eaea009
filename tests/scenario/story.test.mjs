// The main job of docs/ARCHITECTURE.md over real HTTP between two servers, by people whose browsers have no script. Once with
// embedded databases on both sides, once with PostgreSQL in Baku.
import test, { describe } from 'node:test';

import { Visitor } from '../lib/browserless.mjs';
import { Office } from '../lib/office.mjs';
import { addStaff, HOME, LEAD, Story } from '../lib/story.mjs';

for (const database of ['sqlite', 'postgresql'])
	describe(`Gul Khan's wages and passport (Baku on ${database})`, () => {
		test('from the phone to the proof', async (t) => {
			const home = await Office.create({ profile: HOME });
			const lead = await Office.create({ profile: LEAD, database });
			t.after(() => Promise.all([home.remove(), lead.remove()]));
			for (const office of [home, lead]) {
				await addStaff(office);
				await office.start();
			}
			const story = new Story({ home, lead, hand: async (office, { lang }) => new Visitor(office.url, { lang }) });
			for (const { title, run } of story.steps()) {
				let failed = true;
				await t.test(title, async () => {
					await run();
					failed = false;
				});
				if (failed) throw new Error(`the story cannot go on after: ${title}`);
			}
		});
	});
