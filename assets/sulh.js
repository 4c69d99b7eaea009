// Small comforts; no page needs this file.
"use strict";

// After a refused form the error summary is read first (GOV.UK Design System, error summary).
const errors = document.querySelector(".errors");
if (errors) {
	errors.focus();
	errors.addEventListener("click", (event) => {
		const link = event.target.closest("a[href^='#']");
		const field = link && document.getElementById(link.hash.slice(1));
		if (!field)
			return;
		event.preventDefault();
		const label = field.closest(".field")?.querySelector("legend, label") ?? field;
		label.scrollIntoView();
		field.focus({ preventScroll: true });
	});
}

// A second press while the first is under way sends nothing; the server refuses doubles in any case.
for (const form of document.querySelectorAll("form[method=post]"))
	form.addEventListener("submit", (event) => {
		if (form.dataset.sent)
			event.preventDefault();
		form.dataset.sent = "1";
	});
addEventListener("pageshow", () => {
	for (const form of document.forms)
		delete form.dataset.sent;
});

// Paper has no summaries to press.
addEventListener("beforeprint", () => {
	for (const details of document.querySelectorAll("details:not([open])")) {
		details.open = true;
		details.dataset.opened = "1";
	}
});
addEventListener("afterprint", () => {
	for (const details of document.querySelectorAll("details[data-opened]"))
		details.open = false;
});
