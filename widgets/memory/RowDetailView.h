// SPDX-License-Identifier: GPL-3.0-or-later
// One row: its segments, what it decodes to, its latent and the experiment.
#pragma once

#include "widgets/memory/ExperimentControls.h"
#include "widgets/memory/WordDiff.h"

class QGridLayout;
class QLabel;

namespace hayloft {

class LatentStrip;

class RowDetailView : public QWidget {
    Q_OBJECT
public:
    explicit RowDetailView(QWidget* parent = nullptr);
    /// `count` segments are on the row (the detail holds the first few texts only).
    void setDetail(const RowDetail& detail, qint64 count, qint64 totalRows);
    const RowDetail& detail() const { return m_detail; }
    void clear();

Q_SIGNALS:
    void experimentChanged(const hayloft::RowExperiment& experiment);

protected:
    void changeEvent(QEvent* event) override;

private:
    QLabel* addText(const QString& heading, const QString& name);
    void render();
    void renderTexts();
    QString html(const std::vector<DiffWord>& words, const QColor& mark) const;
    RowDetail m_detail;
    qint64 m_count = 0;
    bool m_pending = false;
    QLabel *m_title, *m_state, *m_segments, *m_decoded;
    QGridLayout* m_texts;
    LatentStrip* m_latent;
    ExperimentControls* m_experiment;
};

} // namespace hayloft
