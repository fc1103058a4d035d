// SPDX-License-Identifier: GPL-3.0-or-later
// A forgiving tag scanner: text is wanted, not a document tree.
#include "core/text/HtmlText.h"

#include "core/text/HtmlEntities.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace hayloft {
namespace {

template <std::size_t N> bool contains(const std::array<std::string_view, N>& names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr std::array<std::string_view, 8> kHidden
    = { "script", "style", "template", "svg", "noscript", "iframe", "object", "title" };
constexpr std::array<std::string_view, 18> kParagraphs = { "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl",
    "blockquote", "pre", "hr", "table", "article", "section", "figure", "body" };
constexpr std::array<std::string_view, 18> kLines = { "br", "div", "li", "tr", "dt", "dd", "header", "footer", "main",
    "nav", "aside", "address", "form", "option", "caption", "figcaption", "fieldset", "summary" };

bool isSpace(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}
bool isLetter(char c)
{
    return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

class HtmlReader {
public:
    explicit HtmlReader(std::string_view html)
        : m_html(html)
    {
        m_out.reserve(html.size() / 2);
    }

    std::string run()
    {
        while (m_at < m_html.size()) {
            const char c = m_html[m_at];
            if (c == '<' && startsMarkup())
                markup();
            else if (c == '&')
                entity();
            else
                character(c);
        }
        const auto begin = m_out.find_first_not_of(" \t\r\n");
        const auto end = m_out.find_last_not_of(" \t\r\n");
        return begin == std::string::npos ? std::string() : m_out.substr(begin, end - begin + 1) + "\n";
    }

private:
    bool startsMarkup() const
    {
        const char next = m_at + 1 < m_html.size() ? m_html[m_at + 1] : ' ';
        return isLetter(next) || next == '/' || next == '!' || next == '?';
    }

    void character(char c)
    {
        ++m_at;
        if (m_preformatted == 0 && isSpace(c)) {
            m_space = true;
            return;
        }
        flush();
        m_out += c;
    }

    void entity()
    {
        flush();
        m_at += appendEntity(m_html, m_at, m_out);
    }

    /// Writes the white space that was held back until text follows.
    void flush()
    {
        if (m_newlines > 0)
            m_out.append(m_out.empty() ? 0 : static_cast<std::size_t>(m_newlines), '\n');
        else if (m_space && !m_out.empty() && m_out.back() != '\n')
            m_out += ' ';
        m_newlines = 0;
        m_space = false;
    }

    void breakLine(int newlines) { m_newlines = std::max(m_newlines, newlines); }

    void markup()
    {
        if (m_html.substr(m_at).starts_with("<!--")) {
            const auto end = m_commentsEnd ? m_html.find("-->", m_at + 4) : std::string_view::npos;
            m_commentsEnd = end != std::string_view::npos;
            m_at = m_commentsEnd ? end + 3 : endOfTag(m_at + 4);
            return;
        }
        const bool closing = m_html[m_at + 1] == '/';
        std::size_t end = m_at + (closing ? 2 : 1);
        std::string name;
        for (; end < m_html.size() && std::isalnum(static_cast<unsigned char>(m_html[end])); ++end)
            name += static_cast<char>(std::tolower(static_cast<unsigned char>(m_html[end])));
        m_at = endOfTag(end);
        const bool selfClosed = m_at >= 2 && m_html[m_at - 1] == '>' && m_html[m_at - 2] == '/';
        if (!closing && !selfClosed && contains(kHidden, name))
            skipHidden(name);
        else
            apply(name, closing);
    }

    void apply(std::string_view name, bool closing)
    {
        if (name == "pre") {
            flush();
            m_preformatted = std::max(0, m_preformatted + (closing ? -1 : 1));
        }
        if (contains(kParagraphs, name))
            breakLine(2);
        else if (name == "br")
            m_newlines = std::min(2, m_newlines + 1); // two in a row make a blank line
        else if (contains(kLines, name))
            breakLine(1);
        else if (name == "td" || name == "th")
            m_space = true;
    }

    /// One past the '>' that ends a tag; quoted attribute values may hold others.
    std::size_t endOfTag(std::size_t at)
    {
        if (m_quotesClose) {
            char quote = 0;
            for (std::size_t i = at; i < m_html.size(); ++i) {
                const char c = m_html[i];
                if (quote == 0 && c == '>')
                    return i + 1;
                if (c == quote)
                    quote = 0;
                else if (quote == 0 && (c == '"' || c == '\'') && i > at
                    && (m_html[i - 1] == '=' || isSpace(m_html[i - 1])))
                    quote = c;
            }
            m_quotesClose = false; // a page with a lost quote: from here on any '>' ends a tag
        }
        const auto end = m_html.find('>', at);
        return end == std::string_view::npos ? m_html.size() : end + 1;
    }

    void skipHidden(const std::string& name)
    {
        while (m_at < m_html.size()) {
            const auto open = m_html.find("</", m_at);
            if (open == std::string_view::npos) {
                m_at = m_html.size();
                return;
            }
            m_at = open + 2;
            const std::string_view found = m_html.substr(m_at, name.size());
            const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
            if (found.size() == name.size() && std::equal(found.begin(), found.end(), name.begin(), same)) {
                m_at = endOfTag(m_at);
                return;
            }
        }
    }

    std::string_view m_html;
    std::size_t m_at = 0;
    std::string m_out;
    int m_newlines = 0, m_preformatted = 0;
    bool m_space = false, m_commentsEnd = true, m_quotesClose = true;
};

} // namespace

std::string textOfHtml(std::string_view html)
{
    return HtmlReader(html).run();
}

} // namespace hayloft
