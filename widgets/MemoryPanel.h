// SPDX-License-Identifier: GPL-3.0-or-later
// The K x C memory matrix as a heat image, its rows and what they decode to.
#pragma once

#include <QWidget>
#include <memory>
#include <vector>

namespace hayloft {

/// A copy of the memory for display, immutable once shared.
struct MemoryView {
    qint64 rows = 0;  ///< K
    int columns = 0;  ///< C
    std::shared_ptr<const std::vector<float>> values;  ///< K x C row-major
    std::shared_ptr<const std::vector<float>> norms;   ///< K
    std::shared_ptr<const std::vector<qint64>> counts; ///< K, segments per row
};

/// What is known of the chosen row.
struct RowDetail {
    qint64 row = -1;
    float norm = 0;
    std::vector<float> latent;     ///< C
    std::vector<qint64> segments;  ///< segments written to it
    QStringList segmentTexts;      ///< their texts (first few)
    QString decoded;               ///< what the (changed) row decodes to
    bool decodedIsCurrent = true;  ///< false while a decode is under way
};

/// One step of the slow-motion write.
struct WriteStep {
    qint64 segment = -1, row = -1;
    float distance = 0;        ///< key to nearest key row, Euclidean
    qint64 countBefore = 0;
    float normBefore = 0, normAfter = 0;
    QString segmentText, keyText;
    QString equation;          ///< e.g. "M[5] = (2 M[5] + z) / 3"
};

/// "What if": the row that is decoded is scale * row + noise * N(0,1) + mix * other row.
struct RowExperiment {
    qint64 row = -1;
    double scale = 1, noise = 0, mix = 0;
    qint64 mixRow = -1;
    quint64 seed = 1;
};

class MemoryPanel : public QWidget {
    Q_OBJECT
public:
    explicit MemoryPanel(QWidget* parent = nullptr);
    ~MemoryPanel() override;

    void setMemory(const MemoryView& memory);
    /// Writes `values` (n x C) of changed rows into the image while segments are being written.
    void updateRows(const std::vector<qint64>& rows, const std::vector<float>& values,
                    const std::vector<qint64>& counts, qint64 totalRows, int columns);
    void setCurrentRow(qint64 row);
    qint64 currentRow() const;
    void setRowDetail(const RowDetail& detail);
    /// Flashes the row that a query reads.
    void flashRow(qint64 row);
    void setWriteStep(const WriteStep& step);
    /// Whether the slow-motion controls show "stop" and steps are coming.
    void setSlowMotion(bool on);

Q_SIGNALS:
    void rowChosen(qint64 row);
    void experimentChanged(const hayloft::RowExperiment& experiment);
    void slowMotionRequested(bool on);
    void slowMotionStepRequested();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace hayloft

Q_DECLARE_METATYPE(hayloft::RowExperiment)
