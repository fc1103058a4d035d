// SPDX-License-Identifier: GPL-3.0-or-later
// What tests/parity/reference_ids.py wrote, and Hayloft's tokenizers beside it.
#pragma once

#include "core/base/Error.h"
#include "core/text/DecodeCleanup.h"
#include "core/text/Tokenizer.h"
#include "core/text/UnicodeClasses.h"
#include "core/text/Utf8.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace hayloft::test {

/// A text and its ids; `decoded` and `cleaned` are of the GPT-2 ids without the added tokens, null where not told.
struct ReferenceText {
    std::string text;
    TokenIds bert, gpt2;
    nlohmann::json decoded, cleaned;
};

/// The reference's Unicode may be another than ICU's: a text that differs must hold a character of which the two think
/// differently, or else one of the tokenizers is wrong.
struct TokenizerReference {
    std::string unicode;
    std::vector<bool> bertDiffers, gpt2Differs; ///< by code point: of another kind there than here
    std::vector<std::pair<TokenIds, std::string>> decodes; ///< GPT-2 ids at random and their text
    std::vector<ReferenceText> texts;
};

/// Which of the 0x110000 code points are of another kind than `runs`, [[first, kind], ...], say.
template <class KindName> std::vector<bool> differingCodePoints(const nlohmann::json& runs, const KindName& kindName)
{
    std::vector<bool> differs(0x110000);
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const auto end = i + 1 < runs.size() ? runs[i + 1][0].get<char32_t>() : char32_t { 0x110000 };
        for (auto c = runs[i][0].get<char32_t>(); c < end; ++c)
            differs[c] = kindName(c) != runs[i][1].get<std::string>();
    }
    return differs;
}

inline std::string bertKindName(char32_t c)
{
    switch (unicode::kindOf(c)) {
    case unicode::Kind::Letter:
        return "L";
    case unicode::Kind::Number:
        return "N";
    case unicode::Kind::Punctuation:
        return "P";
    case unicode::Kind::SpaceSeparator:
        return "Zs";
    case unicode::Kind::Control:
        return "C";
    case unicode::Kind::Other:
        break;
    }
    return "other";
}

inline std::string gpt2KindName(char32_t c)
{
    const auto kind = unicode::kindOf(c);
    return kind == unicode::Kind::Letter ? "L" : kind == unicode::Kind::Number ? "N" : "";
}

inline TokenizerReference readTokenizerReference(const std::string& path)
{
    std::ifstream file(path);
    if (!file)
        throw Error("cannot read the reference", path, "write it with tests/parity/reference_ids.py");
    TokenizerReference reference;
    std::string line;
    std::getline(file, line);
    auto header = nlohmann::json::parse(line);
    reference.unicode = header.at("unicode").get<std::string>() + ", regex " + header.at("regex").get<std::string>();
    for (auto& run : header["bert_kinds"])
        if (run[1] == "M" || run[1] == "S" || run[1] == "Z")
            run[1] = "other";
    reference.bertDiffers = differingCodePoints(header["bert_kinds"], bertKindName);
    reference.gpt2Differs = differingCodePoints(header["gpt2_kinds"], gpt2KindName);
    reference.decodes = header.at("decodes").get<decltype(reference.decodes)>();
    while (std::getline(file, line)) {
        const auto entry = nlohmann::json::parse(line);
        reference.texts.push_back({ entry.at("text"), entry.at("bert"), entry.at("gpt2"),
            entry.value("decoded", nlohmann::json()), entry.value("cleaned", nlohmann::json()) });
    }
    return reference;
}

struct Comparison {
    std::size_t texts = 0, tokens = 0;
    std::size_t differentTexts = 0, differentTokens = 0; ///< tokens between the common beginning and end
    std::size_t unexplainedTexts = 0; ///< different without a character that the two Unicodes class differently
    std::size_t badSpans = 0; ///< texts whose spans leave a gap, overlap or have other ids
    std::vector<std::string> examples; ///< of unexplained ones
};

inline std::size_t differingTokens(const TokenIds& a, const TokenIds& b)
{
    const auto front = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    const auto left = std::min(a.end() - front.first, b.end() - front.second);
    const auto back = std::mismatch(a.rbegin(), a.rbegin() + left, b.rbegin()).first - a.rbegin();
    return static_cast<std::size_t>(std::max(a.end() - front.first, b.end() - front.second) - back);
}

inline bool coversText(const std::vector<TokenSpan>& spans, const TokenIds& ids, std::string_view text)
{
    std::size_t at = 0;
    bool good = spans.size() == ids.size();
    for (std::size_t i = 0; good && i < spans.size(); ++i) {
        good = spans[i].id == ids[i] && spans[i].begin == at && spans[i].end >= at
            && utf8::isBoundary(text, spans[i].end);
        at = spans[i].end;
    }
    return good && (at == text.size() || spans.empty());
}

/// @param expected the member of ReferenceText that holds the ids
inline Comparison compareTokenizer(const Tokenizer& tokenizer, const TokenizerReference& reference,
    TokenIds ReferenceText::*expected, const std::vector<bool>& differs)
{
    Comparison out;
    for (const auto& text : reference.texts) {
        const TokenIds ids = tokenizer.encode(text.text);
        const TokenIds& wanted = text.*expected;
        ++out.texts;
        out.tokens += wanted.size();
        out.badSpans += coversText(tokenizer.encodeSpans(text.text), ids, text.text) ? 0 : 1;
        if (ids == wanted)
            continue;
        ++out.differentTexts;
        out.differentTokens += differingTokens(ids, wanted);
        bool explained = false;
        for (std::size_t at = 0; at < text.text.size();) {
            const auto c = utf8::codePointAt(text.text, at);
            explained = explained || differs[c.value];
            at += c.size;
        }
        if (!explained && ++out.unexplainedTexts <= 5)
            out.examples.push_back(nlohmann::json(text.text).dump().substr(0, 400));
    }
    return out;
}

/// How many of the reference's GPT-2 ids come back, plain or cleaned up, otherwise than there.
inline std::size_t differentDecodes(const Tokenizer& gpt2, const TokenizerReference& reference)
{
    std::size_t different = 0;
    for (const auto& [ids, text] : reference.decodes)
        different += gpt2.decode(ids) == text ? 0 : 1;
    for (const auto& text : reference.texts) {
        if (text.decoded.is_null())
            continue;
        TokenIds ids;
        std::copy_if(text.gpt2.begin(), text.gpt2.end(), std::back_inserter(ids),
            [&](int id) { return id != gpt2.padId() && id != gpt2.bosId() && id != gpt2.eosId(); });
        const std::string decoded = gpt2.decode(ids);
        different += decoded == text.decoded.get<std::string>() && cleanedUp(decoded) == text.cleaned.get<std::string>()
            ? 0
            : 1;
    }
    return different;
}

} // namespace hayloft::test
