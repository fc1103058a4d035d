// SPDX-License-Identifier: GPL-3.0-or-later
// The sentencepiece tokenizer: exact round trips and valid UTF-8 on top of either backend.
#include "core/base/Error.h"
#include "core/base/Files.h"
#include "core/text/SentencePieceBackend.h"
#include "core/text/Tokenizer.h"
#include "core/text/Utf8.h"

#include <algorithm>
#include <array>
#include <optional>

namespace hayloft {
namespace {

constexpr std::string_view kSpaceMark = "\xE2\x96\x81"; // U+2581, how sentencepiece writes a space
constexpr std::size_t kMaxModelBytes = std::size_t { 64 } << 20;

/// Finds the top-level fields of a protobuf message: a cut or foreign file is refused before it is parsed.
bool looksLikeModel(std::string_view bytes)
{
    bool pieces = false, trainer = false, normalizer = false;
    std::size_t at = 0;
    const auto varint = [&]() -> std::optional<std::uint64_t> {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64 && at < bytes.size(); shift += 7) {
            const auto byte = static_cast<unsigned char>(bytes[at++]);
            value |= std::uint64_t { byte & 0x7Fu } << shift;
            if (byte < 0x80)
                return value;
        }
        return std::nullopt;
    };
    while (at < bytes.size()) {
        const auto tag = varint();
        if (!tag || (*tag & 7) != 2) // every field of a model is a nested message
            return false;
        const auto length = varint();
        if (!length || *length > bytes.size() - at)
            return false;
        at += static_cast<std::size_t>(*length);
        pieces |= *tag >> 3 == 1;
        trainer |= *tag >> 3 == 2;
        normalizer |= *tag >> 3 == 3;
    }
    return pieces && trainer && normalizer; // the trainer writes the last two after all pieces
}

class SentencePieceTokenizer final : public Tokenizer {
public:
    SentencePieceTokenizer(std::unique_ptr<SentencePieceBackend> backend, std::string_view model)
        : m_backend(std::move(backend))
        , m_table(m_backend->open(model))
    {
        if (m_table.pieces.empty())
            throw Error("the model has no pieces");
        findByteIds();
        chooseStandIns();
        const auto& first = m_backend->encode("a");
        m_dummyPrefix = !first.empty() && textOf(first.front().id).starts_with(kSpaceMark);
    }

    TokenIds encode(std::string_view text) const override
    {
        const auto& spans = encoded(text);
        TokenIds ids(spans.size());
        std::transform(spans.begin(), spans.end(), ids.begin(), [](const HayloftSpan& s) { return s.id; });
        return ids;
    }

    std::vector<TokenSpan> encodeSpans(std::string_view text) const override
    {
        const auto& spans = encoded(text);
        std::vector<TokenSpan> out(spans.size());
        std::size_t begin = 0;
        for (std::size_t i = 0; i < spans.size(); ++i) {
            const std::size_t end
                = i + 1 == spans.size() ? text.size() : std::clamp<std::size_t>(spans[i].end, begin, text.size());
            out[i] = { spans[i].id, begin, end };
            begin = end;
        }
        return out;
    }

    std::string decode(const TokenIds& ids) const override
    {
        std::string out;
        bool first = true, bytes = false;
        for (const int id : ids) {
            const auto& piece = pieceAt(id);
            std::string text;
            switch (piece.kind) {
            case HAYLOFT_PIECE_CONTROL:
                continue;
            case HAYLOFT_PIECE_BYTE:
                text.assign(1, byteOf(piece.text));
                bytes = true;
                break;
            case HAYLOFT_PIECE_UNKNOWN:
                text = "\xEF\xBF\xBD";
                break;
            default:
                text = withSpaces(piece.text, first && m_dummyPrefix);
            }
            first = false;
            out += text;
        }
        return bytes && !utf8::isValid(out) ? utf8::repaired(out) : out;
    }

    std::string piece(int id) const override
    {
        const auto& piece = pieceAt(id);
        return piece.kind == HAYLOFT_PIECE_TEXT ? withSpaces(piece.text, false) : piece.text;
    }

    int size() const override { return static_cast<int>(m_table.pieces.size()); }
    int padId() const override { return m_table.padId; }
    int bosId() const override { return m_table.bosId; }
    int eosId() const override { return m_table.eosId; }

private:
    const PieceTable::Piece& pieceAt(int id) const
    {
        if (id < 0 || id >= size())
            throw Error("there is no token " + std::to_string(id), "a vocabulary of " + std::to_string(size()),
                "use the tokenizer that belongs to the model");
        return m_table.pieces[static_cast<std::size_t>(id)];
    }
    std::string_view textOf(int id) const { return pieceAt(id).text; }

    static char byteOf(std::string_view piece) // "<0xE2>"
    {
        return piece.size() == 6 ? static_cast<char>(std::stoi(std::string(piece.substr(3, 2)), nullptr, 16)) : '?';
    }

    static std::string withSpaces(std::string_view piece, bool dropFirst)
    {
        if (dropFirst && piece.starts_with(kSpaceMark))
            piece.remove_prefix(kSpaceMark.size());
        std::string out;
        for (std::size_t mark; (mark = piece.find(kSpaceMark)) != std::string_view::npos;) {
            out += piece.substr(0, mark);
            out += ' ';
            piece.remove_prefix(mark + kSpaceMark.size());
        }
        out += piece;
        return out;
    }

    void findByteIds()
    {
        m_byteIds.fill(-1);
        for (std::size_t id = 0; id < m_table.pieces.size(); ++id)
            if (m_table.pieces[id].kind == HAYLOFT_PIECE_BYTE)
                m_byteIds[static_cast<unsigned char>(byteOf(m_table.pieces[id].text))] = static_cast<int>(id);
    }

    /// A literal U+2581 would come back as a space. It is encoded as a noncharacter of the same three bytes'
    /// length, which falls to byte pieces, and those are exchanged for its own bytes' pieces.
    void chooseStandIns()
    {
        const bool bytes = std::find(m_byteIds.begin(), m_byteIds.end(), -1) == m_byteIds.end();
        for (char32_t c = 0xFDD0; bytes && c <= 0xFDEF; ++c) {
            std::string text;
            utf8::append(text, c);
            const auto uses = [&](const auto& piece) { return piece.text.find(text) != std::string::npos; };
            if (std::none_of(m_table.pieces.begin(), m_table.pieces.end(), uses))
                m_standIns.push_back(text);
        }
    }

    const std::vector<HayloftSpan>& encoded(std::string_view text) const
    {
        m_spans.clear();
        if (text.empty())
            return m_spans;
        if (text.find(kSpaceMark) == std::string_view::npos)
            return m_backend->encode(text);
        for (const auto& standIn : m_standIns)
            if (text.find(standIn) == std::string_view::npos)
                return encodedWith(standIn, text);
        return m_backend->encode(text);
    }

    const std::vector<HayloftSpan>& encodedWith(const std::string& standIn, std::string_view text) const
    {
        std::string changed(text);
        for (std::size_t at = 0; (at = changed.find(kSpaceMark, at)) != std::string::npos; at += kSpaceMark.size())
            changed.replace(at, kSpaceMark.size(), standIn);
        m_spans = m_backend->encode(changed);
        const auto isByte
            = [&](std::size_t i, char byte) { return m_spans[i].id == m_byteIds[static_cast<unsigned char>(byte)]; };
        for (std::size_t i = 0; i + 2 < m_spans.size(); ++i) {
            if (!isByte(i, standIn[0]) || !isByte(i + 1, standIn[1]) || !isByte(i + 2, standIn[2]))
                continue;
            for (std::size_t k = 0; k < 3; ++k)
                m_spans[i + k].id = m_byteIds[static_cast<unsigned char>(kSpaceMark[k])];
        }
        return m_spans;
    }

    std::unique_ptr<SentencePieceBackend> m_backend;
    PieceTable m_table;
    std::array<int, 256> m_byteIds {};
    std::vector<std::string> m_standIns;
    bool m_dummyPrefix = false;
    mutable std::vector<HayloftSpan> m_spans;
};

/// Comma-separated, quoted as sentencepiece's own CSV reader expects.
std::string joinedAsCsv(const std::vector<std::string>& symbols)
{
    std::string out;
    for (const auto& symbol : symbols) {
        out += out.empty() ? "\"" : ",\"";
        for (const char c : symbol)
            out += c == '"' ? "\"\"" : std::string(1, c);
        out += '"';
    }
    return out;
}

} // namespace

std::unique_ptr<Tokenizer> openSentencePiece(const std::filesystem::path& modelFile)
{
    const std::string model = readFile(modelFile, kMaxModelBytes);
    if (!looksLikeModel(model))
        throw Error("the tokenizer is damaged or not a sentencepiece model", modelFile.string(),
            "restore the file or choose the model folder again");
    auto backend = makeSentencePieceBackend();
    try {
        return std::make_unique<SentencePieceTokenizer>(std::move(backend), model);
    } catch (const Error& e) {
        throw Error(std::string("the tokenizer cannot be opened (") + e.what() + ")", modelFile.string(),
            "restore the file or choose the model folder again");
    }
}

void trainSentencePiece(const SentencePieceTraining& training, const std::filesystem::path& modelFile)
{
    if (training.inputs.empty())
        throw Error("there is no text to train the tokenizer on", "", "name at least one file");
    PieceTraining plain;
    for (const auto& input : training.inputs) {
        if (!std::filesystem::is_regular_file(input))
            throw Error("cannot read the training text", input.string(), "check the name and its permissions");
        plain.inputs.push_back(input.string());
    }
    plain.seed = static_cast<std::uint32_t>(training.seed % 0xFFFFFFFFu); // the last value means "no seed"
    plain.options = { { "model_type", "unigram" }, { "vocab_size", std::to_string(training.vocabularySize) },
        { "normalization_rule_name", "identity" }, { "remove_extra_whitespaces", "false" },
        { "add_dummy_prefix", "true" }, { "byte_fallback", "true" }, { "split_digits", "true" }, { "pad_id", "0" },
        { "unk_id", "1" }, { "bos_id", "2" }, { "eos_id", "3" },
        { "hard_vocab_limit", "false" }, // a short text has fewer pieces than asked for
        { "input_sentence_size", std::to_string(training.maxSentences) }, { "shuffle_input_sentence", "true" },
        { "num_threads", "2" }, { "minloglevel", "2" } };
    if (!training.symbols.empty())
        plain.options.emplace_back("user_defined_symbols", joinedAsCsv(training.symbols));
    std::string model;
    try {
        model = makeSentencePieceBackend()->train(plain);
    } catch (const Error& e) {
        throw Error(std::string("training the tokenizer failed (") + e.what() + ")", training.inputs.front().string(),
            "use more text or fewer pieces");
    }
    writeFileAtomically(modelFile, model);
}

} // namespace hayloft
