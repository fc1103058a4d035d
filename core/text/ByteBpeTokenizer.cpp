// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/ByteBpeTokenizer.h"

#include "core/base/Error.h"
#include "core/text/AddedTokens.h"
#include "core/text/ByteBpeVocabulary.h"
#include "core/text/Gpt2Words.h"
#include "core/text/UnicodeClasses.h"
#include "core/text/Utf8.h"
#include "core/text/WordCache.h"

#include <algorithm>

namespace hayloft {
namespace {

/// What Python's strip() takes: White_Space and four separators of information.
bool isStripped(char32_t c)
{
    return utf8::isSpace(c) || (c >= 0x1C && c <= 0x1F);
}

/// Narrows [begin, end) to what is left without white space at both ends.
void strip(std::string_view text, std::size_t& begin, std::size_t& end)
{
    while (begin < end) {
        const auto c = utf8::codePointAt(text, begin);
        if (!isStripped(c.value))
            break;
        begin += c.size;
    }
    while (begin < end) {
        const auto c = utf8::codePointBefore(text, end);
        if (!isStripped(c.value))
            break;
        end -= c.size;
    }
}

/// The end of the last whole character at or before `at`.
std::size_t characterEnd(std::string_view text, std::size_t at)
{
    std::size_t end = at;
    for (int steps = 0; steps < 3 && end > 0 && !utf8::isBoundary(text, end); ++steps)
        --end;
    return utf8::isBoundary(text, end) ? end : at;
}

class ByteBpeTokenizer final : public Tokenizer {
public:
    explicit ByteBpeTokenizer(ByteBpeVocabulary vocabulary)
        : m_pieces(std::move(vocabulary.pieces))
        , m_byteIds(vocabulary.byteIds)
        , m_merger(std::move(vocabulary.merges))
        , m_pad(idOrAdded("<PAD>"))
        , m_bos(idOrAdded("<BOS>"))
        , m_eos(idOrAdded("<EOS>"))
        , m_added({ { "<PAD>", m_pad }, { "<BOS>", m_bos }, { "<EOS>", m_eos },
              { m_pieces[static_cast<std::size_t>(vocabulary.endOfTextId)], vocabulary.endOfTextId } })
    {
    }

    TokenIds encode(std::string_view text) const override
    {
        TokenIds out;
        out.reserve(text.size() / 4 + 1);
        run(
            text, [&](std::span<const int> ids, std::size_t, bool) { out.insert(out.end(), ids.begin(), ids.end()); },
            [&](const AddedTokens::Match& match) { out.push_back(match.id); });
        return out;
    }

    std::vector<TokenSpan> encodeSpans(std::string_view text) const override
    {
        std::vector<TokenSpan> out;
        out.reserve(text.size() / 4 + 1);
        std::size_t last = 0;
        const auto add = [&](int id, std::size_t end) {
            end = std::max(end, last);
            out.push_back({ id, last, end });
            last = end;
        };
        const auto word = [&](std::span<const int> ids, std::size_t begin, bool spaceAdded) {
            std::size_t bytes = 0;
            for (const int id : ids) {
                bytes += pieceAt(id).size();
                add(id, characterEnd(text, begin + bytes - (spaceAdded ? 1 : 0)));
            }
        };
        run(text, word, [&](const AddedTokens::Match& match) { add(match.id, match.end); });
        if (!out.empty())
            out.back().end = text.size();
        return out;
    }

    std::string decode(const TokenIds& ids) const override
    {
        std::string out, bytes;
        const auto flush = [&] { // bytes on both sides of a control token do not make one character
            out += utf8::isValid(bytes) ? bytes : utf8::repairedByParts(bytes);
            bytes.clear();
        };
        for (const int id : ids) {
            const std::string& piece = pieceAt(id);
            if (isControl(id))
                flush();
            else
                bytes += piece;
        }
        flush();
        return out;
    }

    std::string piece(int id) const override
    {
        const std::string_view bytes = pieceAt(id);
        std::string out;
        for (std::size_t at = 0; at < bytes.size();) {
            const auto c = utf8::codePointAt(bytes, at);
            out += c.valid ? std::string(bytes.substr(at, c.size)) : nameOfByte(bytes[at]);
            at += c.size;
        }
        return out;
    }

    int size() const override { return static_cast<int>(m_pieces.size()); }
    int padId() const override { return m_pad; }
    int bosId() const override { return m_bos; }
    int eosId() const override { return m_eos; }

private:
    int idOrAdded(const std::string& piece)
    {
        const auto found = std::find(m_pieces.begin(), m_pieces.end(), piece);
        if (found != m_pieces.end())
            return static_cast<int>(found - m_pieces.begin());
        m_pieces.push_back(piece);
        return static_cast<int>(m_pieces.size()) - 1;
    }

    static std::string nameOfByte(char byte) // "<0xE2>"
    {
        constexpr std::string_view kDigits = "0123456789ABCDEF";
        const auto value = static_cast<unsigned char>(byte);
        return std::string("<0x") + kDigits[value >> 4] + kDigits[value & 15] + ">";
    }

    bool isControl(int id) const { return id == m_pad || id == m_bos || id == m_eos; }

    const std::string& pieceAt(int id) const
    {
        if (id < 0 || id >= size())
            throw Error("there is no token " + std::to_string(id), "a vocabulary of " + std::to_string(size()),
                "use the tokenizer that belongs to the model");
        return m_pieces[static_cast<std::size_t>(id)];
    }

    /// Calls `word(ids, begin, spaceAdded)` for each word and `token(match)` for each added token.
    template <class Word, class Token> void run(std::string_view text, const Word& word, const Token& token) const
    {
        const auto piece = [&](std::size_t begin, std::size_t end) {
            strip(text, begin, end);
            if (begin == end)
                return;
            const std::string_view stretch = text.substr(0, end);
            std::size_t at = gpt2WordEndAfterSpace(stretch, begin);
            m_first = " ";
            m_first += stretch.substr(begin, at - begin);
            word(idsOf(m_first), begin, true);
            while (at < end) {
                const std::size_t next = gpt2WordEnd(stretch, at);
                word(idsOf(stretch.substr(at, next - at)), at, false);
                at = next;
            }
        };
        splitAtAddedTokens(m_added, text, piece, token);
    }

    /// Valid until the next call.
    std::span<const int> idsOf(std::string_view word) const
    {
        const auto key = WordCache::keyOf(word);
        if (key)
            if (const auto known = m_cache.find(*key); !known.empty())
                return known;
        m_symbols.resize(word.size());
        for (std::size_t i = 0; i < word.size(); ++i)
            m_symbols[i] = m_byteIds[static_cast<unsigned char>(word[i])];
        m_merger.merge(m_symbols);
        if (key)
            m_cache.put(*key, m_symbols);
        return m_symbols;
    }

    std::vector<std::string> m_pieces;
    std::array<int, 256> m_byteIds;
    mutable BytePairMerger m_merger;
    int m_pad, m_bos, m_eos;
    AddedTokens m_added;
    mutable WordCache m_cache;
    mutable std::vector<int> m_symbols;
    mutable std::string m_first; ///< a piece's first word with the space in front
};

} // namespace

std::unique_ptr<Tokenizer> openByteBpe(const std::filesystem::path& vocabJson, const std::filesystem::path& mergesTxt)
{
    unicode::requireClasses("a byte-level BPE tokenizer");
    return std::make_unique<ByteBpeTokenizer>(readByteBpeVocabulary(vocabJson, mergesTxt));
}

} // namespace hayloft
