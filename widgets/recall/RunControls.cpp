// SPDX-License-Identifier: GPL-3.0-or-later
// Run (which becomes Cancel), Pause, and the progress with time left.
#include "widgets/recall/RunControls.h"

#include <QGridLayout>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>

#include <cmath>

namespace hayloft {

QString timeLeftText(double seconds)
{
    if (!(seconds >= 0))
        return {};
    const qint64 s = std::llround(seconds);
    if (s < 60)
        return RunControls::tr("%1 s left").arg(s);
    if (s < 3600)
        return RunControls::tr("%1 min %2 s left").arg(s / 60).arg(s % 60);
    return RunControls::tr("%1 h %2 min left").arg(s / 3600).arg(s % 3600 / 60);
}

RunControls::RunControls(QWidget* parent)
    : QWidget(parent)
    , m_run(new QPushButton)
    , m_pause(new QPushButton)
    , m_progress(new QProgressBar)
{
    m_progress->setAccessibleName(tr("Sweep progress"));
    m_progress->setRange(0, 1000);
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->addWidget(m_run, 0, 0);
    grid->addWidget(m_pause, 0, 1);
    grid->addWidget(m_progress, 1, 0, 1, 2);
    connect(m_run, &QPushButton::clicked, this, [this] {
        if (m_state == SweepState::Idle)
            Q_EMIT runRequested();
        else
            Q_EMIT cancelRequested();
    });
    connect(m_pause, &QPushButton::clicked, this, [this] { Q_EMIT pauseRequested(m_state == SweepState::Running); });
    showState();
}

void RunControls::setState(SweepState state)
{
    if (state == SweepState::Running && m_state == SweepState::Idle)
        setProgress(0, 0, -1);
    m_state = state;
    showState();
}

void RunControls::setProblem(const QString& problem)
{
    m_problem = problem;
    showState();
}

void RunControls::showState()
{
    const bool idle = m_state == SweepState::Idle;
    m_run->setText(idle ? tr("Run sweep") : tr("Cancel"));
    m_run->setAccessibleName(idle ? tr("Run sweep") : tr("Cancel sweep"));
    m_run->setEnabled(!idle || m_problem.isEmpty());
    m_run->setToolTip(!idle ? tr("Stop the sweep; the cells measured so far stay")
                      : m_problem.isEmpty() ? tr("Measure every cell of the grid (Ctrl+Return)")
                                            : m_problem);
    const bool paused = m_state == SweepState::Paused;
    m_pause->setText(paused ? tr("Resume") : tr("Pause"));
    m_pause->setAccessibleName(paused ? tr("Resume sweep") : tr("Pause sweep"));
    m_pause->setToolTip(paused ? tr("Go on with the sweep") : tr("Hold the sweep between two batches"));
    m_pause->setEnabled(!idle);
    m_progress->setVisible(!idle);
}

void RunControls::setProgress(qint64 done, qint64 total, double secondsLeft)
{
    // An unknown total shows a busy bar.
    m_progress->setRange(0, total > 0 ? 1000 : 0);
    m_progress->setValue(total > 0 ? int(done * 1000 / total) : 0);
    const QLocale locale;
    QString words = tr("%1 of %2 trials").arg(locale.toString(done), locale.toString(total));
    const QString left = timeLeftText(secondsLeft);
    if (!left.isEmpty())
        words += QStringLiteral(", ") + left;
    m_progress->setFormat(words);
    m_progress->setToolTip(words);
}

} // namespace hayloft
