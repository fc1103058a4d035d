// SPDX-License-Identifier: GPL-3.0-or-later
// An icon engine that tints a shared SVG with the current palette.
#include "app/workbench/Icons.h"

#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmap>
#include <QSvgRenderer>
#include <memory>

namespace hayloft {

namespace {

class TintedSvgEngine : public QIconEngine {
public:
    explicit TintedSvgEngine(const QString& file) : m_renderer(std::make_shared<QSvgRenderer>(file)) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override
    {
        const qreal scale = painter->device() ? painter->device()->devicePixelRatioF() : 1;
        QPixmap image = pixmap((QSizeF(rect.size()) * scale).toSize(), mode, state);
        image.setDevicePixelRatio(scale);
        painter->drawPixmap(rect.topLeft(), image);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State) override
    {
        QImage image(size, QImage::Format_ARGB32_Premultiplied);
        image.fill(Qt::transparent);
        QPainter painter(&image);
        painter.setRenderHint(QPainter::Antialiasing);
        m_renderer->render(&painter, QRectF(QPointF(0, 0), QSizeF(size)));
        painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
        painter.fillRect(image.rect(), colour(mode));
        painter.end();
        return QPixmap::fromImage(image);
    }

    QIconEngine* clone() const override { return new TintedSvgEngine(*this); }

private:
    static QColor colour(QIcon::Mode mode)
    {
        const QPalette palette = QGuiApplication::palette();
        switch (mode) {
        case QIcon::Disabled: return palette.color(QPalette::Disabled, QPalette::WindowText);
        case QIcon::Selected: return palette.color(QPalette::Active, QPalette::HighlightedText);
        default: return palette.color(QPalette::Active, QPalette::WindowText);
        }
    }

    std::shared_ptr<QSvgRenderer> m_renderer;
};

} // namespace

QIcon themedIcon(const QString& name)
{
    return QIcon(new TintedSvgEngine(QStringLiteral(":/hayloft/icons/%1.svg").arg(name)));
}

QIcon applicationIcon()
{
    QIcon icon;
    for (const int size : {16, 24, 32, 48, 64, 128, 256})
        icon.addFile(QStringLiteral(":/hayloft/icons/hicolor/%1x%1/apps/org.hayloft.Hayloft.png").arg(size), QSize(size, size));
    return icon;
}

} // namespace hayloft
