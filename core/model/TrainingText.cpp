// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/TrainingText.h"

#include "core/base/Files.h"
#include "core/text/Segmenter.h"

#include <algorithm>
#include <cstdio>

namespace hayloft {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxCorpusFile = std::size_t { 4 } << 30;

std::string readCompressed(const fs::path& file)
{
    std::string quoted = "'";
    for (const char c : file.string())
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    quoted += "'";
    FILE* pipe = popen(("xz -dc -- " + quoted).c_str(), "r");
    if (!pipe)
        throw Error("cannot start xz", file.string(), "install xz-utils or decompress the file");
    std::string text;
    std::vector<char> buffer(1 << 16);
    while (const auto n = fread(buffer.data(), 1, buffer.size(), pipe))
        text.append(buffer.data(), n);
    if (pclose(pipe) != 0)
        throw Error("cannot decompress", file.string(), "install xz-utils, or check the file");
    return text;
}

std::string trimmed(std::string_view s)
{
    const auto begin = s.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos)
        return {};
    return std::string(s.substr(begin, s.find_last_not_of(" \t\r\n") - begin + 1));
}

} // namespace

Corpus::Corpus(const std::vector<fs::path>& paths)
{
    for (const auto& path : paths) {
        if (!fs::exists(path))
            throw Error("no such corpus file or folder", path.string(), "give --corpus existing paths");
        if (!fs::is_directory(path)) {
            append(path);
            continue;
        }
        std::vector<fs::path> files;
        for (const auto& entry : fs::recursive_directory_iterator(path))
            if (entry.is_regular_file() && (entry.path().extension() == ".txt" || entry.path().extension() == ".xz"))
                files.push_back(entry.path());
        std::sort(files.begin(), files.end());
        for (const auto& file : files)
            append(file);
    }
    for (std::size_t begin = 0; begin < m_text.size();) {
        auto end = m_text.find('\n', begin);
        if (end == std::string::npos)
            end = m_text.size();
        if (end - begin >= 2)
            m_lines.emplace_back(begin, end - begin);
        begin = end + 1;
    }
    if (m_lines.size() < 100)
        throw Error("the corpus has fewer than 100 lines", paths.empty() ? "" : paths.front().string(),
                    "training needs plain text with one paragraph a line, some megabytes of it");
}

void Corpus::append(const fs::path& file)
{
    m_text += file.extension() == ".xz" ? readCompressed(file) : readFile(file, kMaxCorpusFile);
    m_text += '\n';
    m_files.push_back(file.filename().string());
}

std::string_view Corpus::paragraph(std::size_t i) const
{
    return std::string_view(m_text).substr(m_lines[i].first, m_lines[i].second);
}

TrainingText::TrainingText(const Corpus& corpus, const Tokenizer& tokenizer, int maxTokens, std::int64_t batchTokens,
                           std::uint64_t seed)
    : m_corpus(corpus)
    , m_tokenizer(tokenizer)
    , m_maxTokens(maxTokens)
    , m_batchTokens(batchTokens)
    , m_random(mixSeed(seed, 1))
    , m_corruption(tokenizer, mixSeed(seed, 2))
    , m_byLength(static_cast<std::size_t>(maxTokens) + 1)
{
}

std::vector<std::string> TrainingText::cut(std::string_view paragraph)
{
    std::vector<std::string> texts;
    if (m_random.below(3) == 0) {
        for (const auto& s : segmentText(paragraph, m_tokenizer, { SegmenterKind::Sentence, m_maxTokens }))
            texts.emplace_back(paragraph.substr(s.contentBegin, s.contentEnd - s.contentBegin));
        return texts;
    }
    // Windows of any length from any place: what fixed-length segments, prefixes and split sentences look like.
    const auto ids = m_tokenizer.encode(paragraph);
    for (std::size_t at = 0; at < ids.size();) {
        auto length = 2 + m_random.below(static_cast<std::uint64_t>(m_maxTokens) - 1);
        // Long ones are the hard ones, and the last positions see no others.
        if (m_random.below(5) < 3)
            length = std::max<std::uint64_t>(length, static_cast<std::uint64_t>(m_maxTokens) - m_random.below(16));
        const auto end = std::min(ids.size(), at + length);
        texts.push_back(trimmed(m_tokenizer.decode(TokenIds(ids.begin() + static_cast<std::ptrdiff_t>(at), ids.begin() + static_cast<std::ptrdiff_t>(end)))));
        at = end;
    }
    return texts;
}

void TrainingText::add(const TokenIds& ids)
{
    if (ids.empty() || ids.size() > static_cast<std::size_t>(m_maxTokens))
        return;
    auto& waiting = m_byLength[ids.size()];
    waiting.push_back(ids);
    const auto length = static_cast<std::int64_t>(ids.size());
    // Short sequences share one batch size in sequences, or a batch would hold a thousand of them.
    if (static_cast<std::int64_t>(waiting.size()) < std::min<std::int64_t>(m_batchTokens / length, 192))
        return;
    TrainingBatch batch;
    batch.length = length;
    for (const auto& sequence : waiting)
        batch.ids.insert(batch.ids.end(), sequence.begin(), sequence.end());
    waiting.clear();
    m_ready.push_back(std::move(batch));
}

void TrainingText::drawParagraph()
{
    for (const auto& text : cut(m_corpus.paragraph(m_random.below(m_corpus.paragraphs())))) {
        auto ids = m_tokenizer.encode(trimmed(m_corruption.apply(text)));
        if (ids.size() > static_cast<std::size_t>(m_maxTokens)) // grown past the limit by corruption: keep its beginning
            ids = m_tokenizer.encode(trimmed(m_tokenizer.decode(TokenIds(ids.begin(), ids.begin() + m_maxTokens))));
        add(ids);
    }
}

TrainingBatch TrainingText::next()
{
    while (m_ready.empty())
        drawParagraph();
    auto batch = std::move(m_ready.front());
    m_ready.erase(m_ready.begin());
    return batch;
}

std::vector<TokenIds> TrainingText::prefixes(std::size_t count, int tokens)
{
    std::vector<TokenIds> result;
    while (result.size() < count) {
        const auto paragraph = m_corpus.paragraph(m_random.below(m_corpus.paragraphs()));
        for (const auto& segment : segmentText(paragraph, m_tokenizer, { SegmenterKind::Sentence, m_maxTokens })) {
            if (segment.tokens.empty() || result.size() == count)
                continue;
            const auto size = std::min(segment.tokens.size(), static_cast<std::size_t>(tokens));
            result.emplace_back(segment.tokens.begin(), segment.tokens.begin() + static_cast<std::ptrdiff_t>(size));
        }
    }
    return result;
}

} // namespace hayloft
