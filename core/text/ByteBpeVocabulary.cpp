// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/ByteBpeVocabulary.h"

#include "core/base/Error.h"
#include "core/base/Files.h"
#include "core/text/Utf8.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace hayloft {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t { 64 } << 20;
constexpr std::string_view kEndOfText = "<|endoftext|>";
constexpr const char* kRemedy = "restore the file or choose the model folder again";

bool isPrintable(unsigned byte)
{
    return (byte > 0x20 && byte < 0x7F) || (byte >= 0xA1 && byte != 0xAD);
}

/// Which byte each of U+0000 to U+0143 stands for; -1 where none.
std::array<int, 256 + 68> byteOfCodePoint()
{
    std::array<int, 256 + 68> bytes;
    bytes.fill(-1);
    std::size_t next = 256;
    for (unsigned byte = 0; byte < 256; ++byte)
        bytes[isPrintable(byte) ? byte : next++] = static_cast<int>(byte);
    return bytes;
}

class Reader {
public:
    Reader(const std::filesystem::path& vocabJson, const std::filesystem::path& mergesTxt)
        : m_vocabPath(vocabJson.string())
        , m_mergesPath(mergesTxt.string())
        , m_bytes(byteOfCodePoint())
    {
    }

    ByteBpeVocabulary read()
    {
        readPieces();
        findBytes();
        readMerges();
        checkThatMergesMakeAll();
        return std::move(m_out);
    }

private:
    [[noreturn]] void refuseVocab(const std::string& what) const { throw Error(what, m_vocabPath, kRemedy); }
    [[noreturn]] void refuseMerges(const std::string& what) const { throw Error(what, m_mergesPath, kRemedy); }

    void readPieces()
    {
        const auto json = nlohmann::json::parse(readFile(m_vocabPath, kMaxFileBytes), nullptr, false);
        if (json.is_discarded())
            refuseVocab("the vocabulary is cut or no JSON");
        if (!json.is_object() || json.empty())
            refuseVocab("the vocabulary is no JSON object of pieces and ids");
        m_out.pieces.resize(json.size());
        std::vector<bool> seen(json.size());
        for (const auto& [written, value] : json.items()) {
            const std::size_t id = value.is_number_unsigned() ? value.get<std::size_t>() : json.size();
            if (id >= json.size() || seen[id])
                refuseVocab("the vocabulary's " + std::to_string(json.size()) + " ids are not 0 to "
                    + std::to_string(json.size() - 1) + ", each once");
            seen[id] = true;
            auto bytes = bytesOf(written);
            if (!bytes)
                refuseVocab("the vocabulary is not one of bytes: piece " + std::to_string(id)
                    + " has a character that stands for none");
            m_ids.emplace(*bytes, static_cast<int>(id));
            m_out.pieces[id] = std::move(*bytes);
        }
    }

    /// The bytes that a piece of the files stands for.
    std::optional<std::string> bytesOf(std::string_view written) const
    {
        std::string bytes;
        for (std::size_t at = 0; at < written.size();) {
            const auto c = utf8::codePointAt(written, at);
            if (!c.valid || c.value >= m_bytes.size() || m_bytes[c.value] < 0)
                return std::nullopt;
            bytes += static_cast<char>(m_bytes[c.value]);
            at += c.size;
        }
        return bytes.empty() ? std::nullopt : std::optional(bytes);
    }

    void findBytes()
    {
        for (unsigned byte = 0; byte < 256; ++byte) {
            const auto found = m_ids.find(std::string(1, static_cast<char>(byte)));
            if (found == m_ids.end())
                refuseVocab("the vocabulary is not one of bytes: it lacks byte " + std::to_string(byte));
            m_out.byteIds[byte] = found->second;
        }
        const auto end = m_ids.find(std::string(kEndOfText));
        if (end == m_ids.end())
            refuseVocab("the vocabulary is not GPT-2's: it lacks " + std::string(kEndOfText));
        m_out.endOfTextId = end->second;
    }

    void readMerges()
    {
        const std::string file = readFile(m_mergesPath, kMaxFileBytes);
        if (!file.starts_with("#version"))
            refuseMerges("the file of merges does not start with #version");
        if (!file.ends_with('\n'))
            refuseMerges("the file of merges is cut: its last line has no end");
        std::string_view rest = file;
        for (std::size_t number = 1; !rest.empty(); ++number) {
            std::string_view line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(line.size() + 1);
            if (line.ends_with('\r'))
                line.remove_suffix(1);
            if (number > 1)
                addMerge(line, number);
        }
    }

    void addMerge(std::string_view line, std::size_t number)
    {
        const std::string where = "line " + std::to_string(number) + " of the merges ";
        const std::size_t space = line.find(' ');
        if (space == std::string_view::npos || line.find(' ', space + 1) != std::string_view::npos)
            refuseMerges(where + "is not two pieces");
        const auto left = bytesOf(line.substr(0, space)), right = bytesOf(line.substr(space + 1));
        if (!left || !right)
            refuseMerges(where + "is not two pieces of bytes");
        const auto l = m_ids.find(*left), r = m_ids.find(*right), result = m_ids.find(*left + *right);
        if (l == m_ids.end() || r == m_ids.end() || result == m_ids.end())
            refuseMerges(where + "has a piece that the vocabulary (" + m_vocabPath + ") lacks");
        if (!m_pairs.emplace(std::uint64_t(l->second) << 32 | std::uint64_t(r->second), number).second)
            refuseMerges(where + "repeats an earlier one");
        m_out.merges.push_back({ l->second, r->second, result->second });
    }

    void checkThatMergesMakeAll() const
    {
        std::vector<bool> made(m_out.pieces.size());
        for (const auto& merge : m_out.merges)
            made[static_cast<std::size_t>(merge.result)] = true;
        for (std::size_t id = 0; id < made.size(); ++id) {
            const std::string& piece = m_out.pieces[id];
            const bool named = piece.size() > 2 && piece.front() == '<' && piece.back() == '>';
            if (!made[id] && piece.size() > 1 && !named)
                refuseMerges("the merges are cut or belong to another vocabulary than " + m_vocabPath
                    + ": none gives piece " + std::to_string(id));
        }
    }

    std::string m_vocabPath, m_mergesPath;
    std::array<int, 256 + 68> m_bytes;
    std::unordered_map<std::string, int> m_ids; ///< by bytes
    std::unordered_map<std::uint64_t, std::size_t> m_pairs;
    ByteBpeVocabulary m_out;
};

} // namespace

ByteBpeVocabulary readByteBpeVocabulary(const std::filesystem::path& vocabJson, const std::filesystem::path& mergesTxt)
{
    return Reader(vocabJson, mergesTxt).read();
}

} // namespace hayloft
