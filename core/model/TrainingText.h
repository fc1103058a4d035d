// SPDX-License-Identifier: GPL-3.0-or-later
// The endless stream of training segments: paragraphs of the corpus, cut as documents are, and windows of them.
#pragma once

#include "core/base/Progress.h"
#include "core/model/Corruption.h"
#include "core/text/Tokenizer.h"

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hayloft {

/// The paragraphs (lines) of the training corpus, in memory.
class Corpus {
public:
    /// Reads files and folders of text; .xz through the xz program. @throws Error
    explicit Corpus(const std::vector<std::filesystem::path>& paths);
    std::size_t paragraphs() const { return m_lines.size(); }
    std::string_view paragraph(std::size_t i) const;
    std::size_t bytes() const { return m_text.size(); }
    const std::vector<std::string>& files() const { return m_files; }
    const std::string& text() const { return m_text; }

private:
    void append(const std::filesystem::path& file);
    std::string m_text;
    std::vector<std::pair<std::size_t, std::size_t>> m_lines; ///< begin, length
    std::vector<std::string> m_files;
};

/// A batch of sequences of one length, so that nothing is padded.
struct TrainingBatch {
    std::int64_t length = 0;
    std::vector<std::int64_t> ids; ///< count x length, row-major
    std::int64_t count() const { return length ? static_cast<std::int64_t>(ids.size()) / length : 0; }
};

/// Draws segments and groups them by length. The same seed gives the same stream.
class TrainingText {
public:
    TrainingText(const Corpus& corpus, const Tokenizer& tokenizer, int maxTokens, std::int64_t batchTokens,
                 std::uint64_t seed);
    TrainingBatch next();
    /// `count` distinct-by-place segment openings of up to `tokens` ids, padded with -1: for key statistics.
    std::vector<TokenIds> prefixes(std::size_t count, int tokens);

private:
    void drawParagraph();
    void add(const TokenIds& ids);
    std::vector<std::string> cut(std::string_view paragraph);

    const Corpus& m_corpus;
    const Tokenizer& m_tokenizer;
    int m_maxTokens;
    std::int64_t m_batchTokens;
    Random m_random;
    Corruption m_corruption;
    std::vector<std::vector<TokenIds>> m_byLength;
    std::vector<TrainingBatch> m_ready;
};

} // namespace hayloft
