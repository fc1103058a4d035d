// SPDX-License-Identifier: GPL-3.0-or-later
// One block of text laid out for drawing.
#include "widgets/document/BlockLayout.h"

#include <QFontMetricsF>
#include <algorithm>
#include <cmath>

namespace hayloft {
namespace {

struct Character {
    char32_t code = 0xFFFD;
    std::size_t bytes = 1;
};

/// Decoded by hand: QString::fromUtf8 drops a byte order mark, which would shift every later offset.
Character characterAt(std::string_view bytes, std::size_t i)
{
    const auto lead = static_cast<unsigned char>(bytes[i]);
    if (lead < 0x80)
        return {lead, 1};
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
    if (length == 0 || i + length > bytes.size())
        return {};
    char32_t code = lead & (0x7Fu >> length);
    for (std::size_t k = 1; k < length; ++k) {
        const auto next = static_cast<unsigned char>(bytes[i + k]);
        if ((next & 0xC0) != 0x80)
            return {};
        code = (code << 6) | (next & 0x3Fu);
    }
    const bool valid = code <= 0x10FFFF && !(code >= 0xD800 && code < 0xE000);
    return valid ? Character{code, length} : Character{};
}

char32_t shown(char32_t code)
{
    if (code == '\n' || code == '\r' || code == 0x2029)
        return 0x2028;
    if (code < 0x20 && code != '\t')
        return 0x2400 + code;
    return code == 0x7F ? 0x2421 : code;
}

} // namespace

BlockLayout::BlockLayout(std::string_view bytes, const QFont& font, qreal width, qreal lineHeight)
{
    QString text;
    decode(bytes, text);
    m_layout = std::make_unique<QTextLayout>(text, font);
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_layout->setTextOption(option);
    m_layout->beginLayout();
    qreal y = 0;
    for (QTextLine line = m_layout->createLine(); line.isValid(); line = m_layout->createLine()) {
        line.setLineWidth(width);
        const qreal height = std::max(lineHeight, line.height());
        line.setPosition(QPointF(0, std::floor(y + (height - line.height()) / 2)));
        y += height;
    }
    m_layout->endLayout();
    m_height = std::max(1, static_cast<int>(std::ceil(y)));
}

void BlockLayout::decode(std::string_view bytes, QString& text)
{
    m_utf16.assign(bytes.size() + 1, 0);
    text.reserve(static_cast<qsizetype>(bytes.size()));
    for (std::size_t i = 0; i < bytes.size();) {
        const Character c = characterAt(bytes, i);
        for (std::size_t k = 0; k < c.bytes; ++k)
            m_utf16[i + k] = static_cast<int>(text.size());
        i += c.bytes;
        // The next block starts a line of its own, and CR LF is one break.
        const bool lastFeed = c.code == '\n' && i == bytes.size();
        const bool beforeFeed = c.code == '\r' && i < bytes.size() && bytes[i] == '\n';
        if (!lastFeed && !beforeFeed)
            text += QChar::fromUcs4(shown(c.code));
    }
    m_utf16[bytes.size()] = static_cast<int>(text.size());
}

std::vector<QRectF> BlockLayout::rects(std::size_t from, std::size_t to) const
{
    const QString text = m_layout->text();
    int first = m_utf16[std::min(from, m_utf16.size() - 1)];
    int last = m_utf16[std::min(to, m_utf16.size() - 1)];
    while (last > first && text[last - 1].isSpace())
        --last;
    while (first < last && text[first].isSpace())
        ++first;
    std::vector<QRectF> rects;
    if (first >= last)
        return rects;
    for (int i = m_layout->lineForTextPosition(first).lineNumber(); i < m_layout->lineCount(); ++i) {
        const QTextLine line = m_layout->lineAt(i);
        if (line.textStart() >= last)
            break;
        const qreal a = line.cursorToX(std::max(first, line.textStart()));
        int end = std::min(last, line.textStart() + line.textLength());
        while (end > line.textStart() && end < last && text[end - 1].isSpace())
            --end;
        const qreal b = line.cursorToX(end);
        if (a != b)
            rects.emplace_back(std::min(a, b), line.y(), std::abs(b - a), line.height());
    }
    return rects;
}

std::size_t BlockLayout::byteAt(const QPointF& point) const
{
    int position = 0;
    for (int i = 0; i < m_layout->lineCount(); ++i) {
        const QTextLine line = m_layout->lineAt(i);
        if (i > 0 && line.y() > point.y())
            break;
        position = line.xToCursor(point.x(), QTextLine::CursorOnCharacter);
        position = std::min(position, line.textStart() + std::max(0, line.textLength() - 1));
    }
    const auto past = std::upper_bound(m_utf16.begin(), m_utf16.end(), position);
    auto byte = static_cast<std::size_t>(std::distance(m_utf16.begin(), past));
    byte = byte > 0 ? byte - 1 : 0;
    return std::min(byte, m_utf16.size() >= 2 ? m_utf16.size() - 2 : 0);
}

qreal BlockLayout::lineTop(std::size_t byte) const
{
    const QTextLine line = m_layout->lineForTextPosition(m_utf16[std::min(byte, m_utf16.size() - 1)]);
    return line.isValid() ? line.y() : 0;
}

} // namespace hayloft
