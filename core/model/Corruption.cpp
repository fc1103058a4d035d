// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/Corruption.h"

#include <iconv.h>

namespace hayloft {

namespace {

std::string utf8(char32_t c)
{
    std::string s;
    if (c < 0x80) {
        s += static_cast<char>(c);
    } else if (c < 0x800) {
        s += static_cast<char>(0xC0 | (c >> 6));
        s += static_cast<char>(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        s += static_cast<char>(0xE0 | (c >> 12));
        s += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
        s += static_cast<char>(0x80 | (c & 0x3F));
    } else {
        s += static_cast<char>(0xF0 | (c >> 18));
        s += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
        s += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
        s += static_cast<char>(0x80 | (c & 0x3F));
    }
    return s;
}

std::vector<std::string> range(char32_t first, char32_t last)
{
    std::vector<std::string> characters;
    for (char32_t c = first; c <= last; ++c)
        characters.push_back(utf8(c));
    return characters;
}

std::vector<std::string> characters(const char* ascii)
{
    std::vector<std::string> result;
    for (; *ascii; ++ascii)
        result.emplace_back(1, *ascii);
    return result;
}

std::vector<std::size_t> spacesOf(const std::string& text)
{
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (text[i] == ' ')
            places.push_back(i);
    return places;
}

} // namespace

std::vector<std::string> commonHangul()
{
    std::vector<std::string> syllables;
    iconv_t converter = iconv_open("UTF-8", "EUC-KR");
    if (converter == reinterpret_cast<iconv_t>(-1))
        return syllables;
    for (int row = 0xB0; row <= 0xC8; ++row)
        for (int column = 0xA1; column <= 0xFE; ++column) {
            char in[2] = { static_cast<char>(row), static_cast<char>(column) };
            char out[8];
            char *inPtr = in, *outPtr = out;
            std::size_t inLeft = 2, outLeft = sizeof out;
            if (iconv(converter, &inPtr, &inLeft, &outPtr, &outLeft) != static_cast<std::size_t>(-1))
                syllables.emplace_back(out, static_cast<std::size_t>(outPtr - out));
        }
    iconv_close(converter);
    return syllables;
}

Corruption::Corruption(const Tokenizer& tokenizer, std::uint64_t seed)
    : m_tokenizer(tokenizer)
    , m_random(seed)
    , m_hangul(commonHangul())
{
    const char* const lower = "abcdefghijklmnopqrstuvwxyz";
    m_alphabets = {
        characters(lower),
        characters("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        characters("0123456789abcdef"),
        characters("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"),
        characters("abcdefghijklmnopqrstuvwxyz0123456789_-./:@#$%&*+=()[]{}<>|\\~^!?,;'\"`"),
        characters("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
        range(0xC0, 0x17F),   // Latin with accents
        range(0x391, 0x3C9),  // Greek
        range(0x410, 0x44F),  // Cyrillic
        range(0x3041, 0x30F6), // kana
        range(0x4E00, 0x9FA0), // CJK
        range(0x2010, 0x2044), // typographic punctuation
        range(0x20A0, 0x22FF), // currency, arrows, mathematics
        range(0x5D0, 0x64A),   // Hebrew, Arabic
        range(0x1F300, 0x1F64F), // pictographs
    };
}

std::string Corruption::randomNumber()
{
    std::string digits;
    const auto count = 1 + m_random.below(9);
    for (std::uint64_t i = 0; i < count; ++i)
        digits += static_cast<char>('0' + m_random.below(10));
    return digits;
}

std::string Corruption::randomString()
{
    const auto kind = m_random.below(10);
    std::string s;
    if (kind < 3 && !m_hangul.empty()) {
        for (auto i = 1 + m_random.below(5); i > 0; --i)
            s += m_hangul[m_random.below(m_hangul.size())];
    } else if (kind < 5) {
        s = randomNumber();
    } else {
        const auto& alphabet = m_alphabets[m_random.below(m_alphabets.size())];
        for (auto i = 1 + m_random.below(alphabet.size() > 200 ? 6 : 10); i > 0; --i)
            s += alphabet[m_random.below(alphabet.size())];
    }
    return s;
}

std::string Corruption::randomText(int maxPieces)
{
    std::string text = randomString();
    for (auto i = m_random.below(static_cast<std::uint64_t>(maxPieces)); i > 0; --i)
        text.append(m_random.below(6) ? " " : "").append(randomString());
    return text;
}

std::string Corruption::insertAtRandomPlace(const std::string& text, const std::string& piece)
{
    const auto places = spacesOf(text);
    if (places.empty())
        return m_random.below(2) ? text + " " + piece : piece + " " + text;
    const auto at = places[m_random.below(places.size())];
    if (m_random.below(3) == 0) { // replaces the word that follows
        const auto next = text.find(' ', at + 1);
        return text.substr(0, at + 1) + piece + (next == std::string::npos ? "" : text.substr(next));
    }
    return text.substr(0, at + 1) + piece + text.substr(at);
}

std::string Corruption::replaceTokens(const std::string& text, double share)
{
    auto ids = m_tokenizer.encode(text);
    const auto size = static_cast<std::uint64_t>(m_tokenizer.size());
    for (auto& id : ids)
        if (m_random.uniform() < share)
            id = static_cast<int>(4 + m_random.below(size - 4));
    return m_tokenizer.decode(ids);
}

std::string Corruption::oddSpaces(const std::string& text)
{
    static constexpr const char* kSpaces[] = { "  ", "\n", "   ", "\t", "\n\n", "\r\n" };
    auto result = text;
    const char* const space = kSpaces[m_random.below(6)];
    for (auto count = 1 + m_random.below(3); count > 0; --count) {
        const auto places = spacesOf(result);
        if (places.empty())
            break;
        result.replace(places[m_random.below(places.size())], 1, space);
    }
    return result;
}

std::string Corruption::apply(const std::string& text)
{
    const double draw = m_random.uniform();
    if (draw < 0.14)
        return insertAtRandomPlace(text, randomNumber());
    if (draw < 0.26)
        return replaceTokens(text, 0.3);
    if (draw < 0.40) {
        auto changed = insertAtRandomPlace(text, randomString());
        return m_random.below(2) ? insertAtRandomPlace(changed, randomString()) : changed;
    }
    if (draw < 0.45)
        return randomText(12);
    if (draw < 0.50)
        return oddSpaces(text);
    return text;
}

} // namespace hayloft
