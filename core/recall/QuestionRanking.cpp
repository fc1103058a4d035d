// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/QuestionRanking.h"

#include "core/base/Error.h"
#include "core/memory/Bm25.h"
#include "core/memory/RowSearch.h"
#include "core/recall/KeyEncoder.h"

#include <algorithm>
#include <functional>
#include <unordered_map>

namespace hayloft {

namespace {

/// The haystack's and the needles' segments.
struct Ranked {
    std::vector<std::string> texts;
    std::vector<TokenIds> tokens;
    std::vector<std::vector<Index>> wanted; ///< by needle: its segments

    std::vector<Index> add(std::string_view text, const Tokenizer& tokenizer, const SegmenterOptions& options, const Task& task)
    {
        std::vector<Index> added;
        for (auto& segment : segmentText(text, tokenizer, options, task)) {
            if (segment.tokens.empty())
                continue;
            added.push_back(static_cast<Index>(texts.size()));
            texts.emplace_back(text.substr(segment.contentBegin, segment.contentEnd - segment.contentBegin));
            tokens.push_back(std::move(segment.tokens));
        }
        return added;
    }
};

constexpr float kRounding = 1e-6f; ///< relative

using Scores = std::function<std::vector<float>(std::size_t needle)>;

RankingRow rank(const std::string& search, const Ranked& ranked, const Scores& scoresOf, const Task& task)
{
    RankingRow row {search, 0, 0, 0, 0, 0, {}};
    std::vector<double> ranks;
    for (std::size_t i = 0; i < ranked.wanted.size(); ++i) {
        const auto scores = scoresOf(i);
        float best = -1e30f;
        for (const Index segment : ranked.wanted[i])
            best = std::max(best, scores[static_cast<std::size_t>(segment)]);
        // A tie is no find: whatever stood there first would be read. Products of the same keys differ by rounding.
        const float tied = best - kRounding * std::abs(best);
        auto before = std::count_if(scores.begin(), scores.end(), [tied](float s) { return s >= tied; });
        for (const Index segment : ranked.wanted[i])
            before -= scores[static_cast<std::size_t>(segment)] >= tied ? 1 : 0;
        ranks.push_back(static_cast<double>(before + 1));
        row.first += before == 0 ? 1 : 0;
        row.amongTen += before < 10 ? 1 : 0;
        row.meanReciprocal += 1.0 / ranks.back();
        task.report({search, static_cast<double>(i + 1), static_cast<double>(ranked.wanted.size()), "questions", ""});
    }
    row.questions = static_cast<int>(ranks.size());
    row.meanReciprocal /= std::max(1, row.questions);
    std::sort(ranks.begin(), ranks.end());
    row.medianRank = ranks.empty() ? 0 : (ranks[(ranks.size() - 1) / 2] + ranks[ranks.size() / 2]) / 2;
    row.ci95 = wilson(row.first, row.questions);
    return row;
}

RankingRow rankKeys(const LatentModel& model, KeyKind kind, const Ranked& ranked, const std::vector<Needle>& needles, const Task& task)
{
    const KeyEncoder encoder(model, kind, model.info().prefixTokens);
    const Matrix keys = encoder.writeKeys(ranked.tokens, task);
    return rank(std::string(nameOf(kind)), ranked, [&](std::size_t i) {
        const Matrix query = encoder.readKeys({encoder.query(needles[i].question).tokens}, {task.stop, {}});
        Matrix product;
        multiplyTransposed(query, keys, product);
        return std::vector<float>(product.data(), product.data() + product.size());
    }, task);
}

} // namespace

std::vector<RankingRow> rankQuestions(const LatentModel& model, std::string_view haystack, const std::vector<Needle>& needles,
                                      const SegmenterOptions& segmenter, const Task& task)
{
    Ranked ranked;
    ranked.add(haystack, model.tokenizer(), segmenter, task);
    std::unordered_map<std::string, std::vector<Index>> planted;
    for (const Needle& needle : needles) {
        if (needle.question.empty())
            throw Error("the needle has no question to ask with", "\"" + needle.text.substr(0, 60) + "\"", "give a question");
        const auto [found, isNew] = planted.emplace(needle.text, std::vector<Index>());
        if (isNew)
            found->second = ranked.add(needle.text, model.tokenizer(), segmenter, task);
        ranked.wanted.push_back(found->second);
    }
    std::vector<RankingRow> rows;
    for (const KeyKind kind : {KeyKind::Content, KeyKind::Floor})
        rows.push_back(rankKeys(model, kind, ranked, needles, task));
    const Bm25 words(ranked.texts);
    rows.push_back(rank("bm25", ranked, [&](std::size_t i) { return words.scores(needles[i].question); }, task));
    return rows;
}

} // namespace hayloft
