// SPDX-License-Identifier: GPL-3.0-or-later
// Times frames: from an input event until the window has painted what it changed.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <functional>
#include <vector>

class QWidget;

namespace hayloft {

/// Sends one input after another to a widget on screen; the next waits until the one before is painted and handed to the
/// window system.
class FrameMeter : public QObject {
    Q_OBJECT
public:
    explicit FrameMeter(QObject* parent = nullptr);
    /// @param input sends the events of one frame to the widget; false when there are no more
    /// @param painted after each frame, outside its time
    void run(QWidget* widget, std::function<bool()> input, std::function<void()> painted);
    /// Milliseconds of each frame of the last run.
    const std::vector<double>& frames() const { return m_frames; }

    bool eventFilter(QObject* watched, QEvent* event) override;

Q_SIGNALS:
    void finished();
    /// An input changed nothing that is painted.
    void stalled();

private:
    void next();
    void requestHandled();
    void release();

    QWidget* m_widget = nullptr;
    std::function<bool()> m_input;
    std::function<void()> m_painted;
    std::vector<double> m_frames;
    QElapsedTimer m_clock;
    QTimer m_patience;
    bool m_waiting = false, m_paintSeen = false;
};

/// Value below which `share` (0..1) of the values lie; 0 for none.
double percentile(std::vector<double> values, double share);

} // namespace hayloft
