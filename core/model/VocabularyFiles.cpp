// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/VocabularyFiles.h"

#include "core/base/Error.h"
#include "core/base/Files.h"
#include "core/model/ModelFolder.h"
#include "core/text/Utf8.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <unordered_set>

namespace hayloft {

namespace {

namespace fs = std::filesystem;

constexpr const char *kBert = ModelFileNames::wordPieces, *kGpt2 = ModelFileNames::byteVocabulary, *kMerges = ModelFileNames::byteMerges;
constexpr std::size_t kMaxBytes = std::size_t { 32 } << 20;
const char* const kRemedy = "take the file from the model's page on Hugging Face";

fs::path firstOf(const std::vector<fs::path>& folders, std::initializer_list<const char*> names)
{
    std::error_code code;
    for (const auto& folder : folders)
        for (const char* name : names)
            if (fs::is_regular_file(folder / name, code))
                return folder / name;
    return {};
}

/// The lines of a text; a last empty one does not count, nor does the carriage return of a line from Windows.
std::vector<std::string_view> linesOf(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        lines.push_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

/// SAX: a flat object from texts to whole numbers; everything else is an error.
class PieceReader : public nlohmann::json_sax<nlohmann::json> {
public:
    std::unordered_set<std::string> pieces;
    std::vector<bool> taken; ///< ids
    std::string problem;

    bool null() override { return bad(); }
    bool boolean(bool) override { return bad(); }
    bool number_integer(number_integer_t) override { return refuse("a negative id"); }
    bool number_unsigned(number_unsigned_t id) override
    {
        if (id >= kMaxBytes)
            return refuse("an id that is too large");
        if (taken.size() <= id)
            taken.resize(id + 1);
        if (!m_open || taken[id])
            return refuse("an id that stands twice");
        taken[id] = true;
        return true;
    }
    bool number_float(number_float_t, const string_t&) override { return bad(); }
    bool string(string_t&) override { return bad(); }
    bool binary(binary_t&) override { return bad(); }
    bool start_object(std::size_t) override { return std::exchange(m_open, true) ? bad() : true; }
    bool key(string_t& piece) override { return pieces.insert(piece).second || refuse("a piece that stands twice"); }
    bool end_object() override { return true; }
    bool start_array(std::size_t) override { return bad(); }
    bool end_array() override { return bad(); }
    bool parse_error(std::size_t at, const std::string&, const nlohmann::detail::exception&) override
    {
        return refuse("no JSON at byte " + std::to_string(at));
    }

private:
    bool bad() { return refuse("something else than pieces with their ids"); }
    bool refuse(const std::string& what)
    {
        problem = what;
        return false;
    }

    bool m_open = false;
};

void checkMerges(std::string_view merges, const std::unordered_set<std::string>& pieces, const std::string& where)
{
    std::size_t number = 0;
    for (const std::string_view line : linesOf(merges)) {
        ++number;
        if (line.empty() || (number == 1 && line.starts_with("#version")))
            continue;
        const std::size_t space = line.find(' ');
        if (space == std::string_view::npos || line.find(' ', space + 1) != std::string_view::npos)
            throw Error("line " + std::to_string(number) + " of the GPT-2 merges is no pair of pieces", where, kRemedy);
        const std::string merged = std::string(line.substr(0, space)) + std::string(line.substr(space + 1));
        if (!pieces.contains(merged))
            throw Error("line " + std::to_string(number) + " of the GPT-2 merges makes a piece that the vocabulary does not have", where,
                        "give the vocabulary and the merges of one model");
    }
}

} // namespace

void VocabularyFiles::find(const std::vector<fs::path>& bertFolders, const std::vector<fs::path>& gpt2Folders)
{
    const auto fill = [](fs::path& file, const std::vector<fs::path>& folders, std::initializer_list<const char*> names, const char* what,
                         const char* option) {
        if (file.empty())
            file = firstOf(folders, names);
        if (file.empty())
            throw Error(std::string("no ") + what + " found beside the model", folders.empty() ? "" : folders.front().string(),
                        std::string("give it with ") + option + ", or put it there as " + *(names.end() - 1));
    };
    fill(bert, bertFolders, { kBert, "vocab.txt" }, "BERT vocabulary", "--bert-vocab FILE");
    fill(gpt2, gpt2Folders, { kGpt2, "vocab.json" }, "GPT-2 vocabulary", "--gpt2-vocab FILE");
    fill(merges, gpt2Folders, { kMerges, "merges.txt" }, "list of GPT-2 merges", "--gpt2-merges FILE");
}

std::int64_t bertVocabularySize(std::string_view text, const std::string& where)
{
    if (!utf8::isValid(text))
        throw Error("the BERT vocabulary is not UTF-8", where, kRemedy);
    const auto lines = linesOf(text);
    for (const char* piece : { "[PAD]", "[UNK]", "[CLS]", "[SEP]" })
        if (std::find(lines.begin(), lines.end(), piece) == lines.end())
            throw Error(std::string("the BERT vocabulary lacks the piece ") + piece, where, kRemedy);
    return static_cast<std::int64_t>(lines.size());
}

std::int64_t gpt2VocabularySize(std::string_view json, const std::string& where, std::string_view merges, const std::string& mergesWhere)
{
    PieceReader reader;
    if (!nlohmann::json::sax_parse(json.begin(), json.end(), &reader))
        throw Error("the GPT-2 vocabulary holds " + reader.problem, where, kRemedy);
    if (reader.taken.size() != reader.pieces.size() || reader.pieces.empty())
        throw Error("the GPT-2 vocabulary's ids have gaps", where, kRemedy);
    if (!utf8::isValid(merges))
        throw Error("the list of GPT-2 merges is not UTF-8", mergesWhere, kRemedy);
    checkMerges(merges, reader.pieces, mergesWhere);
    return static_cast<std::int64_t>(reader.pieces.size());
}

VocabularySizes checkVocabularies(const VocabularyFiles& files)
{
    return { bertVocabularySize(readFile(files.bert, kMaxBytes), files.bert.string()),
             gpt2VocabularySize(readFile(files.gpt2, kMaxBytes), files.gpt2.string(), readFile(files.merges, kMaxBytes), files.merges.string()) };
}

void copyVocabularies(const VocabularyFiles& files, const fs::path& folder)
{
    writeFileAtomically(folder / kBert, readFile(files.bert, kMaxBytes));
    writeFileAtomically(folder / kGpt2, readFile(files.gpt2, kMaxBytes));
    writeFileAtomically(folder / kMerges, readFile(files.merges, kMaxBytes));
}

} // namespace hayloft
