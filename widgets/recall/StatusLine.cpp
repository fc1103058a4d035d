// SPDX-License-Identifier: GPL-3.0-or-later
// One line of words, cut to the width, with a standing text and a passing one.
#include "widgets/recall/StatusLine.h"

namespace hayloft {

StatusLine::StatusLine(QWidget* parent)
    : QLabel(parent)
{
    setTextFormat(Qt::PlainText);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    setContentsMargins(4, 0, 4, 0);
}

QSize StatusLine::minimumSizeHint() const { return { 40, QLabel::minimumSizeHint().height() }; }

void StatusLine::setStanding(const QString& text)
{
    m_standing = text;
    showText();
}

void StatusLine::setPassing(const QString& text)
{
    m_passing = text;
    showText();
}

void StatusLine::resizeEvent(QResizeEvent* event)
{
    QLabel::resizeEvent(event);
    showText();
}

void StatusLine::showText()
{
    const QString full = m_passing.isEmpty() ? m_standing : m_passing;
    setText(fontMetrics().elidedText(full, Qt::ElideRight, contentsRect().width() - 2 * margin()));
    // Readers of the screen and of tooltips get the whole line.
    setToolTip(full);
    setAccessibleDescription(full);
}

} // namespace hayloft
