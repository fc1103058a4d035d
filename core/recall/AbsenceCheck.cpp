// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/AbsenceCheck.h"

namespace hayloft {

AbsenceCheck::AbsenceCheck(const SweepPlan& plan, const LatentModel& model)
    : m_plan(plan)
    , m_keys(plan.memory.keys == KeyKind::Content ? model.contentKeys() : nullptr)
{
    if (m_keys && !m_keys->table().absence.calibrated())
        m_keys = nullptr;
}

std::optional<std::string> AbsenceCheck::upheld(const TrialNeedle& needle, const std::vector<RowAnswer>& answers) const
{
    const auto queries = queriesOf(needle, m_plan.memory.keys, m_plan.reading);
    std::vector<RowAnswer> left;
    for (const RowAnswer& answer : answers)
        if (!m_keys->isAbsent(queries.at(answer.query), answer.text))
            left.push_back(answer);
    if (left.empty())
        return std::nullopt;
    return mergedAnswers(std::move(left));
}

} // namespace hayloft
