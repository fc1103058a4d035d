// SPDX-License-Identifier: GPL-3.0-or-later
// Exports and copies of figures, made beside the window and beside the computing.
#include "app/workbench/RunExports.h"

#include <new>

namespace hayloft {

RunExports::RunExports(QObject* parent)
    : QObject(parent)
{
    m_thread.setMaxThreadCount(1);
}

RunExports::~RunExports() { finish(); }

void RunExports::write(const RunExport& run, const QString& path)
{
    start([this, run, path] {
        return [this, files = writeExport(run, path)] { Q_EMIT written(files); };
    });
}

void RunExports::copy(const RunExport& run)
{
    start([this, run] {
        return [this, copy = copyOf(run)] { Q_EMIT copied(copy); };
    });
}

void RunExports::start(std::function<std::function<void()>()> make)
{
    m_thread.start([this, make = std::move(make)] {
        std::function<void()> tell;
        const auto fail = [&](const QString& message) { tell = [this, message] { Q_EMIT failed(message); }; };
        try {
            tell = make();
        } catch (const std::bad_alloc&) {
            fail(tr("not enough memory; choose a smaller figure or the table"));
        } catch (const std::exception& error) {
            fail(QString::fromUtf8(error.what()));
        }
        QMetaObject::invokeMethod(this, std::move(tell), Qt::QueuedConnection);
    });
}

} // namespace hayloft
