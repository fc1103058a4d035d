// SPDX-License-Identifier: GPL-3.0-or-later
// A spin box for numbers of any size, written as 0.0005 or 1e-6.
#pragma once

#include <QDoubleSpinBox>

namespace hayloft {

/// As short as the number can be written, in the C locale as on the command line.
QString numberText(double value);

/// What a float was written as: 1e-6, where its double is 9.99999997e-7.
double decimalOf(float value);

class NumberSpinBox : public QDoubleSpinBox {
    Q_OBJECT
public:
    NumberSpinBox(double least, double most, QWidget* parent = nullptr);
    /// The arrows multiply and divide by this; below `smallest` comes the least value.
    void setFactor(double factor, double smallest);

    QString textFromValue(double value) const override { return numberText(value); }
    double valueFromText(const QString& text) const override;
    /// Nothing outside the range is accepted, and nothing can be typed that no number begins with.
    QValidator::State validate(QString& text, int& position) const override;
    void stepBy(int steps) override;

private:
    double m_factor = 1;
    double m_smallest = 0;
};

} // namespace hayloft
