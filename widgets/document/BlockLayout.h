// SPDX-License-Identifier: GPL-3.0-or-later
// One block of text laid out for drawing, with byte offsets mapped to places on screen and back.
#pragma once

#include <QRectF>
#include <QTextLayout>
#include <memory>
#include <string_view>
#include <vector>

namespace hayloft {

/// Lays out UTF-8 bytes at a width (pixels). Line feeds break lines; control characters are shown as pictures.
class BlockLayout {
public:
    BlockLayout(std::string_view bytes, const QFont& font, qreal width, qreal lineHeight);

    int height() const { return m_height; }
    void draw(QPainter* painter, const QPointF& position) const { m_layout->draw(painter, position); }
    /// One rectangle per line for bytes [from, to) of the block, without white space at the range's ends.
    std::vector<QRectF> rects(std::size_t from, std::size_t to) const;
    /// Byte offset within the block nearest to the point.
    std::size_t byteAt(const QPointF& point) const;
    /// Top of the line that holds the byte.
    qreal lineTop(std::size_t byte) const;

private:
    void decode(std::string_view bytes, QString& text);
    std::unique_ptr<QTextLayout> m_layout;
    std::vector<int> m_utf16; ///< per byte and one past the end: index into the shown text
    int m_height = 0;
};

} // namespace hayloft
