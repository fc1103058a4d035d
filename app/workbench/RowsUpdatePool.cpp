// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/RowsUpdatePool.h"

#include <chrono>
#include <utility>

namespace hayloft {

namespace {

constexpr int kUnderWay = 4;
/// A window that does not take anything (it is closing, or shows a dialog) must not stop the writing.
constexpr auto kPatience = std::chrono::milliseconds(100);

} // namespace

std::shared_ptr<RowsUpdate> RowsUpdatePool::lend()
{
    std::unique_ptr<RowsUpdate> update;
    {
        std::unique_lock lock(m_mutex);
        m_returned.wait_for(lock, kPatience, [this] { return m_lent < kUnderWay; });
        ++m_lent;
        if (!m_spare.empty()) {
            update = std::move(m_spare.back());
            m_spare.pop_back();
        }
    }
    if (!update)
        update = std::make_unique<RowsUpdate>();
    update->rows.clear();
    update->counts.clear();
    update->values.clear();
    update->segmentRows.clear();
    update->rowSegments.clear();
    return {update.release(), [pool = shared_from_this()](RowsUpdate* given) { pool->takeBack(std::unique_ptr<RowsUpdate>(given)); }};
}

void RowsUpdatePool::takeBack(std::unique_ptr<RowsUpdate> update)
{
    {
        const std::lock_guard lock(m_mutex);
        --m_lent;
        if (m_spare.size() < kUnderWay)
            m_spare.push_back(std::move(update));
    }
    m_returned.notify_one();
}

} // namespace hayloft
