// SPDX-License-Identifier: GPL-3.0-or-later
// Layout and painting of the message bar.
#include "app/workbench/MessageBar.h"

#include "app/workbench/Icons.h"
#include "widgets/ElidedLabel.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QToolButton>

namespace hayloft {

MessageBar::MessageBar(QWidget* parent) : QFrame(parent)
{
    setAccessibleName(tr("Message"));
    m_icon = new QLabel(this);
    m_text = new ElidedLabel(this); // one line: Copy and the tooltip give all of it
    m_text->setAccessibleName(tr("Message text"));
    m_copy = new QToolButton(this);
    m_copy->setText(tr("Copy"));
    m_copy->setAccessibleName(tr("Copy message"));
    m_copy->setIcon(themedIcon(QStringLiteral("copy")));
    m_copy->setToolTip(tr("Copy the message and its details"));
    m_close = new QToolButton(this);
    m_close->setAccessibleName(tr("Close message"));
    m_close->setIcon(themedIcon(QStringLiteral("close")));
    m_close->setToolTip(tr("Close this message"));
    for (auto* button : {m_copy, m_close})
        button->setAutoRaise(true);

    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 5, 8, 5);
    layout->setSpacing(8);
    layout->addWidget(m_icon);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_copy);
    layout->addWidget(m_close);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(m_copy, &QToolButton::clicked, this, &MessageBar::copyToClipboard);
    connect(m_close, &QToolButton::clicked, this, &MessageBar::dismiss);
}

void MessageBar::showMessage(Kind kind, const QString& text, const QString& details)
{
    m_kind = kind;
    m_details = details;
    static const char* const icons[] = {"info", "warning", "error"};
    m_icon->setPixmap(themedIcon(QLatin1String(icons[static_cast<int>(kind)])).pixmap(QSize(18, 18), devicePixelRatioF()));
    // Core's messages begin in lower case, as a line on stderr does.
    m_text->setText(text.left(1).toUpper() + text.mid(1));
    m_text->setToolTip(text);
    update();
    Q_EMIT shown();
}

QString MessageBar::text() const
{
    return m_text->text();
}

void MessageBar::dismiss()
{
    Q_EMIT dismissed();
}

void MessageBar::copyToClipboard() const
{
    QGuiApplication::clipboard()->setText(m_details.isEmpty() ? text() : text() + QLatin1Char('\n') + m_details);
}

void MessageBar::paintEvent(QPaintEvent*)
{
    // The ground is the window's colour tinted by the kind, so that it reads in light and dark alike.
    static const QColor tints[] = {QColor(0x2f, 0x7d, 0xd1), QColor(0xd1, 0x95, 0x1a), QColor(0xd0, 0x3b, 0x3b)};
    const QColor tint = tints[static_cast<int>(m_kind)];
    const QColor ground = palette().color(QPalette::Window);
    const auto mix = [&](int a, int b) { return (a * 80 + b * 20) / 100; };
    QPainter painter(this);
    painter.fillRect(rect(), QColor(mix(ground.red(), tint.red()), mix(ground.green(), tint.green()), mix(ground.blue(), tint.blue())));
    painter.fillRect(QRect(0, 0, 4, height()), tint);
}

} // namespace hayloft
