// SPDX-License-Identifier: GPL-3.0-or-later
// The list of runs: show one, or compare two.
#include "widgets/recall/RunHistory.h"

#include "widgets/query/DisconnectChildren.h"
#include "widgets/recall/RunLines.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QLocale>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace hayloft {

namespace {

struct Count {
    qint64 hits = 0, trials = 0;
};

Count countOf(const RunRecord& record)
{
    Count count;
    for (const Cell& cell : record.result.cells) {
        count.hits += cell.hits;
        count.trials += cell.trials;
    }
    return count;
}

QString dateText(const RunRecord& record)
{
    const QDateTime created = QDateTime::fromString(QString::fromStdString(record.created), Qt::ISODate);
    return created.isValid() ? QLocale().toString(created.toLocalTime(), QStringLiteral("yyyy-MM-dd HH:mm")) : QString();
}

} // namespace

RunHistory::RunHistory(QWidget* parent)
    : QWidget(parent)
{
    createControls();
    connectControls();
    followSelection();
}

RunHistory::~RunHistory() { disconnectChildren(this); }

void RunHistory::createControls()
{
    m_list = new RunList(tr("Runs stand here when they are finished or opened."));
    m_list->setItemDelegate(new RunLineDelegate(m_list));
    m_list->setAccessibleName(tr("History of runs"));
    m_list->setToolTip(tr("Choose a run to show it; two (Ctrl+click) to compare them; three or more to see them side by side"));
    m_list->setUniformItemSizes(true);
    m_list->setAlternatingRowColors(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_open = new QPushButton(tr("Open…"));
    m_open->setAccessibleName(tr("Open a run record"));
    m_open->setToolTip(tr("Open a run.json and show its heatmap"));
    m_sideBySide = new QPushButton(tr("Side by side"));
    m_sideBySide->setAccessibleName(tr("Show runs side by side"));
    m_compare = new QPushButton(tr("A − B"));
    m_compare->setAccessibleName(tr("Compare two runs"));
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_open);
    buttons->addWidget(m_sideBySide, 1);
    buttons->addWidget(m_compare, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_list, 1);
    column->addLayout(buttons);
}

void RunHistory::connectControls()
{
    connect(m_list, &QListWidget::itemSelectionChanged, this, &RunHistory::followSelection);
    connect(m_open, &QPushButton::clicked, this, &RunHistory::openRequested);
    connect(m_sideBySide, &QPushButton::clicked, this, &RunHistory::showSideBySide);
    connect(m_compare, &QPushButton::clicked, this, &RunHistory::compare);
}

const RunView& RunHistory::runOf(const QListWidgetItem* line) const
{
    return m_runs[line->data(Qt::UserRole).toUInt()];
}

void RunHistory::fillLine(QListWidgetItem* line, const RunView& run, const QString& state) const
{
    const QString title = run.title.isEmpty() ? runTitle(*run.record) : run.title;
    const Count count = countOf(*run.record);
    const QLocale locale;
    QStringList details;
    if (count.trials > 0)
        details << tr("%1/%2 hits").arg(locale.toString(count.hits), locale.toString(count.trials))
                << tr("%1%").arg(locale.toString(100.0 * double(count.hits) / double(count.trials), 'f', 1));
    details << (state.isEmpty() ? dateText(*run.record) : state);
    details.removeAll(QString());
    line->setText(title);
    line->setData(kDetailRole, details.join(QStringLiteral(" · ")));
    line->setData(Qt::AccessibleTextRole, tr("%1: %2").arg(title, details.join(QStringLiteral(", "))));
    line->setToolTip(run.path.isEmpty() ? title : tr("%1\n%2").arg(title, run.path));
}

QListWidgetItem* RunHistory::addLine(const RunView& run)
{
    auto* line = new QListWidgetItem;
    line->setData(Qt::UserRole, uint(m_runs.size()));
    m_runs.push_back(run);
    fillLine(line, run);
    const QSignalBlocker blocker(m_list);
    m_list->insertItem(0, line);
    return line;
}

bool RunHistory::isOfLive(const RunRecord& record) const
{
    if (!m_live)
        return false;
    const RunRecord& live = *runOf(m_live).record;
    return live.plan.seed == record.plan.seed && live.plan.lengths == record.plan.lengths && live.plan.depths == record.plan.depths
        && live.plan.trials == record.plan.trials && live.result.cells.size() == record.result.cells.size();
}

void RunHistory::add(const RunView& run)
{
    QListWidgetItem* line = nullptr;
    if (isOfLive(*run.record)) {
        line = std::exchange(m_live, nullptr);
        m_running = false;
        m_runs[line->data(Qt::UserRole).toUInt()] = run;
        fillLine(line, run);
    } else {
        line = addLine(run);
    }
    choose(line);
}

void RunHistory::beginLive(const RunView& run)
{
    endLive();
    m_live = addLine(run);
    m_running = true;
    updateLive();
    choose(m_live);
}

void RunHistory::updateLive()
{
    if (m_live && m_running)
        fillLine(m_live, runOf(m_live), tr("running"));
}

void RunHistory::endLive()
{
    if (!m_live || !m_running)
        return;
    m_running = false;
    if (runOf(m_live).record->result.cells.empty())
        delete std::exchange(m_live, nullptr);
    else
        fillLine(m_live, runOf(m_live), tr("not finished"));
}

/// Selects one line and tells, even when it was selected already (its run may be new).
void RunHistory::choose(QListWidgetItem* line)
{
    {
        const QSignalBlocker blocker(m_list);
        m_list->clearSelection();
        m_list->setCurrentItem(line);
    }
    followSelection();
}

std::vector<QListWidgetItem*> RunHistory::selectedLines() const
{
    const auto selected = m_list->selectedItems();
    std::vector<QListWidgetItem*> lines(selected.begin(), selected.end());
    std::sort(lines.begin(), lines.end(), [this](auto* a, auto* b) { return m_list->row(a) < m_list->row(b); });
    return lines;
}

void RunHistory::followSelection()
{
    const auto lines = selectedLines();
    m_swap = false;
    m_compare->setEnabled(lines.size() == 2);
    m_compare->setToolTip(lines.size() == 2 ? tr("Show the difference of the two runs; press again to swap them")
                                            : tr("Choose two runs first (Ctrl+click)"));
    m_sideBySide->setEnabled(lines.size() >= 2);
    m_sideBySide->setToolTip(lines.size() >= 2 ? tr("Show a heatmap of each chosen run over shared axes (Ctrl+Shift+M)")
                                               : tr("Choose two or more runs first (Ctrl+click)"));
    if (lines.size() == 1)
        Q_EMIT runChosen(runOf(lines.front()));
    else if (lines.size() > 2)
        showSideBySide();
}

bool RunHistory::showSideBySide()
{
    std::vector<RunView> runs;
    for (const QListWidgetItem* line : selectedLines())
        runs.insert(runs.begin(), runOf(line)); // the newest run has the upper line, the oldest one comes first
    if (runs.size() < 2)
        return false;
    Q_EMIT sideBySideRequested(runs);
    return true;
}

void RunHistory::showTogether(const std::vector<std::shared_ptr<const RunRecord>>& records)
{
    {
        const QSignalBlocker blocker(m_list);
        m_list->clearSelection();
        for (int i = 0; i < m_list->count(); ++i) {
            const bool chosen = std::find(records.begin(), records.end(), runOf(m_list->item(i)).record) != records.end();
            m_list->item(i)->setSelected(chosen);
        }
    }
    followSelection();
    if (selectedLines().size() == 2)
        showSideBySide();
}

void RunHistory::compare()
{
    auto lines = selectedLines(); // A is the upper line
    if (lines.size() != 2)
        return;
    if (std::exchange(m_swap, !m_swap))
        std::swap(lines[0], lines[1]);
    Q_EMIT compareRequested(runOf(lines[0]), runOf(lines[1]));
}

} // namespace hayloft
