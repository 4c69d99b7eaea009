/* Search folding: which words meet, which must not, and what any bytes give. */
#include "text/text.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

static struct arena *arena;

static int begin(void **state)
{
	(void)state;
	arena = arena_new(0);
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void folds_to(void **state)
{
	static const struct {
		const char *in, *expected;
	} cases[] = {
		{ "", "" },
		{ " \n\t.,- ", "" },
		{ "  Two   words\n", "tvo vords" },
		{ "İSTANBUL", "istanbul" },
		{ "istanbul", "istanbul" },
		{ "ISTANBUL ıstanbul", "istanbul istanbul" },
		{ "Göyçay şəhəri", "goca sahari" },
		{ "2026/0011-AZ", "2026 0011 az" },
		{ "۲۰۲۶ ٠٠١١", "2026 0011" },
		{ "O'Brien", "obrin" },
		{ "'quoted'", "kutad" },
		{ "a@b.az", "a b az" },
		{ "ﬁnal", "final" },
		{ "soft\u00adhyphen", "softhifan" },
		{ "Ελλάδα", "alada" },
		{ "\xff\xfe", "" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++)
		assert_string_equal(text_fold(arena, cases[i].in), cases[i].expected);
}

static void scripts_meet(void **state)
{
	static const char *const groups[][6] = {
		{ "Əliyeva", "ƏLİYEVA", "Алиева", "علییوا", "علیئوا", "Aliyeva" },
		{ "Əliyev", "Алиев", "Aliyev", "Әлијев" },
		{ "Məmmədov", "Mammadov", "Мамедов" },
		{ "Şahin", "Шахин", "Shahin", "شاہین", "شاهین", "شاهين" },
		{ "Çingiz", "Чингиз", "Chingiz" },
		{ "Cavid", "Javid", "Джавид", "جاوید" },
		{ "Yusif", "Юсиф" },
		{ "Səid", "Saeed", "سعید", "سعيد", "Саид" },
		{ "کاظمی", "كاظمي" },
		{ "Bakı", "Bakı", "BAKI", "باکی" },
	};

	(void)state;
	for (size_t g = 0; g < LEN(groups); g++) {
		const char *first = text_fold(arena, groups[g][0]);
		for (size_t i = 1; i < LEN(groups[g]) && groups[g][i]; i++)
			if (strcmp(text_fold(arena, groups[g][i]), first) != 0)
				fail_msg("%s is %s, %s is %s", groups[g][0], first, groups[g][i],
				    text_fold(arena, groups[g][i]));
	}
}

static void names_meet(void **state)
{
	static const char *const groups[][6] = {
		{ "Məhəmməd", "Muhammad", "Mohammed", "Мухаммед", "محمد" },
		{ "Hüseyn", "Husain", "Hussein", "Гусейн", "حسین" },
		{ "Əhməd", "Ahmed", "Ахмед", "احمد" },
		{ "Fatimə", "Fatima", "Фатима", "فاطمہ", "فاطمة" },
		{ "Kazimi", "کاظمی", "كاظمي", "Казими" },
		{ "İqbal", "Iqbal", "Икбал", "اقبال" },
		{ "Nəvaz Şərif", "Nawaz Sharif", "Наваз Шариф", "نواز شریف" },
		{ "Davud", "Давуд", "داؤد", "داود", "Dawood" },
		{ "Yusif", "Юсуф", "یوسف", "Yousuf" },
		{ "Həsənov", "Hasanov", "Гасанов" },
	};

	(void)state;
	for (size_t g = 0; g < LEN(groups); g++) {
		const char *first = text_fold_name(arena, groups[g][0]);
		for (size_t i = 1; i < LEN(groups[g]) && groups[g][i]; i++)
			if (strcmp(text_fold_name(arena, groups[g][i]), first) != 0)
				fail_msg("%s is %s, %s is %s", groups[g][0], first, groups[g][i],
				    text_fold_name(arena, groups[g][i]));
	}
}

static void different_words_stay_apart(void **state)
{
	static const char *const pairs[][2] = {
		{ "Əliyev", "Vəliyev" },
		{ "passport", "report" },
		{ "house", "his" },
		{ "court", "card" },
		{ "2026", "2062" },
		{ "112", "12" },
		{ "wages", "works" },
		{ "علی", "ولی" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(pairs); i++)
		assert_string_not_equal(text_fold(arena, pairs[i][0]), text_fold(arena, pairs[i][1]));
	assert_string_not_equal(text_fold_name(arena, "Əliyev"), text_fold_name(arena, "Əli"));
}

/* Folding the folded changes nothing, whatever the bytes; the result holds only a-z, 0-9 and single spaces. */
static void any_bytes_give_plain_words(void **state)
{
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		char in[64];
		size_t len = 0;
		while (len < sizeof(in) - 4) {
			seed = seed * 1103515245 + 12345;
			unsigned pick = seed >> 8;
			in[len++] = (char)(pick % 3 == 0   ? 1 + pick / 3 % 255
					   : pick % 3 == 1 ? 0xd0 + pick / 3 % 12
							   : 0x80 + pick / 3 % 64);
		}
		in[len] = '\0';
		const char *out = text_fold(arena, in);
		assert_int_equal(strspn(out, "abcdefghijklmnopqrstuvwxyz0123456789 "), strlen(out));
		assert_null(strstr(out, "  "));
		assert_true(out[0] != ' ' && (!*out || out[strlen(out) - 1] != ' '));
	}
}

static void *fold_foreign(void *arg)
{
	struct arena *own = arena_new(0);
	int *wrong = arg;

	for (int i = 0; i < 100; i++)
		*wrong += strcmp(text_fold(own, "Αθήνα 東京 Əliyeva"), "athana dong cing aliva") != 0;
	arena_free(own);
	return NULL;
}

static void threads_share_the_transliterator(void **state)
{
	pthread_t threads[4];
	int wrong[4] = { 0 };

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, fold_foreign, &wrong[i]), 0);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(wrong[i], 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folds_to),
		cmocka_unit_test(scripts_meet),
		cmocka_unit_test(names_meet),
		cmocka_unit_test(different_words_stay_apart),
		cmocka_unit_test(any_bytes_give_plain_words),
		cmocka_unit_test(threads_share_the_transliterator),
	};

	return cmocka_run_group_tests_name("fold", tests, begin, end);
}
