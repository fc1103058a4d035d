// SPDX-License-Identifier: GPL-3.0-or-later
// Run (which becomes Cancel), Pause, and the progress with time left.
#pragma once

#include "widgets/RecallPanel.h"

#include <QWidget>

class QProgressBar;
class QPushButton;

namespace hayloft {

/// "3 min 20 s left"; empty when unknown.
QString timeLeftText(double seconds);

class RunControls : public QWidget {
    Q_OBJECT
public:
    explicit RunControls(QWidget* parent = nullptr);
    void setState(SweepState state);
    void setProgress(qint64 done, qint64 total, double secondsLeft);
    /// What keeps Run from running; empty when nothing does.
    void setProblem(const QString& problem);
    SweepState state() const { return m_state; }

Q_SIGNALS:
    void runRequested();
    void cancelRequested();
    void pauseRequested(bool paused);

private:
    void showState();

    SweepState m_state = SweepState::Idle;
    QString m_problem;
    QPushButton* m_run;
    QPushButton* m_pause;
    QProgressBar* m_progress;
};

} // namespace hayloft
