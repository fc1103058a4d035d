// SPDX-License-Identifier: GPL-3.0-or-later
// Recall by context length, pooled over depths, with Wilson 95% intervals.
#pragma once

#include "core/store/RunRecord.h"

#include <QPicture>
#include <QSize>
#include <QString>
#include <QWidget>
#include <memory>
#include <vector>

namespace hayloft {

/// All trials of one length.
struct LengthPoint {
    std::int64_t lengthTokens = 0;
    int hits = 0, trials = 0;
    Interval ci95;
};

/// Points of a run, ascending.
std::vector<LengthPoint> recallByLength(const RunRecord& record);

struct LengthSeries {
    QString title;
    std::vector<LengthPoint> points;
};

class LengthPlot : public QWidget {
    Q_OBJECT
public:
    explicit LengthPlot(QWidget* parent = nullptr);
    ~LengthPlot() override;
    void setSeries(const std::vector<LengthSeries>& series);
    /// What the plot looks like on paper, black on white, recorded: it is played on any device and any thread.
    QPicture figure(const QSize& size) const;

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace hayloft
