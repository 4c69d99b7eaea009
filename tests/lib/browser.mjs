// The same person as in browserless.mjs, but in a real browser: pages are opened, fields typed into and buttons pressed in
// Chromium. Every page is looked at by axe-core (WCAG 2.2 AA) and must be found without fault.
import { mkdirSync } from 'node:fs';
import path from 'node:path';

import axe from 'axe-core';
import { chromium } from 'playwright-core';

import { Page, Visitor } from './browserless.mjs';
import { ROOT } from './office.mjs';

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
	'--disable-component-update', '--disable-sync'];
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });

export class BrowserVisitor extends Visitor {
	/** `phone`: 360 × 740 with script off, as the person in the story has; else a desk with script on. */
	static async create(browser, base, { lang, phone = false, script = !phone, name } = {}) {
		const hand = new BrowserVisitor(base, { lang });
		hand.context = await browser.newContext({ viewport: phone ? { width: 360, height: 740 } : { width: 1280, height: 900 },
			javaScriptEnabled: script, locale: lang, extraHTTPHeaders: { 'accept-language': lang }, reducedMotion: 'reduce' });
		hand.context.setDefaultTimeout(10_000);
		hand.page = await hand.context.newPage();
		Object.assign(hand, { name, phone, script, faults: new Set(), messages: [], visited: 0 });
		hand.page.on('console', (message) => message.type() === 'error' && !/status of 4\d\d/.test(message.text()) && hand.messages.push(message.text()));
		hand.page.on('pageerror', (error) => hand.messages.push(String(error)));
		hand.folder = path.join(ROOT, 'var/screenshots');
		mkdirSync(hand.folder, { recursive: true });
		return hand;
	}

	async close() {
		await this.second?.context().close();
		await this.context.close();
	}

	async open(address) {
		return this.snapshot(await this.page.goto(new URL(address, this.base).href, { waitUntil: 'load' }));
	}

	/** A download does not show a page: fetched with the same cookies. */
	async download(address) {
		const reply = await this.context.request.get(new URL(address, this.base).href);
		return { status: reply.status(), headers: new Headers(reply.headers()), data: await reply.body() };
	}

	async login({ login, password }) {
		const page = await (await this.open('/login')).form({ field: 'password' }).fill({ login, password }).send();
		if (page.path.startsWith('/login')) throw new Error(`${login} was not let in: ${page.describe()}`);
		return page;
	}

	async snapshot(response) {
		const page = new Page();
		Object.assign(page, { visitor: this, url: new URL(this.page.url()), status: response?.status() ?? 200, headers: new Headers(response?.headers() ?? {}) });
		page.take(await this.page.content());
		await this.look(page);
		return page;
	}

	/** What axe finds, and what sticks out to the side. A page without script is looked at in a twin that has one. */
	async look(page) {
		this.visited++;
		const where = this.script ? this.page : await this.twin(page);
		await where.evaluate(axe.source); // not by eval in the page: our content security policy forbids that, as it should
		const found = await where.evaluate(async (tags) => {
			const { violations } = await globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] });
			const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
			return { wide, violations: violations.map((one) => `${one.id}: ${one.help}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`) };
		}, TAGS);
		for (const text of found.violations) this.faults.add(`${page.path}: ${text}`);
		if (found.wide > 1) this.faults.add(`${page.path}: ${found.wide} pixels wider than the screen`);
	}

	/** The same answer at the same address, in a window of the same size where axe can run. */
	async twin(page) {
		if (!this.second) {
			const context = await this.context.browser().newContext({ viewport: this.page.viewportSize(), locale: this.headers['accept-language'], reducedMotion: 'reduce' });
			this.second = await context.newPage();
			await this.second.route((url) => url.href === this.shown?.url.href.replace(/#.*/, ''), (route) => (route.request().isNavigationRequest()
				? route.fulfill({ status: 200, contentType: 'text/html; charset=utf-8', body: this.shown.html }) : route.continue()));
		}
		this.shown = page;
		await this.second.goto(page.url.href.replace(/#.*/, ''), { waitUntil: 'load' });
		return this.second;
	}

	picture(name) {
		return this.page.screenshot({ path: path.join(this.folder, `${name}.png`), fullPage: true });
	}

	async submit(form, button, which) {
		const place = this.page.locator('form').nth(form.page.root.all('form').indexOf(form.node));
		for (const closed = place.locator('xpath=ancestor::details[not(@open)]'); await closed.count(); ) await closed.first().locator('> summary').click();
		for (const [name, value] of Object.entries(form.values)) await this.type(place, name, value);
		for (const field of new Set(form.files.map(([name]) => name)))
			await place.locator(`input[type=file][name="${field}"]`).setInputFiles(form.files.filter(([name]) => name === field)
				.map(([, file]) => ({ name: file.name, mimeType: file.type ?? 'application/octet-stream', buffer: file.data })));
		const [response] = await Promise.all([
			this.page.waitForNavigation({ waitUntil: 'load' }),
			place.locator('button:not([type=button]):not([type=reset])').nth(which).click(),
		]);
		return this.snapshot(response);
	}

	async type(place, name, value) {
		const field = place.locator(`[name="${name}"]`);
		for (const closed = field.first().locator('xpath=ancestor::details[not(@open)]'); await closed.count(); ) await closed.first().locator('> summary').click();
		const tag = await field.first().evaluate((node) => (node.tagName === 'INPUT' ? node.type : node.tagName.toLowerCase()));
		if (tag === 'checkbox' || tag === 'radio') {
			if (tag === 'checkbox') for (const one of await field.all()) await one.uncheck();
			for (const one of Array.isArray(value) ? value : [value])
				if (one !== false) await (one === true ? field.first() : place.locator(`[name="${name}"][value="${one}"]`)).check();
		} else if (tag === 'select') await field.selectOption(String(value));
		else if (tag === 'hidden') throw new Error(`${name} is hidden: nobody can type there`);
		else await field.fill(String(value));
	}
}

