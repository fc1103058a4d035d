// SPDX-License-Identifier: GPL-3.0-or-later
// Which tasks are run one after another: ready-made sets, or a choice of one's own.
#include "widgets/recall/TaskSetDialog.h"

#include "widgets/recall/TaskPresets.h"
#include "widgets/recall/TaskSettings.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace hayloft {

namespace {

constexpr int kCommonTokens = 10; ///< "One of the special magic numbers for" has about as many in most tokenizers
constexpr int kOwnChoice = -1;

} // namespace

bool needlesLookAlike(const MemorySettings& memory)
{
    return memory.keys == KeyKind::Prefix && memory.prefixTokens < kCommonTokens;
}

TaskSetDialog::TaskSetDialog(const QStringList& checked, const SweepPlan& each, QWidget* parent)
    : QDialog(parent)
    , m_trialsEach(qint64(each.lengths.size() * each.depths.size()) * each.trials + each.controls)
    , m_needlesLookAlike(hayloft::needlesLookAlike(each.memory))
{
    setWindowTitle(tr("Run task set"));
    createControls();
    fillTasks();
    layOutControls();
    for (int i = 0; i < m_tasks->count(); ++i) {
        QListWidgetItem* line = m_tasks->item(i);
        line->setCheckState(checked.contains(line->data(Qt::UserRole).toString()) ? Qt::Checked : Qt::Unchecked);
    }
    connect(m_sets, &QComboBox::activated, this, &TaskSetDialog::chooseSet);
    connect(m_tasks, &QListWidget::itemChanged, this, &TaskSetDialog::follow);
    follow();
}

void TaskSetDialog::createControls()
{
    m_sets = new QComboBox;
    for (int i = 0; i < int(taskSets().size()); ++i)
        m_sets->addItem(taskSets()[std::size_t(i)].title, i);
    m_sets->addItem(tr("Own choice"), kOwnChoice);
    m_sets->setAccessibleName(tr("Task set"));
    m_sets->setToolTip(tr("Tasks that belong together; tick others below"));
    m_tasks = new QListWidget;
    m_tasks->setAccessibleName(tr("Tasks of the set"));
    m_tasks->setToolTip(tr("Space ticks a task; each becomes a run of its own, in this order"));
    m_tasks->setSpacing(1);
    m_tasks->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_size = new QLabel;
    m_size->setAccessibleName(tr("Size of the task set"));
    m_warning = new QLabel(QStringLiteral("⚠ ")
                           + tr("RULER's needles begin alike: these prefix keys cannot tell them apart. Content keys can."));
    m_warning->setWordWrap(true);
    m_warning->setAccessibleName(tr("Remark on the task set"));
}

void TaskSetDialog::fillTasks()
{
    for (const TaskPreset& preset : taskPresets()) {
        const QString haystack = haystackText(preset.task);
        auto* line = new QListWidgetItem(taskTitle(preset.task), m_tasks);
        line->setData(Qt::UserRole, preset.key);
        line->setToolTip(tr("Haystack: %1").arg(haystack));
        line->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
    }
    m_tasks->setCurrentRow(0);
    m_tasks->setFixedHeight((m_tasks->sizeHintForRow(0) + 2 * m_tasks->spacing()) * m_tasks->count() + 2 * m_tasks->frameWidth() + 2);
}

void TaskSetDialog::layOutControls()
{
    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    auto* name = new QLabel(tr("&Set"));
    name->setBuddy(m_sets);
    form->addRow(name, m_sets);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_run = buttons->addButton(tr("Run"), QDialogButtonBox::AcceptRole);
    m_run->setAccessibleName(tr("Run these tasks"));
    m_run->setToolTip(tr("Start with the first one (Return)"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* note = new QLabel(tr("Every task is one run with the lengths, depths, trials and memory of the recall panel."));
    note->setWordWrap(true);
    auto* column = new QVBoxLayout(this);
    for (QWidget* widget : { static_cast<QWidget*>(note), static_cast<QWidget*>(m_tasks), static_cast<QWidget*>(m_size),
                             static_cast<QWidget*>(m_warning), static_cast<QWidget*>(buttons) })
        column->addWidget(widget);
    column->insertLayout(1, form);
    m_run->setDefault(true); // only now that it has a dialog
    setMinimumWidth(fontMetrics().horizontalAdvance(QLatin1Char('x')) * 60);
}

QStringList TaskSetDialog::checkedKeys() const
{
    QStringList keys;
    for (int i = 0; i < m_tasks->count(); ++i)
        if (m_tasks->item(i)->checkState() == Qt::Checked)
            keys << m_tasks->item(i)->data(Qt::UserRole).toString();
    return keys;
}

void TaskSetDialog::chooseSet()
{
    const int set = m_sets->currentData().toInt();
    if (set == kOwnChoice)
        return;
    const QStringList keys = taskSets()[std::size_t(set)].keys;
    {
        const QSignalBlocker blocker(m_tasks);
        for (int i = 0; i < m_tasks->count(); ++i) {
            QListWidgetItem* line = m_tasks->item(i);
            line->setCheckState(keys.contains(line->data(Qt::UserRole).toString()) ? Qt::Checked : Qt::Unchecked);
        }
    }
    follow();
}

/// The set's name, size and remark follow the ticks.
void TaskSetDialog::follow()
{
    const QStringList keys = checkedKeys();
    const auto sets = taskSets();
    const auto same = std::find_if(sets.begin(), sets.end(), [&](const TaskSet& set) { return set.keys == keys; });
    m_sets->setCurrentIndex(m_sets->findData(same == sets.end() ? kOwnChoice : int(same - sets.begin())));
    const QLocale locale;
    m_size->setText(keys.isEmpty() ? tr("No task is ticked.")
                                   : tr("%1 × %2 = %3 trials").arg(keys.size()).arg(locale.toString(m_trialsEach), locale.toString(m_trialsEach * keys.size())));
    m_run->setText(keys.size() == 1 ? tr("Run 1 task") : tr("Run %1 tasks").arg(keys.size()));
    m_run->setEnabled(!keys.isEmpty());
    const auto presets = taskPresets();
    const bool ruler = std::any_of(presets.begin(), presets.end(),
                                   [&](const TaskPreset& preset) { return preset.task.kind == TaskKind::Ruler && keys.contains(preset.key); });
    m_warning->setVisible(ruler && m_needlesLookAlike);
}

} // namespace hayloft
