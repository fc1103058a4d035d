// SPDX-License-Identifier: GPL-3.0-or-later
// The document as segments: shading, needle, margin, minimap and search.
#pragma once

#include <QWidget>
#include <memory>
#include <vector>

namespace hayloft {

/// One segment as the panel shows it.
struct SegmentView {
    std::size_t begin = 0, end = 0; ///< bytes in the text
    int tokens = 0;
    qint64 row = -1;                ///< memory row, -1 = not written
    qint64 rowSegments = 0;         ///< segments that share the row
    bool needle = false;            ///< part of the planted needle
};

/// Text (UTF-8 bytes) and its segments.
struct DocumentView {
    std::shared_ptr<const std::string> text;
    std::shared_ptr<const std::vector<SegmentView>> segments;
    qint64 tokens = 0;
    QString title;
    QStringList notices;
};

/// Shows a document of any size (only visible segments are laid out). Takes plain data, sends intents.
class DocumentPanel : public QWidget {
    Q_OBJECT
public:
    explicit DocumentPanel(QWidget* parent = nullptr);
    ~DocumentPanel() override;

    void setDocument(const DocumentView& document);
    /// Rows written so far (during writing): updates shading and tooltips without resetting the view.
    void setRows(const std::vector<qint64>& rows, const std::vector<qint64>& rowSegments);
    /// Needle's depth (percent) and token position; none when `planted` is false.
    void setNeedle(bool planted, double depthPercent, qint64 tokenPosition);
    /// Selects and scrolls to a segment; -1 clears.
    void setCurrentSegment(qint64 segment);
    qint64 currentSegment() const;

Q_SIGNALS:
    void segmentChosen(qint64 segment);          ///< clicked or chosen by keys
    void segmentHovered(qint64 segment);         ///< -1 = none
    void plantRequested(double depthPercent);    ///< click or drag release in the margin, or keys
    void plantPreviewed(double depthPercent);    ///< while dragging
    void filesDropped(const QStringList& paths);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace hayloft
