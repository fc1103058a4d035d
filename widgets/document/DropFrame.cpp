// SPDX-License-Identifier: GPL-3.0-or-later
// A frame over a panel while files are dragged across it.
#include "widgets/document/DropFrame.h"

#include <QPainter>

namespace hayloft {

DropFrame::DropFrame(QWidget* parent) : QWidget(parent)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
}

void DropFrame::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor fill = palette().color(QPalette::Highlight);
    painter.setPen(QPen(fill, 3));
    fill.setAlphaF(0.14f);
    painter.setBrush(fill);
    painter.drawRoundedRect(QRectF(rect()).adjusted(4, 4, -4, -4), 6, 6);
}

} // namespace hayloft
