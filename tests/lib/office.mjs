// One office for a test: made in a temporary folder, served on a free loopback port, killed or stopped at will.
//
//     const baku = await Office.create({ profile: 'az-commissioner' });
//     const leyla = await baku.addUser('leyla', 'liaison');
//     await baku.start();
//     ...
//     await baku.verify();
//     await baku.remove();
import { execFile, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const SULH = process.env.SULH_BIN ?? path.join(ROOT, 'build/src/cli/sulh');
const START_MS = 20_000; // under sanitizers on a busy machine
const STOP_MS = 20_000;

/** Runs a program to its end: {status, out, err}; never throws for a status. */
export function run(command, args, { input, env = {}, timeout = 60_000, cwd } = {}) {
	return new Promise((resolve, reject) => {
		const child = execFile(command, args, { env: { ...process.env, ...env }, timeout, cwd, maxBuffer: 64 << 20 },
			(error, out, err) => {
				if (error && typeof error.code !== 'number')
					reject(new Error(`${command} ${args.join(' ')}: ${error.signal ?? error.message}\n${err}`));
				else resolve({ status: error ? error.code : 0, out, err });
			});
		child.stdin.on('error', () => {}); // a command that refuses early reads nothing
		child.stdin.end(input ?? '');
	});
}

export const sulh = (args, options) => run(SULH, args, options);

/** Below the ports that the system hands out by itself: no connection takes it while its server is down. */
export async function freePort() {
	for (;;) {
		const port = 10_000 + randomInt(22_000);
		const server = createServer().listen(port, '127.0.0.1');
		const free = await new Promise((resolve) => {
			server.once('listening', () => resolve(true));
			server.once('error', () => resolve(false));
		});
		await new Promise((resolve) => server.close(resolve));
		if (free) return port;
	}
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks until the answer is true-ish; the last answer or error is told when time is up. */
export async function until(what, ask, { ms = 15_000, every = 40 } = {}) {
	const end = Date.now() + ms;
	let last;
	for (;;) {
		try {
			last = await ask();
			if (last) return last;
		} catch (error) {
			last = error;
		}
		if (Date.now() > end) throw new Error(`${what}: not within ${ms} ms; last: ${last instanceof Error ? last.stack : JSON.stringify(last)}`);
		await sleep(every);
	}
}

/** A database of its own on the test run's PostgreSQL server. */
export async function freshDatabase() {
	const server = process.env.SULH_TEST_PG;
	const name = `sulh_${randomBytes(6).toString('hex')}`;
	await psql(server, `create database ${name}`);
	const url = new URL(server);
	url.pathname = `/${name}`;
	return { url: url.href, drop: () => psql(server, `drop database ${name} with (force)`) };
}

async function psql(url, statement) {
	const done = await run('/usr/lib/postgresql/15/bin/psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-c', statement, url]);
	if (done.status) throw new Error(`psql: ${done.err}`);
}

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

export class Office {
	/** `database`: 'sqlite' or 'postgresql' (needs SULH_TEST_PG); `dir` and `port` for offices that stay. */
	static async create({ profile = 'pk-wafaqi-mohtasib', database = 'sqlite', dir, port } = {}) {
		const office = new Office();
		office.temporary = !dir && (await mkdtemp(path.join(tmpdir(), 'sulh-office-')));
		office.dir = dir ?? path.join(office.temporary, 'office');
		office.port = port ?? (await freePort());
		office.url = `http://127.0.0.1:${office.port}`;
		office.profile = profile;
		const args = ['init', office.dir, '--profile', profile, '--listen', `127.0.0.1:${office.port}`, '--public-url', office.url];
		if (database === 'postgresql') {
			office.database = await freshDatabase();
			args.push('--database', office.database.url);
		}
		await office.mustRun(args);
		return office;
	}

	/** An office that an earlier run made. */
	static at(dir, port) {
		const office = new Office();
		Object.assign(office, { dir, port, url: `http://127.0.0.1:${port}` });
		return office;
	}

	users = {};
	log = '';
	environment = {};

	async mustRun(args, options) {
		const done = await sulh(args, options);
		if (done.status) throw new Error(`sulh ${args.join(' ')}: status ${done.status}\n${done.err}${done.out}`);
		return done.out;
	}

	cli(args, options) {
		return sulh(args, options);
	}

	/** A member of staff with a random password: {login, name, password}. */
	async addUser(login, roles, { name = login, lang } = {}) {
		const out = await this.mustRun(['user', 'add', this.dir, '--login', login, '--name', name, '--roles', roles,
			...(lang ? ['--lang', lang] : [])]);
		const password = /^Password of \S+: (\S+)$/m.exec(out)?.[1];
		if (!password) throw new Error(`no password in: ${out}`);
		this.users[login] = { login, name, password, roles };
		return this.users[login];
	}

	/** A bearer token with the rights of these roles. */
	async token(roles, label = 'test') {
		return (await this.mustRun(['token', 'add', this.dir, '--label', label, '--roles', roles])).trim();
	}

	/** Ready when this returns. `offsetMs` moves its clock. */
	async start({ offsetMs, env = {}, args = [] } = {}) {
		this.environment = { ...(offsetMs ? { SULH_NOW_OFFSET_MS: String(offsetMs) } : {}), ...env };
		const began = performance.now();
		const child = spawn(SULH, ['serve', this.dir, '--listen', `127.0.0.1:${this.port}`, ...args],
			{ env: { ...process.env, ...this.environment }, stdio: ['ignore', 'pipe', 'pipe'] });
		this.child = child;
		running.add(child);
		this.ended = new Promise((resolve) => child.once('exit', (status, signal) => {
			running.delete(child);
			resolve({ status, signal });
		}));
		const keep = (piece) => (this.log = (this.log + piece).slice(-1_000_000));
		child.stderr.on('data', keep);
		await new Promise((resolve, reject) => {
			let out = '';
			const late = setTimeout(() => reject(new Error(`not ready after ${START_MS} ms\n${this.log}`)), START_MS);
			child.stdout.on('data', (piece) => {
				out += piece;
				if (!/\(port \d+, ready after \d+ ms\)/.test(out)) return;
				clearTimeout(late);
				resolve();
			});
			this.ended.then(({ status, signal }) => {
				clearTimeout(late);
				reject(new Error(`sulh serve ended with ${status ?? signal}\n${this.log}`));
			});
		});
		this.ended.catch(() => {});
		this.startMs = performance.now() - began;
		return this;
	}

	/** As Ctrl-C does; the exit status. */
	async stop() {
		if (!this.child) return undefined;
		this.child.kill('SIGINT');
		const late = setTimeout(() => this.child?.kill('SIGKILL'), STOP_MS);
		const { status, signal } = await this.ended;
		clearTimeout(late);
		this.child = undefined;
		if (status !== 0) throw new Error(`sulh serve ended with ${status ?? signal}\n${this.log.slice(-8000)}`);
		return status;
	}

	/** As a power cut does, as far as a process can feel one. */
	async kill9() {
		const child = this.child;
		this.child = undefined;
		child?.kill('SIGKILL');
		return this.ended;
	}

	/** Everything provable holds; throws with what `sulh verify` said. */
	async verify() {
		const done = await sulh(['verify', this.dir], { timeout: 300_000 });
		if (done.status !== 0) throw new Error(`sulh verify ${this.dir}: ${done.err}${done.out}`);
		return done.out;
	}

	/** A request as a program: {status, body, headers}; a JSON body is parsed. */
	async api(method, address, { token, body, headers = {} } = {}) {
		const reply = await fetch(this.url + address, {
			method,
			redirect: 'manual',
			headers: {
				accept: 'application/json',
				...(token ? { authorization: `Bearer ${token}` } : {}),
				...(body !== undefined ? { 'content-type': 'application/json' } : {}),
				...headers,
			},
			body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
		});
		const text = await reply.text();
		const json = /json/.test(reply.headers.get('content-type') ?? '') && text;
		return { status: reply.status, headers: reply.headers, text, body: json ? JSON.parse(text) : undefined };
	}

	/** The same, where only success is expected. */
	async must(method, address, options) {
		const reply = await this.api(method, address, options);
		if (reply.status < 200 || reply.status > 299)
			throw new Error(`${method} ${address}: ${reply.status}\n${reply.text.slice(0, 2000)}`);
		return reply.body;
	}

	async remove() {
		if (this.child) await this.kill9();
		if (this.database) await this.database.drop();
		if (this.temporary) await rm(this.temporary, { recursive: true, force: true });
	}
}
