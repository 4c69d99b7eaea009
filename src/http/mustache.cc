// The only C++: kainjow's Mustache over a view that stays JSON; nothing is converted that the page does not ask for.
//
// kainjow makes a component of every blank in a template, which costs memory and time; its whitespace rule for tags
// that stand alone on a line means nothing in HTML. So blanks travel through it as control characters, and back at the
// end. Data cannot bring these in: the escape leaves out all control characters, which HTML forbids anyway.
#include "http/mustache.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <kainjow/mustache.hpp>
#include <string>
#include <vector>

namespace km = kainjow::mustache;

namespace
{

const char hidden_space = '\x1d', hidden_tab = '\x1e', hidden_newline = '\x1f';

// A value that opens a section goes through kainjow as a zero byte and the address of its JSON; no text of ours begins
// with a zero byte, and the escape swallows one that a template prints by mistake.
km::data reference(const json_t *json)
{
	std::string tagged(1 + sizeof json, '\0');
	std::memcpy(&tagged[1], &json, sizeof json);
	return km::data(tagged);
}

const json_t *referred(const km::data *value)
{
	const json_t *json = nullptr;
	if (value->is_string() && value->string_value().size() == 1 + sizeof json && value->string_value()[0] == '\0')
		std::memcpy(&json, value->string_value().data() + 1, sizeof json);
	return json;
}

std::string escape(const std::string &in)
{
	std::string out;
	if (!in.empty() && in[0] == '\0')
		return out;
	out.reserve(in.size() + in.size() / 8);
	for (const char c : in)
		switch (c) {
		case '&':
			out += "&amp;";
			break;
		case '<':
			out += "&lt;";
			break;
		case '>':
			out += "&gt;";
			break;
		case '"':
			out += "&quot;";
			break;
		case '\'':
			out += "&#39;";
			break;
		default:
			if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t' || c == '\r')
				out += c;
		}
	return out;
}

class json_context : public km::basic_context<std::string>
{
      public:
	explicit json_context(const json_t *view)
	{
		stack_.push_back({ view, nullptr });
	}

	void push(const km::data *value) override
	{
		stack_.push_back({ referred(value), value });
	}

	void pop() override
	{
		stack_.pop_back();
	}

	const km::data *get(const std::string &name) const override
	{
		if (name == ".")
			return stack_.back().json ? make(stack_.back().json) : stack_.back().value;
		for (auto frame = stack_.rbegin(); frame != stack_.rend(); ++frame)
			if (const json_t *found = look_up(frame->json, name))
				return make(found);
		return nullptr;
	}

	const km::data *get_partial(const std::string &) const override
	{
		return nullptr;
	}

      private:
	struct frame {
		const json_t *json;
		const km::data *value;
	};
	std::vector<frame> stack_;
	mutable std::deque<km::data> made_; // a deque does not move what others point at
	const km::data nothing_ { false };

	static const json_t *look_up(const json_t *json, const std::string &name)
	{
		for (size_t start = 0; json_is_object(json);) {
			const size_t dot = name.find('.', start);
			if (dot == std::string::npos)
				return json_object_get(json, name.c_str() + start);
			json = json_object_get(json, name.substr(start, dot - start).c_str());
			start = dot + 1;
		}
		return nullptr;
	}

	const km::data *keep(km::data &&value) const
	{
		made_.push_back(std::move(value));
		return &made_.back();
	}

	const km::data *list(const json_t *array) const
	{
		km::data list(km::data::type::list);
		size_t i;
		json_t *item;
		json_array_foreach(array, i, item) list.push_back(reference(item));
		return keep(std::move(list));
	}

	const km::data *make(const json_t *json) const
	{
		char number[40];
		switch (json_typeof(json)) {
		case JSON_OBJECT:
			return keep(reference(json));
		case JSON_ARRAY:
			return json_array_size(json) ? list(json) : &nothing_;
		case JSON_STRING:
			return json_string_length(json) ? keep(km::data(json_string_value(json))) : &nothing_;
		case JSON_INTEGER:
			std::snprintf(number, sizeof number, "%lld", static_cast<long long>(json_integer_value(json)));
			return keep(km::data(number));
		case JSON_REAL:
			std::snprintf(number, sizeof number, "%.10g", json_real_value(json));
			return keep(km::data(number));
		case JSON_TRUE:
			return keep(km::data("true"));
		default:
			return &nothing_;
		}
	}
};

std::string hide_blanks(const char *text, size_t len)
{
	std::string out;
	bool in_tag = false;
	out.reserve(len);
	for (size_t i = 0; i < len; i++) {
		const char c = text[i];
		if (i + 1 < len && c == '{' && text[i + 1] == '{')
			in_tag = true;
		else if (i && c == '}' && text[i - 1] == '}')
			in_tag = false;
		if (in_tag || (c != ' ' && c != '\t' && c != '\n' && c != '\r'))
			out += c;
		else if (c != '\r')
			out += c == ' ' ? hidden_space : c == '\t' ? hidden_tab : hidden_newline;
	}
	return out;
}

void show_blanks(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const char c = text[i];
		text[i] = c == hidden_space ? ' ' : c == hidden_newline ? '\n' : c == hidden_tab ? '\t' : c;
	}
}

} // namespace

struct mustache {
	km::mustache page;
};

struct mustache *mustache_compile(const char *text, size_t len)
try {
	mustache *made = new mustache { km::mustache(hide_blanks(text, len)) };
	if (!made->page.is_valid()) {
		delete made;
		return nullptr;
	}
	made->page.set_custom_escape(escape);
	return made;
} catch (...) {
	return nullptr;
}

void mustache_free(struct mustache *compiled)
{
	delete compiled;
}

namespace
{
// Collects what kainjow writes; the call through operator<< spares its std::function a copy of the page.
struct sink {
	std::string text;
	sink &operator<<(const std::string &more)
	{
		text += more;
		return *this;
	}
};
} // namespace

enum err mustache_render(struct mustache *compiled, const json_t *view, size_t guess, char **ret_text, size_t *ret_len)
try {
	json_context context(view);
	sink out;
	out.text.reserve(guess);
	compiled->page.render(context, out);
	char *text = static_cast<char *>(std::malloc(out.text.size() + 1));
	if (!text)
		return ERR_MEMORY;
	std::memcpy(text, out.text.c_str(), out.text.size() + 1);
	show_blanks(text, out.text.size());
	*ret_text = text;
	*ret_len = out.text.size();
	return OK;
} catch (...) {
	return ERR_INTERNAL;
}
