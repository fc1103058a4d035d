// SPDX-License-Identifier: GPL-3.0-or-later
// The line that asks for a search and says how many hits there are.
#include "widgets/document/SearchBar.h"

#include "widgets/PanelColours.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QStyle>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

namespace hayloft {

SearchBar::SearchBar(QWidget* parent)
    : QWidget(parent), m_edit(new QLineEdit), m_status(new QLabel), m_error(new QLabel), m_delay(new QTimer(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 4, 8, 4);
    column->setSpacing(2);
    auto* row = new QHBoxLayout;
    row->setSpacing(4);
    column->addLayout(row);
    m_error->setAccessibleName(tr("Search error"));
    m_error->setWordWrap(true);
    m_error->hide();
    column->addWidget(m_error);
    m_edit->setPlaceholderText(tr("Find in document"));
    m_edit->setAccessibleName(tr("Find in document"));
    m_edit->setToolTip(tr("Text to find (Enter: next, Shift+Enter: previous, Esc: close)"));
    m_edit->setClearButtonEnabled(true);
    m_edit->installEventFilter(this);
    row->addWidget(m_edit, 1);
    m_case = addButton(row, tr("Aa"), tr("Match case"), tr("Match upper and lower case"), true);
    m_regex = addButton(row, tr(".*"), tr("Regular expression"), tr("The text is a regular expression"), true);
    m_status->setAccessibleName(tr("Search hits"));
    m_status->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("0,000 of 0,000")));
    m_status->setAlignment(Qt::AlignCenter);
    row->addWidget(m_status);
    m_previous = addButton(row, QString(), tr("Previous hit"), tr("Previous hit (Shift+F3)"), false);
    m_previous->setArrowType(Qt::UpArrow);
    m_next = addButton(row, QString(), tr("Next hit"), tr("Next hit (F3)"), false);
    m_next->setArrowType(Qt::DownArrow);
    auto* close = addButton(row, QString(), tr("Close search"), tr("Close the search (Esc)"), false);
    close->setIcon(style()->standardIcon(QStyle::SP_TitleBarCloseButton));

    m_delay->setSingleShot(true);
    m_delay->setInterval(120);
    connect(m_delay, &QTimer::timeout, this, [this] { Q_EMIT queryChanged(query()); });
    connect(m_edit, &QLineEdit::textChanged, this, [this] { m_delay->start(); });
    connect(m_case, &QToolButton::toggled, this, [this] { Q_EMIT queryChanged(query()); });
    connect(m_regex, &QToolButton::toggled, this, [this] { Q_EMIT queryChanged(query()); });
    connect(m_next, &QToolButton::clicked, this, &SearchBar::nextRequested);
    connect(m_previous, &QToolButton::clicked, this, &SearchBar::previousRequested);
    connect(close, &QToolButton::clicked, this, &SearchBar::closed);
    setFocusProxy(m_edit);
}

QToolButton* SearchBar::addButton(QLayout* row, const QString& text, const QString& name, const QString& tip, bool checkable)
{
    auto* button = new QToolButton;
    button->setText(text);
    button->setAccessibleName(name);
    button->setToolTip(tip);
    button->setCheckable(checkable);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    row->addWidget(button);
    return button;
}

SearchQuery SearchBar::query() const { return {m_edit->text(), m_regex->isChecked(), m_case->isChecked()}; }

void SearchBar::open()
{
    show();
    m_edit->setFocus(Qt::ShortcutFocusReason);
    m_edit->selectAll();
    Q_EMIT queryChanged(query());
}

void SearchBar::setSearching() { setStatus(tr("searching\u2026")); }

void SearchBar::setHits(qint64 current, qint64 count, bool truncated, bool wrapped)
{
    const QLocale locale;
    if (count == 0)
        return setStatus(tr("no hits"));
    const QString total = locale.toString(count) + (truncated ? QStringLiteral("+") : QString());
    QString text = current < 0 ? tr("%1 hits").arg(total)
                               : tr("%1 of %2").arg(locale.toString(current + 1), total);
    if (wrapped)
        text += QStringLiteral(" \u21BB");
    setStatus(text);
    m_status->setToolTip(wrapped ? tr("The search went on from the other end of the document") : QString());
}

void SearchBar::setError(const QString& message)
{
    setStatus(QString());
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, mixed(palette().color(QPalette::WindowText), QColor(Qt::red), 0.6));
    m_error->setPalette(colours);
    m_error->setText(message);
    m_error->show();
}

void SearchBar::clearStatus() { setStatus(QString()); }

void SearchBar::setStatus(const QString& text)
{
    m_status->setText(text);
    m_status->setToolTip(QString());
    m_error->clear();
    m_error->hide();
}

bool SearchBar::eventFilter(QObject* watched, QEvent* event)
{
    // The line edit keeps Return to itself when it has a default handler; Shift+Return must be told apart here.
    if (watched == m_edit && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            if (m_delay->isActive()) {
                m_delay->stop();
                Q_EMIT queryChanged(query());
            }
            if (key->modifiers() & Qt::ShiftModifier)
                Q_EMIT previousRequested();
            else
                Q_EMIT nextRequested();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void SearchBar::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        Q_EMIT closed();
    else
        QWidget::keyPressEvent(event);
}

} // namespace hayloft
