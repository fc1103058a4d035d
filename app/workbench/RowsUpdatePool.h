// SPDX-License-Identifier: GPL-3.0-or-later
// The updates that travel from the compute thread to the window while a memory is written.
#pragma once

#include "app/workbench/WorkspaceTypes.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

namespace hayloft {

/// Lends updates and takes them back when nobody holds them any longer. Their memory is used again, and only a few are under
/// way: a writer that is faster than the window waits for it a little. Without that a memory that is written anew
/// asks for its own size again in parts and the window's thread gives them back: measured, that stalled the window.
/// Thread rule: lend() on one thread, updates are let go of on any.
class RowsUpdatePool : public std::enable_shared_from_this<RowsUpdatePool> {
public:
    /// An update whose vectors are empty, but keep their memory.
    std::shared_ptr<RowsUpdate> lend();

private:
    void takeBack(std::unique_ptr<RowsUpdate> update);

    std::mutex m_mutex;
    std::condition_variable m_returned;
    std::vector<std::unique_ptr<RowsUpdate>> m_spare;
    int m_lent = 0;
};

} // namespace hayloft
