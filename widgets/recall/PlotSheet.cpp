// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/recall/PlotSheet.h"

#include "widgets/recall/HeatmapParts.h"
#include "widgets/recall/PlotStyle.h"

#include <QFontMetricsF>
#include <QPainter>

#include <cmath>

namespace hayloft {

FigureSheet plotSheet(const QString& title, const QString& caption, const FigureOptions& options,
                      const std::function<QPicture(const QSize&, const QFont&)>& plot)
{
    const HeatmapStyle style = figureStyle(options);
    const double em = style.font.pixelSize(), margin = std::round(em);
    const QRectF area(QPointF(0, 0), QSizeF(options.size));
    const QRectF text = area.adjusted(margin, margin, -margin, -margin * 0.6);
    const QRectF above(text.topLeft(), QSizeF(text.width(), std::ceil(QFontMetricsF(titleFont(style)).height())));
    QRectF below(text.left(), text.bottom(), text.width(), 0);
    if (options.caption)
        below.setTop(text.bottom() - std::ceil(QFontMetricsF(smallFont(style)).boundingRect(text, Qt::TextWordWrap, caption).height()));
    const QRect room = QRectF(QPointF(0, above.bottom() + em * 0.3), QPointF(area.right() - margin * 0.5, below.top() - em * 0.5)).toRect();
    const QPicture picture = plot(room.size().expandedTo({ 100, 100 }), style.font);
    const auto paint = [=](QPainter& painter) {
        painter.save();
        HeatmapParts parts(painter, style);
        painter.fillRect(area, style.background);
        parts.title(above, title);
        if (options.caption)
            parts.caption(below, caption);
        painter.translate(room.topLeft());
        playPicture(painter, picture);
        painter.restore();
    };
    return { paint, title, caption };
}

} // namespace hayloft
