// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/QuestionReport.h"

#include "core/base/Format.h"
#include "core/recall/RulerScoring.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>
#include <ostream>

namespace hayloft {

namespace {

double meanOf(const std::vector<double>& scores)
{
    return scores.empty() ? 0.0 : std::accumulate(scores.begin(), scores.end(), 0.0) / static_cast<double>(scores.size());
}

} // namespace

void printQuestions(const QuestionReport& report, std::ostream& out)
{
    const QuestionTotals& totals = report.totals;
    const double samples = std::max(1, totals.samples);
    const Interval recall = wilson(totals.correct, totals.samples);
    out << (report.ruler ? "samples   " : "questions ") << grouped(totals.samples) << "\n";
    if (report.ruler) {
        const Interval interval = wilsonOfMean(meanOf(totals.all), totals.samples);
        out << formatted("ruler     %.2f (string_match_all), 95%% interval %.2f to %.2f\n", rulerMean(totals.all), 100 * interval.low,
            100 * interval.high);
        if (totals.plain > 0)
            out << formatted("          %.2f (string_match_part, by which RULER scores its qa tasks)\n", rulerMean(totals.part));
    }
    out << "recall    " << grouped(totals.correct) << "/" << grouped(totals.samples)
        << formatted(" = %.4f, 95%% interval %.4f to %.4f (every answer found)\n", totals.correct / samples, recall.low, recall.high)
        << "nulls     " << grouped(totals.nulls) << "/" << grouped(totals.samples) << "\n"
        << "absent    " << grouped(totals.absent) << "/" << grouped(totals.samples) << " said to be not in their text\n"
        << "rows      " << grouped(totals.rowsRead) << formatted(" read, %.2f a question\n", static_cast<double>(totals.rowsRead) / samples)
        << "contexts  " << grouped(totals.contextsWritten) << " written, " << grouped(totals.tokens) << " tokens\n";
    if (!report.out.empty())
        out << "answers   " << report.out.string() << "\n";
}

void printQuestionsJson(const QuestionReport& report, std::ostream& out)
{
    const QuestionTotals& totals = report.totals;
    const Interval recall = wilson(totals.correct, totals.samples);
    nlohmann::ordered_json json { { "file", report.file.string() }, { "kind", report.ruler ? "ruler" : "questions" },
        { "samples", totals.samples }, { "correct", totals.correct },
        { "recall", totals.samples > 0 ? static_cast<double>(totals.correct) / totals.samples : 0.0 },
        { "ci95", { recall.low, recall.high } } };
    if (report.ruler) {
        const Interval interval = wilsonOfMean(meanOf(totals.all), totals.samples);
        json["string_match_all"] = rulerMean(totals.all);
        json["string_match_all_ci95"] = { 100 * interval.low, 100 * interval.high };
        json["string_match_part"] = rulerMean(totals.part);
        json["plain_questions"] = totals.plain;
    }
    json["nulls"] = totals.nulls;
    json["absent"] = totals.absent;
    json["rows_read"] = totals.rowsRead;
    json["contexts_written"] = totals.contextsWritten;
    json["tokens"] = totals.tokens;
    json["keys"] = nameOf(report.memory.keys);
    json["prefix_tokens"] = report.prefixTokens;
    json["key_memory"] = nameOf(report.memory.keyMemory);
    json["latents"] = nameOf(report.memory.latents);
    if (!report.out.empty())
        json["out"] = report.out.string();
    out << json.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
}

} // namespace hayloft
