// SPDX-License-Identifier: GPL-3.0-or-later
// A spin box for numbers of any size, written as 0.0005 or 1e-6.
#include "widgets/query/NumberSpinBox.h"

#include <QLocale>
#include <QRegularExpression>

#include <charconv>
#include <cmath>

namespace hayloft {

namespace {

constexpr int kDecimals = 60; ///< all that 1e-30 has

} // namespace

QString numberText(double value)
{
    QString text = QString::number(value, 'g', QLocale::FloatingPointShortest);
    static const QRegularExpression padded(QStringLiteral("e([+-])0+(?=[0-9])"));
    text.replace(padded, QStringLiteral("e\\1"));
    return text.replace(QStringLiteral("e+"), QStringLiteral("e"));
}

double decimalOf(float value)
{
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    return QByteArray(text, end - text).toDouble();
}

NumberSpinBox::NumberSpinBox(double least, double most, QWidget* parent)
    : QDoubleSpinBox(parent)
{
    setDecimals(kDecimals);
    setRange(least, most);
    // Each change may mean that the memory is written anew: wait for the whole number.
    setKeyboardTracking(false);
}

void NumberSpinBox::setFactor(double factor, double smallest)
{
    m_factor = factor;
    m_smallest = smallest;
}

double NumberSpinBox::valueFromText(const QString& text) const { return QLocale::c().toDouble(text.trimmed()); }

QValidator::State NumberSpinBox::validate(QString& text, int&) const
{
    static const QRegularExpression begun(QStringLiteral("^\\s*-?[0-9]*\\.?[0-9]*(e[+-]?[0-9]*)?\\s*$"), QRegularExpression::CaseInsensitiveOption);
    if (!begun.match(text).hasMatch() || (minimum() >= 0 && text.trimmed().startsWith(QLatin1Char('-'))))
        return QValidator::Invalid;
    bool number = false;
    const double value = QLocale::c().toDouble(text.trimmed(), &number);
    return number && value >= minimum() && value <= maximum() ? QValidator::Acceptable : QValidator::Intermediate;
}

void NumberSpinBox::stepBy(int steps)
{
    if (m_factor <= 1) {
        QDoubleSpinBox::stepBy(steps);
        return;
    }
    double next = value();
    for (int i = 0; i < std::abs(steps); ++i) {
        next = steps < 0 ? next / m_factor : next < m_smallest ? m_smallest : next * m_factor;
        if (next < m_smallest * (1 - 1e-9))
            next = minimum();
    }
    // Without the digits that dividing leaves.
    setValue(QString::number(next, 'g', 12).toDouble());
    selectAll();
}

} // namespace hayloft
