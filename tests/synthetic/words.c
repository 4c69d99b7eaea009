/* Sentences and names for invented cases. %n is a number, %p a place, %m a name, %d a month. */
#include "synthetic/words.h"

#include "base/buf.h"
#include "base/util.h"

#include <math.h>
#include <string.h>

#define FACTS_MIN_BYTES 120
#define FACTS_MAX_BYTES 16000

/* --- numbers ----------------------------------------------------------------------------------------------------- */

uint64_t draw_bits(struct draw *d)
{
	uint64_t z = d->state += UINT64_C(0x9e3779b97f4a7c15); /* SplitMix64 */
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

struct draw draw_from(uint64_t seed, uint64_t number)
{
	struct draw d = { seed };
	d.state = draw_bits(&d) ^ (number * UINT64_C(0xd1342543de82ef95));
	(void)draw_bits(&d);
	return d;
}

size_t draw_below(struct draw *d, size_t n)
{
	return (size_t)(draw_bits(d) % n);
}

double draw_unit(struct draw *d)
{
	return ((double)(draw_bits(d) >> 11) + 0.5) / 9007199254740992.0;
}

bool draw_chance(struct draw *d, double share)
{
	return draw_unit(d) < share;
}

size_t draw_skewed(struct draw *d, size_t n)
{
	double all = 0;
	for (size_t k = 1; k <= n; k++)
		all += 1.0 / (double)(k * k);
	double at = draw_unit(d) * all;
	for (size_t k = 1; k < n; k++) {
		at -= 1.0 / (double)(k * k);
		if (at <= 0)
			return k - 1;
	}
	return n - 1;
}

double draw_lognormal(struct draw *d, double median, double sigma)
{
	double normal = sqrt(-2 * log(draw_unit(d))) * cos(2 * M_PI * draw_unit(d));
	return median * exp(sigma * normal);
}

double draw_exponential(struct draw *d, double mean)
{
	return -mean * log(draw_unit(d));
}

/* --- sentences --------------------------------------------------------------------------------------------------- */

static const char *const facts_az[] = { "Mən %p şəhərində yaşayıram və %d ayından bəri cavab gözləyirəm.",
	"Ərizəni %n nömrəsi ilə qeydiyyata aldılar, amma heç kim zəng etmədi.",
	"İdarədə dedilər ki, sənədlərim tam deyil, hansının çatmadığını isə yazmadılar.",
	"Pensiyam üç ay gecikdirilib və bank deyir ki, pul köçürülməyib.",
	"Anam xəstədir, dərman üçün verilən müavinət dayandırılıb.",
	"Müəssisə maaşımı ödəməyib və pasportumu qaytarmır.", "Məktəb oğlumu qəbul etmədi, səbəbini şifahi dedi.",
	"Şəxsiyyət vəsiqəsini dəyişmək üçün dörd dəfə növbəyə durmuşam.",
	"Sayğacda göstərilən rəqəm hesabdakı %n rəqəmi ilə uyğun gəlmir.",
	"%m adlı əməkdaş mənimlə kobud danışdı və ərizəmi geri qaytardı.",
	"Məhkəmənin qərarı iki ildir ki, icra olunmur.",
	"Qonşunun tikintisi evimizin divarını çatladıb, bələdiyyə isə susur.",
	"Qardaşım təcridxanadadır və həkimə göstərilmir.", "Torpaq sahəmin çıxarışını verməkdən imtina edirlər.",
	"Xəstəxanada növbə üçün pul istədilər.", "Yaşadığım binada qaz %d ayından kəsilib.",
	"Uşağın doğum haqqında şəhadətnaməsində soyad səhv yazılıb.",
	"Sürücülük vəsiqəmi tələbnamə olmadan götürüblər.", "Cərimə mənə aid olmayan avtomobil üçün yazılıb.",
	"Komissiya əlilliyimi %n saylı qərarla ləğv etdi.",
	"Mənə göndərilən məktubda cavab verən şəxsin imzası yoxdur.",
	"Qaynar xəttə hər gün zəng edirəm, heç kim götürmür.", "Müqavilənin surətini və qəbzləri əlavə edirəm.",
	"Məndən %p şəhərinə getməyi tələb edirlər, halbuki buna imkanım yoxdur." };
static const char *const facts_en[] = { "I live in %p and have been waiting for an answer since %d.",
	"My application was registered under number %n, but nobody has called me.",
	"At the counter I was told that papers were missing; which ones, they would not write down.",
	"The pension is three months late and the bank says that no transfer has arrived.",
	"My mother is ill and the allowance for her medicines was stopped without a letter.",
	"The company has not paid my wages and keeps my passport.",
	"The school refused my son and gave the reason only by word of mouth.",
	"I stood in the queue four times to renew the identity card.",
	"The reading on the meter does not agree with the %n units on the bill.",
	"An officer named %m was rude to me and gave the application back.",
	"The judgment has not been carried out for two years.",
	"The neighbour's building has cracked our wall and the municipality stays silent.",
	"My brother is in detention and is not shown to a doctor.", "They refuse to give me the extract for my land.",
	"In the hospital we were asked for money to be seen earlier.",
	"The gas in our building has been cut off since %d.", "The surname on the child's birth certificate is wrong.",
	"My driving licence was taken without any record.", "The fine was written for a car that is not mine.",
	"The board withdrew my disability status by decision %n.",
	"The letter that I received bears no name and no signature.",
	"I ring the helpline every day and nobody answers.", "I attach a copy of the contract and the receipts.",
	"They tell me to travel to %p, which I cannot afford." };
static const char *const facts_ru[] = { "Я живу в городе %p и жду ответа с %d.",
	"Заявление зарегистрировали под номером %n, но мне никто не позвонил.",
	"В окне сказали, что не хватает документов, а каких – не написали.",
	"Пенсию задерживают три месяца, банк говорит, что перевода не было.",
	"Моя мать больна, выплату на лекарства прекратили без письма.",
	"Предприятие не заплатило мне зарплату и не возвращает паспорт.",
	"Школа отказалась принять сына и назвала причину только на словах.",
	"Я четыре раза стоял в очереди, чтобы заменить удостоверение личности.",
	"Показания счётчика не сходятся со счётом на %n единиц.",
	"Сотрудник по имени %m говорил грубо и вернул заявление.", "Решение суда не исполняют уже два года.",
	"Из-за стройки соседа треснула стена нашего дома, а муниципалитет молчит.",
	"Мой брат содержится под стражей, к врачу его не водят.", "Мне отказываются выдать выписку на землю.",
	"В больнице за приём без очереди попросили деньги.", "В нашем доме газ отключён с %d.",
	"В свидетельстве о рождении ребёнка ошибка в фамилии.", "Водительские права забрали без протокола.",
	"Штраф выписан за машину, которая мне не принадлежит.", "Комиссия сняла инвалидность решением %n.",
	"В полученном письме нет ни имени, ни подписи.", "Каждый день звоню на горячую линию, никто не отвечает.",
	"Прилагаю копию договора и квитанции.", "Мне говорят ехать в %p, а денег на дорогу нет." };
static const char *const facts_ur[] = { "میں %p میں رہتا ہوں اور %d سے جواب کا انتظار کر رہا ہوں۔",
	"میری درخواست نمبر %n پر درج ہوئی مگر کسی نے رابطہ نہیں کیا۔",
	"دفتر میں کہا گیا کہ کاغذات کم ہیں لیکن یہ نہیں لکھا کہ کون سے۔",
	"پنشن تین مہینے سے نہیں ملی اور بینک کہتا ہے کہ رقم نہیں آئی۔",
	"میری والدہ بیمار ہیں اور دوائی کی امداد بغیر اطلاع بند کر دی گئی۔",
	"کمپنی نے تنخواہ نہیں دی اور پاسپورٹ بھی واپس نہیں کرتی۔",
	"اسکول نے میرے بیٹے کو داخلہ نہیں دیا اور وجہ صرف زبانی بتائی۔",
	"شناختی کارڈ کی تجدید کے لیے چار بار قطار میں کھڑا ہوا۔", "میٹر کی ریڈنگ بل کے %n یونٹ سے نہیں ملتی۔",
	"%m نامی اہلکار نے بدتمیزی کی اور درخواست واپس کر دی۔", "عدالت کے فیصلے پر دو سال سے عمل نہیں ہوا۔",
	"پڑوسی کی تعمیر سے ہماری دیوار میں دراڑ آ گئی اور بلدیہ خاموش ہے۔",
	"میرا بھائی حراست میں ہے اور اسے ڈاکٹر کو نہیں دکھایا جاتا۔", "زمین کی فرد دینے سے انکار کرتے ہیں۔",
	"ہسپتال میں جلدی معائنے کے لیے پیسے مانگے گئے۔", "ہماری عمارت کی گیس %d سے بند ہے۔",
	"بچے کے پیدائشی سرٹیفکیٹ پر خاندانی نام غلط لکھا ہے۔", "ڈرائیونگ لائسنس بغیر رسید کے لے لیا گیا۔",
	"جرمانہ ایسی گاڑی کا ہے جو میری نہیں۔", "بورڈ نے فیصلہ نمبر %n سے میری معذوری ختم کر دی۔",
	"جو خط ملا اس پر نہ نام ہے نہ دستخط۔", "روز ہیلپ لائن پر فون کرتا ہوں، کوئی نہیں اٹھاتا۔",
	"معاہدے کی نقل اور رسیدیں منسلک ہیں۔", "مجھے %p جانے کو کہتے ہیں جس کی استطاعت نہیں۔" };

static const char *const remedy_az[] = { "Yazılı cavab verilsin.", "Ödənilməmiş məbləğ ödənilsin və sənəd qaytarılsın.",
	"Qərar əsaslandırılsın və ya ləğv edilsin.", "Səhv düzəldilsin.", "Xidmət bərpa olunsun." };
static const char *const remedy_en[] = { "A written answer.", "Payment of what is owed, and the document back.",
	"That the decision is explained or withdrawn.", "That the mistake is corrected.",
	"That the service is restored." };
static const char *const remedy_ru[] = { "Дать письменный ответ.", "Выплатить долг и вернуть документ.",
	"Обосновать решение или отменить его.", "Исправить ошибку.", "Восстановить услугу." };
static const char *const remedy_ur[] = { "تحریری جواب دیا جائے۔", "واجب رقم ادا کی جائے اور دستاویز واپس کی جائے۔",
	"فیصلے کی وجہ بتائی جائے یا اسے واپس لیا جائے۔", "غلطی درست کی جائے۔", "سہولت بحال کی جائے۔" };

static const char *const place_az[] = { "Bakı", "Gəncə", "Sumqayıt", "Şəki", "Lənkəran", "Quba", "Mingəçevir",
	"Naxçıvan", "Şirvan", "Cəlilabad" };
static const char *const place_en[] = { "Islamabad", "Lahore", "Karachi", "Peshawar", "Quetta", "Multan", "Baku",
	"Sukkur", "Hyderabad", "Sialkot" };
static const char *const place_ru[] = { "Баку", "Гянджа", "Сумгаит", "Шеки", "Ленкорань", "Куба", "Казань", "Астрахань",
	"Уфа", "Дербент" };
static const char *const place_ur[] = { "اسلام آباد", "لاہور", "کراچی", "پشاور", "کوئٹہ", "ملتان", "فیصل آباد", "سکھر",
	"سیالکوٹ", "گوجرانوالہ" };

static const char *const month_az[] = { "yanvar", "fevral", "mart", "aprel", "may", "iyun", "iyul", "avqust",
	"sentyabr", "oktyabr", "noyabr", "dekabr" };
static const char *const month_en[] = { "January", "February", "March", "April", "May", "June", "July", "August",
	"September", "October", "November", "December" };
static const char *const month_ru[] = { "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа",
	"сентября", "октября", "ноября", "декабря" };
static const char *const month_ur[] = { "جنوری", "فروری", "مارچ", "اپریل", "مئی", "جون", "جولائی", "اگست", "ستمبر",
	"اکتوبر", "نومبر", "دسمبر" };

/* --- names ------------------------------------------------------------------------------------------------------- */

static const char *const given_az[] = { "Leyla", "Rəşad", "Günay", "Elçin", "Nigar", "Tural", "Aysel", "Vüqar",
	"Səbinə", "Orxan", "Könül", "İlqar", "Şəbnəm", "Cavid", "Ülviyyə", "Fərid", "Xədicə", "Zaur", "Nərgiz",
	"Ramil" };
static const char *const family_az[] = { "Əliyeva", "Məmmədov", "Hüseynova", "Quliyev", "İsmayılova", "Rəhimov",
	"Cəfərova", "Həsənov", "Babayeva", "Kərimov", "Şükürova", "Abbasov", "Nəsirova", "Süleymanov", "Mustafayeva",
	"Orucov" };
static const char *const given_en[] = { "Ahmed", "Bilal", "Farah", "Hassan", "Imran", "Javeria", "Kamran", "Nadia",
	"Rashid", "Saima", "Tariq", "Usman", "Yasmin", "Zainab", "Amina", "Faisal", "Mariam", "Noman", "Rabia",
	"Waqas" };
static const char *const family_en[] = { "Khan", "Malik", "Hussain", "Qureshi", "Butt", "Chaudhry", "Sheikh", "Baloch",
	"Afridi", "Raza", "Siddiqui", "Mirza", "Abbasi", "Soomro", "Durrani", "Awan" };
static const char *const given_ru[] = { "Лейла", "Рашад", "Айгуль", "Тимур", "Зарема", "Руслан", "Диляра", "Марат",
	"Ольга", "Камиль", "Гульнара", "Эльдар", "Наиля", "Ринат", "Марина", "Ильдар", "Амина", "Шамиль", "Вера",
	"Азат" };
static const char *const family_ru[] = { "Алиева", "Мамедов", "Гусейнова", "Каримов", "Исмаилова", "Рагимов",
	"Ахмедова", "Сафин", "Магомедова", "Юсупов", "Галиева", "Петров", "Нуриева", "Хасанов", "Ибрагимова",
	"Закиров" };
static const char *const given_ur[] = { "محمد", "فاطمہ", "عائشہ", "علی", "حسین", "ندیم", "زینب", "عمران", "سائرہ",
	"طارق", "نادیہ", "بلال", "مریم", "وقاص", "رابعہ", "فیصل", "آمنہ", "نعمان", "یاسمین", "کامران" };
static const char *const family_ur[] = { "خان", "ملک", "قریشی", "شیخ", "بلوچ", "علییوا", "صدیقی", "مرزا", "عباسی",
	"سومرو", "درانی", "اعوان", "آفریدی", "رضا", "چوہدری", "بٹ" };

/* --- lines of a case's life -------------------------------------------------------------------------------------- */

static const char *const to_person_az[] = { "Müraciətinizi aldıq və idarədən izahat istədik.",
	"Qurum cavab verdi; cavabı oxuyuruq və sizə yazacağıq.", "Sizdən əlavə sənəd xahiş edirik." };
static const char *const to_person_en[] = { "We have received your complaint and asked the office for its account.",
	"The body has answered; we are reading it and will write to you.", "Please send us the missing paper." };
static const char *const to_person_ru[] = { "Мы получили вашу жалобу и запросили объяснения.",
	"Орган ответил; мы изучаем ответ и напишем вам.", "Просим прислать недостающий документ." };
static const char *const to_person_ur[] = { "آپ کی شکایت ملی اور ہم نے ادارے سے وضاحت مانگی ہے۔",
	"ادارے نے جواب دیا ہے، ہم دیکھ کر آپ کو لکھیں گے۔", "براہِ کرم جو کاغذ کم ہے وہ بھیج دیں۔" };
static const char *const from_person_az[] = { "İstədiyiniz qəbzi tapdım və gətirəcəyəm.", "Hələ də cavab almamışam.",
	"Kömək üçün sağ olun." };
static const char *const from_person_en[] = { "I have found the receipt that you asked for.", "I still have no answer.",
	"Thank you for the help." };
static const char *const from_person_ru[] = { "Я нашёл квитанцию, о которой вы писали.", "Ответа всё ещё нет.",
	"Спасибо за помощь." };
static const char *const from_person_ur[] = { "جو رسید آپ نے مانگی تھی وہ مل گئی۔", "ابھی تک جواب نہیں ملا۔",
	"مدد کا شکریہ۔" };
static const char *const note_en[] = { "Telephoned the head office; the file is said to be on its way.",
	"The dates in the reply do not fit the receipts. Ask again.",
	"Settled in principle; waiting for the payment slip.",
	"Compare with the earlier complaint about the same counter." };
static const char *const question_en[] = {
	"Please state why the application was not decided within the time that the law sets.",
	"Please send the record of the decision and the reasons given to the complainant."
};
static const char *const reply_en[] = { "The delay is admitted. The file was sent to another branch by mistake.",
	"The decision follows the rules in force; the complainant was told so in writing." };
static const char *const measure_en[] = {
	"Decide the application within thirty days and tell the complainant in writing.",
	"Pay what is owed with the statutory interest.", "Publish the list of papers that are needed at each counter."
};

#define BY_LANG(name)                                                                                                  \
	{                                                                                                              \
		[LANG_AZ] = { name##_az, ARRAY_LEN(name##_az) }, [LANG_EN] = { name##_en, ARRAY_LEN(name##_en) },      \
		[LANG_RU] = { name##_ru, ARRAY_LEN(name##_ru) }, [LANG_UR] = { name##_ur, ARRAY_LEN(name##_ur) },      \
	}

struct list {
	const char *const *at;
	size_t n;
};
static const struct list facts[LANG_MAX] = BY_LANG(facts), remedies[LANG_MAX] = BY_LANG(remedy),
			 places[LANG_MAX] = BY_LANG(place), months[LANG_MAX] = BY_LANG(month),
			 givens[LANG_MAX] = BY_LANG(given), families[LANG_MAX] = BY_LANG(family),
			 to_person[LANG_MAX] = BY_LANG(to_person), from_person[LANG_MAX] = BY_LANG(from_person);
static const struct list notes = { note_en, ARRAY_LEN(note_en) }, questions = { question_en, ARRAY_LEN(question_en) },
			 replies = { reply_en, ARRAY_LEN(reply_en) }, measures = { measure_en, ARRAY_LEN(measure_en) };

static const char *one_of(struct draw *d, const struct list *list)
{
	return list->at[draw_below(d, list->n)];
}

struct words_name words_name(struct arena *arena, struct draw *d, enum lang lang)
{
	const char *given = one_of(d, &givens[lang]), *father = one_of(d, &givens[lang]),
		   *house = one_of(d, &families[lang]);
	return (struct words_name) { arena_printf(arena, "%s %s", given, house), father };
}

const char *words_place(struct draw *d, enum lang lang)
{
	return one_of(d, &places[lang]);
}

static void put_slot(struct draw *d, enum lang lang, char slot, struct buf *out)
{
	switch (slot) {
	case 'n':
		(void)!buf_printf(out, "%zu", 1000 + draw_below(d, 90000));
		break;
	case 'p':
		(void)!buf_puts(out, one_of(d, &places[lang]));
		break;
	case 'd':
		(void)!buf_puts(out, one_of(d, &months[lang]));
		break;
	default:
		(void)!buf_puts(out, one_of(d, &givens[lang]));
		(void)!buf_puts(out, " ");
		(void)!buf_puts(out, one_of(d, &families[lang]));
	}
}

static void put_sentence(struct draw *d, enum lang lang, const char *pattern, struct buf *out)
{
	for (const char *slot; (slot = strchr(pattern, '%')); pattern = slot + 2) {
		(void)!buf_add(out, pattern, (size_t)(slot - pattern));
		put_slot(d, lang, slot[1], out);
	}
	(void)!buf_puts(out, pattern);
}

char *words_facts(struct arena *arena, struct draw *d, enum lang lang, double bytes)
{
	struct buf out = BUF_INIT(2 * FACTS_MAX_BYTES);
	size_t want = bytes < FACTS_MIN_BYTES   ? FACTS_MIN_BYTES
		      : bytes > FACTS_MAX_BYTES ? FACTS_MAX_BYTES
						: (size_t)bytes;
	while (out.len < want) {
		if (out.len)
			(void)!buf_puts(&out, draw_below(d, 6) ? " " : "\n\n");
		put_sentence(d, lang, one_of(d, &facts[lang]), &out);
	}
	char *made = arena_strndup(arena, out.data, out.len);
	buf_done(&out);
	return made;
}

char *words_remedy(struct arena *arena, struct draw *d, enum lang lang)
{
	return arena_strdup(arena, one_of(d, &remedies[lang]));
}

const char *words_line(struct draw *d, enum lang lang, const char *kind)
{
	if (!strcmp(kind, "from_person"))
		return one_of(d, &from_person[lang]);
	if (!strcmp(kind, "note"))
		return one_of(d, &notes);
	if (!strcmp(kind, "question"))
		return one_of(d, &questions);
	if (!strcmp(kind, "reply"))
		return one_of(d, &replies);
	if (!strcmp(kind, "measure"))
		return one_of(d, &measures);
	return one_of(d, &to_person[lang]);
}
