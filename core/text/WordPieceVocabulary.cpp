// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/WordPieceVocabulary.h"

#include "core/base/Error.h"
#include "core/base/Files.h"
#include "core/text/Utf8.h"

#include <algorithm>

namespace hayloft {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t { 64 } << 20;
constexpr std::string_view kFurther = "##";

bool hasCapital(const std::string& piece)
{
    const auto isCapital = [](char c) { return c >= 'A' && c <= 'Z'; };
    return piece[0] != '[' && std::any_of(piece.begin(), piece.end(), isCapital);
}

} // namespace

WordPieceVocabulary::WordPieceVocabulary(const std::filesystem::path& vocabTxt)
    : m_path(vocabTxt.string())
{
    const std::string file = readFile(vocabTxt, kMaxFileBytes);
    if (!utf8::isValid(file))
        refuse("the vocabulary is not UTF-8 text");
    if (!file.ends_with('\n')) // the published ones end so
        refuse(file.empty() ? "the vocabulary is empty" : "the vocabulary is cut: its last line has no end");
    readPieces(file);
    for (std::size_t id = 0; id < m_pieces.size(); ++id) { // m_pieces grows no more: views of it stay good
        const std::string_view piece = m_pieces[id];
        if (m_first.ids.contains(piece))
            refuse("line " + std::to_string(id + 1) + " of the vocabulary repeats a piece");
        m_first.add(piece, static_cast<int>(id));
        if (piece.size() > kFurther.size() && piece.starts_with(kFurther))
            m_further.add(piece.substr(kFurther.size()), static_cast<int>(id));
    }
    m_unknown = idOf("[UNK]");
    if (std::none_of(m_pieces.begin(), m_pieces.end(), hasCapital))
        refuse("the vocabulary is an uncased one: it has no capital letter");
}

void WordPieceVocabulary::readPieces(const std::string& file)
{
    std::string_view rest = file;
    while (!rest.empty()) {
        std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(line.size() + 1);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (line.empty())
            refuse("line " + std::to_string(m_pieces.size() + 1) + " of the vocabulary is empty");
        m_pieces.emplace_back(line);
    }
}

void WordPieceVocabulary::refuse(const std::string& what) const
{
    throw Error(what, m_path, "restore the file or choose the model folder again");
}

int WordPieceVocabulary::idOf(std::string_view piece) const
{
    const auto found = m_first.ids.find(piece);
    if (found == m_first.ids.end())
        refuse("the vocabulary is cut or not BERT's: it lacks " + std::string(piece));
    return found->second;
}

void WordPieceVocabulary::Lookup::add(std::string_view piece, int id)
{
    ids.emplace(piece, id);
    longest = std::max(longest, piece.size());
}

std::pair<std::size_t, int> WordPieceVocabulary::Lookup::longestAt(std::string_view word, std::size_t begin) const
{
    for (std::size_t end = std::min(word.size(), begin + longest); end > begin; --end) {
        if (!utf8::isBoundary(word, end))
            continue;
        const auto found = ids.find(word.substr(begin, end - begin));
        if (found != ids.end())
            return { end, found->second };
    }
    return { begin, -1 };
}

void WordPieceVocabulary::appendPieces(std::string_view word, std::vector<int>& out) const
{
    const std::size_t before = out.size();
    for (std::size_t at = 0; at < word.size();) {
        const auto [end, id] = (at == 0 ? m_first : m_further).longestAt(word, at);
        if (id < 0) {
            out.resize(before);
            out.push_back(m_unknown);
            return;
        }
        out.push_back(id);
        at = end;
    }
}

} // namespace hayloft
