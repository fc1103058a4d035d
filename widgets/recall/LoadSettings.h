// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the sweep form that stands for lengths when recall is measured by load.
#pragma once

#include <QWidget>
#include <cstdint>
#include <vector>

class QLabel;
class QLineEdit;

namespace hayloft {

/// Where a sweep over loads measures.
struct LoadAxis {
    bool on = false;                    ///< else over depths and lengths
    std::vector<double> loads;          ///< N/K, ascending
    std::int64_t lengthTokens = 0;      ///< of every context; with pseudo-inverse addressing the loads decide it
};

class LoadSettings : public QWidget {
    Q_OBJECT
public:
    explicit LoadSettings(QWidget* parent = nullptr);
    std::vector<double> loads() const; ///< @throws Error
    std::int64_t length() const;       ///< @throws Error
    void setAxis(const LoadAxis& axis); ///< emits nothing; a zero length and no loads leave what stands there
    /// K stays and the loads decide the length; else the length stays and they decide K.
    void setRowsGiven(bool given);

Q_SIGNALS:
    void changed();

private:
    void check();

    bool m_rowsGiven = false;
    QLineEdit* m_loads;
    QLabel* m_loadsNote;
    QLineEdit* m_length;
    QLabel* m_lengthNote;
};

} // namespace hayloft
