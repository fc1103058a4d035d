// SPDX-License-Identifier: GPL-3.0-or-later
// The document's segments with look-ups by byte, by token and by depth.
#pragma once

#include "widgets/DocumentPanel.h"

#include <QCoreApplication>
#include <string_view>
#include <vector>

namespace hayloft {

/// Where a needle of some depth would go: the last segment boundary at or before it.
struct NeedlePlace {
    qint64 token = 0;     ///< haystack tokens before it
    std::size_t byte = 0; ///< in the shown text
};

/// Plain look-ups over a DocumentView; built in O(n), asked in O(log n).
class SegmentTable {
    Q_DECLARE_TR_FUNCTIONS(hayloft::SegmentTable)
public:
    void set(const DocumentView& document);
    /// Ignored where the sizes do not fit the segments.
    void setRows(const std::vector<qint64>& rows, const std::vector<qint64>& rowSegments);

    const std::string& text() const { return *m_text; }
    const std::shared_ptr<const std::string>& sharedText() const { return m_text; }
    const std::vector<SegmentView>& segments() const { return *m_segments; }
    const std::shared_ptr<const std::vector<SegmentView>>& sharedSegments() const { return m_segments; }
    qint64 size() const { return static_cast<qint64>(m_segments->size()); }
    bool contains(qint64 segment) const { return segment >= 0 && segment < size(); }
    qint64 row(qint64 segment) const { return m_rows[static_cast<std::size_t>(segment)]; }
    qint64 rowSegments(qint64 segment) const { return m_rowSegments[static_cast<std::size_t>(segment)]; }
    qint64 written() const { return m_written; }

    /// Segment that holds the byte; -1 where there are none.
    qint64 at(std::size_t byte) const;
    /// Share (0..1) of all tokens before the byte; the minimap's vertical axis.
    double position(std::size_t byte) const;
    /// The same at the beginning of a segment (0..size).
    double positionOf(qint64 segment) const;
    /// The byte at a share of all tokens.
    std::size_t byteAt(double position) const;
    NeedlePlace place(double depthPercent) const;
    /// Depth in percent at which a needle would go before this segment.
    double depthOf(qint64 segment) const;

    QString textOf(qint64 segment, int maxCharacters) const;
    QString toolTip(qint64 segment) const;

private:
    std::shared_ptr<const std::string> m_text = std::make_shared<std::string>();
    std::shared_ptr<const std::vector<SegmentView>> m_segments = std::make_shared<std::vector<SegmentView>>();
    std::vector<qint64> m_rows, m_rowSegments;
    std::vector<double> m_weights{0};  ///< n + 1: tokens (bytes where none are counted) before each segment
    std::vector<qint64> m_haystack{0}; ///< n + 1: tokens outside the needle before each segment
    qint64 m_written = 0;
};

} // namespace hayloft
