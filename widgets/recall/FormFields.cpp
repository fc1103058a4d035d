// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/recall/FormFields.h"

#include <QLineEdit>
#include <QSpinBox>

namespace hayloft {

QLabel* noteLabel(const QString& accessibleName)
{
    auto* label = new QLabel;
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    label->setAccessibleName(accessibleName);
    QFont small = label->font();
    small.setPointSizeF(small.pointSizeF() * 0.9);
    label->setFont(small);
    return label;
}

QLineEdit* lineEdit(const QString& name, const QString& hint, const QString& text)
{
    auto* edit = new QLineEdit(text);
    edit->setAccessibleName(name);
    edit->setToolTip(hint);
    return edit;
}

QSpinBox* spinBox(const QString& name, const QString& hint, int least, int most, int value)
{
    auto* box = new QSpinBox;
    box->setRange(least, most);
    box->setValue(value);
    box->setAccessibleName(name);
    box->setToolTip(hint);
    return box;
}

} // namespace hayloft
