// SPDX-License-Identifier: GPL-3.0-or-later
// The document's segments with look-ups by byte, by token and by depth.
#include "widgets/document/SegmentTable.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>

namespace hayloft {

void SegmentTable::set(const DocumentView& document)
{
    m_text = document.text ? document.text : std::make_shared<std::string>();
    m_segments = document.segments ? document.segments : std::make_shared<std::vector<SegmentView>>();
    const std::size_t n = m_segments->size();
    m_rows.resize(n);
    m_rowSegments.resize(n);
    m_weights.assign(n + 1, 0);
    m_haystack.assign(n + 1, 0);
    m_written = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const SegmentView& s = (*m_segments)[i];
        m_rows[i] = s.row;
        m_rowSegments[i] = s.rowSegments;
        m_written += s.row >= 0;
        m_weights[i + 1] = m_weights[i] + s.tokens;
        m_haystack[i + 1] = m_haystack[i] + (s.needle ? 0 : s.tokens);
    }
    if (n > 0 && m_weights[n] <= 0) {
        for (std::size_t i = 0; i < n; ++i)
            m_weights[i + 1] = static_cast<double>((*m_segments)[i].end);
    }
}

void SegmentTable::setRows(const std::vector<qint64>& rows, const std::vector<qint64>& rowSegments)
{
    if (rows.size() != m_rows.size() || rowSegments.size() != m_rows.size())
        return;
    m_rows = rows;
    m_rowSegments = rowSegments;
    m_written = std::count_if(rows.begin(), rows.end(), [](qint64 row) { return row >= 0; });
}

qint64 SegmentTable::at(std::size_t byte) const
{
    const auto after = std::upper_bound(m_segments->begin(), m_segments->end(), byte,
                                        [](std::size_t b, const SegmentView& s) { return b < s.begin; });
    return after == m_segments->begin() ? (m_segments->empty() ? -1 : 0)
                                        : static_cast<qint64>(std::distance(m_segments->begin(), after)) - 1;
}

double SegmentTable::position(std::size_t byte) const
{
    const qint64 segment = at(byte);
    if (segment < 0 || m_weights.back() <= 0)
        return m_text->empty() ? 0 : std::min(1.0, static_cast<double>(byte) / static_cast<double>(m_text->size()));
    const auto i = static_cast<std::size_t>(segment);
    const SegmentView& s = (*m_segments)[i];
    const double length = static_cast<double>(std::max<std::size_t>(1, s.end - s.begin));
    const double inside = std::clamp((static_cast<double>(byte) - static_cast<double>(s.begin)) / length, 0.0, 1.0);
    return (m_weights[i] + inside * (m_weights[i + 1] - m_weights[i])) / m_weights.back();
}

double SegmentTable::positionOf(qint64 segment) const
{
    return m_weights.back() > 0 ? m_weights[static_cast<std::size_t>(segment)] / m_weights.back() : 0;
}

std::size_t SegmentTable::byteAt(double position) const
{
    const double share = std::clamp(position, 0.0, 1.0);
    if (m_segments->empty() || m_weights.back() <= 0)
        return static_cast<std::size_t>(share * static_cast<double>(m_text->size()));
    const double wanted = share * m_weights.back();
    const auto after = std::upper_bound(m_weights.begin(), m_weights.end(), wanted);
    const auto i = std::min(static_cast<std::size_t>(std::max<std::ptrdiff_t>(1, after - m_weights.begin())) - 1,
                            m_segments->size() - 1);
    const SegmentView& s = (*m_segments)[i];
    const double span = m_weights[i + 1] - m_weights[i];
    const double inside = span > 0 ? std::clamp((wanted - m_weights[i]) / span, 0.0, 1.0) : 0;
    return s.begin + static_cast<std::size_t>(inside * static_cast<double>(s.end - s.begin));
}

NeedlePlace SegmentTable::place(double depthPercent) const
{
    if (m_segments->empty())
        return {};
    const double wanted = std::clamp(depthPercent, 0.0, 100.0) / 100 * static_cast<double>(m_haystack.back());
    const auto after = std::upper_bound(m_haystack.begin(), m_haystack.end(), wanted,
                                        [](double w, qint64 tokens) { return w < static_cast<double>(tokens); });
    const auto i = static_cast<std::size_t>(std::max<std::ptrdiff_t>(1, after - m_haystack.begin())) - 1;
    return {m_haystack[i], i < m_segments->size() ? (*m_segments)[i].begin : m_text->size()};
}

double SegmentTable::depthOf(qint64 segment) const
{
    if (!contains(segment) || m_haystack.back() <= 0)
        return 0;
    // Half a token more, so that rounding never falls back to the boundary before.
    const double tokens = static_cast<double>(m_haystack[static_cast<std::size_t>(segment)]);
    const double total = static_cast<double>(m_haystack.back());
    return std::min(100.0, 100 * (tokens + (tokens > 0 ? 0.5 : 0)) / total);
}

QString SegmentTable::textOf(qint64 segment, int maxCharacters) const
{
    if (!contains(segment))
        return {};
    const SegmentView& s = (*m_segments)[static_cast<std::size_t>(segment)];
    const std::size_t bytes = std::min(s.end - s.begin, static_cast<std::size_t>(maxCharacters) * 4 + 4);
    QString text = QString::fromUtf8(m_text->data() + s.begin, static_cast<qsizetype>(bytes)).simplified();
    if (text.size() > maxCharacters)
        text = text.left(maxCharacters - 1).trimmed() + QChar(0x2026);
    return text;
}

QString SegmentTable::toolTip(qint64 segment) const
{
    if (!contains(segment))
        return {};
    const QLocale locale;
    const SegmentView& s = (*m_segments)[static_cast<std::size_t>(segment)];
    QStringList lines;
    lines << QStringLiteral("<b>%1</b>").arg(tr("Segment %1 of %2").arg(locale.toString(segment), locale.toString(size())));
    lines << (s.tokens == 1 ? tr("1 token") : tr("%1 tokens").arg(s.tokens)) + (s.needle ? QStringLiteral(" \u00b7 ") + tr("part of the needle") : QString());
    const qint64 sharing = rowSegments(segment);
    if (row(segment) < 0)
        lines << tr("Not written to the memory yet");
    else if (sharing > 1)
        lines << tr("Memory row %1, shared by %2 segments").arg(locale.toString(row(segment)), locale.toString(sharing));
    else
        lines << tr("Memory row %1, not shared").arg(locale.toString(row(segment)));
    const auto neighbour = [this](const QString& label, qint64 index) {
        return QStringLiteral("<i>%1</i> %2").arg(label, contains(index) ? textOf(index, 70).toHtmlEscaped() : tr("none"));
    };
    lines << neighbour(tr("Before:"), segment - 1) << neighbour(tr("After:"), segment + 1);
    return lines.join(QStringLiteral("<br>"));
}

} // namespace hayloft
