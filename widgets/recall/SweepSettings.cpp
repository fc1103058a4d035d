// SPDX-License-Identifier: GPL-3.0-or-later
// The form that describes a sweep plan.
#include "widgets/recall/SweepSettings.h"

#include "core/recall/TaskHaystack.h"
#include "widgets/query/DisconnectChildren.h"
#include "widgets/query/FieldLabel.h"
#include "widgets/query/MemorySettingsBox.h"
#include "widgets/recall/FormFields.h"
#include "widgets/recall/HeatmapPainter.h"
#include "widgets/recall/TaskSetDialog.h"
#include "widgets/recall/TaskSettings.h"

#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QLocale>
#include <QRegularExpressionValidator>
#include <QSpinBox>
#include <QVBoxLayout>

namespace hayloft {

namespace {

QString tokensText(std::int64_t tokens)
{
    if (tokens != 0 && tokens % 1'000'000 == 0)
        return QStringLiteral("%1m").arg(tokens / 1'000'000);
    if (tokens != 0 && tokens % 1'000 == 0)
        return QStringLiteral("%1k").arg(tokens / 1'000);
    return QString::number(tokens);
}

/// a:b:n when that means the same list, else the list.
template <typename T, typename Parse, typename Write>
QString rangeOrList(const std::vector<T>& values, const Parse& parse, const Write& write)
{
    if (values.size() > 2) {
        const QString range = QStringLiteral("%1:%2:%3").arg(write(values.front()), write(values.back())).arg(values.size());
        try {
            if (parse(range.toStdString()) == values)
                return range;
        } catch (const Error&) {
            // a list then
        }
    }
    QStringList list;
    for (const T& value : values)
        list << write(value);
    return list.join(QLatin1Char(','));
}

/// The loads decide how long a context is, and so would the text that is made for it.
[[noreturn]] void refuseMadeHaystack()
{
    throw Error("a haystack that is made has a length of its own", "load with pseudo-inverse addressing", "choose a task over the open document");
}

QString sweepSize(std::size_t cells, qint64 trials)
{
    const QString inAll = QLocale().toString(trials);
    return cells == 1 ? SweepSettings::tr("1 cell, %1 trials in all").arg(inAll)
                      : SweepSettings::tr("%1 cells, %2 trials in all").arg(cells).arg(inAll);
}

} // namespace

QString lengthsText(const std::vector<std::int64_t>& lengths) { return rangeOrList(lengths, parseLengths, tokensText); }

QString depthsText(const std::vector<double>& depths)
{
    if (depths.size() > 2) {
        const QString sigmoid = QStringLiteral("sigmoid:%1").arg(depths.size());
        try {
            if (parseDepths(sigmoid.toStdString()) == depths)
                return sigmoid;
        } catch (const Error&) {
            // not the sigmoid spacing
        }
    }
    return rangeOrList(depths, parseDepths, [](double depth) { return QString::number(depth, 'g', 15); });
}

SweepSettings::SweepSettings(QWidget* parent)
    : QWidget(parent)
    , m_task(new TaskSettings)
    , m_memory(new MemorySettingsBox(tr("Sweep"), QStringLiteral("Ctrl+Shift+D")))
{
    createAxisControls();
    createGridControls();
    createRunControls();
    layOutControls();
    connectControls();
    showAxis();
    check();
}

SweepSettings::~SweepSettings() { disconnectChildren(this); }

void SweepSettings::createAxisControls()
{
    m_axis = new QComboBox;
    m_axis->addItem(tr("depth × length"), false);
    m_axis->addItem(tr("load N/K"), true);
    m_axis->setAccessibleName(tr("Sweep axis"));
    m_axis->setToolTip(tr("What recall is measured over: needle depth and context length (a heatmap), or segments per memory row "
                          "(a curve) (Ctrl+L)"));
    m_loads = new LoadSettings;
}

void SweepSettings::createGridControls()
{
    m_lengths = lineEdit(tr("Lengths"), tr("Context lengths in tokens: from:to:count, or a list. k = 1,000, m = 1,000,000."),
                         QStringLiteral("1k:16k:6"));
    m_lengthsNote = noteLabel(tr("Lengths status"));
    m_depths = lineEdit(tr("Depths"), tr("Needle depths in percent, 0 = top: from:to:count, sigmoid:count, or a list."),
                        QStringLiteral("0:100:6"));
    m_depthsNote = noteLabel(tr("Depths status"));
    m_summary = noteLabel(tr("Size of the sweep"));
    m_keysNote = noteLabel(tr("Remark on the keys"));
    m_keysNote->setWordWrap(true);
    m_keysNote->setText(QStringLiteral("⚠ ") + tr("RULER's needles begin alike: these prefix keys cannot tell them apart. Content keys can."));
}

void SweepSettings::createRunControls()
{
    m_trials = spinBox(tr("Trials"), tr("Trials per cell; each draws its own needle and its own rotation of the haystack"), 1, 10000, 10);
    m_controls = spinBox(tr("Controls"), tr("Negative controls in all: the same questions with no needle planted"), 0, 100000, 0);
    m_seed = lineEdit(tr("Seed"), tr("The same seed gives the same trials"), QStringLiteral("1"));
    m_seed->setValidator(new QRegularExpressionValidator(QRegularExpression(QStringLiteral("[0-9]{1,20}")), m_seed));
    m_segmenter = new QComboBox;
    m_segmenter->addItem(tr("sentences"), int(SegmenterKind::Sentence));
    m_segmenter->addItem(tr("token counts"), int(SegmenterKind::Tokens));
    m_segmenter->addItem(tr("paragraphs"), int(SegmenterKind::Paragraph));
    m_segmenter->setAccessibleName(tr("Sweep: Segmenter"));
    m_segmenter->setToolTip(tr("How the haystack is cut into segments"));
    m_maxTokens = spinBox(tr("Sweep: Longest segment"), tr("Most tokens in a segment"), 2, 512, m_base.segmenter.maxTokens);
    m_path = new QComboBox;
    m_path->addItem(tr("fast"), int(SweepPath::Fast));
    m_path->addItem(tr("naive"), int(SweepPath::Naive));
    m_path->setAccessibleName(tr("Path"));
    m_path->setToolTip(tr("fast: encode the haystack once. naive: every trial from the start, as a reference."));
}

void SweepSettings::layOutControls()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 6, 0);
    auto* form = m_form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    column->addLayout(form);
    column->addStretch(1);
    const auto pair = [](QWidget* left, const QString& label, QWidget* right) {
        auto* line = new QHBoxLayout;
        line->addWidget(left, 1);
        auto* name = new QLabel(label);
        name->setBuddy(right);
        line->addWidget(name);
        line->addWidget(right, 1);
        return line;
    };
    form->addRow(fieldLabel(tr("Axis"), m_axis), m_axis);
    form->addRow(m_task);
    form->addRow(m_loads);
    form->addRow(fieldLabel(tr("Lengths"), m_lengths), m_lengths);
    form->addRow(QString(), m_lengthsNote);
    form->addRow(fieldLabel(tr("Depths"), m_depths), m_depths);
    form->addRow(QString(), m_depthsNote);
    form->addRow(fieldLabel(tr("Trials")), pair(m_trials, tr("Controls"), m_controls));
    form->addRow(QString(), m_summary);
    form->addRow(m_memory);
    form->addRow(m_keysNote);
    form->addRow(fieldLabel(tr("Segments")), pair(m_segmenter, tr("up to"), m_maxTokens));
    form->addRow(fieldLabel(tr("Seed")), pair(m_seed, tr("Path"), m_path));
}

void SweepSettings::connectControls()
{
    connect(m_task, &TaskSettings::changed, this, &SweepSettings::check);
    connect(m_task, &TaskSettings::needleFileRequested, this, &SweepSettings::needleFileRequested);
    connect(m_memory, &MemorySettingsBox::changed, this, &SweepSettings::check);
    connect(m_loads, &LoadSettings::changed, this, &SweepSettings::check);
    connect(m_axis, &QComboBox::currentIndexChanged, this, [this] {
        showAxis();
        check();
        Q_EMIT axisChosen(isOverLoads());
    });
    for (QLineEdit* edit : { m_lengths, m_depths, m_seed })
        connect(edit, &QLineEdit::textChanged, this, &SweepSettings::check);
    for (QSpinBox* box : { m_trials, m_controls, m_maxTokens })
        connect(box, &QSpinBox::valueChanged, this, &SweepSettings::check);
}

SweepPlan SweepSettings::plan() const
{
    return planOf(m_task->task());
}

std::vector<SweepPlan> SweepSettings::plansOf(const std::vector<RecallTask>& tasks) const
{
    std::vector<SweepPlan> plans;
    for (RecallTask task : tasks) {
        task.placement = m_task->placement();
        plans.push_back(planOf(std::move(task)));
    }
    return plans;
}

SweepPlan SweepSettings::planOf(RecallTask task) const
{
    SweepPlan plan = planWithoutTask();
    if (plan.lengths.empty() && makesHaystack(task))
        refuseMadeHaystack();
    plan.reading.byQuestion = readsByQuestion(task, plan.memory);
    plan.task = std::move(task);
    return plan;
}

SweepPlan SweepSettings::planWithoutTask() const
{
    SweepPlan plan = m_base;
    plan.memory = m_memory->settings();
    if (!isOverLoads())
        plan.lengths = parseLengths(m_lengths->text().toStdString());
    else if (plan.memory.addressing == Addressing::PseudoInverse)
        plan.lengths.clear(); // of each load
    else
        plan.lengths = {m_loads->length()};
    plan.depths = parseDepths(m_depths->text().toStdString());
    plan.trials = m_trials->value();
    plan.controls = m_controls->value();
    bool ok = false;
    plan.seed = m_seed->text().toULongLong(&ok);
    if (!ok)
        throw Error("the seed is no number", "", "give a whole number from 0 to 18446744073709551615");
    plan.segmenter.kind = SegmenterKind(m_segmenter->currentData().toInt());
    plan.segmenter.maxTokens = m_maxTokens->value();
    plan.path = SweepPath(m_path->currentData().toInt());
    return plan;
}

void SweepSettings::setPlan(const SweepPlan& plan)
{
    m_base = plan;
    m_base.task = {};
    m_task->setTask(plan.task);
    m_memory->setSettings(plan.memory);
    if (!plan.lengths.empty())
        m_lengths->setText(lengthsText(plan.lengths));
    m_depths->setText(depthsText(plan.depths));
    m_trials->setValue(plan.trials);
    m_controls->setValue(plan.controls);
    m_seed->setText(QString::number(plan.seed));
    m_segmenter->setCurrentIndex(m_segmenter->findData(int(plan.segmenter.kind)));
    m_maxTokens->setValue(plan.segmenter.maxTokens);
    m_path->setCurrentIndex(m_path->findData(int(plan.path)));
    check();
}

bool SweepSettings::isOverLoads() const { return m_axis->currentData().toBool(); }

LoadAxis SweepSettings::axis() const
{
    if (!isOverLoads())
        return {};
    const bool lengthGiven = m_memory->settings().addressing == Addressing::NearestRow;
    return { true, m_loads->loads(), lengthGiven ? m_loads->length() : 0 };
}

void SweepSettings::setAxis(const LoadAxis& axis)
{
    m_loads->setAxis(axis);
    m_axis->setCurrentIndex(m_axis->findData(axis.on));
    check();
}

void SweepSettings::switchAxis() { m_axis->setCurrentIndex(1 - m_axis->currentIndex()); }

void SweepSettings::setModel(const ModelAbilities& model) { m_memory->setModel(model); }

void SweepSettings::openMemoryDetails() { m_memory->openDetails(); }

/// The fields of the other axis go away, and K is the load's to choose, or stays.
void SweepSettings::showAxis()
{
    const bool loads = isOverLoads();
    m_form->setRowVisible(m_loads, loads);
    for (QWidget* field : { static_cast<QWidget*>(m_lengths), static_cast<QWidget*>(m_lengthsNote) })
        m_form->setRowVisible(field, !loads);
    m_memory->setRowsByLoad(loads);
}

QString SweepSettings::problem() const
{
    try {
        m_task->check(); // not plan(): copying a file's needles at every key would be felt
        if (isOverLoads()) {
            axis();
            if (m_task->makesItsHaystack() && m_memory->settings().addressing == Addressing::PseudoInverse)
                refuseMadeHaystack();
        }
        planWithoutTask();
        return {};
    } catch (const Error& error) {
        return QString::fromUtf8(error.what());
    }
}

QString SweepSettings::problemOfSets() const
{
    if (isOverLoads())
        return tr("Task sets run over depth × length; choose that axis");
    try {
        planWithoutTask();
        return {};
    } catch (const Error& error) {
        return QString::fromUtf8(error.what());
    }
}

void SweepSettings::setNeedleFile(const QString& path, const std::vector<Needle>& needles) { m_task->setNeedleFile(path, needles); }

void SweepSettings::setNeedleFileProblem(const QString& path, const QString& message) { m_task->setNeedleFileProblem(path, message); }

void SweepSettings::check()
{
    std::size_t lengths = 0, depths = 0;
    m_loads->setRowsGiven(m_memory->settings().addressing == Addressing::PseudoInverse);
    setNote(m_lengthsNote, [&] {
        const auto values = parseLengths(m_lengths->text().toStdString());
        lengths = values.size();
        QStringList shown;
        for (std::int64_t length : values)
            shown << lengthLabel(length);
        if (shown.size() > 4) // lengths of five letters: more would be cut at the form's edge
            shown = shown.mid(0, 3) + QStringList { QStringLiteral("…") } + shown.mid(shown.size() - 1);
        return tr("%1: %2 tokens").arg(values.size()).arg(shown.join(QStringLiteral(", ")));
    });
    setNote(m_depthsNote, [&] {
        const auto values = parseDepths(m_depths->text().toStdString());
        depths = values.size();
        QStringList shown;
        for (double depth : values)
            shown << depthLabel(depth);
        if (shown.size() > 7)
            shown = shown.mid(0, 3) + QStringList { QStringLiteral("…") } + shown.mid(shown.size() - 2);
        return tr("%1: %2%").arg(values.size()).arg(shown.join(QStringLiteral(", ")));
    });
    m_keysNote->setVisible(m_task->isRuler() && needlesLookAlike(m_memory->settings()));
    summarize(lengths, depths);
    Q_EMIT checked();
}

void SweepSettings::summarize(std::size_t lengths, std::size_t depths)
{
    m_summary->clear();
    if (!problem().isEmpty())
        return;
    if (!isOverLoads()) {
        m_summary->setText(sweepSize(lengths * depths, qint64(lengths * depths) * m_trials->value() + m_controls->value()));
        return;
    }
    const auto loads = qint64(axis().loads.size());
    const qint64 trials = loads * (qint64(depths) * m_trials->value() + m_controls->value());
    m_summary->setText(tr("%1 loads, %2 trials in all").arg(loads).arg(QLocale().toString(trials)));
}

} // namespace hayloft
