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
    , m_set(new QPushButton(tr("Task set…")))
    , m_pause(new QPushButton)
    , m_progress(new QProgressBar)
{
    m_progress->setAccessibleName(tr("Sweep progress"));
    m_progress->setRange(0, 1000);
    m_set->setAccessibleName(tr("Run task set"));
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->addWidget(m_run, 0, 0);
    grid->addWidget(m_set, 0, 1);
    grid->addWidget(m_pause, 0, 2);
    grid->addWidget(m_progress, 1, 0, 1, 3);
    connect(m_set, &QPushButton::clicked, this, &RunControls::taskSetRequested);
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

void RunControls::setProblem(const QString& problem, const QString& problemOfSets)
{
    m_problem = problem;
    m_problemOfSets = problemOfSets;
    showState();
}

void RunControls::setPlaceInSet(int number, int count)
{
    m_number = number;
    m_count = count;
    setProgress(0, 0, -1);
    showState();
}

void RunControls::showState()
{
    const bool idle = m_state == SweepState::Idle;
    m_run->setText(idle ? tr("Run sweep") : tr("Cancel"));
    m_run->setAccessibleName(idle ? tr("Run sweep") : tr("Cancel sweep"));
    m_run->setEnabled(!idle || m_problem.isEmpty());
    m_run->setToolTip(!idle && m_count > 1 ? tr("Stop the whole set; the runs that are finished and the cells measured so far stay")
                      : !idle ? tr("Stop the sweep; what is measured so far stays")
                      : m_problem.isEmpty() ? tr("Measure what the form above describes (Ctrl+Return)")
                                            : m_problem);
    m_set->setEnabled(idle && m_problemOfSets.isEmpty());
    m_set->setToolTip(!idle || m_problemOfSets.isEmpty() ? tr("Run several tasks in a row with these settings (Ctrl+Alt+R)") : m_problemOfSets);
    const bool paused = m_state == SweepState::Paused;
    m_pause->setText(paused ? tr("Resume") : tr("Pause"));
    m_pause->setAccessibleName(paused ? tr("Resume sweep") : tr("Pause sweep"));
    m_pause->setToolTip(paused ? tr("Go on with the sweep") : tr("Hold the sweep between two batches"));
    m_pause->setEnabled(!idle);
    m_progress->setVisible(!idle);
}

void RunControls::setProgress(qint64 done, qint64 total, double secondsLeft)
{
    const QString place = m_count > 1 ? tr("Task %1 of %2").arg(m_number).arg(m_count) : QString();
    // An unknown total shows a busy bar, which has no words; the place in a set is known.
    m_progress->setRange(0, total > 0 || !place.isEmpty() ? 1000 : 0);
    m_progress->setValue(total > 0 ? int(done * 1000 / total) : 0);
    const QLocale locale;
    QStringList words;
    if (total > 0)
        words << tr("%1 of %2 trials").arg(locale.toString(done), locale.toString(total)) << timeLeftText(secondsLeft);
    words.removeAll(QString());
    const QString counts = words.join(QStringLiteral(", "));
    const QString all = place.isEmpty() || counts.isEmpty() ? place + counts : tr("%1: %2").arg(place, counts);
    m_progress->setFormat(all);
    m_progress->setToolTip(all);
}

} // namespace hayloft
