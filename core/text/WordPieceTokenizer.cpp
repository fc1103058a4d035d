// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/WordPieceTokenizer.h"

#include "core/base/Error.h"
#include "core/text/AddedTokens.h"
#include "core/text/BertWords.h"
#include "core/text/UnicodeClasses.h"
#include "core/text/WordCache.h"
#include "core/text/WordPieceVocabulary.h"

namespace hayloft {
namespace {

constexpr std::string_view kFurther = "##";

class WordPieceTokenizer final : public Tokenizer {
public:
    explicit WordPieceTokenizer(const std::filesystem::path& vocabTxt)
        : m_vocabulary(vocabTxt)
        , m_pad(m_vocabulary.idOf("[PAD]"))
        , m_cls(m_vocabulary.idOf("[CLS]"))
        , m_sep(m_vocabulary.idOf("[SEP]"))
        , m_added({ { "[UNK]", m_vocabulary.unknownId() }, { "[SEP]", m_sep }, { "[PAD]", m_pad }, { "[CLS]", m_cls },
              { "[MASK]", m_vocabulary.idOf("[MASK]") } })
    {
    }

    TokenIds encode(std::string_view text) const override
    {
        TokenIds out;
        out.reserve(text.size() / 4 + 1);
        run(
            text, [&](std::span<const int> ids, const BertWord&) { out.insert(out.end(), ids.begin(), ids.end()); },
            [&](const AddedTokens::Match& match) { out.push_back(match.id); });
        return out;
    }

    std::vector<TokenSpan> encodeSpans(std::string_view text) const override
    {
        std::vector<TokenSpan> out;
        out.reserve(text.size() / 4 + 1);
        const auto add = [&](int id, std::size_t end) { out.push_back({ id, out.empty() ? 0 : out.back().end, end }); };
        const auto word = [&](std::span<const int> ids, const BertWord& from) {
            std::size_t bytes = 0;
            for (const int id : ids) {
                bytes += pieceAt(id).size() - (bytes > 0 ? kFurther.size() : 0);
                add(id, ids.size() == 1 ? from.end() : from.endOf(bytes)); // an unknown word is one token
            }
        };
        run(text, word, [&](const AddedTokens::Match& match) { add(match.id, match.end); });
        if (!out.empty())
            out.back().end = text.size();
        return out;
    }

    std::string decode(const TokenIds& ids) const override
    {
        std::string out;
        for (const int id : ids) {
            const std::string_view piece = pieceAt(id);
            if (isControl(id))
                continue;
            if (!out.empty() && piece.starts_with(kFurther))
                out += piece.substr(kFurther.size());
            else
                out.append(out.empty() ? "" : " ").append(piece);
        }
        return out;
    }

    std::string piece(int id) const override
    {
        const std::string& piece = pieceAt(id);
        if (isControl(id))
            return piece;
        return piece.starts_with(kFurther) && piece.size() > kFurther.size() ? piece.substr(kFurther.size())
                                                                             : " " + piece;
    }

    int size() const override { return static_cast<int>(m_vocabulary.pieces().size()); }
    int padId() const override { return m_pad; }
    int bosId() const override { return m_cls; }
    int eosId() const override { return m_sep; }

private:
    bool isControl(int id) const { return id == m_pad || id == m_cls || id == m_sep; }

    const std::string& pieceAt(int id) const
    {
        if (id < 0 || id >= size())
            throw Error("there is no token " + std::to_string(id), "a vocabulary of " + std::to_string(size()),
                "use the tokenizer that belongs to the model");
        return m_vocabulary.pieces()[static_cast<std::size_t>(id)];
    }

    /// Calls `word(ids, word)` for each word and `token(match)` for each special token.
    template <class Word, class Token> void run(std::string_view text, const Word& word, const Token& token) const
    {
        const auto piece = [&](std::size_t begin, std::size_t end) {
            BertWords words(text, begin, end);
            while (const BertWord* next = words.next())
                word(idsOf(*next), *next);
        };
        splitAtAddedTokens(m_added, text, piece, token);
    }

    /// Valid until the next call.
    std::span<const int> idsOf(const BertWord& word) const
    {
        const std::string_view letters = word.letters();
        const auto key = WordCache::keyOf(letters);
        if (key)
            if (const auto known = m_cache.find(*key); !known.empty())
                return known;
        m_ids.clear();
        if (word.characters() > WordPieceVocabulary::kMaxCharacters)
            m_ids.push_back(m_vocabulary.unknownId());
        else
            m_vocabulary.appendPieces(letters, m_ids);
        if (key)
            m_cache.put(*key, m_ids);
        return m_ids;
    }

    WordPieceVocabulary m_vocabulary;
    int m_pad, m_cls, m_sep;
    AddedTokens m_added;
    mutable WordCache m_cache;
    mutable std::vector<int> m_ids;
};

} // namespace

std::unique_ptr<Tokenizer> openWordPiece(const std::filesystem::path& vocabTxt)
{
    unicode::requireClasses("a WordPiece tokenizer");
    return std::make_unique<WordPieceTokenizer>(vocabTxt);
}

} // namespace hayloft
