// SPDX-License-Identifier: GPL-3.0-or-later
// What a sweep plants: passkey, the San Francisco needle, needles of a file, one's own, or RULER's.
#include "widgets/recall/TaskSettings.h"

#include "core/base/Error.h"
#include "core/recall/TaskHaystack.h"
#include "widgets/query/DisconnectChildren.h"
#include "widgets/query/FieldLabel.h"
#include "widgets/recall/TaskPresets.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStackedWidget>
#include <QToolButton>

#include <algorithm>

namespace hayloft {

namespace {

/// A form on a page of its own, without a frame of margins.
QFormLayout* compactForm(QWidget* page)
{
    auto* form = new QFormLayout(page);
    form->setContentsMargins(0, 0, 0, 0);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    return form;
}

QString needleCount(std::size_t count)
{
    return count == 1 ? TaskSettings::tr("1 needle") : TaskSettings::tr("%1 needles").arg(count);
}

QString itemWord(RulerItem item)
{
    switch (item) {
    case RulerItem::Numbers:
        return TaskSettings::tr("numbers of 7 digits");
    case RulerItem::Words:
        return TaskSettings::tr("pairs of words");
    case RulerItem::Uuids:
        break;
    }
    return TaskSettings::tr("UUIDs");
}

QString rulerWords(const RulerForm& form)
{
    const int asked = form.queries * form.values;
    const QString planted = form.needles() == 1 ? TaskSettings::tr("1 needle") : TaskSettings::tr("%1 needles").arg(form.needles());
    return TaskSettings::tr("%1, %2 asked for. Keys: %3; values: %4.").arg(planted).arg(asked).arg(itemWord(form.key), itemWord(form.value));
}

} // namespace

QString haystackText(const RecallTask& task)
{
    if (task.kind == TaskKind::Ruler && formOf(task.ruler).haystack == RulerHaystack::Noise)
        return TaskSettings::tr("noise sentences, not the document");
    if (task.kind == TaskKind::Ruler && formOf(task.ruler).haystack == RulerHaystack::Needles)
        return TaskSettings::tr("look-alike lines, not the document");
    return TaskSettings::tr("the open document");
}

TaskSettings::TaskSettings(QWidget* parent)
    : QWidget(parent)
{
    createControls();
    createNeedleFields();
    layOutControls();
    connectControls();
    showPreset();
}

TaskSettings::~TaskSettings() { disconnectChildren(this); }

/// A RULER task's data is Ruler plus its number.
void TaskSettings::fillPresets()
{
    m_preset = new QComboBox;
    m_preset->addItem(tr("Passkey"), Passkey);
    m_preset->addItem(tr("San Francisco needle"), SanFrancisco);
    m_preset->addItem(tr("Needle file"), NeedleFile);
    m_preset->addItem(tr("Own needle"), OwnNeedle);
    m_preset->insertSeparator(m_preset->count());
    for (const RulerTask task : kRulerTasks)
        m_preset->addItem(taskTitle(rulerTask(task)), Ruler + int(task));
    m_preset->setMaxVisibleItems(m_preset->count());
    m_preset->setAccessibleName(tr("Task"));
    m_preset->setToolTip(tr("What is planted in the haystack and asked for"));
}

void TaskSettings::createControls()
{
    fillPresets();
    m_digits = new QSpinBox;
    m_digits->setRange(1, 18);
    m_digits->setValue(4);
    m_digits->setAccessibleName(tr("Digits"));
    m_digits->setToolTip(tr("Digits of the pass key, 1 to 18; every trial draws its own value"));
    m_placement = new QComboBox;
    m_placement->addItem(tr("at a segment boundary"), int(Placement::Boundary));
    m_placement->addItem(tr("inside a segment"), int(Placement::Inside));
    m_placement->setAccessibleName(tr("Placement"));
    m_placement->setToolTip(tr("At the boundary at or before the wanted depth, or into the segment there"));
    m_haystack = new QLabel;
    m_haystack->setAccessibleName(tr("Haystack of the task"));
    m_haystack->setToolTip(tr("Some of RULER's tasks make their own haystack, from the seed; all others use the document that is open"));
    m_haystack->setForegroundRole(QPalette::PlaceholderText);
}

void TaskSettings::createNeedleFields()
{
    m_sanFrancisco = new QLabel(QString::fromStdString(sanFranciscoNeedle().text).trimmed());
    m_sanFrancisco->setWordWrap(true);
    m_sanFrancisco->setAccessibleName(tr("San Francisco needle"));
    m_ruler = new QLabel;
    m_ruler->setWordWrap(true);
    m_ruler->setAccessibleName(tr("RULER task"));
    m_file = new QLineEdit;
    m_file->setAccessibleName(tr("Needle file"));
    m_file->setPlaceholderText(tr("needles.jsonl"));
    m_file->setToolTip(tr("JSON Lines with \"needle\", \"prefix\" and \"question\"; every trial draws one"));
    m_browse = new QToolButton;
    m_browse->setText(tr("…"));
    m_browse->setAccessibleName(tr("Browse for a needle file"));
    m_browse->setToolTip(m_browse->accessibleName());
    m_fileNote = new QLabel;
    m_fileNote->setWordWrap(true);
    m_fileNote->setAccessibleName(tr("Needle file status"));
    const auto field = [](const QString& name, const QString& hint) {
        auto* edit = new QLineEdit;
        edit->setAccessibleName(name);
        edit->setToolTip(hint);
        return edit;
    };
    m_text = field(tr("Needle text"), tr("The sentence that is planted"));
    m_prefix = field(tr("Needle prefix"), tr("Its own first words: the query with prefix keys"));
    m_question = field(tr("Needle question"), tr("A plain question: the query with whole and content keys"));
}

void TaskSettings::layOutControls()
{
    m_pages = new QStackedWidget;
    auto* passkey = new QWidget;
    compactForm(passkey)->addRow(fieldLabel(tr("Digits")), m_digits);
    auto* file = new QWidget;
    auto* fileColumn = new QVBoxLayout(file);
    fileColumn->setContentsMargins(0, 0, 0, 0);
    auto* fileLine = new QHBoxLayout;
    fileLine->addWidget(m_file, 1);
    fileLine->addWidget(m_browse);
    fileColumn->addLayout(fileLine);
    fileColumn->addWidget(m_fileNote);
    auto* own = new QWidget;
    QFormLayout* ownForm = compactForm(own);
    ownForm->addRow(fieldLabel(tr("Text")), m_text);
    ownForm->addRow(fieldLabel(tr("Prefix")), m_prefix);
    ownForm->addRow(fieldLabel(tr("Question")), m_question);
    for (QWidget* page : { passkey, static_cast<QWidget*>(m_sanFrancisco), file, own, static_cast<QWidget*>(m_ruler) })
        m_pages->addWidget(page);
    QFormLayout* form = compactForm(this);
    form->addRow(fieldLabel(tr("Task"), m_preset), m_preset);
    form->addRow(m_pages);
    form->addRow(fieldLabel(tr("Placed")), m_placement);
    form->addRow(fieldLabel(tr("Haystack")), m_haystack);
}

void TaskSettings::connectControls()
{
    connect(m_preset, &QComboBox::currentIndexChanged, this, [this] {
        showPreset();
        Q_EMIT changed();
    });
    connect(m_digits, &QSpinBox::valueChanged, this, &TaskSettings::changed);
    connect(m_placement, &QComboBox::currentIndexChanged, this, &TaskSettings::changed);
    connect(m_file, &QLineEdit::editingFinished, this, [this] {
        if (m_file->isModified()) // leaving the field is no new file
            openNeedleFile(m_file->text());
    });
    connect(m_browse, &QToolButton::clicked, this, &TaskSettings::browse);
    for (QLineEdit* edit : { m_text, m_prefix, m_question })
        connect(edit, &QLineEdit::textChanged, this, &TaskSettings::changed);
}

TaskSettings::Preset TaskSettings::preset() const { return Preset(std::min<int>(m_preset->currentData().toInt(), Ruler)); }

RulerTask TaskSettings::ruler() const { return RulerTask(std::max<int>(m_preset->currentData().toInt() - Ruler, 0)); }

bool TaskSettings::makesItsHaystack() const
{
    RecallTask task;
    task.kind = TaskKind::Ruler;
    task.ruler = ruler();
    return isRuler() && makesHaystack(task);
}

Placement TaskSettings::placement() const { return Placement(m_placement->currentData().toInt()); }

/// Only the page on show takes up room in the narrow column.
void TaskSettings::showPreset()
{
    const RecallTask shown = preset() == Ruler ? rulerTask(ruler()) : RecallTask {};
    m_ruler->setText(rulerWords(formOf(ruler())));
    m_haystack->setText(haystackText(shown));
    for (int i = 0; i < m_pages->count(); ++i) {
        const QSizePolicy::Policy vertical = i == preset() ? QSizePolicy::Preferred : QSizePolicy::Ignored;
        m_pages->widget(i)->setSizePolicy(QSizePolicy::Preferred, vertical);
    }
    m_pages->setCurrentIndex(preset());
    m_pages->setMaximumHeight(m_pages->currentWidget()->hasHeightForWidth() ? QWIDGETSIZE_MAX
                                                                            : m_pages->currentWidget()->sizeHint().height());
}

void TaskSettings::browse()
{
    auto* dialog = new QFileDialog(this, tr("Open a needle file"), m_file->text(), tr("JSON Lines (*.jsonl *.json);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &TaskSettings::openNeedleFile);
    dialog->open();
}

void TaskSettings::openNeedleFile(const QString& path)
{
    m_file->setText(path);
    m_fileNeedles.clear();
    m_fileNote->setText(path.isEmpty() ? QString() : tr("Reading…"));
    showPreset();
    Q_EMIT changed();
    if (!path.isEmpty())
        Q_EMIT needleFileRequested(path);
}

void TaskSettings::setNeedleFile(const QString& path, const std::vector<Needle>& needles)
{
    if (path != m_file->text())
        return;
    m_fileNeedles = needles;
    m_fileNote->setText(needleCount(m_fileNeedles.size()));
    showPreset();
    Q_EMIT changed();
}

void TaskSettings::setNeedleFileProblem(const QString& path, const QString& message)
{
    if (path != m_file->text())
        return;
    m_fileNote->setText(QStringLiteral("⚠ ") + message);
    showPreset();
}

void TaskSettings::check() const
{
    if (preset() == NeedleFile && m_fileNeedles.empty())
        throw Error("no needles", "", "choose a needle file");
    if (preset() == OwnNeedle && (m_text->text().trimmed().isEmpty() || m_prefix->text().trimmed().isEmpty()))
        throw Error("the needle is not complete", "", "give its text and its prefix");
}

RecallTask TaskSettings::task() const
{
    check();
    RecallTask task;
    task.placement = placement();
    task.digits = m_digits->value();
    task.kind = preset() == Passkey ? TaskKind::Passkey : preset() == Ruler ? TaskKind::Ruler : TaskKind::Needle;
    switch (preset()) {
    case Passkey:
        break;
    case SanFrancisco:
        task.needles = { sanFranciscoNeedle() };
        break;
    case NeedleFile:
        task.needles = m_fileNeedles;
        break;
    case OwnNeedle:
        task.needles = { Needle { m_text->text().toStdString(), m_prefix->text().toStdString(), m_question->text().toStdString() } };
        break;
    case Ruler:
        task.ruler = ruler();
        break;
    }
    return task;
}

void TaskSettings::setTask(const RecallTask& task)
{
    const QSignalBlocker blocker(this);
    m_digits->setValue(task.digits);
    m_placement->setCurrentIndex(m_placement->findData(int(task.placement)));
    int preset = task.kind == TaskKind::Ruler ? Ruler + int(task.ruler) : Passkey;
    if (task.kind == TaskKind::Needle && task.needles.size() > 1) {
        preset = NeedleFile;
        m_file->clear();
        m_fileNeedles = task.needles;
        m_fileNote->setText(needleCount(m_fileNeedles.size()));
    } else if (task.kind == TaskKind::Needle && task.needles.size() == 1) {
        const Needle& needle = task.needles.front();
        preset = needle.text == sanFranciscoNeedle().text ? SanFrancisco : OwnNeedle;
        if (preset == OwnNeedle) {
            m_text->setText(QString::fromStdString(needle.text));
            m_prefix->setText(QString::fromStdString(needle.prefix));
            m_question->setText(QString::fromStdString(needle.question));
        }
    }
    m_preset->setCurrentIndex(m_preset->findData(preset));
    showPreset();
}

} // namespace hayloft
