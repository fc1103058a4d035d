// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/Baselines.h"

#include <algorithm>

namespace hayloft {

namespace {

constexpr std::size_t kDistances = std::size_t{1} << 24; ///< held at once by each kind of key (64 MiB)
constexpr std::size_t kFewestQueries = 16, kMostTrials = 256;

std::size_t at(Index i)
{
    return static_cast<std::size_t>(i);
}

} // namespace

Baselines::Baselines(const SweepSetup& setup)
    : m_setup(setup), m_content(setup, KeyKind::Content), m_floor(setup, KeyKind::Floor), m_words(setup)
{
    m_standing.times.assign(at(setup.haystack.size()), 0);
}

void Baselines::prepare(std::span<const Trial> all, const Task& task)
{
    const auto pieces = piecesOf(all, m_setup.haystack.size());
    m_content.prepare(pieces, task);
    m_floor.prepare(pieces, task);
    m_words.prepare(pieces, task);
}

std::vector<FoundFirst> Baselines::measure(std::span<const Trial> trials, const Task& task)
{
    const std::size_t most = std::max(kFewestQueries, kDistances / at(m_setup.haystack.size()));
    std::vector<FoundFirst> found(trials.size());
    for (std::size_t next = 0; next < trials.size();) {
        std::vector<SearchedContext> contexts;
        std::vector<std::size_t> numbers;
        for (std::size_t queries = 0; next < trials.size() && queries < most && contexts.size() < kMostTrials; ++next) {
            if (trials[next].control)
                continue;
            contexts.push_back(contextOf(trials[next]));
            numbers.push_back(next);
            queries += contexts.back().queries.size();
        }
        if (contexts.empty())
            break;
        m_content.load(contexts);
        m_floor.load(contexts);
        for (std::size_t i = 0; i < contexts.size(); ++i) {
            stand(trials[numbers[i]].layout);
            found[numbers[i]] = measureOne(contexts[i], i);
            task.check();
        }
    }
    return found;
}

FoundFirst Baselines::measureOne(const SearchedContext& context, std::size_t number)
{
    m_words.load(m_standing, context);
    FoundFirst found {true, true, true};
    for (std::size_t query = 0; query < context.queries.size(); ++query) {
        found.content = found.content && m_content.isFirst(m_standing, number, query);
        found.floor = found.floor && m_floor.isFirst(m_standing, number, query);
        found.bm25 = found.bm25 && m_words.isFirst(context.queries[query]);
    }
    return found;
}

SearchedContext Baselines::contextOf(const Trial& trial) const
{
    const SweepPlan& plan = m_setup.plan;
    SearchedContext context;
    context.queries = queriesOf(trial.needle, KeyKind::Content, plan.reading);
    for (const auto& strip : trial.layout.strips) {
        const std::size_t first = context.parts.size();
        context.parts.insert(context.parts.end(), strip.part.segments.begin(), strip.part.segments.end());
        context.sought.resize(context.parts.size(), 0);
        for (std::size_t value = 0; value < valuesOf(trial.needle) && strip.kind == Strip::Kind::Needle; ++value) {
            if (holderOf(trial.needle, value) != strip.needle)
                continue;
            for (const std::size_t segment : answerSegments(plan, trial.needle, value, strip.part))
                context.sought[first + segment] = 1;
        }
    }
    return context;
}

/// Sets which whole pieces the context has.
void Baselines::stand(const ContextLayout& layout)
{
    auto& [times, pieces] = m_standing;
    for (const Index piece : pieces)
        times[at(piece)] = 0;
    pieces.clear();
    for (const auto& strip : layout.strips) {
        if (strip.kind != Strip::Kind::Pieces)
            continue;
        Index piece = m_setup.haystack.pieceAt(layout.offset, strip.first);
        for (Index ordinal = strip.first; ordinal < strip.first + strip.count; ++ordinal) {
            int& own = times[at(piece)];
            const int more = timesOf(layout, ordinal);
            if (own == 0 && more > 0)
                pieces.push_back(piece);
            own += more;
            piece = piece + 1 == m_setup.haystack.size() ? 0 : piece + 1;
        }
    }
}

} // namespace hayloft
