// SPDX-License-Identifier: GPL-3.0-or-later
// How a run stands in the history: its title above, hits and date below.
#include "widgets/recall/RunLines.h"

#include <QApplication>
#include <QPainter>

namespace hayloft {

namespace {

constexpr int kPadding = 4;

QColor withAlpha(QColor colour, float alpha)
{
    colour.setAlphaF(alpha);
    return colour;
}

} // namespace

void RunLineDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem line = option;
    initStyleOption(&line, index);
    const QString title = std::exchange(line.text, QString());
    const QStyle* style = line.widget ? line.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &line, painter, line.widget);
    const bool selected = line.state & QStyle::State_Selected;
    const QColor colour = line.palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
    QRect room = line.rect.adjusted(kPadding, kPadding / 2, -kPadding, -kPadding / 2);
    if (!line.icon.isNull())
        room.setLeft(room.left() + line.decorationSize.width() + kPadding);
    const int half = room.height() / 2;
    painter->save();
    painter->setFont(line.font);
    painter->setPen(colour);
    painter->drawText(QRect(room.left(), room.top(), room.width(), half), Qt::AlignLeft | Qt::AlignVCenter,
                      line.fontMetrics.elidedText(title, Qt::ElideRight, room.width()));
    painter->setPen(selected ? colour : withAlpha(colour, 0.7f));
    painter->drawText(QRect(room.left(), room.top() + half, room.width(), half), Qt::AlignLeft | Qt::AlignVCenter,
                      line.fontMetrics.elidedText(index.data(kDetailRole).toString(), Qt::ElideRight, room.width()));
    painter->restore();
}

QSize RunLineDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const
{
    return { 120, 2 * option.fontMetrics.lineSpacing() + kPadding + 2 };
}

void RunList::paintEvent(QPaintEvent* event)
{
    QListWidget::paintEvent(event);
    if (count() > 0)
        return;
    QPainter painter(viewport());
    painter.setPen(withAlpha(palette().color(QPalette::Text), 0.7f));
    painter.drawText(viewport()->rect().adjusted(12, 12, -12, -12), Qt::AlignCenter | Qt::TextWordWrap, m_purpose);
}

} // namespace hayloft
