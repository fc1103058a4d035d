// SPDX-License-Identifier: GPL-3.0-or-later
// Needle files, read on the compute thread: the one that comes with Hayloft and those that the user chooses.
#pragma once

#include "app/workbench/ComputeWorker.h"
#include "core/recall/RecallTask.h"

#include <filesystem>
#include <vector>

namespace hayloft {

/// Thread rule: GUI thread.
class NeedleFiles : public QObject {
    Q_OBJECT
public:
    /// About ten thousand needles. Larger files are refused: a plan carries its needles, and is copied on the GUI thread.
    static constexpr std::uintmax_t kMaxBytes = std::uintmax_t{2} << 20;

    explicit NeedleFiles(ComputeWorker& worker, QObject* parent = nullptr);
    /// Begins to read the file that comes with Hayloft.
    void readShipped(const std::filesystem::path& file);
    /// Its needles; empty while `shippedProblem` says why.
    const std::vector<Needle>& shipped() const { return m_shipped; }
    QString shippedProblem() const { return m_shippedProblem; }
    /// Reads a file of the user's; the file asked for last is the one that is told.
    void read(const QString& path);

Q_SIGNALS:
    void wasRead(const QString& path, const std::vector<hayloft::Needle>& needles);
    void failed(const QString& path, const QString& message);

private:
    ComputeWorker& m_worker;
    std::vector<Needle> m_shipped;
    QString m_shippedProblem;
};

} // namespace hayloft
