// SPDX-License-Identifier: GPL-3.0-or-later
// Measures the real window with a document in it: frame times and how long the GUI thread is blocked.
#pragma once

#include "app/workbench/FrameMeter.h"
#include "app/workbench/GuiScenes.h"
#include "app/workbench/Heartbeat.h"
#include "app/workbench/PixelCheck.h"
#include "app/workbench/WorkbenchController.h"

#include <QJsonObject>
#include <QObject>

namespace hayloft {

class SegmentTextView;

/// Where the figures go and since when the start counts.
struct GuiBenchOptions {
    QString file;       ///< JSON
    qint64 startedNs = 0; ///< of the monotonic clock, when the program was started; 0 = unknown
};

/// Waits until the document is open and written; pans and zooms the memory and scrolls the document, looking at the painted
/// pixels; writes the memory anew; runs a small sweep; then writes its figures as JSON.
class GuiBench : public QObject {
    Q_OBJECT
public:
    GuiBench(WorkbenchController& controller, GuiBenchOptions options, QObject* parent = nullptr);

    bool eventFilter(QObject* watched, QEvent* event) override;

Q_SIGNALS:
    /// An empty error means that the figures are written.
    void finished(const QString& error);

private:
    /// A scene with its name in the figures and what is looked at after a frame.
    struct Step {
        QString name;
        QWidget* widget;
        std::function<Scene()> begin;
        std::function<PixelReport(const QImage&)> check; ///< of a picture of `widget`
    };

    void onShown(const Snapshot& snapshot);
    void onWritten();
    void makeSteps();
    void nextStep();
    void onFrame();
    void onStepDone();
    void rewrite();
    void sweep();
    void save();
    void end(const QString& error);
    void noteBlock(const QString& phase);
    QImage picture(const QWidget& widget) const;
    PixelReport checkMemory(const QImage& image) const;
    PixelReport checkDocument(const QImage& image) const;

    WorkbenchController& m_controller;
    GuiBenchOptions m_options;
    Heartbeat m_heartbeat;
    FrameMeter m_meter;
    WrittenMatrix m_matrix;
    std::vector<Step> m_steps;
    std::size_t m_step = 0;
    PixelReport m_pixels;
    int m_changed = 0; ///< frames that differ from the one before
    QImage m_before;
    QElapsedTimer m_phase;
    QJsonObject m_start, m_frames, m_blocks;
    enum class Stage { Opening, Frames, Rewriting, Sweeping, Ended } m_stage = Stage::Opening;
};

} // namespace hayloft
