// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/TaskHaystack.h"

#include <algorithm>

namespace hayloft {

namespace {

// A filler sentence has about 20 bytes and 5 tokens; what is missing is repeated.
constexpr std::int64_t kFillerBytesPerToken = 4;
constexpr std::int64_t kMostFillerBytes = 8 << 20;
// A line of other needles has more tokens than this in every tokenizer, so that none has to come twice.
constexpr std::int64_t kLeastWordLineTokens = 12, kLeastUuidLineTokens = 32;
constexpr std::size_t kFewestLines = 64;

std::int64_t fillerBytes(const SweepPlan& plan)
{
    return std::min(plan.lengths.back() * kFillerBytesPerToken, kMostFillerBytes);
}

} // namespace

bool makesHaystack(const RecallTask& task)
{
    return task.kind == TaskKind::Ruler && formOf(task.ruler).haystack != RulerHaystack::Essay;
}

Document taskHaystack(const SweepPlan& plan)
{
    const RulerForm form = formOf(plan.task.ruler);
    if (form.haystack == RulerHaystack::Noise) {
        const std::string line = passkeyFiller(0);
        const std::size_t lines = kFewestLines + static_cast<std::size_t>(fillerBytes(plan)) / line.size();
        return documentFromText(rulerHaystackText(plan.task.ruler, {}, plan.seed, lines), "RULER noise");
    }
    const std::int64_t tokens = form.key == RulerItem::Uuids ? kLeastUuidLineTokens : kLeastWordLineTokens;
    const std::size_t lines = kFewestLines + static_cast<std::size_t>(plan.lengths.back() / tokens);
    return documentFromText(rulerHaystackText(plan.task.ruler, bundledRulerWords(), plan.seed, lines), "RULER needles");
}

Document fillerHaystack(const SweepPlan& plan)
{
    return documentFromText(passkeyFiller(static_cast<std::size_t>(fillerBytes(plan))), std::string(kFillerName));
}

} // namespace hayloft
