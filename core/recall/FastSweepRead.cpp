// SPDX-License-Identifier: GPL-3.0-or-later
// The fast path's reads: which rows a trial reads, what they hold, and the answers decoded from them.
#include "core/memory/RowSearch.h"
#include "core/recall/FastSweep.h"
#include "core/recall/RowChoice.h"

#include <algorithm>
#include <limits>

namespace hayloft {

namespace {

std::size_t at(Index i)
{
    return static_cast<std::size_t>(i);
}

/// How many numbers below `end` leave the remainder `first` when divided by `size`.
Index countBelow(Index end, Index first, Index size)
{
    return end > first ? (end - 1 - first) / size + 1 : 0;
}

} // namespace

Index FastSweep::rowOfPiece(const ContextLayout& layout, Index ordinal) const
{
    Index row = 0;
    for (const auto& strip : layout.strips) {
        if (strip.kind == Strip::Kind::Pieces && ordinal >= strip.first && ordinal < strip.first + strip.count)
            return row + ordinal - strip.first;
        row += strip.segments();
    }
    return -1;
}

Index FastSweep::occurrences(const ContextLayout& layout, Index piece) const
{
    const Index size = m_setup.haystack.size();
    const Index first = (piece - layout.offset + size) % size;
    Index times = 0;
    for (const auto& strip : layout.strips) {
        if (strip.kind == Strip::Kind::Pieces)
            times += countBelow(strip.first + strip.count, first, size) - countBelow(strip.first, first, size);
    }
    return times;
}

/// Visits each whole piece of the context with its place in the rotation: only its first place, or all of them.
template <typename Visit>
void FastSweep::forEachPiece(const Work& work, bool repeats, const Visit& visit) const
{
    const Index size = m_setup.haystack.size();
    std::vector<Index> split; // places whose piece is split; if it stands unsplit later, that place is its first
    for (const auto& strip : work.layout.strips) {
        if (strip.kind == Strip::Kind::Split)
            split.push_back(strip.first);
    }
    const auto isSplit = [&](Index ordinal) { return std::find(split.begin(), split.end(), ordinal) != split.end(); };
    Index piece = work.layout.offset;
    for (Index ordinal = 0; ordinal < (repeats ? work.layout.pieces : std::min(work.layout.pieces, size)); ++ordinal) {
        Index place = ordinal;
        while (!repeats && place < work.layout.pieces && isSplit(place))
            place += size;
        if (place < work.layout.pieces && !isSplit(place))
            visit(piece, place);
        piece = piece + 1 == size ? 0 : piece + 1;
    }
}

/// The nearest rows, nearest first, at most `most`: all that can be chosen are among them.
std::vector<Neighbour> FastSweep::nearestGrowing(const Work& work, Index query, int most)
{
    QueryDistances& distances = m_queries.at(query);
    const auto queryKey = queryStore().latent(query);
    std::vector<Neighbour> found;
    float least = std::numeric_limits<float>::infinity(); // squared
    Index row = 0;
    for (std::size_t s = 0; s < work.strips.size(); ++s) {
        for (std::size_t i = 0; i < work.strips[s].size(); ++i) {
            const float distance = exactDistance(queryKey, keyStore().latent(work.strips[s][i].key));
            found.push_back({row + static_cast<Index>(i), distance});
            least = std::min(least, distance * distance);
        }
        row += work.layout.strips[s].segments();
    }
    const bool several = most > 1;
    forEachPiece(work, false, [&](Index piece, Index) { least = std::min(least, distances.squared(m_pieceKey[at(piece)])); });
    const float norms = std::max(m_greatestNorm, queryKey.squaredNorm());
    float wanted = least;
    if (several && least < 2.0f) // the squared distance at which the score is the rule's share of the best one's
        wanted = std::max(least, 2.0f - 2.0f * static_cast<float>(m_setup.plan.reading.rows.share) * (1.0f - 0.5f * least));
    const float limit = wanted + (several ? 2.0f : 1.0f) * candidateSlack(wanted, norms);
    forEachPiece(work, several, [&](Index piece, Index ordinal) {
        const Index key = m_pieceKey[at(piece)];
        if (distances.squared(key) > limit)
            return;
        const auto [distance, isNew] = distances.exact.try_emplace(key, 0.0f);
        if (isNew)
            distance->second = exactDistance(queryKey, keyStore().latent(key));
        found.push_back({rowOfPiece(work.layout, ordinal), distance->second});
    });
    sortWithTies(found);
    found.resize(std::min(found.size(), static_cast<std::size_t>(most)));
    return found;
}

std::vector<Neighbour> FastSweep::nearestFixed(Index query, int most)
{
    const auto key = queryStore().latent(query);
    if (most > 1)
        return findNearest(m_setup.keyRows, m_rowNorms, key, most).front().rows;
    const Index row = (&queryStore() == &keyStore() ? m_keyRow : m_questionRow)[at(query)];
    return {{row, exactDistance(key, m_setup.keyRows.row(row))}};
}

/// The rows that the trial's queries read, query by query.
std::vector<ChosenRow> FastSweep::chooseTrialRows(const Work& work)
{
    const bool growing = m_setup.plan.memory.keyMemory == KeyMemoryKind::Grow;
    std::vector<ChosenRow> chosen;
    for (std::size_t q = 0; q < work.queries.size(); ++q) {
        const int most = work.mostRows[q];
        const auto nearest = growing ? nearestGrowing(work, work.queries[q], most) : nearestFixed(work.queries[q], most);
        auto rows = chooseRows(nearest, m_setup.plan.reading.rows.share, most);
        const auto isEmpty = [&](const Neighbour& row) { return !growing && contentOf(work, row.row).segments == 0; };
        rows.erase(std::remove_if(rows.begin() + 1, rows.end(), isEmpty), rows.end());
        addRows(chosen, rows, q);
    }
    return chosen;
}

/// Segment `number` of the trial's context.
FastSweep::Stored FastSweep::storedAt(const Work& work, Index number) const
{
    for (std::size_t s = 0; s < work.strips.size(); ++s) {
        const Strip& strip = work.layout.strips[s];
        if (number < strip.segments()) {
            if (strip.kind != Strip::Kind::Pieces)
                return work.strips[s][at(number)];
            const Index piece = m_setup.haystack.pieceAt(work.layout.offset, strip.first + number);
            return {m_pieceSegment[at(piece)], m_pieceKey[at(piece)]};
        }
        number -= strip.segments();
    }
    return {};
}

bool FastSweep::isGluedAt(const Work& work, Index number) const
{
    const auto& strips = work.layout.strips;
    for (std::size_t s = 0; s < strips.size(); ++s) {
        if (number < strips[s].segments()) {
            if (number + 1 == strips[s].segments())
                return s + 1 < strips.size() && isGlued(m_setup.haystack, work.layout, strips[s], strips[s + 1]);
            if (strips[s].kind == Strip::Kind::Pieces)
                return arePiecesGlued(m_setup.haystack, work.layout, strips[s].first + number);
            return strips[s].part.glued[at(number)] != 0;
        }
        number -= strips[s].segments();
    }
    return false;
}

FastSweep::RowContent FastSweep::contentOf(const Work& work, Index row) const
{
    if (m_setup.plan.memory.keyMemory != KeyMemoryKind::Grow)
        return fixedContent(work, row);
    const Index segment = storedAt(work, row).segment;
    return {1, row, segment, {{segment, 1}}, {}};
}

/// What lies on a row, from the row's list of pieces and the parts of this trial.
FastSweep::RowContent FastSweep::fixedContent(const Work& work, Index row) const
{
    const auto& layout = work.layout;
    RowContent content;
    const auto add = [&](Index segment, Index times) {
        content.parts.emplace_back(segment, times);
        content.segments += times;
    };
    if (const auto pieces = m_rowPieces.find(row); pieces != m_rowPieces.end()) {
        for (Index piece : pieces->second) {
            const Index times = occurrences(layout, piece);
            if (times == 0)
                continue;
            add(m_pieceSegment[at(piece)], times);
            const Index size = m_setup.haystack.size();
            for (Index place = (piece - layout.offset + size) % size; place < layout.pieces && content.segments == 1; place += size) {
                if (content.only = rowOfPiece(layout, place); content.only >= 0)
                    break;
            }
        }
    }
    Index number = 0;
    for (std::size_t s = 0; s < work.strips.size(); ++s) {
        for (std::size_t i = 0; i < work.strips[s].size(); ++i) {
            if (m_keyRow[at(work.strips[s][i].key)] != row)
                continue;
            add(work.strips[s][i].segment, 1);
            content.only = number + static_cast<Index>(i);
        }
        number += layout.strips[s].segments();
    }
    if (content.segments != 1)
        content.only = -1;
    return content;
}

/// The readouts of the rows that are read: the latents on each, and their mean.
void FastSweep::encodeContents(std::vector<Chain*>& chains, const Task& task)
{
    for (const Chain* chain : chains)
        for (const auto& [segment, times] : chain->at.parts)
            m_segments.need(segment);
    encodeNew(task);
    for (Chain* chain : chains) {
        RowContent& content = chain->at;
        Eigen::RowVectorXd sum = Eigen::RowVectorXd::Zero(m_setup.model.info().latentSize);
        for (const auto& [segment, times] : content.parts)
            sum += static_cast<double>(times) * m_segments.latent(segment).cast<double>();
        content.latent = (sum / static_cast<double>(std::max<Index>(content.segments, 1))).cast<float>();
        chain->reads.back().latent = content.latent;
    }
}

/// What Memory::next says.
NextRow FastSweep::nextOf(const Work& work, const RowContent& content) const
{
    const Index next = content.only < 0 ? -1 : segmentAfter(content.only);
    if (next < 0 || next >= work.layout.segments())
        return {};
    const bool growing = m_setup.plan.memory.keyMemory == KeyMemoryKind::Grow;
    return {growing ? next : m_keyRow[at(storedAt(work, next).key)], isGluedAt(work, content.only)};
}

void FastSweep::setWriteRows(const Work& work, TrialOutcome& outcome) const
{
    const bool growing = m_setup.plan.memory.keyMemory == KeyMemoryKind::Grow;
    const TrialNeedle& needle = work.trial.needle;
    std::vector<std::vector<Index>> rows(needle.needles());
    Index number = 0;
    for (std::size_t s = 0; s < work.strips.size(); ++s) {
        const Strip& strip = work.layout.strips[s];
        for (std::size_t i = 0; i < work.strips[s].size() && strip.kind == Strip::Kind::Needle; ++i)
            rows[strip.needle].push_back(growing ? number + static_cast<Index>(i) : m_keyRow[at(work.strips[s][i].key)]);
        number += strip.segments();
    }
    for (const auto& own : rows)
        outcome.writeRows.push_back(own.empty() ? -1 : own.front());
    for (std::size_t value = 0; value < valuesOf(needle); ++value) {
        const std::size_t holder = holderOf(needle, value);
        outcome.answerRows.emplace_back();
        if (const Strip* strip = work.layout.needle(holder)) {
            for (std::size_t segment : answerSegments(m_setup.plan, needle, value, strip->part))
                outcome.answerRows.back().push_back(rows[holder][segment]);
        }
    }
}

/// All trials' reads; then their texts in rounds, each one batch: the first rows, those after them, and so on.
void FastSweep::readAnswers(const std::vector<Work>& works, std::vector<TrialOutcome>& outcomes, const Task& task)
{
    std::vector<Chain> chains;
    {
        StageTimer timer(m_clock, m_timing.readSeconds);
        for (std::size_t i = 0; i < works.size(); ++i) {
            for (const auto& [row, query] : chooseTrialRows(works[i])) {
                RowContent content = contentOf(works[i], row.row);
                chains.push_back({i, {row.row, {}, query}, {{row.row, content.segments, row.distance, false, {}}}, std::move(content),
                                  works[i].prompts[query]});
            }
            setWriteRows(works[i], outcomes[i]);
            if (i % 16 == 15)
                task.check();
        }
    }
    std::vector<Chain*> open;
    for (auto& chain : chains)
        open.push_back(&chain);
    for (int step = 1; !open.empty(); ++step) {
        encodeContents(open, task);
        decode(open, task);
        std::vector<Chain*> further;
        for (Chain* chain : open) {
            const Work& work = works[chain->trial];
            if (step >= m_setup.plan.reading.mostFollowed() || endsSentence(chain->answer.text))
                continue;
            const NextRow next = nextOf(work, chain->at);
            if (next.row < 0)
                continue;
            chain->at = contentOf(work, next.row);
            chain->glued = next.glued;
            chain->prompt.clear();
            chain->reads.push_back({next.row, chain->at.segments, 0.0f, true, {}});
            further.push_back(chain);
        }
        open = std::move(further);
    }
    for (auto& chain : chains) {
        TrialOutcome& outcome = outcomes[chain.trial];
        outcome.reads.insert(outcome.reads.end(), chain.reads.begin(), chain.reads.end());
        outcome.answers.push_back(std::move(chain.answer));
    }
    for (auto& outcome : outcomes)
        outcome.answer = mergedAnswers(outcome.answers);
}

/// One batch. A latent that several trials read after the same prompt, or that was read so before, is decoded once.
void FastSweep::decode(std::vector<Chain*>& chains, const Task& task)
{
    StageTimer timer(m_clock, m_timing.decodeSeconds);
    std::vector<std::size_t> decoded;
    for (std::size_t i = 0; i < chains.size(); ++i) {
        const Index stored = chains[i]->at.stored;
        if (stored < 0 || m_answers.emplace(std::pair(stored, chains[i]->prompt), std::string()).second)
            decoded.push_back(i);
    }
    Matrix latents(static_cast<Index>(decoded.size()), m_setup.model.info().latentSize);
    std::vector<std::string> prompts;
    for (std::size_t i = 0; i < decoded.size(); ++i) {
        latents.row(static_cast<Index>(i)) = chains[decoded[i]]->at.latent;
        prompts.push_back(chains[decoded[i]]->prompt);
    }
    const auto texts = m_decoder.decode(latents, prompts, task);
    std::vector<const std::string*> textOf(chains.size(), nullptr);
    for (std::size_t i = 0; i < decoded.size(); ++i) {
        textOf[decoded[i]] = &texts[i].text;
        if (const Index stored = chains[decoded[i]]->at.stored; stored >= 0)
            m_answers[{stored, prompts[i]}] = texts[i].text;
    }
    for (std::size_t i = 0; i < chains.size(); ++i) {
        RowAnswer& answer = chains[i]->answer;
        const std::string& text = textOf[i] ? *textOf[i] : m_answers.at({chains[i]->at.stored, chains[i]->prompt});
        answer.text = joinedAnswer(answer.text, text, chains[i]->glued);
    }
}

} // namespace hayloft
