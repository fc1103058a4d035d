// SPDX-License-Identifier: GPL-3.0-or-later
// The sweep form, which scrolls, above the controls that run it.
#pragma once

#include <QWidget>

class QScrollArea;

namespace hayloft {

class RunControls;
class SweepSettings;

class SweepColumn : public QWidget {
    Q_OBJECT
public:
    explicit SweepColumn(QWidget* parent = nullptr);
    ~SweepColumn() override;
    SweepSettings& settings() const { return *m_settings; }
    RunControls& controls() const { return *m_controls; }
    /// Nothing runs and the form says what can run.
    bool canRun() const;

private:
    SweepSettings* m_settings;
    RunControls* m_controls;
    QScrollArea* m_form;
};

} // namespace hayloft
