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
    /// Which run of a set this is, counted from 1; a count of 1 is no set.
    void setPlaceInSet(int number, int count);
    void setProgress(qint64 done, qint64 total, double secondsLeft);
    /// What keeps Run from running, and what keeps a set from it; empty when nothing does.
    void setProblem(const QString& problem, const QString& problemOfSets);
    SweepState state() const { return m_state; }

Q_SIGNALS:
    void runRequested();
    void taskSetRequested();
    void cancelRequested();
    void pauseRequested(bool paused);

private:
    void showState();

    SweepState m_state = SweepState::Idle;
    QString m_problem, m_problemOfSets;
    int m_number = 1, m_count = 1; ///< of the set's runs
    QPushButton* m_run;
    QPushButton* m_set;
    QPushButton* m_pause;
    QProgressBar* m_progress;
};

} // namespace hayloft
