// Enough of HTML to walk a page as a browser without script does: a tree, its texts, its forms. Our own pages only, which
// close what they open; it throws where they do not, so that every page that a test visits is checked for it.

const VOID = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr']);
const RAW = new Set(['script', 'style', 'textarea', 'title']);
const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', shy: '\u00ad', copy: '©', middot: '·',
	ndash: '–', mdash: '—', hellip: '…', rarr: '→', larr: '←', times: '×' };

export function decode(text) {
	return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));/gi, (whole, hex, decimal, name) => {
		if (hex) return String.fromCodePoint(parseInt(hex, 16));
		if (decimal) return String.fromCodePoint(Number(decimal));
		return ENTITIES[name] ?? whole;
	});
}

export class Node {
	constructor(tag, attributes = {}, parent) {
		Object.assign(this, { tag, attributes, parent, children: [] });
	}

	*walk() {
		for (const child of this.children) {
			if (!(child instanceof Node)) continue;
			yield child;
			yield* child.walk();
		}
	}

	/** Every element that a condition holds for: a tag name, '#id', '.class', or a function. */
	all(condition) {
		return [...this.walk()].filter((node) => node.is(condition));
	}

	one(condition) {
		for (const node of this.walk()) if (node.is(condition)) return node;
		return undefined;
	}

	is(condition) {
		if (typeof condition === 'function') return condition(this);
		if (condition.startsWith('#')) return this.attributes.id === condition.slice(1);
		if (condition.startsWith('.')) return (this.attributes.class ?? '').split(/\s+/).includes(condition.slice(1));
		return this.tag === condition;
	}

	closest(condition) {
		for (let node = this; node; node = node.parent) if (node.is(condition)) return node;
		return undefined;
	}

	/** As it is read: white space put together. */
	get text() {
		return this.rawText.replace(/\s+/g, ' ').trim();
	}

	get rawText() {
		return this.children.map((child) => {
			if (!(child instanceof Node)) return child;
			if (child.tag === 'script' || child.tag === 'style') return '';
			return child.tag === 'br' ? '\n' : `${child.rawText}${/^(p|li|dt|dd|h\d|div|td|th|option|button)$/.test(child.tag) ? ' ' : ''}`;
		}).join('');
	}
}

const TAG = /<!--[\s\S]*?-->|<!doctype[^>]*>|<(\/?)([a-z][a-z0-9-]*)((?:\s+[^\s=>/"']+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*)\s*(\/?)>/gi;

function attributesOf(text) {
	const found = {};
	for (const [, name, quoted, single, bare] of text.matchAll(/([^\s=/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g)) {
		if (name.toLowerCase() in found) throw new Error(`attribute ${name} twice`);
		found[name.toLowerCase()] = decode(quoted ?? single ?? bare ?? '');
	}
	return found;
}

export function parse(html) {
	const root = new Node('#document');
	let here = root;
	let at = 0;
	TAG.lastIndex = 0;
	for (let found; (found = TAG.exec(html)); ) {
		if (found.index > at) here.children.push(decode(html.slice(at, found.index)));
		at = TAG.lastIndex;
		const [, closing, name, attributes] = found;
		if (!name) continue;
		const tag = name.toLowerCase();
		if (closing) {
			if (here.tag !== tag) throw new Error(`</${tag}> closes <${here.tag}> near ${html.slice(Math.max(0, found.index - 120), at)}`);
			here = here.parent;
			continue;
		}
		const node = new Node(tag, attributesOf(attributes), here);
		here.children.push(node);
		if (VOID.has(tag) || found[4]) continue;
		if (!RAW.has(tag)) {
			here = node;
			continue;
		}
		// No toLowerCase over the whole: "İ" grows by it, and every place behind it would be wrong.
		const end = at + html.slice(at).search(new RegExp(`</${tag}`, 'i'));
		const inner = html.slice(at, end);
		// A browser drops the first line feed of a textarea.
		node.children.push(tag === 'textarea' ? decode(inner).replace(/^\r?\n/, '') : decode(inner));
		at = html.indexOf('>', end) + 1;
		TAG.lastIndex = at;
	}
	if (here !== root) throw new Error(`<${here.tag}> is never closed`);
	return root;
}

/** What a browser would send for this form when nothing is changed: [[name, value]…]; files are left out. */
export function controls(form) {
	const pairs = [];
	for (const node of form.walk()) {
		const { name, value, type = 'text', disabled, checked } = node.attributes;
		if (!name || disabled !== undefined) continue;
		if (node.tag === 'textarea') pairs.push([name, node.children.join('')]);
		else if (node.tag === 'select') {
			const options = node.all('option').filter((option) => option.attributes.disabled === undefined);
			const chosen = options.find((option) => option.attributes.selected !== undefined) ?? options[0];
			if (chosen) pairs.push([name, chosen.attributes.value ?? chosen.text]);
		} else if (node.tag === 'input') {
			if (['submit', 'button', 'image', 'reset', 'file'].includes(type)) continue;
			if (['checkbox', 'radio'].includes(type)) {
				if (checked !== undefined) pairs.push([name, value ?? 'on']);
			} else pairs.push([name, value ?? '']);
		}
	}
	return pairs;
}
