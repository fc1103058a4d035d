// SPDX-License-Identifier: GPL-3.0-or-later
// The colour scale of the heat image.
#include "widgets/memory/HeatLegend.h"

#include "widgets/ColourMap.h"
#include "widgets/PanelColours.h"

#include <QLocale>
#include <QPainter>

namespace hayloft {

HeatLegend::HeatLegend(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(tr("Colour scale"));
    setToolTip(tr("Colours of the values; a few values lie outside and take the end colours.\n"
                  "Where several cells share a pixel, the one farthest from zero is drawn. Hatched rows are empty."));
}

QSize HeatLegend::sizeHint() const
{
    return {80 + 2 * (fontMetrics().horizontalAdvance(QStringLiteral("\u22120.00")) + 6), fontMetrics().height() + 2};
}

void HeatLegend::setRange(float range)
{
    m_range = range;
    update();
}

void HeatLegend::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const PanelColours colours = panelColours(palette());
    const QString low = QLocale().toString(-m_range, 'g', 2), high = QLocale().toString(m_range, 'g', 2);
    const int label = (width() - 80) / 2;
    painter.setPen(colours.faint);
    painter.drawText(QRect(0, 0, label - 4, height()), Qt::AlignRight | Qt::AlignVCenter, low);
    painter.drawText(QRect(label + 84, 0, label, height()), Qt::AlignLeft | Qt::AlignVCenter, high);
    const auto table = divergingTable(colours.heatCentre);
    for (int x = 0; x < 80; ++x)
        painter.fillRect(label + x, 3, 1, height() - 6, QColor(table[static_cast<std::size_t>(x * 255 / 79)]));
    painter.setPen(colours.line);
    painter.drawRect(label, 3, 80, height() - 6);
}

} // namespace hayloft
