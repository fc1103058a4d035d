// SPDX-License-Identifier: GPL-3.0-or-later
// Conversions from core's values to the panels' values, and the needle's own.
#include "app/workbench/WorkspaceViews.h"

#include "core/recall/Scoring.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>

namespace hayloft {

namespace {

constexpr int kSuggestedWords = 6; ///< of a needle that brings no prefix

QString text(const std::string& utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

qint64 countOf(const DocumentMemory& memory, Index row)
{
    return row >= 0 && row < memory.memory().rows() ? memory.memory().count(row) : 0;
}

/// One row is read here. A RULER question may ask for several values, or for one that runs over two segments: an answer that
/// lacks some of it is no verdict on the sweep's reading, which goes on.
Verdict verdictOf(const NeedleState& needle, const std::string& query, const std::string& answer, const DocumentMemory& memory)
{
    RecallTask task;
    task.kind = needle.kind;
    TrialNeedle planted{needle.needle.text, {}, query, needle.needle.question, needle.expected};
    planted.values = needle.values;
    const Score score = scoreAnswer(task, planted, answer);
    if (score.correct)
        return Verdict::Right;
    const auto segments = std::count_if(memory.segments().begin(), memory.segments().end(), [](const DocumentSegment& s) { return s.needle; });
    const bool partOnly = needle.kind == TaskKind::Ruler && (segments > 1 || score.ruler > 0);
    return partOnly ? Verdict::None : Verdict::Wrong;
}

} // namespace

bool operator==(const NeedleState& a, const NeedleState& b)
{
    return a.needle.text == b.needle.text && a.needle.prefix == b.needle.prefix && a.needle.question == b.needle.question
        && a.kind == b.kind && a.expected == b.expected && a.depth == b.depth;
}

NeedleState needleState(Needle needle, double depth)
{
    if (needle.prefix.empty()) {
        const QStringList words = text(needle.text).simplified().split(QLatin1Char(' '));
        needle.prefix = words.mid(0, kSuggestedWords).join(QLatin1Char(' ')).toStdString();
    }
    NeedleState state;
    state.expected = needle.text;
    state.needle = std::move(needle);
    state.depth = depth;
    return state;
}

NeedleState passkeyState(int digits, std::uint64_t seed, double depth)
{
    RecallTask task;
    task.digits = digits;
    const TrialNeedle drawn = drawNeedle(task, seed);
    return {{drawn.text, drawn.prefix, drawn.question}, TaskKind::Passkey, drawn.expected, depth};
}

std::shared_ptr<const std::vector<SegmentView>> segmentViews(const DocumentMemory& memory)
{
    auto views = std::make_shared<std::vector<SegmentView>>();
    views->reserve(memory.segments().size());
    for (const DocumentSegment& segment : memory.segments())
        views->push_back({segment.begin, segment.end, segment.tokens, segment.row, countOf(memory, segment.row), segment.needle});
    return views;
}

RowsUpdate rowsUpdate(const DocumentMemory& memory, std::vector<Index> rows)
{
    RowsUpdate update;
    fillRowsUpdate(update, memory, std::move(rows));
    return update;
}

void fillRowsUpdate(RowsUpdate& update, const DocumentMemory& memory, std::vector<Index> rows)
{
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    const Memory& matrix = memory.memory();
    update.totalRows = matrix.rows();
    update.columns = matrix.latentSize();
    update.values.reserve(rows.size() * static_cast<std::size_t>(update.columns));
    for (const Index row : rows) {
        if (row < 0 || row >= matrix.rows())
            continue;
        update.rows.push_back(row);
        update.counts.push_back(matrix.count(row));
        const auto values = matrix.row(row);
        update.values.insert(update.values.end(), values.data(), values.data() + values.size());
    }
    update.segmentRows.reserve(memory.segments().size());
    update.rowSegments.reserve(memory.segments().size());
    for (const DocumentSegment& segment : memory.segments()) {
        update.segmentRows.push_back(segment.row);
        update.rowSegments.push_back(countOf(memory, segment.row));
    }
}

MemoryView matrixView(const Memory& memory)
{
    const auto matrix = memory.matrix();
    auto norms = std::make_shared<std::vector<float>>();
    auto counts = std::make_shared<std::vector<qint64>>();
    for (Index row = 0; row < memory.rows(); ++row) {
        norms->push_back(memory.rowNorm(row));
        counts->push_back(memory.count(row));
    }
    MemoryView view;
    view.rows = memory.rows();
    view.columns = memory.latentSize();
    view.values = std::make_shared<const std::vector<float>>(matrix.data(), matrix.data() + matrix.size());
    view.norms = norms;
    view.counts = counts;
    return view;
}

bool asksForNeedle(const QString& query, KeyKind keys, const NeedleState& needle)
{
    const QString asked = query.simplified().toCaseFolded();
    const auto folded = [](const std::string& utf8) { return text(utf8).simplified().toCaseFolded(); };
    if (asked.isEmpty())
        return false;
    if (keys != KeyKind::Prefix && asked == folded(needle.needle.question))
        return true;
    return folded(needle.needle.text).contains(asked);
}

namespace {

RowAnswerView rowAnswerView(const ReadAnswer& answer, const QString& query, const DocumentMemory& memory, const Tokenizer& tokenizer)
{
    RowAnswerView view;
    for (std::size_t row = 0; row < answer.decoded.size(); ++row) {
        const Decoded& decoded = answer.decoded[row];
        if (row > 0)
            view.tokens.push_back({QStringLiteral(" "), 1.0});
        for (std::size_t i = 0; i < decoded.ids.size(); ++i)
            view.tokens.push_back({text(tokenizer.piece(decoded.ids[i])), i < decoded.probabilities.size() ? decoded.probabilities[i] : 0});
    }
    const QString part = text(answer.query);
    view.part = part == query ? QString() : part;
    view.row = answer.row;
    view.distance = answer.distance;
    view.rowSegments = answer.rowSegments;
    view.followed.assign(answer.followed.begin(), answer.followed.end());
    const auto segments = memory.segmentsOnRow(answer.row);
    view.segment = segments.empty() ? -1 : segments.front();
    std::int64_t before = 0;
    for (qint64 i = 0; i < view.segment; ++i)
        before += memory.segments()[static_cast<std::size_t>(i)].tokens;
    view.depth = memory.tokens() > 0 ? 100.0 * static_cast<double>(before) / static_cast<double>(memory.tokens()) : 0.0;
    view.matches = answer.matches;
    view.absent = answer.absent;
    return view;
}

} // namespace

AnswerView answerView(const Answer& answer, const QueryRequest& request, const DocumentMemory& memory, const Tokenizer& tokenizer,
                      const std::optional<NeedleState>& needle)
{
    AnswerView view;
    for (const ReadAnswer& one : answer.answers)
        view.answers.push_back(rowAnswerView(one, request.text, memory, tokenizer));
    view.absent = answer.absent();
    view.scored = memory.settings().keys == KeyKind::Content;
    view.query = request.text;
    view.keyText = text(answer.keyText);
    view.keyShorterThanP = answer.keyShorterThanP;
    view.nearest.push_back({answer.reading.row, answer.reading.distance});
    for (const Neighbour& next : answer.reading.runnersUp) {
        if (next.row != answer.reading.row && view.nearest.size() < 5)
            view.nearest.push_back(next);
    }
    view.tied.assign(answer.reading.tied.begin(), answer.reading.tied.end());
    view.milliseconds = answer.milliseconds;
    if (needle && asksForNeedle(request.text, request.memory.keys, *needle)) {
        view.verdict = view.absent ? Verdict::Wrong : verdictOf(*needle, request.text.toStdString(), answer.text(), memory);
        view.expected = text(needle->expected);
    }
    return view;
}

WriteStep writeStep(const WriteReport& report, const DocumentMemory& memory)
{
    WriteStep step;
    step.segment = report.segment;
    step.row = report.row;
    step.distance = report.distance;
    step.countBefore = report.countBefore;
    step.normBefore = report.normBefore;
    step.normAfter = report.normAfter;
    step.segmentText = text(memory.segmentText(report.segment));
    step.keyText = text(report.keyText);
    step.equation = report.countBefore == 0
        ? QStringLiteral("M[%1] = z").arg(report.row)
        : QStringLiteral("M[%1] = (%2 M[%1] + z) / %3").arg(report.row).arg(report.countBefore).arg(report.countBefore + 1);
    return step;
}

} // namespace hayloft
