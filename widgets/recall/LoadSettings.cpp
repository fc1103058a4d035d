// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the sweep form that stands for lengths when recall is measured by load.
#include "widgets/recall/LoadSettings.h"

#include "core/recall/LoadSweep.h"
#include "widgets/query/DisconnectChildren.h"
#include "widgets/query/FieldLabel.h"
#include "widgets/recall/FormFields.h"
#include "widgets/recall/HeatmapPainter.h"
#include "widgets/recall/SweepSettings.h"

#include <QFormLayout>
#include <QLineEdit>
#include <QSignalBlocker>

namespace hayloft {

LoadSettings::LoadSettings(QWidget* parent)
    : QWidget(parent)
{
    m_loads = lineEdit(tr("Loads"), tr("Segments per memory row, N/K: a list, for example 0.1,1,4"), QStringLiteral("0.1,0.25,0.5,1,2,4"));
    m_loadsNote = noteLabel(tr("Loads status"));
    m_length = lineEdit(tr("Context length"), QString(), QStringLiteral("16k"));
    m_lengthNote = noteLabel(tr("Context length status"));
    auto* form = new QFormLayout(this);
    form->setContentsMargins(0, 0, 0, 0);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(fieldLabel(tr("Loads"), m_loads), m_loads);
    form->addRow(fieldLabel(QString()), m_loadsNote);
    form->addRow(fieldLabel(tr("Length"), m_length), m_length);
    form->addRow(fieldLabel(QString()), m_lengthNote);
    for (QLineEdit* edit : { m_loads, m_length })
        connect(edit, &QLineEdit::textChanged, this, [this] {
            check();
            Q_EMIT changed();
        });
    setRowsGiven(false);
}

std::vector<double> LoadSettings::loads() const
{
    if (m_loads->text().trimmed().isEmpty())
        throw Error("there are no loads to measure", "", "give a list, for example 0.1,1,4");
    return parseLoads(m_loads->text().remove(QLatin1Char(' ')).toStdString());
}

std::int64_t LoadSettings::length() const
{
    const std::vector<std::int64_t> lengths = parseLengths(m_length->text().toStdString());
    if (lengths.size() != 1)
        throw Error("loads are measured at one length", m_length->text().toStdString(), "give one, for example 16k");
    return lengths.front();
}

void LoadSettings::setAxis(const LoadAxis& axis)
{
    const QSignalBlocker loads(m_loads), length(m_length);
    if (!axis.loads.empty()) {
        QStringList words;
        for (const double load : axis.loads)
            words << QString::number(load, 'g', 15);
        m_loads->setText(words.join(QLatin1Char(',')));
    }
    if (axis.lengthTokens > 0)
        m_length->setText(lengthsText({ axis.lengthTokens }));
    check();
}

void LoadSettings::setRowsGiven(bool given)
{
    m_rowsGiven = given;
    m_length->setEnabled(!given);
    m_length->setToolTip(given ? tr("With pseudo-inverse addressing K stays, and each load decides the length")
                               : tr("Tokens of every context. k = 1,000. The load decides the rows K."));
    check();
}

void LoadSettings::check()
{
    setNote(m_loadsNote, [this] {
        QStringList shown;
        for (const double load : loads())
            shown << QString::number(load, 'g', 4);
        const qsizetype count = shown.size();
        if (count > 7)
            shown = shown.mid(0, 4) + QStringList { QStringLiteral("…") } + shown.mid(count - 2);
        return tr("%1: %2 segments per row").arg(count).arg(shown.join(QStringLiteral(", ")));
    });
    setNote(m_lengthNote, [this] {
        return m_rowsGiven ? tr("each load decides the length") : tr("%1 tokens; each load decides K").arg(lengthLabel(length()));
    });
}

} // namespace hayloft
