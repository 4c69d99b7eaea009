// The demonstration: two offices under var/demo/, paired and with a memorandum in force, and Gul Khan's case half-way between
// them. It is made once, by pages and API as people use them (tests/lib/story.mjs), and found again by the next run.
// Everybody in it is invented, and every page says so.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { randomUUID } from 'node:crypto';

import { Visitor } from '../tests/lib/browserless.mjs';
import { Office, ROOT, SULH } from '../tests/lib/office.mjs';
import { DECLARATIONS } from '../tests/lib/people.mjs';
import { addStaff, HOME, LEAD, STAFF, Story } from '../tests/lib/story.mjs';

const FOLDER = path.join(ROOT, 'var/demo');
const RECORD = path.join(FOLDER, 'demo.json');
const LOGINS = path.join(FOLDER, 'logins.txt');
const LAST_STEP = 'dispute'; // Gul has disputed the wages: both offices have something to do
const OFFICES = [
	{ key: 'home', folder: 'islamabad', profile: HOME, port: 8701, name: 'Federal Ombudsman of Pakistan' },
	{ key: 'lead', folder: 'baku', profile: LEAD, port: 8702, name: 'Commissioner of Azerbaijan' },
];

// Others in the queues, so that these look like a working day.
const COMPLAINTS = {
	[HOME]: [
		['ur', 'صائمہ بی بی', 'نمونہ: بجلی کا بل تین گنا آیا اور درخواست کا جواب نہیں ملا۔', 'بل درست کیا جائے۔', { body_key: 'iesco', subject: 'utilities' }],
		['en', 'Tariq Mehmood', 'Demonstration: my identity card was applied for in May and has not come.', 'The card.', { body_key: 'nadra', subject: 'identity_documents' }],
		['ur', 'محمد اسلم', 'نمونہ: ریٹائرمنٹ کے بعد چھ ماہ سے پنشن نہیں ملی۔', 'پنشن جاری کی جائے۔', { body_key: 'eobi', subject: 'social_security' }],
	],
	[LEAD]: [
		['az', 'Günel Rzayeva', 'Nümayiş: üç aydır su verilmir, müraciətimə cavab yoxdur.', 'Su verilsin.', { body_key: 'abseron_su', subject: 'utilities' }],
		['ru', 'Пётр Лебедев', 'Демонстрация: вид на жительство не продлевают и не объясняют почему.', 'Письменный ответ.', { body_key: 'migration_service', subject: 'migration' }],
		['az', 'Elvin Məmmədli', 'Nümayiş: əlilliyə görə müavinət dayandırılıb.', 'Müavinət bərpa edilsin.', { body_key: 'dsmf', subject: 'social_security' }],
	],
};

const say = (line = '') => process.stdout.write(`${line}\n`);
const stopping = { now: false };

function fail(text) {
	process.stderr.write(`run: ${text}\n`);
	process.exitCode = 1;
}

function isFree(port) {
	return new Promise((resolve) => {
		const probe = createServer().once('error', () => resolve(false));
		probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
	});
}

async function nextFree(port) {
	while (!(await isFree(port))) port++;
	return port;
}

/** Writes one setting of sulh.conf, as an administrator would with an editor. */
function configure(dir, key, value) {
	const file = path.join(dir, 'sulh.conf');
	const before = readFileSync(file, 'utf8');
	const after = before.replace(new RegExp(`^${key} = .*$`, 'm'), `${key} = ${value}`);
	if (after === before) throw new Error(`${file} has no setting ${key}`);
	writeFileSync(file, after, { mode: 0o600 });
}

async function make() {
	rmSync(FOLDER, { recursive: true, force: true });
	mkdirSync(FOLDER, { recursive: true, mode: 0o700 });
	const offices = {};
	let port = 0;
	for (const one of OFFICES) {
		port = await nextFree(Math.max(one.port, port + 1));
		offices[one.key] = await Office.create({ profile: one.profile, dir: path.join(FOLDER, one.folder), port });
		configure(offices[one.key].dir, 'demonstration', 'yes');
		await addStaff(offices[one.key]);
		say(`  ✓ ${one.name}: office, keys, ${STAFF[one.profile].length} officers`);
	}
	return offices;
}

async function fileOthers(office) {
	for (const [lang, name, facts, remedy, more] of COMPLAINTS[office.profile])
		await office.must('POST', '/api/v1/complaints', { headers: { 'idempotency-key': randomUUID(), 'accept-language': lang },
			body: { name, facts, remedy, nationality: office.profile === HOME ? 'PK' : 'AZ', ...more, ...DECLARATIONS[office.profile] } });
}

async function play(offices) {
	const story = new Story({ ...offices, hand: async (office, { lang }) => new Visitor(office.url, { lang }) });
	for (const office of Object.values(offices)) await fileOthers(office);
	for (const { title, name, run } of story.steps()) {
		if (stopping.now) return undefined;
		await run();
		say(`  ✓ ${title}`);
		if (name === LAST_STEP) break;
	}
	for (const office of Object.values(offices)) await office.mustRun(['token', 'revoke', office.dir, '--id', '1']); // the onlooker's
	return story;
}

function writeLogins(offices) {
	const lines = Object.values(offices).flatMap((office) => [`${office.url}/login`, ...Object.values(office.users)
		.map((user) => `  ${user.login.padEnd(8)} ${user.password}   ${user.roles}`), '']);
	writeFileSync(LOGINS, lines.join('\n'), { mode: 0o600 });
}

function table(record) {
	say();
	for (const one of OFFICES) {
		const url = `http://127.0.0.1:${record.ports[one.key]}`;
		say(`  ${one.name.padEnd(32)} ${url}   staff: ${url}/login`);
	}
	say();
	say(readFileSync(LOGINS, 'utf8').trimEnd().replace(/^/gm, '  '));
	say();
	say(`  Gul Khan's complaint: number ${record.number}, code ${record.code}`);
	say(`    http://127.0.0.1:${record.ports.home}/track?lang=ur    what he sees, in Urdu (or ?lang=az, en, ru)`);
	say('  To try: as leyla (Baku, liaison) propose another outcome; as rena (Baku, commissioner) issue a recommendation:');
	say('          Gul reads it within a second. As naveed (Islamabad, commissioner) suspend the memorandum, then try to send.');
	say('          File a complaint of your own on either first page.');
	say(`  Proof:  ${path.relative(ROOT, SULH)} verify var/demo/islamabad    (also while it is served)`);
	say();
	say('  Everybody here is invented. The passwords are in var/demo/logins.txt. Ctrl-C stops both offices.');
}

function found() {
	const record = JSON.parse(readFileSync(RECORD, 'utf8'));
	const offices = {};
	for (const one of OFFICES) offices[one.key] = Office.at(path.join(FOLDER, one.folder), record.ports[one.key]);
	return { record, offices };
}

async function begin() {
	if (existsSync(RECORD) && process.env.FRESH !== '1') {
		const { record, offices } = found();
		for (const port of Object.values(record.ports))
			if (!(await isFree(port))) throw new Error(`port ${port} is in use; is the demonstration running already? FRESH=1 begins anew on other ports`);
		running = offices;
		for (const office of Object.values(offices)) await office.start();
		say('The demonstration is as you left it.');
		return { record, offices };
	}
	say('Making two offices and playing the story between them, once:');
	const offices = await make();
	running = offices;
	for (const office of Object.values(offices)) await office.start();
	const story = await play(offices);
	if (!story) return { offices };
	writeLogins(offices);
	const record = { ports: { home: offices.home.port, lead: offices.lead.port }, number: story.number, code: story.code };
	writeFileSync(RECORD, JSON.stringify(record), { mode: 0o600 });
	return { record, offices };
}

let running = {};
let wake;
const asked = new Promise((resolve) => (wake = resolve));
for (const signal of ['SIGINT', 'SIGTERM'])
	process.on(signal, () => {
		stopping.now = true;
		wake();
	});

try {
	const { record, offices } = await begin();
	running = offices;
	if (record && !stopping.now) {
		table(record);
		await Promise.race([asked, ...Object.values(offices).map((office) => office.ended)]);
	}
	if (!stopping.now) fail('an office has ended by itself');
} catch (error) {
	if (!stopping.now) fail(process.env.DEBUG ? error.stack : error.message);
} finally {
	for (const office of Object.values(running)) await office.stop().catch((error) => fail(error.message));
	if (Object.keys(running).length) say('\nBoth offices are stopped; `make run` finds them as they are.');
}
