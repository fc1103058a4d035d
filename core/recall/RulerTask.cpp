// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/RulerTask.h"

#include "core/base/Error.h"
#include "core/recall/RecallTask.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_set>
#include <utility>

namespace hayloft {

namespace {

// Purposes of a seed, far from those of other tasks.
constexpr std::uint64_t kKeys = 0x5201, kValues = 0x5202, kQueries = 0x5203, kDepths = 0x5204, kHaystack = 0x5205;
constexpr int kDepthSteps = 40; // of RULER's grid

struct NamedForm {
    std::string_view name;
    RulerForm form;
};

/// In the order of the enumerators.
constexpr std::array<NamedForm, kRulerTasks.size()> kForms { {
    { "niah_single_1", { RulerHaystack::Noise, RulerItem::Words, RulerItem::Numbers, 1, 1, 1 } },
    { "niah_single_2", { RulerHaystack::Essay, RulerItem::Words, RulerItem::Numbers, 1, 1, 1 } },
    { "niah_single_3", { RulerHaystack::Essay, RulerItem::Words, RulerItem::Uuids, 1, 1, 1 } },
    { "niah_multikey_1", { RulerHaystack::Essay, RulerItem::Words, RulerItem::Numbers, 4, 1, 1 } },
    { "niah_multikey_2", { RulerHaystack::Needles, RulerItem::Words, RulerItem::Numbers, 1, 1, 1 } },
    { "niah_multikey_3", { RulerHaystack::Needles, RulerItem::Uuids, RulerItem::Uuids, 1, 1, 1 } },
    { "niah_multivalue", { RulerHaystack::Essay, RulerItem::Words, RulerItem::Numbers, 1, 4, 1 } },
    { "niah_multiquery", { RulerHaystack::Essay, RulerItem::Words, RulerItem::Numbers, 4, 1, 4 } },
} };

/// Items of one side, each another one.
class DistinctItems {
public:
    DistinctItems(RulerItem item, RulerSide side, const RulerWords& words, std::uint64_t seed)
        : m_item(item), m_side(side), m_words(words), m_random(seed) {}

    /// @throws Error when hardly one is left
    std::string next()
    {
        for (int draw = 0; draw < 10'000; ++draw) {
            std::string item = drawRulerItem(m_item, m_side, m_words, m_random);
            if (m_drawn.insert(item).second)
                return item;
        }
        throw Error("the words make no more than " + std::to_string(m_drawn.size()) + " different keys", "RULER task",
                    "use longer word lists or a shorter haystack");
    }

private:
    RulerItem m_item;
    RulerSide m_side;
    const RulerWords& m_words;
    Random m_random;
    std::unordered_set<std::string> m_drawn;
};

/// The first `count` of 0..size-1, shuffled.
std::vector<int> sample(int size, int count, Random random)
{
    std::vector<int> all(static_cast<std::size_t>(size));
    std::iota(all.begin(), all.end(), 0);
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i)
        std::swap(all[i], all[i + random.below(all.size() - i)]);
    all.resize(static_cast<std::size_t>(count));
    return all;
}

std::vector<double> drawDepths(int count, std::uint64_t seed)
{
    std::vector<double> depths;
    for (const int step : sample(kDepthSteps, count, Random(seed)))
        depths.push_back(std::round(100.0 * step / (kDepthSteps - 1)));
    return depths;
}

std::string noise(std::size_t lines)
{
    const std::string line = passkeyFiller(0); // RULER's sentences are the passkey paper's
    std::string text;
    text.reserve(lines * (line.size() + 1));
    for (std::size_t i = 0; i < lines; ++i)
        text.append(i > 0 ? "\n" : "").append(line);
    return text;
}

std::string distractors(const RulerForm& form, const RulerWords& words, std::uint64_t seed, std::size_t lines)
{
    DistinctItems keys(form.key, RulerSide::Haystack, words, mixSeed(seed, kHaystack, kKeys));
    Random values(mixSeed(seed, kHaystack, kValues));
    std::string text;
    for (std::size_t i = 0; i < lines; ++i) {
        const std::string key = keys.next();
        text.append(i > 0 ? "\n" : "")
            .append(rulerNeedle(form.value, key, drawRulerItem(form.value, RulerSide::Haystack, words, values)));
    }
    return text;
}

} // namespace

std::string_view nameOf(RulerTask task)
{
    return kForms[static_cast<std::size_t>(task)].name;
}

RulerTask rulerTaskFromName(std::string_view name)
{
    std::string known;
    for (const RulerTask task : kRulerTasks) {
        if (nameOf(task) == name)
            return task;
        known.append(known.empty() ? "" : ", ").append(nameOf(task));
    }
    throw Error("unknown RULER task", std::string(name), "use one of " + known);
}

RulerForm formOf(RulerTask task)
{
    return kForms[static_cast<std::size_t>(task)].form;
}

RulerTrial drawRulerTrial(RulerTask task, const RulerWords& words, std::uint64_t trialSeed)
{
    const RulerForm form = formOf(task);
    DistinctItems keySource(form.key, RulerSide::Trial, words, mixSeed(trialSeed, kKeys));
    DistinctItems valueSource(form.value, RulerSide::Trial, words, mixSeed(trialSeed, kValues));
    RulerTrial trial;
    std::vector<std::string> keys, values;
    for (int key = 0; key < form.keys; ++key) {
        keys.push_back(keySource.next());
        for (int value = 0; value < form.values; ++value) {
            values.push_back(valueSource.next());
            trial.needles.push_back(rulerNeedle(form.value, keys.back(), values.back()));
        }
    }
    // The first keys are the ones asked for, so that needles[0] always is one; keys are drawn alike, so any will do.
    for (const int key : sample(form.queries, form.queries, Random(mixSeed(trialSeed, kQueries)))) {
        trial.queries.push_back(keys[static_cast<std::size_t>(key)]);
        for (int value = 0; value < form.values; ++value) {
            trial.holders.push_back(static_cast<std::size_t>(key * form.values + value));
            trial.expected.push_back(values[trial.holders.back()]);
        }
    }
    trial.depths = drawDepths(form.needles() - 1, mixSeed(trialSeed, kDepths));
    trial.opening = rulerOpening(form.wording());
    trial.question = rulerQuestion(form.wording(), trial.queries);
    trial.answerPrefix = rulerAnswerPrefix(form.wording(), trial.queries);
    return trial;
}

std::string rulerHaystackText(RulerTask task, const RulerWords& words, std::uint64_t seed, std::size_t lines)
{
    const RulerForm form = formOf(task);
    switch (form.haystack) {
    case RulerHaystack::Noise:
        return noise(lines);
    case RulerHaystack::Needles:
        return distractors(form, words, seed, lines);
    case RulerHaystack::Essay:
        break;
    }
    throw Error("this task hides its needles in essays", std::string(nameOf(task)),
                "give it a document as its haystack");
}

} // namespace hayloft
