// Who appears in the tests and in the demonstration. Everybody and every body of theirs is invented.
import { randomUUID } from 'node:crypto';

export const DECLARATIONS = {
	'pk-wafaqi-mohtasib': { declaration_true_contents: true, declaration_no_earlier_complaint: true, declaration_no_court_case: true,
		declaration_agency_approached: true },
	'az-commissioner': { declaration_personal_data: true, declaration_within_one_year: 'yes', declaration_court_pending: 'no', declaration_true_contents: true },
};

/** Gul Khan, whose wages are withheld and whose passport is kept by a state company in Baku. */
export const GUL = {
	name: 'گل خان', father_name: 'شیر خان', nationality: 'PK', passport_no: 'ZX1234567', phone: '+994 50 000 00 00',
	body_name: 'Xəzər Tikinti ASC', body_country: 'AZ', subject: 'labour_wages',
	facts: 'میں باکو میں ایک سرکاری تعمیراتی کمپنی میں مزدور ہوں۔ جون سے مجھے اجرت نہیں ملی۔\nکمپنی نے میرا پاسپورٹ اپنے پاس رکھا ہوا ہے اور واپس نہیں دیتی۔',
	remedy: 'میرا پاسپورٹ واپس دلایا جائے اور پانچ ماہ کی اجرت ادا کرائی جائے۔',
	steps_taken: 'میں نے کمپنی کے دفتر میں دو بار تحریری درخواست دی۔',
	embassy_not_told: true,
};

/** A complaint as a program sends it. `marker` goes into the facts, so that it can be found again. */
export function complaint(profile = 'pk-wafaqi-mohtasib', marker = randomUUID(), changes = {}) {
	return { name: 'Test Person', nationality: 'PK', phone: '+92 300 0000000', body_name: 'A body', body_country: 'AZ', subject: 'labour_wages',
		facts: `No wages since June; the passport is kept. ${marker}`, remedy: 'The wages and the passport.', ...DECLARATIONS[profile], ...changes };
}

/** Files it over the API: {number, code, …}. */
export async function fileComplaint(office, changes = {}, key = randomUUID()) {
	return office.must('POST', '/api/v1/complaints', { body: complaint(office.profile, undefined, changes), headers: { 'idempotency-key': key } });
}

/** Answers with which a complaint passes every question of admissibility, in the order of the profile. */
export const ADMISSIBLE = {
	'pk-wafaqi-mohtasib': ['yes', 'no', 'yes', 'no', 'no', 'yes', 'no'],
	'az-commissioner': ['yes', 'no', 'yes', 'no', 'no', 'no'],
};
export const admissible = (profile) => Object.fromEntries(ADMISSIBLE[profile].map((answer, i) => [`answer_${i + 1}`, answer]));
