// SPDX-License-Identifier: GPL-3.0-or-later
// Exports and copies of figures, made beside the window and beside the computing.
#pragma once

#include "widgets/recall/RunExport.h"

#include <QObject>
#include <QThreadPool>

namespace hayloft {

/// One after another, in a thread of their own: a file that was asked for does not wait for a document to be written,
/// and is never dropped for a newer one. Thread rule: GUI thread.
class RunExports : public QObject {
    Q_OBJECT
public:
    explicit RunExports(QObject* parent = nullptr);
    /// Finishes.
    ~RunExports() override;
    void write(const RunExport& run, const QString& path);
    void copy(const RunExport& run);
    /// Waits for what was asked for.
    void finish() { m_thread.waitForDone(); }

Q_SIGNALS:
    void written(const QStringList& files);
    void copied(const hayloft::FigureCopy& copy);
    void failed(const QString& message);

private:
    /// `make` runs on the other thread; what it returns is run on this one.
    void start(std::function<std::function<void()>()> make);

    QThreadPool m_thread;
};

} // namespace hayloft
