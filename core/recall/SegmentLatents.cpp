// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/SegmentLatents.h"

namespace hayloft {

Index SegmentLatents::add(const TokenIds& tokens)
{
    const auto [it, isNew] = m_numbers.emplace(tokens, static_cast<Index>(m_sequences.size()));
    if (isNew) {
        m_sequences.push_back(&it->first);
        m_rows.push_back(-1);
    }
    return it->second;
}

void SegmentLatents::need(Index number)
{
    const auto place = static_cast<std::size_t>(number);
    if (m_rows[place] < 0)
        m_rows[place] = m_store.add(*m_sequences[place]);
}

} // namespace hayloft
