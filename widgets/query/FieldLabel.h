// SPDX-License-Identifier: GPL-3.0-or-later
// Labels of form fields, all of one width so that nested forms line up.
#pragma once

#include <QCoreApplication>
#include <QLabel>

namespace hayloft {

inline QLabel* fieldLabel(const QString& text, QWidget* buddy = nullptr)
{
    auto* label = new QLabel(text);
    // The longest label of these forms.
    label->setMinimumWidth(label->fontMetrics().horizontalAdvance(QCoreApplication::translate("hayloft::FieldLabel", "Key memory")) + 4);
    if (buddy)
        label->setBuddy(buddy);
    return label;
}

} // namespace hayloft
