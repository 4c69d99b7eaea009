// What bad input gets (docs/ARCHITECTURE.md): a sentence in the reader's language that names the field and the rule, nothing
// half-saved, the form as it was filled; programs get RFC 9457 problem details.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import test, { after, before, describe } from 'node:test';

import { Visitor, pdf, png } from '../lib/browserless.mjs';
import { Office } from '../lib/office.mjs';
import { complaint, DECLARATIONS, fileComplaint, GUL } from '../lib/people.mjs';

const LANGUAGES = ['az', 'en', 'ru', 'ur'];
const SCRIPT = { az: /[əıüöğşçƏİÜÖĞŞÇa-z]/, en: /[a-z]/, ru: /[а-яё]/, ur: /[\u0600-\u06ff]/ };

let office, staff;
before(async () => {
	office = await Office.create({ profile: 'pk-wafaqi-mohtasib' });
	staff = { registrar: await office.addUser('registrar', 'registrar'), investigator: await office.addUser('investigator', 'investigator'),
		auditor: await office.addUser('auditor', 'auditor'), administrator: await office.addUser('administrator', 'administrator'), overseer: await office.addUser('overseer', 'auditor') };
	await office.start({ env: { SULH_UPLOAD_LIMIT_MIB: '1', SULH_FILES_LIMIT: '3' } });
});
after(() => office.remove());

const GOOD = { ...GUL, ...DECLARATIONS['pk-wafaqi-mohtasib'] };
const form = async (lang) => (await new Visitor(office.url, { lang }).open('/complain')).form({ field: 'facts' });

/** The same wrong form in each language: told at that field, in that language, with everything else as it was. */
function wrongInEachLanguage(what, changes, field, { without } = {}) {
	test(what, async () => {
		const told = new Set();
		for (const lang of LANGUAGES) {
			const values = { ...GOOD, ...changes };
			for (const name of without ?? []) values[name] = false;
			const page = (await (await form(lang)).fill(values).send()).expect(422);
			assert.ok(page.errors[field], `${lang}: ${field} is not named among ${JSON.stringify(page.errors)}`);
			assert.match(page.errors[field], SCRIPT[lang], lang);
			assert.ok(page.root.one(`#${field}`), `${lang}: the summary leads to #${field}`);
			assert.ok(page.root.one(`#${field}-error`), `${lang}: it is said at the field too`);
			assert.equal(page.root.one('html').attributes.lang, lang);
			assert.equal(page.root.one('html').attributes.dir, lang === 'ur' ? 'rtl' : 'ltr');
			told.add(page.errors[field]);
			const again = Object.fromEntries(page.form({ field: 'facts' }).pairs);
			for (const name of ['name', 'remedy', 'facts', 'phone', 'passport_no', 'steps_taken', 'body_name'])
				if (typeof values[name] === 'string') assert.equal(again[name].replace(/\r\n/g, '\n').trim(), values[name].trim(), `${lang}: ${name} is kept`);
			assert.equal(again.embassy_not_told, '1', `${lang}: the tick is kept`);
		}
		assert.equal(told.size, LANGUAGES.length, `four languages, four sentences: ${[...told].join(' | ')}`);
	});
}

describe('a complaint that breaks a rule', () => {
	wrongInEachLanguage('no facts', { facts: '' }, 'facts');
	wrongInEachLanguage('facts that are too long', { facts: 'x'.repeat(20_001) }, 'facts');
	wrongInEachLanguage('no name', { name: '' }, 'name');
	wrongInEachLanguage('a name that is too long', { name: 'ا'.repeat(161) }, 'name');
	wrongInEachLanguage('no remedy', { remedy: '' }, 'remedy');
	wrongInEachLanguage('an e-mail address that is none', { email: 'gul at example' }, 'email');
	wrongInEachLanguage('a date that does not exist', { birth_date: '1990-02-31' }, 'birth_date');
	wrongInEachLanguage('no body, neither chosen nor named', { body_name: '', body_country: '' }, 'body_name');
	wrongInEachLanguage('a declaration that is not made', {}, 'declaration_no_court_case', { without: ['declaration_no_court_case'] });

	test('a choice that is not offered', async () => {
		const filled = (await form('en')).fill(GOOD);
		const pairs = filled.pairs.map(([name, value]) => [name, name === 'subject' ? 'astrology' : value]);
		const page = (await filled.page.visitor.sendRaw(filled, pairs)).expect(422);
		assert.ok(page.errors.subject);
	});

	test('the summary names the fields in the order of the page', async () => {
		const page = (await (await form('en')).fill({ ...GOOD, name: '', birth_date: '2990-01-01', facts: '', email: 'none' }).send()).expect(422);
		assert.deepEqual(Object.keys(page.errors), ['name', 'birth_date', 'email', 'facts']);
	});

	test('nothing was saved by any of them', async () => {
		const token = await office.token('registrar');
		assert.equal((await office.must('GET', '/api/v1/cases', { token })).rows.length, 0);
	});
});

describe('files', () => {
	const script = { name: 'run.html', type: 'text/html', data: Buffer.from('<!doctype html><html><body><script>alert(1)</script></body></html>') };
	const drawing = { name: 'drawing.svg', type: 'image/svg+xml', data: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>') };
	const program = { name: 'paper.pdf', type: 'application/pdf', data: Buffer.concat([Buffer.from('7f454c4602010100', 'hex'), Buffer.alloc(200)]) };

	for (const file of [script, drawing, program])
		test(`${file.name} is refused for what it is, and the other file and the words are kept`, async () => {
			for (const lang of ['ur', 'az']) {
				const filled = (await form(lang)).fill(GOOD).attach('files', { name: 'معاہدہ.pdf', type: 'application/pdf', data: pdf() }, file);
				const page = (await filled.send()).expect(422);
				assert.match(page.errors.files, new RegExp(file.name.replace('.', '\\.')));
				assert.match(page.errors.files, SCRIPT[lang]);
				assert.ok(page.text.includes('معاہدہ.pdf'), 'the good file stays');
				assert.equal(Object.fromEntries(page.form({ field: 'facts' }).pairs).name, GOOD.name);
			}
		});

	test('a file that is too large is refused with the limit', async () => {
		const page = (await (await form('en')).fill(GOOD).attach('files', { name: 'big.pdf', type: 'application/pdf', data: Buffer.concat([pdf(), Buffer.alloc(1 << 20)]) }).send()).expect(422);
		assert.match(page.errors.files, /1\s*MiB/);
		assert.equal(Object.fromEntries(page.form({ field: 'facts' }).pairs).name, GOOD.name);
	});

	test('too many files are refused with the number', async () => {
		const files = [1, 2, 3, 4].map((n) => ({ name: `photo-${n}.png`, type: 'image/png', data: png() }));
		const page = (await (await form('en')).fill(GOOD).attach('files', ...files).send()).expect(422);
		assert.match(page.errors.files, /\b3\b/);
	});

	test('a file comes back as a download with its own bytes, never as a page', async () => {
		const gul = new Visitor(office.url, { lang: 'ur' });
		const name = 'تصویر ‪"x".png';
		const check = await (await gul.open('/complain')).form({ field: 'facts' }).fill(GOOD).attach('files', { name, type: 'text/html', data: png() }).send();
		await check.form({ action: '/complain/send' }).send();
		const done = await gul.open('/complain/done');
		const code = done.root.all('.code').map((one) => one.text);
		const track = await (await gul.open('/track')).form({ field: 'number' }).fill({ number: code[0], code: code[1] }).send();
		const file = await track.follow(/\/track\/documents\/\d+/);
		assert.deepEqual(file.data, png());
		assert.equal(file.headers.get('content-type'), 'image/png');
		assert.equal(file.headers.get('x-content-type-options'), 'nosniff');
		assert.match(file.headers.get('content-disposition'), /^attachment;/);
	});
});

describe('forms from elsewhere', () => {
	test('without the token, with a stranger\'s token, or from another site: refused, nothing filed', async () => {
		const one = (await form('en')).fill(GOOD);
		const other = (await form('en')).fill(GOOD);
		const stolen = other.pairs.find(([name]) => name === '_csrf')[1];
		const visitor = one.page.visitor;
		const withToken = (token) => one.pairs.filter(([name]) => name !== '_csrf').concat(token === undefined ? [] : [['_csrf', token]]);
		for (const [pairs, headers] of [
			[withToken(undefined)], [withToken('')], [withToken(stolen)],
			[one.pairs, { origin: 'https://evil.example' }], [one.pairs, { 'sec-fetch-site': 'cross-site' }],
		]) {
			const page = await visitor.sendRaw(one, pairs, { headers });
			assert.equal(page.status, 403, page.describe());
			assert.doesNotMatch(page.text, /administrator/, 'a person who complains has none to ask');
		}
		(await one.send()).expect(200);
	});

	test('a GET never changes anything: mail scanners open links', async () => {
		for (const path of ['/complain/send', '/track/leave', '/logout', '/complain/forget']) {
			const page = await new Visitor(office.url).open(path);
			assert.ok([404, 405].includes(page.status), `${path}: ${page.status}`);
		}
	});
});

describe('guessing', () => {
	test('wrong code and unknown number get the same answer, and then both are slowed', async () => {
		const filed = await fileComplaint(office);
		const ask = async (number, code) => {
			const page = await (await new Visitor(office.url, { lang: 'en' }).open('/track')).form({ field: 'number' }).fill({ number, code }).send();
			return { status: page.status, errors: page.errors, text: page.text.replaceAll(number, 'NUMBER') };
		};
		const unknown = filed.number.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 5) % 10));
		const wrong = 'ABCD-EFGH-JKMN-PQRS';
		assert.deepEqual(await ask(filed.number, wrong), await ask(unknown, wrong), 'a number tells nothing');
		let slowed = 0;
		for (let i = 0; i < 12; i++) slowed += (await ask(filed.number, wrong)).status === 429;
		assert.ok(slowed > 0, 'slowed');
		const right = await office.api('GET', filed.status, { headers: { 'sulh-code': filed.code } });
		assert.equal(right.status, 429, 'even the right code waits now');
		assert.ok(Number(right.headers.get('retry-after')) > 0, 'and is told how long');
		assert.equal(right.headers.get('content-type'), 'application/problem+json');
	});

	test('who guesses a number slows only himself, and misprints do not add up', async () => {
		const public_ = await Office.create({ profile: 'pk-wafaqi-mohtasib' });
		try {
			await public_.start({ env: { SULH_BEHIND_PROXY: '127.0.0.1' } });
			const filed = await fileComplaint(public_);
			const ask = async (from, code, address = filed.status) =>
				(await public_.api('GET', address, { headers: { 'sulh-code': code, 'x-forwarded-for': from } })).status;
			const wrong = 'ABCD-EFGH-JKMN-PQRS';
			let slowed = 0;
			for (let i = 0; i < 12; i++) slowed += (await ask('203.0.113.7', wrong)) === 429;
			assert.ok(slowed > 0, 'the guesser is slowed');
			assert.equal(await ask('198.51.100.9', filed.code), 200, 'the person elsewhere is not');
			for (let i = 0; i < 12; i++)
				assert.notEqual(await ask('192.0.2.5', wrong, filed.status.replace(filed.number, `misprint${i}`)), 429, `misprint ${i}`);
			for (let i = 0; i < 12; i++) slowed += (await ask(`2001:db8::${i + 1}`, wrong)) === 429;
			assert.equal(await ask('2001:db8::ffff', filed.code), 429, 'one network of IPv6 is one place');
			assert.equal(await ask('2001:db8:0:1::1', filed.code), 200);
		} finally {
			await public_.remove();
		}
	});

	test('wrong password and unknown name get the same answer, in the same time, and then are slowed', async () => {
		const ask = async (login) => {
			const began = performance.now();
			const page = await (await new Visitor(office.url, { lang: 'en' }).open('/login')).form({ field: 'password' }).fill({ login, password: 'wrong password here' }).send();
			return { status: page.status, text: page.text, took: performance.now() - began };
		};
		const quicker = (one, other) => (one.took < other.took ? one : other); // the machine may be busy at one of the moments
		const [known, unknown] = [quicker(await ask('auditor'), await ask('auditor')), quicker(await ask('nobody-here'), await ask('nobody-here'))];
		assert.equal(known.status, unknown.status);
		assert.equal(known.text.replace('auditor', ''), unknown.text.replace('nobody-here', ''));
		assert.ok(Math.max(known.took, unknown.took) < 4 * Math.min(known.took, unknown.took) + 50, `${known.took} and ${unknown.took} ms`);
		let slowed = 0;
		for (let i = 0; i < 12; i++) slowed += (await ask('auditor')).status === 429;
		assert.ok(slowed > 0, 'slowed');
	});

	test('a password never comes back in the form', async () => {
		const page = await (await new Visitor(office.url).open('/login')).form({ field: 'password' }).fill({ login: 'somebody', password: 'a secret of mine' }).send();
		assert.ok(!page.html.includes('a secret of mine'));
	});
});

describe('an office with careless settings', () => {
	let careless;
	before(async () => {
		careless = await Office.create({ profile: 'pk-wafaqi-mohtasib' });
		await careless.addUser('admin', 'administrator');
		await careless.start({ env: { SULH_LOGIN_TRIES: '100', SULH_SESSION_MINUTES: '1000' } });
	});
	after(() => careless.remove());

	test('says so in its log at the start, and to the administrator alone', async () => {
		for (const setting of ['login_tries', 'session_minutes']) assert.match(careless.log, new RegExp(`dangerous: ${setting}: `));
		const told = await careless.must('GET', '/api/v1/safety', { token: await careless.token('administrator') });
		assert.deepEqual(told.dangers.map((one) => one.setting), ['session_minutes', 'login_tries']);
		assert.equal((await careless.api('GET', '/api/v1/safety', { token: await careless.token('commissioner') })).status, 403);
		const admin = new Visitor(careless.url, { lang: 'en' });
		await (await admin.open('/login')).form({ field: 'password' }).fill({ login: 'admin', password: careless.users.admin.password }).send();
		const page = (await admin.open('/desk/safety')).expect();
		assert.match(page.text, /session_minutes.*longer than a working day/s);
	});

	test('still lets in nobody with an empty or odd password', async () => {
		for (const login of ['admin', '', '*', 'admin)(|(uid=*', "admin' or '1'='1", 'admin\u0000', 'ADMIN '])
			for (const password of ['', ' ', '*', "' or '1'='1", 'x'.repeat(5000), '\u0000', '\ud83d\ude00'.repeat(40)]) {
				const hand = new Visitor(careless.url, { lang: 'en' });
				await (await hand.open('/login')).form({ field: 'password' }).fill({ login, password }).send();
				assert.equal(new URL((await hand.open('/desk')).url).pathname, '/login', `${JSON.stringify(login)} with ${JSON.stringify(password)}`);
			}
	});

	test('believes nobody who says in a header who they are', async () => {
		for (const header of ['remote-user', 'x-remote-user', 'x-forwarded-user', 'x-auth-request-user', 'x-ssl-client-s-dn'])
			for (const address of ['/desk', '/api/v1/cases'])
				assert.ok([302, 303, 401].includes((await careless.api('GET', address, { headers: { [header]: 'admin' } })).status), `${header} at ${address}`);
	});
});

describe('doors', () => {
	let filed, id, token;
	before(async () => {
		token = await office.token('registrar');
		filed = await fileComplaint(office);
		id = (await office.must('GET', '/api/v1/cases', { token })).rows.find((row) => row.number === filed.number).id;
	});

	test('nobody gets in without a login, and is sent there and back', async () => {
		for (const path of ['/desk', `/desk/cases/${id}`, '/desk/search?q=x']) {
			const page = await new Visitor(office.url).open(path);
			assert.ok(page.path.startsWith('/login'), `${path} led to ${page.path}`);
		}
		const after = await new Visitor(office.url).open(`/desk/cases/${id}`);
		assert.equal(after.form({ field: 'password' }).pairs.find(([name]) => name === 'next')[1], `/desk/cases/${id}`);
		assert.ok((await new Visitor(office.url).open('/track/case')).path.startsWith('/track'));
	});

	test('a login never leads to another site', async () => {
		for (const next of ['//evil.example', 'https://evil.example/', '/\\evil.example', 'javascript:alert(1)']) {
			const visitor = new Visitor(office.url);
			const page = await visitor.open(`/login?next=${encodeURIComponent(next)}`);
			const login = page.form({ field: 'password' });
			const pairs = login.pairs.map(([name, value]) => [name, name === 'next' ? next : name === 'login' ? staff.registrar.login : name === 'password' ? staff.registrar.password : value]);
			assert.equal((await visitor.sendRaw(login, pairs)).path, '/desk');
		}
	});

	test('an investigator does not see a case that is not theirs: not on its page, not in lists, search, files', async () => {
		const visitor = new Visitor(office.url, { lang: 'en' });
		await visitor.login(staff.investigator);
		const glass = await visitor.open(`/desk/cases/${id}`);
		assert.equal(glass.path, `/desk/break-glass/${id}`, 'only with a reason, and that is told');
		assert.doesNotMatch(glass.text, /Test Person|passport/);
		const queue = await visitor.open('/desk/cases');
		assert.ok(!queue.text.includes('Test Person'), 'the name is hidden');
		assert.ok(!(await visitor.open('/desk/search?q=passport')).text.includes(filed.number));
	});

	test('who has no cases has a work desk without them, and refused pages lead back there', async () => {
		for (const one of [staff.administrator, staff.overseer]) {
			const visitor = new Visitor(office.url, { lang: 'en' });
			const first = (await visitor.login(one)).expect();
			assert.equal(first.path, '/desk', 'the work desk, with what is theirs');
			assert.ok(first.root.all('a').some((a) => a.attributes.href === '/desk/agreements'));
			assert.equal(first.root.one('.office-mark').attributes.href, '/desk');
			const refused = await visitor.open('/desk/partners/12345');
			assert.ok([403, 404].includes(refused.status));
			assert.equal(refused.root.one('.buttons').one('a').attributes.href, '/desk');
			assert.doesNotMatch(refused.text, /Back to the cases/);
		}
		assert.equal((await office.api('GET', '/api/v1/cases', { token: await office.token('auditor') })).status, 403, 'a program is told');
	});

	test('a stale page is refused with 409, keeps what was typed, and says so', async () => {
		const one = new Visitor(office.url, { lang: 'en' });
		await one.login(staff.registrar);
		const stale = (await one.open(`/desk/cases/${id}`)).form({ action: /\/assign$/ });
		await (await one.open(`/desk/cases/${id}`)).form({ action: /\/register$/ }).send();
		const staffId = stale.node.all('option').find((option) => option.text.includes(staff.investigator.name)).attributes.value;
		const page = await stale.fill({ staff_id: staffId }).send();
		assert.equal(page.status, 409, page.describe());
		assert.equal(page.form({ action: /\/assign$/ }).pairs.find(([name]) => name === 'staff_id')[1], staffId);
		assert.ok(Object.keys(page.errors).length, 'says so');
		assert.equal((await page.form({ action: /\/assign$/ }).send()).status, 200, 'the page that came with the refusal is a fresh one');
	});

	test('encoded slashes, dots, double encoding and capitals never pass a rule', async () => {
		for (const path of ['/desk%2fcases/1', '/desk/cases%2F1', '/%64esk', '/desk/../desk', '/.%2e/desk', '/desk/%2e%2e/desk', '/api%2fv1/cases', '//desk', '/desk//cases',
			'/DESK', '/desk%00', '/desk/cases/1%252f', '/assets/..%2f..%2fkeys.json', '/assets/%2e%2e/keys.json', '/api/v1/../v1/cases', '/desk\\cases']) {
			const status = await rawStatus(path);
			assert.ok([303, 400, 401, 404].includes(status), `${path}: ${status}`);
			if (status === 303) assert.equal(path, '/%64esk', 'only the same door under another spelling leads to the login');
		}
	});
});

/** The address exactly as written: fetch would tidy it up first. */
function rawStatus(path) {
	return new Promise((resolve, reject) => {
		const socket = connect(office.port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${office.port}\r\nConnection: close\r\n\r\n`));
		let text = '';
		socket.on('data', (piece) => (text += piece));
		socket.on('error', reject);
		socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1])));
	});
}

describe('programs get problem details', () => {
	const post = (body, headers = { 'idempotency-key': randomUUID() }) => office.api('POST', '/api/v1/complaints', { body, headers });
	function problem(reply, status, pattern) {
		assert.equal(reply.status, status, reply.text);
		assert.equal(reply.headers.get('content-type'), 'application/problem+json');
		assert.equal(reply.body.status, status);
		for (const member of ['type', 'title']) assert.ok(reply.body[member], member);
		if (pattern) assert.match(reply.text, pattern);
	}

	test('a broken rule names its field', async () => {
		const reply = await post(complaint(office.profile, 'x', { facts: '', email: 'nobody' }));
		problem(reply, 422);
		assert.deepEqual(reply.body.errors.map((one) => one.field).sort(), ['email', 'facts']);
	});
	test('JSON that is none', async () => problem(await post('{"name": '), 400));
	test('no idempotency key', async () => problem(await post(complaint(office.profile), {}), 422, /Idempotency-Key/));
	test('the same key with another complaint', async () => {
		const key = { 'idempotency-key': randomUUID() };
		assert.equal((await post(complaint(office.profile, 'one'), key)).status, 201);
		assert.equal((await post(complaint(office.profile, 'one'), key)).status, 200);
		problem(await post(complaint(office.profile, 'two'), key), 409, /Idempotency-Key/);
	});
	test('no token, wrong token, a role without the right', async () => {
		problem(await office.api('GET', '/api/v1/cases'), 401);
		problem(await office.api('GET', '/api/v1/cases', { token: 'guess' }), 401);
		const filed = await fileComplaint(office);
		const registrar = await office.token('registrar');
		const { id } = (await office.must('GET', '/api/v1/cases', { token: registrar })).rows.find((row) => row.number === filed.number);
		problem(await office.api('POST', `/api/v1/cases/${id}/register`, { token: await office.token('auditor'), body: {} }), 403);
	});
	test('what does not exist', async () => problem(await office.api('GET', '/api/v1/nothing'), 404));
	test('a method that is not there', async () => problem(await office.api('DELETE', '/api/v1/complaints'), 405));
	test('a body over the limit', async () => problem(await post(`{"facts":"${'x'.repeat(9 << 20)}"}`), 413));
	test('numbers and lists in place of texts', async () => problem(await post({ ...complaint(office.profile), facts: 7, name: ['x'] }), 422));
});
