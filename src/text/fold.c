/*
 * Text as it is stored (NFC) and as it is searched (folded).
 *
 * Folding brings Latin, Cyrillic and Arabic script to the same plain Latin letters, so that a registrar who types a
 * name in one script finds it in another. In order: compatibility forms and case (NFKC_Casefold), marks off, letters
 * through the tables below (other scripts through ICU's Any-Latin), then per word:
 *
 * - letters that the four languages write for one another meet: e, ə = a; y, ı = i; w = v; q, ck = k; x, kh = h;
 *   j, ç, ch, zh = c; ş, sh = s; ğ, gh = g; ph = f;
 * - doubled letters are single (Məmmədov, Мамедов), a run of vowels is its first (Əliyeva, Алиева, علییوا);
 * - digits, also Arabic ones, are kept as they are.
 *
 * Known limits: Arabic script does not write short vowels, so محمد meets Məhəmməd only in text_fold_name. و is read as
 * v beside a written vowel and as u elsewhere. Russian has г for both g and h (Гусейн, Hüseyn): they meet in
 * text_fold_name only. Azerbaijani in Cyrillic is read with Russian values where the two differ (г is g, not q). Two
 * words that differ only in such letters (men, man) are found together: search prefers too much to too little.
 */
#include "base/util.h"
#include "text/text.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>
#include <unicode/utrans.h>

struct wide {
	UChar *s; /* malloc'd */
	int32_t len;
};

static void wide_done(struct wide *w)
{
	free(w->s);
}

static UChar *wide_alloc(int32_t len)
{
	UChar *s = malloc(((size_t)len + 1) * sizeof(*s));

	if (!s)
		abort();
	return s;
}

static struct wide wide_from_utf8(const char *s)
{
	size_t bytes = strlen(s);
	UErrorCode status = U_ZERO_ERROR;

	assert(bytes < INT32_MAX / 8);
	struct wide w = { wide_alloc((int32_t)bytes), 0 };
	u_strFromUTF8WithSub(w.s, (int32_t)bytes + 1, &w.len, s, (int32_t)bytes, 0xFFFD, NULL, &status);
	assert(U_SUCCESS(status));
	return w;
}

/* Replaces the text by its normal form. */
static void wide_normalise(struct wide *w, const UNormalizer2 *form)
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t room = w->len + w->len / 2 + 16;
	UChar *out = wide_alloc(room);
	int32_t len = unorm2_normalize(form, w->s, w->len, out, room, &status);

	if (status == U_BUFFER_OVERFLOW_ERROR) {
		free(out);
		out = wide_alloc(len);
		status = U_ZERO_ERROR;
		len = unorm2_normalize(form, w->s, w->len, out, len + 1, &status);
	}
	assert(U_SUCCESS(status));
	free(w->s);
	*w = (struct wide) { out, len };
}

static const UNormalizer2 *form_get(const UNormalizer2 *(*get)(UErrorCode *))
{
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *form = get(&status);

	if (U_FAILURE(status))
		abort();
	return form;
}

static bool plain_ascii(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s >= 0x7f || ((unsigned char)*s < 0x20 && *s != '\n' && *s != '\t'))
			return false;
	return true;
}

static bool unwanted(UChar32 c)
{
	if (c == '\n' || c == '\t')
		return false;
	return u_charType(c) == U_CONTROL_CHAR || (c >= 0x202A && c <= 0x202E) || c == 0xFEFF ||
	       U_IS_UNICODE_NONCHAR(c);
}

/* Removes what text_nfc promises to remove, in place. */
static void wide_clean(struct wide *w)
{
	int32_t out = 0;

	for (int32_t i = 0; i < w->len;) {
		UChar32 c;
		U16_NEXT(w->s, i, w->len, c);
		if (c == '\r' && i < w->len && w->s[i] == '\n')
			continue;
		if (c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029)
			c = '\n';
		if (!unwanted(c))
			U16_APPEND_UNSAFE(w->s, out, c);
	}
	w->len = out;
}

char *text_nfc(struct arena *arena, const char *s)
{
	if (plain_ascii(s)) {
		s += strspn(s, " \t\n");
		size_t len = strlen(s);
		while (len > 0 && strchr(" \t\n", s[len - 1]))
			len--;
		return arena_strndup(arena, s, len);
	}
	CLEANUP(wide_done) struct wide w = wide_from_utf8(s);
	UErrorCode status = U_ZERO_ERROR;
	int32_t first = 0;

	wide_clean(&w);
	wide_normalise(&w, form_get(unorm2_getNFCInstance));
	while (first < w.len && u_isUWhiteSpace(w.s[first]))
		first++;
	while (w.len > first && u_isUWhiteSpace(w.s[w.len - 1]))
		w.len--;
	int32_t room = (w.len - first) * 3 + 1;
	char *out = arena_alloc(arena, (size_t)room);
	u_strToUTF8(out, room, NULL, w.s + first, w.len - first, &status);
	return out;
}

/* --- letters ---------------------------------------------------------------------------------------------------------
 */

struct letter {
	UChar from;
	char to[3]; /* "" = nothing */
};

/* After NFKC_Casefold and without marks; sorted by code. Latin a-z and digits pass by themselves. */
static const struct letter letters[] = {
	{ 0x00E6, "a" },  /* æ */
	{ 0x00F0, "d" },  /* ð */
	{ 0x00F8, "o" },  /* ø */
	{ 0x00FE, "th" }, /* þ */
	{ 0x0111, "d" },  /* đ */
	{ 0x0127, "h" },  /* ħ */
	{ 0x0131, "i" },  /* ı */
	{ 0x0142, "l" },  /* ł */
	{ 0x0153, "o" },  /* œ */
	{ 0x01DD, "a" },  /* ǝ, typed for ə */
	{ 0x0259, "a" },  /* ə */
	{ 0x02B9, "" },
	{ 0x02BB, "" },
	{ 0x02BC, "" },
	{ 0x02BE, "" },
	{ 0x02BF, "" }, /* apostrophes */
	{ 0x0430, "a" },
	{ 0x0431, "b" },
	{ 0x0432, "v" },
	{ 0x0433, "g" },
	{ 0x0434, "d" },
	{ 0x0435, "e" },
	{ 0x0436, "c" },
	{ 0x0437, "z" },
	{ 0x0438, "i" },
	{ 0x043A, "k" },
	{ 0x043B, "l" },
	{ 0x043C, "m" },
	{ 0x043D, "n" },
	{ 0x043E, "o" },
	{ 0x043F, "p" },
	{ 0x0440, "r" },
	{ 0x0441, "s" },
	{ 0x0442, "t" },
	{ 0x0443, "u" },
	{ 0x0444, "f" },
	{ 0x0445, "h" },
	{ 0x0446, "ts" },
	{ 0x0447, "c" },
	{ 0x0448, "s" },
	{ 0x0449, "s" },
	{ 0x044A, "" },
	{ 0x044B, "i" },
	{ 0x044C, "" },
	{ 0x044D, "e" },
	{ 0x044E, "yu" },
	{ 0x044F, "ya" },
	{ 0x0454, "e" },
	{ 0x0456, "i" },
	{ 0x0458, "y" },
	{ 0x0493, "g" }, /* ғ */
	{ 0x049D, "g" }, /* ҝ */
	{ 0x04AF, "u" }, /* ү */
	{ 0x04B9, "c" }, /* ҹ */
	{ 0x04BB, "h" }, /* һ */
	{ 0x04D9, "a" }, /* ә */
	{ 0x04E9, "o" }, /* ө */
	{ 0x0621, "" },  /* ء */
	{ 0x0627, "a" },
	{ 0x0628, "b" },
	{ 0x0629, "a" },
	{ 0x062A, "t" },
	{ 0x062B, "s" },
	{ 0x062C, "c" },
	{ 0x062D, "h" },
	{ 0x062E, "h" },
	{ 0x062F, "d" },
	{ 0x0630, "z" },
	{ 0x0631, "r" },
	{ 0x0632, "z" },
	{ 0x0633, "s" },
	{ 0x0634, "s" },
	{ 0x0635, "s" },
	{ 0x0636, "z" },
	{ 0x0637, "t" },
	{ 0x0638, "z" },
	{ 0x0639, "a" },
	{ 0x063A, "g" },
	{ 0x0640, "" }, /* tatweel */
	{ 0x0641, "f" },
	{ 0x0642, "k" },
	{ 0x0643, "k" },
	{ 0x0644, "l" },
	{ 0x0645, "m" },
	{ 0x0646, "n" },
	{ 0x0647, "h" },
	{ 0x0648, "u" },
	{ 0x0649, "i" },
	{ 0x064A, "i" },
	{ 0x0671, "a" },
	{ 0x0679, "t" },
	{ 0x067E, "p" },
	{ 0x0686, "c" },
	{ 0x0688, "d" },
	{ 0x0691, "r" },
	{ 0x0698, "c" },
	{ 0x06A9, "k" },
	{ 0x06AA, "k" },
	{ 0x06AF, "g" },
	{ 0x06BA, "n" },
	{ 0x06BE, "h" },
	{ 0x06C1, "h" },
	{ 0x06C3, "a" },
	{ 0x06CC, "i" },
	{ 0x06D0, "i" },
	{ 0x06D2, "a" },
	{ 0x06D5, "a" },
	{ 0x2019, "" },
};

static const char *letter_find(UChar32 c)
{
	size_t low = 0, high = ARRAY_LEN(letters);

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (letters[middle].from == c)
			return letters[middle].to;
		if (letters[middle].from < c)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* The Arabic letters that all texts in Urdu are made of; all of them stand in the table above, none is a mark or digit.
 */
static bool known(UChar32 c)
{
	return (c >= 0x0627 && c <= 0x063A) || (c >= 0x0641 && c <= 0x064A) || c == 0x06A9 || c == 0x06CC ||
	       c == 0x06C1 || c == 0x06D2;
}

/* Is there a letter of Arabic script at that place that writes a vowel? */
static bool arabic_vowel(const struct wide *w, int32_t i)
{
	if (i < 0 || i >= w->len)
		return false;
	switch (w->s[i]) {
	case 0x0627: /* ا */
	case 0x0649: /* ى */
	case 0x064A: /* ي */
	case 0x06CC: /* ی */
	case 0x06D2: /* ے */
		return true;
	default:
		return false;
	}
}

static bool letter_at(const struct wide *w, int32_t i)
{
	return i >= 0 && i < w->len && (known(w->s[i]) || u_isalpha(w->s[i]));
}

/* Waw is a consonant at the beginning of a word, before a written vowel and after alif, else the vowel u. */
static const char *waw(const struct wide *w, int32_t at)
{
	bool consonant = !letter_at(w, at - 1) || arabic_vowel(w, at + 1) || w->s[at - 1] == 0x0627;

	return consonant ? "v" : "u";
}

/* Heh at the end of a longer word is the vowel a (فاطمہ, Fatima). */
static const char *heh(const struct wide *w, int32_t at)
{
	return letter_at(w, at - 1) && letter_at(w, at - 2) && !arabic_vowel(w, at - 1) && !letter_at(w, at + 1) ? "a"
														 : "h";
}

/* Yeh that begins a longer word is a consonant (یوسف, Yusif). */
static const char *yeh(const struct wide *w, int32_t at)
{
	return !letter_at(w, at - 1) && letter_at(w, at + 1) ? "y" : "i";
}

static const char *arabic_plain(const struct wide *w, int32_t at)
{
	switch (w->s[at]) {
	case 0x0648: /* و */
		return waw(w, at);
	case 0x0647: /* ه */
	case 0x06C1: /* ہ */
		return heh(w, at);
	case 0x064A: /* ي */
	case 0x06CC: /* ی */
		return yeh(w, at);
	default:
		return NULL;
	}
}

/* The plain letters for the one at that place; " " for what parts words, "" for what disappears. */
static void letter_plain(const struct wide *w, int32_t at, UChar32 c, char out[3])
{
	bool letter = c >= 'a' && c <= 'z';
	int digit = letter || c == ' ' || known(c) ? -1 : u_charDigitValue(c);

	if (letter || digit >= 0) {
		out[0] = (char)(letter ? c : '0' + digit);
		out[1] = '\0';
		return;
	}
	const char *to = arabic_plain(w, at);
	if (c == ' ')
		to = " ";
	else if (c == '\'' || c == '`')
		to = letter_at(w, at - 1) && letter_at(w, at + 1) ? "" : " ";
	if (!to)
		to = letter_find(c);
	memcpy(out, to ? to : " ", to ? strlen(to) + 1 : 2);
}

/* --- other scripts -------------------------------------------------------------------------------------------------
 */

/* One transliterator for all threads: ICU does not promise that it can be shared, and text that needs it is rare. */
static UTransliterator *any_latin;
static pthread_mutex_t any_latin_lock = PTHREAD_MUTEX_INITIALIZER;

static bool foreign(const struct wide *w)
{
	for (int32_t i = 0; i < w->len;) {
		UChar32 c;
		U16_NEXT(w->s, i, w->len, c);
		if (c >= 0x80 && !known(c) && u_isalpha(c) && !letter_find(c))
			return true;
	}
	return false;
}

static void transliterate(struct wide *w)
{
	static const UChar id[] = u"Any-Latin; NFKD; [:Mn:] Remove; Lower";
	UErrorCode status = U_ZERO_ERROR;
	int32_t room = w->len * 8 + 64, len = w->len, limit = w->len;
	UChar *s = wide_alloc(room);

	memcpy(s, w->s, (size_t)w->len * sizeof(*s));
	pthread_mutex_lock(&any_latin_lock);
	if (!any_latin)
		any_latin = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
	if (U_SUCCESS(status))
		utrans_transUChars(any_latin, s, &len, room, 0, &limit, &status);
	pthread_mutex_unlock(&any_latin_lock);
	if (U_FAILURE(status)) { /* too long even so: searched without these letters */
		free(s);
		return;
	}
	free(w->s);
	*w = (struct wide) { s, len };
}

/* Only words in a script that the tables do not know go through ICU, for its reading of Arabic and Cyrillic differs. */
static void wide_latinise(struct wide *w)
{
	if (!foreign(w))
		return;
	struct wide all = { wide_alloc(w->len * 8 + 64), 0 };
	for (int32_t i = 0, end; i < w->len; i = end) {
		bool space = u_isUWhiteSpace(w->s[i]);
		for (end = i + 1; end < w->len && u_isUWhiteSpace(w->s[end]) == space; end++)
			;
		struct wide word = { wide_alloc(end - i), end - i };
		memcpy(word.s, w->s + i, (size_t)word.len * sizeof(*word.s));
		if (foreign(&word))
			transliterate(&word);
		if (word.len <= (end - i) * 8) { /* no script known to ICU needs more; the buffer is made for this */
			memcpy(all.s + all.len, word.s, (size_t)word.len * sizeof(*word.s));
			all.len += word.len;
		}
		free(word.s);
	}
	free(w->s);
	*w = all;
}

/* --- words -----------------------------------------------------------------------------------------------------------
 */

static bool vowel(char c)
{
	return c == 'a' || c == 'i' || c == 'o' || c == 'u';
}

/* The sound that begins at s, and how many letters write it. */
static char sound(const char *s, bool first, size_t *ret_len)
{
	static const struct {
		char letters[3], sound;
	} pairs[] = { { "ch", 'c' }, { "sh", 's' }, { "kh", 'h' }, { "gh", 'g' }, { "zh", 'c' }, { "ph", 'f' },
		{ "ck", 'k' }, { "dj", 'c' }, { "dc", 'c' } /* дж */ };

	*ret_len = 2;
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
		if (s[0] == pairs[i].letters[0] && s[1] == pairs[i].letters[1])
			return pairs[i].sound;
	*ret_len = 1;
	switch (*s) {
	case 'e':
		return 'a';
	case 'j':
		return 'c';
	case 'q':
		return 'k';
	case 'w':
		return 'v';
	case 'x':
		return 'h';
	case 'y': /* a consonant only where a word begins with it: Yusif */
		return first ? 'y' : 'i';
	default:
		return *s;
	}
}

/* Rewrites the words of s, parted by one space, in place: every step gives at most as many letters as it takes. */
static void simplify(char *s)
{
	char *out = s, last = ' ';
	size_t len;

	for (const char *in = s; *in; in += len) {
		char c = sound(in, last == ' ', &len);
		bool digit = c >= '0' && c <= '9';
		if ((c == last && !digit) || (vowel(c) && vowel(last)))
			continue;
		*out++ = last = c;
	}
	*out = '\0';
}

char *text_fold(struct arena *arena, const char *s)
{
	CLEANUP(wide_done) struct wide w = wide_from_utf8(s);

	wide_normalise(&w, form_get(unorm2_getNFKCCasefoldInstance));
	wide_normalise(&w, form_get(unorm2_getNFDInstance));
	wide_latinise(&w);
	char *out = arena_alloc(arena, (size_t)w.len * 2 + 1), *end = out;
	for (int32_t i = 0, at = 0; i < w.len; at = i) {
		UChar32 c;
		U16_NEXT(w.s, i, w.len, c);
		if (c >= 0x80 && !known(c) && u_charType(c) == U_NON_SPACING_MARK)
			continue;
		char plain[3];
		letter_plain(&w, at, c, plain);
		for (const char *to = plain; *to; to++)
			if (*to != ' ' || (end > out && end[-1] != ' '))
				*end++ = *to;
	}
	if (end > out && end[-1] == ' ')
		end--;
	*end = '\0';
	simplify(out);
	return out;
}

/* Vowels: the first letter of a word says only that there is one, the others go. h and g are one (Russian г). */
char *text_fold_name(struct arena *arena, const char *s)
{
	char *name = text_fold(arena, s), *out = name, last = ' ';

	for (const char *in = name; *in; in++) {
		char c = *in == 'g' ? 'h' : *in;
		if (vowel(c) || c == 'y') {
			if (last != ' ')
				continue;
			c = 'a';
		}
		if (c == last && (c < '0' || c > '9'))
			continue;
		*out++ = last = c;
	}
	*out = '\0';
	return name;
}
