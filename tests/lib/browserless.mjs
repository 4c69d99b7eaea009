// A person with a browser that has no script: opens pages, keeps cookies, fills in forms by their fields' names, follows
// redirects. What the page does not offer cannot be sent, as in a browser; `Visitor.sendRaw` is for those who do not play fair.
//
//     const gul = new Visitor(islamabad.url, { lang: 'ur' });
//     const page = await gul.open('/complain');
//     const check = await page.form({ field: 'facts' }).fill({ name: 'گل خان', facts: '…' }).send();
import { controls, parse } from './html.mjs';

export class Visitor {
	constructor(base, { lang, headers = {} } = {}) {
		Object.assign(this, { base, headers, cookies: new Map() });
		if (lang) this.headers = { 'accept-language': lang, ...headers };
	}

	open(path, options = {}) {
		return this.go('GET', path, options);
	}

	async go(method, path, { headers = {}, body } = {}) {
		let url = new URL(path, this.base);
		for (let hops = 0; hops < 10; hops++) {
			const reply = await fetch(url, { method, body, redirect: 'manual',
				headers: { accept: 'text/html,*/*;q=0.8', ...this.headers, ...headers, ...this.cookieHeader() } });
			this.keepCookies(reply);
			if (![301, 302, 303, 307, 308].includes(reply.status)) return Page.read(this, url, reply);
			await reply.arrayBuffer();
			url = new URL(reply.headers.get('location'), url);
			if (url.origin !== new URL(this.base).origin) throw new Error(`led away to ${url}`);
			if (reply.status === 303 || method === 'POST') [method, body, headers] = ['GET', undefined, {}];
		}
		throw new Error(`${path} leads in circles`);
	}

	cookieHeader() {
		return this.cookies.size ? { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') } : {};
	}

	keepCookies(reply) {
		for (const line of reply.headers.getSetCookie?.() ?? splitCookies(reply.headers.get('set-cookie'))) {
			const [pair, ...rest] = line.split(';');
			const [name, value] = [pair.slice(0, pair.indexOf('=')).trim(), pair.slice(pair.indexOf('=') + 1).trim()];
			const gone = rest.some((part) => /^\s*max-age=(0|-\d+)\s*$/i.test(part));
			if (gone || value === '') this.cookies.delete(name);
			else this.cookies.set(name, value);
		}
	}

	async login({ login, password }) {
		const page = await (await this.open('/login')).form({ field: 'password' }).fill({ login, password }).send();
		if (!this.cookies.has('sulh_staff')) throw new Error(`${login} was not let in: ${page.describe()}`);
		return page;
	}

	submit(form, button) {
		const pairs = [...form.pairs];
		if (button.attributes.name) pairs.push([button.attributes.name, button.attributes.value ?? '']);
		return this.sendRaw(form, pairs, { action: button.attributes.formaction ?? form.action });
	}

	/** These pairs and files to this form's address, whether or not the page offers them. */
	sendRaw(form, pairs = form.pairs, { headers, action = form.action, files = form.files } = {}) {
		const target = new URL(action, form.page.url).href;
		const crlf = (value) => value.replace(/\r?\n/g, '\r\n'); // as browsers send them
		if ((form.node.attributes.method ?? 'get').toLowerCase() === 'get') return this.open(`${target.split('?')[0]}?${new URLSearchParams(pairs)}`);
		if (form.node.attributes.enctype !== 'multipart/form-data')
			return this.go('POST', target, { body: new URLSearchParams(pairs.map(([name, value]) => [name, crlf(value)])), headers });
		const body = new FormData();
		for (const [name, value] of pairs) body.append(name, crlf(value));
		for (const [name, file] of files) body.append(name, new Blob([file.data], { type: file.type ?? 'application/octet-stream' }), file.name);
		return this.go('POST', target, { body, headers });
	}
}

// Node 18's fetch joins Set-Cookie lines with commas.
function splitCookies(text) {
	return text ? text.split(/,(?=\s*[^\s;,=]+=)/) : [];
}

export class Page {
	static async read(visitor, url, reply) {
		const page = new Page();
		const data = Buffer.from(await reply.arrayBuffer());
		Object.assign(page, { visitor, url, status: reply.status, headers: reply.headers, data });
		if (/^text\/html/.test(reply.headers.get('content-type') ?? '')) page.take(data.toString('utf8'));
		return page;
	}

	take(html) {
		this.html = html;
		this.root = parse(html);
		return this;
	}

	get path() {
		return this.url.pathname + this.url.search;
	}

	get text() {
		return (this.root?.one('main') ?? this.root)?.text ?? this.data.toString('utf8');
	}

	get title() {
		return this.root?.one('h1')?.text;
	}

	/** The page's errors as {field: text}; '' for those without a field. */
	get errors() {
		const found = {};
		for (const item of this.root.one('.errors')?.all('li') ?? [])
			found[item.one('a')?.attributes.href?.replace(/^#/, '') ?? ''] = item.text;
		return found;
	}

	describe() {
		return `${this.status} ${this.path}\n${this.text.slice(0, 1500)}`;
	}

	expect(status = 200) {
		if (this.status !== status) throw new Error(`expected ${status}: ${this.describe()}`);
		return this;
	}

	/** A form by what it holds: {action: text or RegExp, field: name, button: RegExp, id}. Exactly one must fit. */
	form(wanted = {}) {
		const fits = this.forms(wanted);
		if (fits.length !== 1)
			throw new Error(`${fits.length} forms fit ${JSON.stringify(wanted, (_, value) => (value instanceof RegExp ? String(value) : value))} among ${this.forms().map((form) => `${form.action}[${form.names}]`).join(' ')}: ${this.describe()}`);
		return fits[0];
	}

	forms({ action, field, button, value } = {}) {
		return (this.root?.all('form') ?? []).map((node) => new Form(this, node)).filter((form) =>
			(!action || (action instanceof RegExp ? action.test(form.action) : form.action === action)) &&
			(!field || form.names.includes(field)) &&
			(!value || form.pairs.some(([name, text]) => name in value && value[name] === text)) &&
			(!button || form.node.all('button').some((one) => button.test(one.text))));
	}

	hasForm(wanted) {
		return this.forms(wanted).length > 0;
	}

	link(wanted) {
		const found = this.root.all('a').find((node) => (wanted instanceof RegExp ? wanted.test(node.text) || wanted.test(node.attributes.href ?? '') : node.attributes.href === wanted));
		if (!found) throw new Error(`no link ${wanted}: ${this.describe()}`);
		return found.attributes.href;
	}

	follow(wanted) {
		return this.visitor.open(new URL(this.link(wanted), this.url).href);
	}

	/** Definitions of a summary list: {term: text}. */
	get facts() {
		const found = {};
		let term;
		for (const node of this.root.walk()) {
			if (node.tag === 'dt') term = node.text;
			else if (node.tag === 'dd' && term) found[term] ??= node.text;
		}
		return found;
	}
}

export class Form {
	constructor(page, node) {
		Object.assign(this, { page, node, pairs: controls(node), values: {}, files: [] });
		this.action = node.attributes.action || page.path.replace(/#.*/, '');
		this.names = node.all((one) => ['input', 'select', 'textarea', 'button'].includes(one.tag)).map((one) => one.attributes.name).filter(Boolean);
	}

	/** Sets fields that the form has. true ticks a box, false unticks it, a list ticks several of one name. */
	fill(values) {
		for (const [name, value] of Object.entries(values)) {
			const fields = this.node.all((one) => one.attributes.name === name);
			if (!fields.length) throw new Error(`the form ${this.action} has no field ${name}, only ${[...new Set(this.names)]}: ${this.page.describe()}`);
			this.pairs = this.pairs.filter(([other]) => other !== name);
			this.values[name] = value;
			for (const text of Array.isArray(value) ? value : [value]) this.set(name, fields, text);
		}
		return this;
	}

	set(name, fields, value) {
		const kind = fields[0].tag === 'input' ? fields[0].attributes.type : fields[0].tag;
		if (value === false) return;
		if (kind === 'checkbox' || kind === 'radio') {
			const wanted = value === true ? fields[0] : fields.find((one) => (one.attributes.value ?? 'on') === String(value));
			if (!wanted) throw new Error(`${name} offers no ${value}, only ${fields.map((one) => one.attributes.value)}`);
			if (wanted.attributes.disabled !== undefined) throw new Error(`${name}=${value} is not open`);
			this.pairs.push([name, wanted.attributes.value ?? 'on']);
		} else if (kind === 'select') {
			const option = fields[0].all('option').find((one) => (one.attributes.value ?? one.text) === String(value));
			if (!option) throw new Error(`${name} offers no ${value}, only ${fields[0].all('option').map((one) => one.attributes.value)}`);
			this.pairs.push([name, String(value)]);
		} else this.pairs.push([name, String(value)]);
	}

	/** Puts a file into a field: {name, type, data}. */
	attach(field, ...files) {
		if (!this.node.one((one) => one.attributes.name === field && one.attributes.type === 'file'))
			throw new Error(`no field for files ${field}: ${this.page.describe()}`);
		for (const file of files) this.files.push([field, file]);
		return this;
	}

	/** Presses the first button, or the one with this name and value ({press: {act: 'give'}}). */
	send({ press } = {}) {
		const buttons = this.node.all((one) => one.tag === 'button' && (one.attributes.type ?? 'submit') === 'submit');
		const button = press ? buttons.find((one) => Object.entries(press).every(([name, value]) => one.attributes.name === name && one.attributes.value === value)) : buttons[0];
		if (!button) throw new Error(`no button ${JSON.stringify(press)} in ${this.action}: ${this.page.describe()}`);
		return this.page.visitor.submit(this, button, buttons.indexOf(button));
	}
}

// --- files of the story: small, and really what their type says ---------------------------------------------------------

export const pdf = (words = 'Contract') => Buffer.from(
	`%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n` +
	`3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n% ${words}\ntrailer<</Root 1 0 R>>\n%%EOF\n`);

// One white pixel.
export const png = () => Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII=', 'base64');
