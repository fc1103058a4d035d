// SPDX-License-Identifier: GPL-3.0-or-later
// A line of notices above the document that can be dismissed.
#include "widgets/document/NoticeBar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QStyle>
#include <QToolButton>

namespace hayloft {

NoticeBar::NoticeBar(QWidget* parent) : QFrame(parent), m_text(new QLabel)
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::ToolTipBase);
    setForegroundRole(QPalette::ToolTipText);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 4, 4, 4);
    row->setSpacing(6);
    auto* icon = new QLabel;
    const int size = style()->pixelMetric(QStyle::PM_SmallIconSize);
    icon->setPixmap(style()->standardIcon(QStyle::SP_MessageBoxInformation).pixmap(size));
    row->addWidget(icon, 0, Qt::AlignTop);
    m_text->setWordWrap(true);
    m_text->setForegroundRole(QPalette::ToolTipText);
    m_text->setAccessibleName(tr("Notices about the document"));
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    row->addWidget(m_text, 1);
    auto* close = new QToolButton;
    close->setAutoRaise(true);
    close->setIcon(style()->standardIcon(QStyle::SP_TitleBarCloseButton));
    close->setAccessibleName(tr("Dismiss notices"));
    close->setToolTip(tr("Dismiss these notices"));
    row->addWidget(close, 0, Qt::AlignTop);
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    hide();
}

void NoticeBar::setNotices(const QStringList& notices)
{
    constexpr qsizetype kShown = 3;
    QStringList lines = notices.mid(0, kShown);
    if (notices.size() > kShown)
        lines << tr("and %1 more").arg(notices.size() - kShown);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setText(lines.join(QLatin1Char('\n')));
    m_text->setToolTip(notices.mid(0, 30).join(QLatin1Char('\n')).toHtmlEscaped());
    setVisible(!notices.isEmpty());
}

} // namespace hayloft
