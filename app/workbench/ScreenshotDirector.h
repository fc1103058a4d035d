// SPDX-License-Identifier: GPL-3.0-or-later
// Plays a short scene in the real window and saves a picture of it.
#pragma once

#include "app/workbench/WorkbenchController.h"

#include <QObject>

namespace hayloft {

/// Waits until the document is written, asks, runs a small sweep, and grabs the window.
class ScreenshotDirector : public QObject {
    Q_OBJECT
public:
    ScreenshotDirector(WorkbenchController& controller, QString file, QString scene, QObject* parent = nullptr);

Q_SIGNALS:
    /// An empty error means that the picture is saved.
    void finished(const QString& error);

private:
    void onWritten();
    void onAnswered();
    void runLoads(const SweepPlan& plan);
    void onLoads();
    void onRun();
    void prepareScene();
    void grab();
    void end(const QString& error);

    WorkbenchController& m_controller;
    QString m_file, m_scene;
    std::vector<SweepPlan> m_loadPlans; ///< still to be run
    int m_slowSteps = 0;
    bool m_asked = false, m_ran = false, m_ended = false;
};

} // namespace hayloft
