// The command line, from outside: what it prints, where, and with which status.
import assert from 'node:assert/strict';
import { chmod, cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after, before, describe } from 'node:test';

import { Visitor } from '../lib/browserless.mjs';
import { Office, ROOT, freePort, freshDatabase, sulh } from '../lib/office.mjs';
import { fileComplaint } from '../lib/people.mjs';

let folder;
before(async () => (folder = await mkdtemp(path.join(tmpdir(), 'sulh-cli-'))));
after(() => rm(folder, { recursive: true, force: true }));

const at = (name) => path.join(folder, name);
const init = (name, ...args) => sulh(['init', at(name), ...args]);
const lines = (text) => text.trimEnd().split('\n');

/** Refused: the status, nothing on standard output, one line that matches on standard error. */
function refused(done, status, pattern) {
	assert.equal(done.status, status, done.err);
	assert.equal(done.out, '');
	assert.equal(lines(done.err).length, 1, done.err);
	assert.match(done.err, pattern);
	assert.doesNotMatch(done.err, /^sulh \w+: ([^:]+): \1: /, 'says the place twice');
}

describe('help', () => {
	const commands = ['init', 'serve', 'user', 'token', 'verify', 'receipt', 'profile', 'list'];

	test('sulh --help names every command', async () => {
		const done = await sulh(['--help']);
		assert.equal(done.status, 0);
		for (const command of commands) assert.match(done.out, new RegExp(`^  ${command} +[A-Z]`, 'm'));
	});

	for (const command of commands)
		test(`sulh ${command} --help explains it with an example`, async () => {
			const done = await sulh([command, '--help']);
			assert.equal(done.status, 0);
			assert.match(done.out, new RegExp(`^usage: sulh ${command} `));
			assert.match(done.out, new RegExp(`^Example: sulh ${command} `, 'm'));
		});

	test('wrong arguments get the usage and status 2', async () => {
		for (const args of [[], ['dance'], ['init'], ['user', 'add', folder], ['token', 'add', folder], ['verify'], ['profile'], ['receipt', 'verify'],
			['serve', folder, '--loud']]) {
			const done = await sulh(args);
			assert.equal(done.status, 2, args.join(' '));
			assert.equal(done.out, '');
			assert.match(done.err, /usage: sulh|there is no command/);
		}
	});

	test('sulh --version', async () => assert.match((await sulh(['--version'])).out, /^sulh \d+\.\d+\.\d+\n$/));
});

describe('init', () => {
	test('makes a whole office with all options, readable by its owner only', async () => {
		const done = await init('whole', '--profile', 'az-commissioner', '--database', 'sqlite:other.db', '--listen', '127.0.0.1:8712', '--public-url', 'https://office.example');
		assert.equal(done.status, 0, done.err);
		assert.match(done.out, /keep a copy in a safe place/);
		for (const name of ['sulh.conf', 'keys.json', 'other.db']) assert.equal((await stat(at(`whole/${name}`))).mode & 0o077, 0, name);
		const conf = await readFile(at('whole/sulh.conf'), 'utf8');
		assert.match(conf, /^listen = 127\.0\.0\.1:8712$/m);
		assert.match(conf, /^public_url = https:\/\/office\.example$/m);
		assert.ok(existsSync(at('whole/profile/profile.json')));
		assert.equal((await sulh(['verify', at('whole')])).status, 0);
	});

	test('is refused in a folder that holds an office, and changes nothing there', async () => {
		const keys = await readFile(at('whole/keys.json'), 'utf8');
		refused(await init('whole', '--profile', 'az-commissioner'), 75, /already/);
		assert.equal(await readFile(at('whole/keys.json'), 'utf8'), keys);
	});

	test('names the profile that it does not know', async () => refused(await init('unknown', '--profile', 'atlantis'), 66, /profile: .*atlantis/));

	for (const [what, args, pattern] of [
		['listen', ['--listen', 'localhost'], /listen: .*127\.0\.0\.1:8080/],
		['public_url', ['--public-url', 'office.example'], /public_url: .*https:/],
		['database', ['--database', 'mysql://x'], /database: .*postgresql/],
		['an open address without TLS', ['--listen', '0.0.0.0:80'], /tls_certificate|loopback|proxy/],
	])
		test(`refuses a wrong ${what} and leaves no office`, async () => {
			refused(await init('wrong', '--profile', 'az-commissioner', ...args), 65, pattern);
			assert.ok(!existsSync(at('wrong/sulh.conf')));
		});

	test('what failed half-way can be done again', async () => {
		const port = await freePort();
		const failed = await init('again', '--profile', 'az-commissioner', '--database', `postgresql://nobody:x@127.0.0.1:${port}/none`);
		assert.notEqual(failed.status, 0);
		assert.equal((await init('again', '--profile', 'az-commissioner')).status, 0);
		assert.equal((await sulh(['verify', at('again')])).status, 0);
	});

	test('makes an office on PostgreSQL', async () => {
		const database = await freshDatabase();
		try {
			const done = await init('pg', '--profile', 'pk-wafaqi-mohtasib', '--database', database.url);
			assert.equal(done.status, 0, done.err);
			assert.equal((await sulh(['verify', at('pg')])).status, 0);
			assert.ok(!existsSync(at('pg/office.db')));
		} finally {
			await database.drop();
		}
	});
});

describe('user and token', () => {
	test('a new office has no account, and so no password that somebody could know', async () => {
		assert.equal((await init('nobody', '--profile', 'az-commissioner')).status, 0);
		const users = await sulh(['user', 'list', at('nobody')]);
		assert.equal(users.status, 0);
		assert.equal(users.out.trim(), '');
	});

	const add = (login, roles, ...more) => sulh(['user', 'add', at('staff'), '--login', login, '--name', 'Leyla Həsənova', '--roles', roles, ...more]);
	before(async () => assert.equal((await init('staff', '--profile', 'az-commissioner')).status, 0));

	test('a password is made at random and printed once', async () => {
		const [one, two] = [await add('leyla', 'liaison registrar'), await add('emin', 'investigator')];
		assert.equal(one.status, 0, one.err);
		const password = /^Password of leyla: (\S{16,})\n$/.exec(one.out)?.[1];
		assert.ok(password, one.out);
		assert.ok(!two.out.includes(password));
		const database = await readFile(at('staff/office.db'), 'latin1');
		assert.ok(!database.includes(password), 'stored as it is');
	});

	test('a weak password is refused with the rule', async () => refused(await sulh(
		['user', 'add', at('staff'), '--login', 'weak', '--name', 'Weak', '--roles', 'liaison', '--password-stdin'], { input: 'short\n' }), 65, /password: .*12/));

	test('a password from standard input is taken silently', async () => {
		const done = await sulh(['user', 'add', at('staff'), '--login', 'strong', '--name', 'Strong', '--roles', 'liaison', '--password-stdin'], { input: 'correct horse battery\n' });
		assert.deepEqual([done.status, done.out], [0, '']);
		assert.equal((await sulh(['user', 'password', at('staff'), '--login', 'strong', '--password-stdin'], { input: 'another horse battery\n' })).status, 0);
	});

	for (const [what, login, roles, status, pattern] of [
		['a login that is taken', 'leyla', 'liaison', 75, /login: .*taken/],
		['a login in other letters', 'Лейла', 'liaison', 65, /login: .*Latin/],
		['a role that does not exist', 'new', 'liaison pope', 65, /roles: .*pope/],
	])
		test(`refuses ${what}`, async () => refused(await add(login, roles), status, pattern));

	test('refuses a new password for nobody', async () => {
		const done = await sulh(['user', 'password', at('staff'), '--login', 'ghost', '--password-stdin'], { input: 'correct horse battery\n' });
		assert.equal(done.status, 66, done.err);
	});

	test('roles, closing and opening hold at once, and the list shows them', async () => {
		const office = await Office.create({ profile: 'az-commissioner' });
		const user = (verb, ...args) => sulh(['user', verb, office.dir, '--login', 'sara', ...args]);
		const line = async () => lines((await sulh(['user', 'list', office.dir])).out).find((one) => one.startsWith('sara\t'));
		const desk = async (visitor) => (await visitor.open('/desk')).path;
		try {
			const sara = await office.addUser('sara', 'auditor', { name: 'Sara Quliyeva' });
			await office.addUser('zaur', 'registrar');
			await office.start();
			assert.equal(await line(), 'sara\topen\tauditor\tSara Quliyeva\t');
			const visitor = new Visitor(office.url);
			await visitor.login(sara);
			assert.doesNotMatch((await visitor.open('/desk')).text, /Search in cases|Şikayətlərdə/, 'an auditor has no cases');
			assert.equal((await user('roles', '--roles', 'registrar liaison')).status, 0);
			assert.equal(await line(), 'sara\topen\tregistrar liaison\tSara Quliyeva\t');
			assert.equal((await visitor.open('/desk/cases')).status, 200, 'from the next click on');
			assert.equal((await user('close')).status, 0);
			assert.equal((await user('close')).status, 0, 'twice is no mistake');
			assert.match(await line(), /^sara\tclosed\t/);
			assert.match(await desk(visitor), /^\/login/, 'the session ended');
			await assert.rejects(async () => {
				const page = await new Visitor(office.url).login(sara);
				assert.equal(page.path, '/desk');
			}, 'nobody logs in');
			assert.equal((await user('open')).status, 0);
			assert.match(await desk(visitor), /^\/login/, 'the old session does not come back');
			await visitor.login(sara);
			assert.equal(await desk(visitor), '/desk');
			for (const [verb, ...args] of [['roles', '--roles', 'auditor'], ['close'], ['open']])
				refused(await sulh(['user', verb, office.dir, '--login', 'ghost', ...args]), 66, /login: .*ghost/);
			refused(await user('roles', '--roles', 'pope'), 65, /roles: .*pope/);
			for (const args of [['roles', office.dir, '--login', 'sara'], ['close', office.dir], ['list']])
				assert.equal((await sulh(['user', ...args])).status, 2, args.join(' '));
			assert.match(await office.verify(), /Everything holds/);
		} finally {
			await office.remove();
		}
	});

	test('a token is alone on standard output, its number beside it, and the list keeps the revoked ones', async () => {
		const token = (verb, ...args) => sulh(['token', verb, at('staff'), ...args]);
		const one = await token('add', '--label', 'scanner', '--roles', 'registrar');
		assert.match(one.out, /^[A-Za-z0-9_-]{32}\n$/);
		const number = /^token (\d+)\n$/.exec(one.err)?.[1];
		assert.ok(number, one.err);
		const line = async () => lines((await token('list')).out).find((text) => text.startsWith(`${number}\t`)).split('\t');
		assert.deepEqual((await line()).slice(1, 3), ['scanner', 'registrar']);
		assert.match((await line())[3], /^\d{4}-\d\d-\d\dT/);
		assert.equal((await line())[4], '-');
		assert.equal((await token('revoke', '--id', number)).status, 0);
		assert.match((await line())[4], /^\d{4}-\d\d-\d\dT/);
		assert.ok(!(await token('list')).out.includes(one.out.trim()));
	});

	test('a token opens the API until it is revoked', async () => {
		const office = await Office.create({ profile: 'az-commissioner' });
		try {
			await office.start();
			const token = await office.token('registrar');
			assert.equal((await office.api('GET', '/api/v1/cases', { token })).status, 200);
			assert.equal((await office.api('GET', '/api/v1/cases')).status, 401);
			assert.equal((await office.api('GET', '/api/v1/cases', { token: `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}` })).status, 401);
			assert.equal((await sulh(['token', 'revoke', office.dir, '--id', '1'])).status, 0);
			assert.equal((await office.api('GET', '/api/v1/cases', { token })).status, 401);
			assert.notEqual((await sulh(['token', 'revoke', office.dir, '--id', '77'])).status, 0);
		} finally {
			await office.remove();
		}
	});
});

describe('configuration and keys', () => {
	before(async () => assert.equal((await init('conf', '--profile', 'az-commissioner')).status, 0));

	async function withLine(line, pattern) {
		const whole = await readFile(at('conf/sulh.conf'), 'utf8');
		await writeFile(at('conf/sulh.conf'), `${whole}\n${line}\n`, { mode: 0o600 });
		const number = lines(whole).length + 2;
		try {
			const done = await sulh(['serve', at('conf')]);
			refused(done, 65, pattern);
			assert.match(done.err, new RegExp(`sulh\\.conf:${number}\\b`), `names the line ${number}`);
		} finally {
			await writeFile(at('conf/sulh.conf'), whole, { mode: 0o600 });
		}
	}

	test('an unknown key is refused with file and line', () => withLine('colour = blue', /colour/));
	test('a number out of its range is refused with file and line', () => withLine('workers = 0', /workers/));

	test('the environment is checked as the file is', async () => {
		const done = await sulh(['serve', at('conf')], { env: { SULH_WORKERS: '0' } });
		refused(done, 65, /SULH_WORKERS|workers/);
	});

	test('keys that others can read are refused, with the command that helps', async () => {
		await chmod(at('conf/keys.json'), 0o640);
		for (const command of ['serve', 'verify']) refused(await sulh([command, at('conf')]), 65, /chmod 600/);
		await chmod(at('conf/keys.json'), 0o600);
		assert.equal((await sulh(['verify', at('conf')])).status, 0);
	});

	test('keys that do not belong together are refused', async () => {
		const whole = await readFile(at('conf/keys.json'), 'utf8');
		const keys = JSON.parse(whole);
		keys.sign.x = `${keys.sign.x[0] === 'A' ? 'B' : 'A'}${keys.sign.x.slice(1)}`;
		await writeFile(at('conf/keys.json'), JSON.stringify(keys), { mode: 0o600 });
		refused(await sulh(['verify', at('conf')]), 65, /keys\.json/);
		await writeFile(at('conf/keys.json'), whole, { mode: 0o600 });
	});

	test('a folder without an office is named', async () => {
		const done = await sulh(['serve', at('nowhere')]);
		assert.notEqual(done.status, 0);
		assert.match(done.err, /nowhere/);
	});

	test('a port in use is named', async () => {
		const office = await Office.create({ profile: 'az-commissioner' });
		try {
			await office.start();
			const done = await sulh(['serve', at('conf'), '--listen', `127.0.0.1:${office.port}`]);
			assert.notEqual(done.status, 0);
			assert.match(done.err, new RegExp(String(office.port)));
		} finally {
			await office.remove();
		}
	});
});

describe('serve, verify and receipt', () => {
	let office, filed, jws;
	before(async () => {
		office = await Office.create();
		await office.start();
		filed = await fileComplaint(office);
		jws = (await office.api('GET', filed.receipt, { headers: { 'sulh-code': filed.code } })).text;
	});
	after(() => office.remove());

	test('answers within a second of its start and says that it is well', async () => {
		assert.ok(office.startMs < 5000, `${office.startMs} ms`);
		assert.deepEqual((await office.must('GET', '/health')).signing_key, 'ok');
	});

	test('verify is clean while the office is served, and after Ctrl-C', async () => {
		assert.match(await office.verify(), /Everything holds/);
		assert.equal(await office.stop(), 0);
		assert.match(await office.verify(), /Everything holds/);
		await office.start();
	});

	test('an impatient second Ctrl-C does not cut the stopping short', async () => {
		for (let i = 0; i < 5; i++) {
			const { child } = office;
			const often = setInterval(() => child.kill('SIGINT'), 1);
			try {
				assert.equal(await office.stop(), 0);
			} finally {
				clearInterval(often);
			}
			await office.start();
		}
	});

	test('a receipt is checked offline', async () => {
		await writeFile(at('receipt.jws'), jws);
		const done = await sulh(['receipt', 'verify', at('receipt.jws')]);
		assert.equal(done.status, 0, done.err);
		assert.match(done.out, /The signature is right/);
		assert.ok(done.out.includes(filed.number));
		assert.match(done.out, /fingerprint +\d{5}( \d{5}){11}/);
	});

	test('a receipt is checked against keys that the reader trusts', async () => {
		const identity = await (await fetch(`${office.url}/exchange/v1/identity`)).text();
		const { jwks } = JSON.parse(Buffer.from(identity.split('.')[1], 'base64url'));
		await writeFile(at('keys-right.json'), JSON.stringify(jwks));
		assert.equal((await sulh(['receipt', 'verify', at('receipt.jws'), '--keys', at('keys-right.json')])).status, 0);
		const published = await fetch(`${office.url}/exchange/v1/keys`);
		assert.equal(published.headers.get('content-type'), 'application/jwk-set+json');
		const set = await published.text();
		await writeFile(at('keys-published.json'), set);
		const trusted = await sulh(['receipt', 'verify', at('receipt.jws'), '--keys', at('keys-published.json')]);
		assert.equal(trusted.status, 0, trusted.err);
		assert.ok(trusted.out.includes(JSON.parse(set).fingerprint));
		assert.ok(!trusted.out.includes('compare'), 'nothing is left to compare');
		const other = await Office.create();
		await other.start();
		const stranger = await (await fetch(`${other.url}/exchange/v1/identity`)).text();
		await writeFile(at('keys-wrong.json'), JSON.stringify(JSON.parse(Buffer.from(stranger.split('.')[1], 'base64url')).jwks));
		await other.remove();
		const done = await sulh(['receipt', 'verify', at('receipt.jws'), '--keys', at('keys-wrong.json')]);
		assert.notEqual(done.status, 0);
		assert.equal(done.out, '');
	});

	test('a receipt changed in any part is refused', async () => {
		const [header, payload, signature] = jws.trim().split('.');
		const content = JSON.parse(Buffer.from(payload, 'base64url'));
		content.content.facts = 'Something else';
		const flip = (text) => `${text[0] === 'A' ? 'B' : 'A'}${text.slice(1)}`;
		for (const wrong of [
			[header, Buffer.from(JSON.stringify(content)).toString('base64url'), signature],
			[header, payload, flip(signature)],
			[Buffer.from('{"alg":"none","typ":"sulh-complaint-receipt+jws"}').toString('base64url'), payload, ''],
			[header, payload],
			['hello'],
		]) {
			await writeFile(at('wrong.jws'), wrong.join('.'));
			refused(await sulh(['receipt', 'verify', at('wrong.jws')]), wrong.length < 3 ? 65 : 76, /./);
		}
	});

	test('a missing receipt is named', async () => assert.match((await sulh(['receipt', 'verify', at('none.jws')])).err, /none\.jws/));

	test('one changed letter in the database is found and its place told', async () => {
		await office.stop();
		const file = path.join(office.dir, 'office.db');
		const data = await readFile(file);
		const needle = Buffer.from('No wages since June');
		let place = data.indexOf(needle);
		assert.ok(place > 0);
		const whole = Buffer.from(data);
		for (; place >= 0; place = data.indexOf(needle, place + 1)) data[place] = 'M'.charCodeAt(0);
		await writeFile(file, data);
		const done = await sulh(['verify', office.dir]);
		assert.notEqual(done.status, 0, 'the change is found');
		assert.equal(done.out, '');
		await writeFile(file, whole);
		assert.match(await office.verify(), /Everything holds/);
		await office.start();
	});
});

// docs/new-country.md, walked through: begin with a neighbour's profile, put one's own files in its place, check, serve.
describe('another country in a day', () => {
	test('an office of an invented country takes a complaint by its own law', async () => {
		const office = await Office.create({ profile: 'az-commissioner' });
		try {
			const folder = path.join(office.dir, 'profile');
			await cp(path.join(ROOT, 'tests/data/profiles/lindavia'), folder, { recursive: true });
			const checked = await sulh(['profile', 'check', folder]);
			assert.equal(checked.status, 0, checked.err);
			await office.addUser('anna', 'registrar');
			await office.start();
			const page = await (await fetch(office.url)).text();
			assert.match(page, /Public Defender of Lindavia/);
			const filed = await office.must('POST', '/api/v1/complaints', { headers: { 'idempotency-key': 'lindavia-0000001' },
				body: { name: 'Otto Lake', phone: '+999 2 000', body_key: 'pensions', subject: 'social_security', facts: 'My pension has not been paid since the spring.',
					remedy: 'That it is paid.', declaration_personal_data: true, declaration_true_contents: true, declaration_within_one_year: 'yes', declaration_court_pending: 'no' } });
			assert.match(filed.number, /^PDL-\d{4}-00001$/);
		} finally {
			await office.remove();
		}
	});
});

describe('profile', () => {
	test('list names the institutions that come with the program', async () => {
		const { out } = await sulh(['profile', 'list']);
		for (const name of ['az-commissioner', 'pk-wafaqi-mohtasib']) assert.ok(lines(out).includes(name));
	});

	test('check finds nothing in a fresh profile, and every mistake in a broken one', async () => {
		await init('profile', '--profile', 'pk-wafaqi-mohtasib');
		assert.equal((await sulh(['profile', 'check', at('profile/profile')])).status, 0);
		await writeFile(at('profile/profile/subjects.json'), '{"subjects": [');
		const calendar = JSON.parse(await readFile(at('profile/profile/calendar.json'), 'utf8'));
		await writeFile(at('profile/profile/calendar.json'), JSON.stringify({ ...calendar, moon: true }));
		const done = await sulh(['profile', 'check', at('profile/profile')]);
		assert.notEqual(done.status, 0);
		assert.match(done.err, /\/subjects\.json:1: This is not correct JSON/);
		assert.match(done.err, /\/calendar\.json:1: \/moon: Nothing is known/);
		assert.match(done.err, /^\S+\/profile\/calendar\.json\S*: (?!calendar)/m);
	});
});
