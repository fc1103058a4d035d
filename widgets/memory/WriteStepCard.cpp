// SPDX-License-Identifier: GPL-3.0-or-later
// One step of the slow-motion write.
#include "widgets/memory/WriteStepCard.h"

#include <QGridLayout>
#include <QLabel>
#include <QLocale>

namespace hayloft {

WriteStepCard::WriteStepCard(QWidget* parent) : QFrame(parent), m_grid(new QGridLayout(this))
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::AlternateBase);
    setFrameShape(QFrame::StyledPanel);
    setAccessibleName(tr("Slow-motion step"));
    m_grid->setContentsMargins(8, 6, 8, 6);
    m_grid->setHorizontalSpacing(8);
    m_grid->setVerticalSpacing(3);
    m_grid->setColumnStretch(1, 1);
    m_segment = addLine(tr("Segment"), tr("Segment being written"));
    m_key = addLine(tr("1  Key"), tr("Write key"));
    m_row = addLine(tr("2  Nearest row"), tr("Row addressed"));
    m_equation = addLine(tr("3  Write"), tr("How the row changes"));
    clear();
}

QLabel* WriteStepCard::addLine(const QString& heading, const QString& name)
{
    const int line = m_grid->rowCount();
    auto* label = new QLabel(heading);
    label->setForegroundRole(QPalette::PlaceholderText);
    m_grid->addWidget(label, line, 0, Qt::AlignTop);
    auto* value = new QLabel;
    value->setAccessibleName(name);
    value->setWordWrap(true);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_grid->addWidget(value, line, 1);
    return value;
}

void WriteStepCard::clear()
{
    m_segment->setText(tr("waiting for the first step"));
    for (QLabel* label : {m_key, m_row, m_equation})
        label->setText(QStringLiteral("\u2013"));
}

void WriteStepCard::setStep(const WriteStep& step)
{
    const QLocale locale;
    const auto number = [&locale](double value) { return locale.toString(value, 'f', 2); };
    QString segment = step.segmentText.simplified();
    constexpr qsizetype kShown = 160;
    if (segment.size() > kShown)
        segment = segment.left(kShown) + QChar(0x2026);
    m_segment->setTextFormat(Qt::PlainText);
    m_segment->setText(tr("%1: %2").arg(locale.toString(step.segment), segment));
    m_key->setTextFormat(Qt::PlainText);
    m_key->setText(QStringLiteral("\u201c%1\u201d").arg(step.keyText));
    m_row->setText(tr("row %1 at distance %2 (%3)")
                       .arg(locale.toString(step.row), number(step.distance),
                            step.countBefore == 0   ? tr("empty so far")
                            : step.countBefore == 1 ? tr("1 segment on it already")
                                                    : tr("%1 segments on it already").arg(locale.toString(step.countBefore))));
    m_equation->setText(QStringLiteral("<b>%1</b><br>%2")
                            .arg(step.equation.toHtmlEscaped(),
                                 tr("segments %1 \u2192 %2, norm %3 \u2192 %4")
                                     .arg(locale.toString(step.countBefore), locale.toString(step.countBefore + 1),
                                          number(step.normBefore), number(step.normAfter))));
}

} // namespace hayloft
